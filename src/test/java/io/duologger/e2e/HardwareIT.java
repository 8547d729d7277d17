package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the machine is made of, and a meter on a serial line. */
class HardwareIT {
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
}
