package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.Collectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others than root can read, what they are told of the rest, and what a capability gives. */
class PrivilegeIT {
  private static final String NOBODY = "setpriv --reuid=65534 --regid=65534 --clear-groups";
  private static final String SEARCH =
      NOBODY + " --inh-caps=+dac_read_search --ambient-caps=+dac_read_search";

  @TempDir Path folder;

  @BeforeEach
  void everybodyMayEnter() throws Exception {
    Machine.needsRoot();
    Machine.needsPrograms("unshare", "setpriv");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /**
   * All modules but snmp, for one window of three seconds, on a host that has in a mount namespace
   * of its own: counters of energy and a serial number that only root may read, a mount in a folder
   * that only root may enter, and the processes of others hidden.
   */
  private Running recorder(String user) throws Exception {
    List<String> modules = new ArrayList<>(Collectors.names());
    modules.remove("snmp");
    StringBuilder config = new StringBuilder("heartbeat = 3 s\nmodules {\n");
    for (String module : modules) {
      config.append(module).append(" { every = 500 ms");
      config.append(
          switch (module) {
            case "df", "mount" -> ", include = [\"" + folder + "/closed/in\"]";
            case "host" -> ", serial-number = true";
            case "slurm" ->
                ", config = \"/etc/hostname\", squeue = \""
                    + folder
                    + "/squeue\", sinfo = \"/nonexistent\"";
            default -> "";
          });
      config.append(" }\n");
    }
    config.append("}\noutputs = [ { type = stdout } ]\n");
    Path file = Files.writeString(folder.resolve("all.conf"), config);
    Path squeue = Files.writeString(folder.resolve("squeue"), "#!/bin/sh\necho '{\"jobs\":[]}'\n");
    Files.setPosixFilePermissions(squeue, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(folder.resolve("closed/in"));
    String script =
        """
        set -e
        mount -t tmpfs none /sys/class
        cp -a src/test/resources/hosts/metal/sys/class/powercap /sys/class
        chmod 0400 /sys/class/powercap/*/energy_uj
        mkdir -p /sys/class/dmi/id
        echo SKU1 >/sys/class/dmi/id/product_sku
        echo ABC1234 >/sys/class/dmi/id/product_serial
        chmod 0400 /sys/class/dmi/id/product_serial
        mount -t tmpfs none FOLDER/closed/in
        chmod 0700 FOLDER/closed
        mount -o remount,hidepid=2 /proc
        USER sbin/duologger --once --config FILE
        exit $?
        """
            .replace("FOLDER", folder.toString())
            .replace("USER", user)
            .replace("FILE", file.toString());
    ProcessBuilder command =
        new ProcessBuilder("unshare", "-m", "-p", "-f", "--mount-proc", "sh", "-c", script);
    command.environment().put("DUOLOGGER_CACHE", "off");
    command.environment().put("HOME", "/nonexistent");
    command
        .environment()
        .put("STATE_DIRECTORY", Files.createDirectories(folder.resolve("state")).toString());
    Running recorder = Running.start(command);
    assertEquals(0, recorder.exitWithin(Running.MARGIN.plusSeconds(6)), recorder::all);
    return recorder;
  }

  private static List<String> said(Running recorder, String module) {
    return recorder.err().stream()
        .filter(line -> line.matches("duologger: (info|warn): " + module + ": .*"))
        .map(line -> line.substring(line.indexOf(module)))
        .toList();
  }

  @Test
  void nobodyIsToldInOneLineEachWhatIsOutOfReach() throws Exception {
    try (Running recorder = recorder(NOBODY)) {
      for (String module : Collectors.names()) {
        assertTrue(said(recorder, module).size() <= 1, recorder::all);
      }
      assertEquals(
          recorder.err().stream()
              .filter(line -> line.matches("duologger: (info|warn): [a-z]+: .*"))
              .toList(),
          recorder.err());
      assertEquals(
          List.of(
              "power: read failed: /sys/class/powercap/intel-rapl:0/energy_uj: permission denied,"
                  + " needs root (CAP_DAC_READ_SEARCH)"),
          said(recorder, "power"));
      assertEquals(
          List.of(
              "host: read in part: /sys/class/dmi/id/product_serial: permission denied, needs"
                  + " root (CAP_DAC_READ_SEARCH)"),
          said(recorder, "host"));
      String closed =
          ": read in part: "
              + folder
              + "/closed/in: permission denied, needs root (CAP_DAC_READ_SEARCH)";
      assertEquals(List.of("df" + closed), said(recorder, "df"));
      assertEquals(List.of("mount" + closed), said(recorder, "mount"));
      assertEquals(
          List.of(
              "slurm: read in part: processes of other users are hidden in /proc, needs root"
                  + " (CAP_SYS_PTRACE)"),
          said(recorder, "slurm"));
      for (String module : List.of("cpu", "load", "memory", "disk", "cgroup", "os", "cpuinfo")) {
        assertEquals(List.of(), said(recorder, module));
        assertFalse(recorder.reported(module).isEmpty(), module);
      }
      assertTrue(
          recorder.reported("mount").stream().noneMatch(line -> line.text().contains(" up_max=")),
          recorder::all);
    }
  }

  @Test
  void anAmbientCapabilityPutsThemWithinReach() throws Exception {
    try (Running recorder = recorder(SEARCH)) {
      for (String module : List.of("power", "df", "mount")) {
        assertEquals(List.of(), said(recorder, module));
      }
      assertTrue(
          recorder.reported("power").stream()
              .anyMatch(line -> line.text().contains(" energy_watts_")),
          recorder::all);
      assertTrue(
          recorder.reported("mount").stream().anyMatch(line -> line.text().contains(" up_max=1")),
          recorder::all);
      assertTrue(
          recorder.reported("df").stream()
              .anyMatch(line -> line.text().contains(" size_bytes_max=")),
          recorder::all);
    }
  }
}
