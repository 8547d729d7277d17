package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.duologger.collector.inventory.Inventory;
import io.duologger.model.ModuleSettings;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OsCollectorTest {
  private static final ModuleSettings DEFAULTS = FixtureHost.defaults(OsCollector.DESCRIPTOR);

  @TempDir Path folder;

  private final FakeInventory inventory = new FakeInventory();

  private Recording read(HostRoot root, InventorySource source, ModuleSettings settings)
      throws IOException {
    try (Collector collector = new OsCollector(root, source, settings)) {
      return Recording.of(collector);
    }
  }

  private Recording read(FixtureHost host) throws IOException {
    return read(host.root(), inventory.source(), DEFAULTS);
  }

  @Test
  void tellsWhatTheFilesSay() throws IOException {
    FixtureHost host = FixtureHost.of("metal", folder);
    List<String> lines =
        List.of(
            "name info Debian GNU/Linux",
            "version info 12",
            "description info Debian GNU/Linux 12 (bookworm)",
            "kernel info 6.1.0-25-amd64",
            "architecture info x86_64",
            "uname info Linux node17 6.1.0-25-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.106-3 x86_64",
            "uptime_seconds gauge 5000.25",
            "boot_time_seconds gauge 1795453733");
    InventorySource none = new InventorySource(host.root());
    assertEquals(lines, read(host.root(), none, DEFAULTS).lines());
    ModuleSettings more = FixtureHost.with(OsCollector.DESCRIPTOR, "command-line", "true");
    assertEquals(
        "info BOOT_IMAGE=/vmlinuz-6.1.0 root=/dev/sda2 ro quiet",
        read(host.root(), none, more).value("command_line"));
  }

  @Test
  void withoutOsReleaseTheInventoryTells() throws IOException {
    inventory.software = new Inventory.Software(Optional.of("CentOS"), Optional.of("5.11"));
    FixtureHost host =
        FixtureHost.empty(folder).write("proc/sys/kernel/osrelease", "2.6.18-398.el5\n");
    Recording recording = read(host);
    assertEquals("info CentOS", recording.value("name"));
    assertEquals("info 5.11", recording.value("version"));
    assertEquals(
        "info " + OsCollector.machine(System.getProperty("os.arch")),
        recording.value("architecture"));
    assertEquals("", recording.value("uptime_seconds"));
  }

  @Test
  void theMachineHasTheKernelsName() {
    assertEquals("x86_64", OsCollector.machine("amd64"));
    assertEquals("aarch64", OsCollector.machine("aarch64"));
  }

  @Test
  void theVendorsFileIsTheSecondChoice() throws IOException {
    FixtureHost host =
        FixtureHost.empty(folder)
            .write("proc/sys/kernel/osrelease", "6.1\n")
            .write("usr/lib/os-release", "NAME=Fedora\nVERSION=\"42\"\n");
    assertEquals("info Fedora", read(host).value("name"));
    assertEquals("info 42", read(host).value("version"));
  }

  @Test
  void quotesAreThoseOfTheShell() {
    Map<String, String> values =
        OsRelease.parse(
            "# NAME=no\nNAME='a \\b'\nA=\"x \\\"y\\\" \\$z\\\\\"\nB=plain\nC=\"open\nD\n=x\nE=\n"
                + "F=\""
                + "x".repeat(100_000)
                + "\"\n");
    assertEquals("a \\b", values.get("NAME"));
    assertEquals("x \"y\" $z\\", values.get("A"));
    assertEquals("plain", values.get("B"));
    assertEquals("\"open", values.get("C"));
    assertEquals("", values.get("E"));
    assertEquals(256, values.get("F").length());
    assertEquals(6, values.size());
  }

  @Test
  void aGarbledUptimeIsRefusedByPathAndLine() {
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                read(
                    FixtureHost.empty(folder)
                        .write("proc/sys/kernel/osrelease", "6.1\n")
                        .write("proc/uptime", "soon\n")));
    assertEquals(folder + "/proc/uptime line 1: uptime is no number: 'soon'", e.getMessage());
  }

  @Test
  void anEmptyHostLacksTheSource() {
    assertThrows(SourceAbsentException.class, () -> read(FixtureHost.empty(folder)));
  }
}
