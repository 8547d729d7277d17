package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the machine is made of, a meter on a serial line, and a management controller. */
class HardwareIT {
  private static final Path CONTROLLER = Machine.HOME.resolve("src/test/resources/peers/ipmi");
  private static final Path METER = Machine.HOME.resolve("src/test/scripts/wattsup.py");

  @TempDir Path folder;

  @Test
  void whatIsThereIsToldAndWhatIsNotIsSaidOnce() throws Exception {
    List<String> modules =
        List.of("cpuinfo", "os", "host", "gpuinfo", "netconfig", "thermal", "cpufreq", "power");
    StringBuilder every = new StringBuilder();
    modules.forEach(name -> every.append(every.length() > 0 ? "," : "").append(name).append("=1s"));
    try (Running recorder =
        Running.duologger(
            "--once",
            "--heartbeat",
            "4s",
            "--modules",
            String.join(",", modules),
            "--every",
            every.toString())) {
      assertEquals(0, recorder.exitWithin(Running.MARGIN.plusSeconds(4)), recorder::all);
      for (String module : modules) {
        boolean off =
            recorder.err().stream()
                .anyMatch(line -> line.startsWith("duologger: info: " + module + ": off: "));
        assertEquals(off, recorder.reported(module).isEmpty(), recorder::all);
      }
      assertEquals(
          recorder.err().stream().filter(line -> line.contains(": off: ")).toList(),
          recorder.err());
      Logfmt cpuinfo = recorder.reported("cpuinfo").get(0);
      assertTrue(
          cpuinfo.number("logical_cpus_max") >= Runtime.getRuntime().availableProcessors(),
          cpuinfo.text());
      Logfmt os = recorder.reported("os").get(0);
      String kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
      assertEquals(kernel, os.pairs().get("kernel"), os.text());
      for (Logfmt line : recorder.reported("netconfig")) {
        String device = line.pairs().get("device");
        assertEquals(
            NetworkInterface.getByName(device).getMTU(), line.number("mtu_bytes_max"), device);
      }
    }
  }

  @Test
  void aMeterOnASerialLineIsReadUntilItIsSilent() throws Exception {
    Machine.needsPrograms("python3", "stty");
    Path link = folder.resolve("tty");
    Path config = folder.resolve("power.conf");
    Files.writeString(
        config,
        "heartbeat = 3 s\nmodules { power { every = 1 s, source = wattsup, meter = \""
            + link
            + "\" } }\noutputs = [ { type = stdout } ]\n");
    Process meter =
        new ProcessBuilder("python3", METER.toString(), link.toString())
            .redirectErrorStream(true)
            .start();
    try (Running recorder = Running.duologger("--config", config.toString())) {
      Logfmt line =
          recorder.await(
              Running.MARGIN.plusSeconds(10),
              "power",
              each -> each.text().contains("host_power_watts_max"));
      assertEquals(123.4, line.number("host_power_watts_max"), line.text());
      meter.destroyForcibly().waitFor();
      recorder.poll(
          Running.MARGIN.plus(Duration.ofSeconds(20)),
          "silence noticed",
          () -> recorder.err().stream().anyMatch(each -> each.contains("power: ")));
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Running.MARGIN), recorder::all);
    } finally {
      meter.destroyForcibly();
    }
  }

  @Test
  void aManagementControllerIsAskedForItsSensors() throws Exception {
    Machine.needsPrograms("ipmitool", "ipmi_sim");
    int port = Machine.freePort();
    Path lan = folder.resolve("lan.conf");
    String form = Files.readString(CONTROLLER.resolve("lan.conf"));
    Files.writeString(lan, form.replace("PORT", Integer.toString(port)));
    Path tool = folder.resolve("tool");
    Files.writeString(
        tool,
        "#!/bin/sh\nexec ipmitool -I lanplus -H 127.0.0.1 -p "
            + port
            + " -U ipmiusr -P test -C 3 \"$@\"\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    Path config = folder.resolve("power.conf");
    Files.writeString(
        config,
        "heartbeat = 5 s\nmodules { power { every = heartbeat, source = ipmi, ipmitool = \""
            + tool
            + "\" } }\noutputs = [ { type = stdout } ]\n");
    Process controller =
        new ProcessBuilder(
                "ipmi_sim",
                "-c",
                lan.toString(),
                "-f",
                CONTROLLER.resolve("sim.emu").toString(),
                "-s",
                Files.createDirectory(folder.resolve("state")).toString(),
                "-n")
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("sim.log").toFile())
            .start();
    try (Running recorder = Running.duologger("--config", config.toString())) {
      Logfmt line =
          recorder.await(
              Running.MARGIN.plusSeconds(20),
              "power",
              each -> each.text().contains("zone=\"PS1 Power\" "));
      assertEquals(112, line.number("power_watts"), line.text());
      recorder.await(
          Running.MARGIN.plusSeconds(20),
          "power of the host",
          each -> each.text().contains(" host_power_watts=112"));
      controller.destroyForcibly().waitFor();
      recorder.poll(
          Running.MARGIN.plusSeconds(60),
          "silence noticed",
          () -> recorder.err().stream().anyMatch(each -> each.contains("power: ")));
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Running.MARGIN), recorder::all);
    } finally {
      controller.destroyForcibly();
    }
  }

  /** The counters of the fixture in a mount namespace of its own. */
  private static Running zones(String user, String before) throws IOException {
    String script =
        "mount -t tmpfs none /sys/class && cp -a src/test/resources/hosts/metal/sys/class/powercap"
            + " /sys/class && chmod 0400 /sys/class/powercap/*/energy_uj && "
            + before
            + " exec "
            + user
            + " sbin/duologger --once --heartbeat 3s --every power=1s --modules power";
    ProcessBuilder command = Running.command();
    return Running.start(command.command("unshare", "-m", "sh", "-c", script));
  }

  @Test
  void countersOfEnergyAreReadAsRootAndGoRound() throws Exception {
    Machine.needsRoot();
    Machine.needsPrograms("unshare");
    String spending =
        "(for i in 1 2 3 4 5 6; do sleep 0.5; echo $((i * 50000000)) >"
            + " /sys/class/powercap/intel-rapl:0/energy_uj; done) & ";
    try (Running recorder = zones("", spending)) {
      assertEquals(0, recorder.exitWithin(Running.MARGIN.plusSeconds(3)), recorder::all);
      Logfmt zone =
          recorder.reported("power").stream()
              .filter(line -> "package-0".equals(line.pairs().get("zone")))
              .findFirst()
              .orElseThrow(() -> new AssertionError(recorder.all()));
      assertEquals(0, zone.integer("resets"), zone.text());
      double watts = zone.number("energy_watts_mean");
      assertTrue(watts > 0 && watts < 1000, zone.text());
    }
  }

  @Test
  void whoIsNotRootIsToldWhatIsMissing() throws Exception {
    Machine.needsRoot();
    Machine.needsPrograms("unshare", "setpriv");
    try (Running recorder = zones("setpriv --reuid=65534 --clear-groups", "")) {
      assertEquals(0, recorder.exitWithin(Running.MARGIN.plusSeconds(3)), recorder::all);
      assertEquals(
          1,
          recorder.err().stream()
              .filter(line -> line.contains("energy_uj: permission denied, needs root"))
              .count(),
          recorder::all);
      recorder.reported("power").forEach(line -> assertEquals(0, line.integer("n"), line.text()));
    }
  }
}
