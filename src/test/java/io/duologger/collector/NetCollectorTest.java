package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSettings;
import io.duologger.model.Series;
import io.duologger.procfs.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetCollectorTest {
  private static final String HEADING = "Inter-| Receive | Transmit\n face |bytes |bytes\n";
  private static final String SPEED = "speed_bytes_per_second{device=eth0}";

  @TempDir Path folder;
  private FixtureHost host;

  @BeforeEach
  void twoInterfaces() throws IOException {
    host = FixtureHost.empty(folder);
    host.folder("sys/class/net/eth0/device").folder("sys/class/net/lo");
  }

  private static String device(String name, long bytes) {
    return name + ":" + bytes + " 1 0 0 0 0 0 0 " + bytes + " 1 0 0 0 0 0 0\n";
  }

  private void devices(String... lines) throws IOException {
    host.write("proc/net/dev", HEADING + String.join("", lines));
  }

  private Recording read(Collector collector, String... lines) throws IOException {
    devices(lines);
    return Recording.of(collector);
  }

  private Collector collector(ModuleSettings settings) {
    return new NetCollector(host.root(), settings);
  }

  private Collector collector() {
    return collector(FixtureHost.defaults(NetCollector.DESCRIPTOR));
  }

  private static String bytes(String name) {
    return "rx_bytes_per_second{device=" + name + "}";
  }

  @Test
  void leavesVirtualInterfacesOutBesideHardware() throws IOException {
    Recording readings = read(collector(), device("lo", 1), device("eth0", 2));
    assertEquals("", readings.value(bytes("lo")));
    assertEquals("counter 2", readings.value(bytes("eth0")));
    assertEquals("gauge 1", readings.value("devices"));
  }

  @Test
  void excludedHardwareDoesNotBringVirtualInterfacesIn() throws IOException {
    host.folder("sys/class/net/br0");
    Collector collector = collector(FixtureHost.excluding(NetCollector.DESCRIPTOR, "eth0"));
    Recording readings = read(collector, device("lo", 1), device("br0", 3), device("eth0", 2));
    assertEquals(List.of("devices gauge 0"), readings.lines());
  }

  @Test
  void namedInterfacesCountWhateverTheyAre() throws IOException {
    Collector collector = collector(FixtureHost.including(NetCollector.DESCRIPTOR, "l*"));
    Recording readings = read(collector, device("lo", 1), device("eth0", 2));
    assertEquals("counter 1", readings.value(bytes("lo")));
    assertEquals("", readings.value(bytes("eth0")));
  }

  @Test
  void virtualInterfacesCountIfWanted() throws IOException {
    Collector collector = collector(FixtureHost.with(NetCollector.DESCRIPTOR, "virtual", "true"));
    Recording readings = read(collector, device("lo", 1), device("eth0", 2));
    assertEquals("gauge 2", readings.value("devices"));
    assertEquals("counter 1", readings.value(bytes("lo")));
  }

  @Test
  void anInterfaceThatSysfsLacksCountsFromTheSecondLookOn() throws IOException {
    Collector collector = collector();
    Recording first = read(collector, device("eth0", 1), device("tap9", 1));
    assertEquals("", first.value(bytes("tap9")));
    Recording second = read(collector, device("eth0", 1), device("tap9", 2));
    assertEquals("counter 2", second.value(bytes("tap9")));
  }

  @Test
  void withoutSysfsAllButLoopbackCount() throws IOException {
    FixtureHost bare = FixtureHost.empty(folder.resolve("bare"));
    bare.write("proc/net/dev", HEADING + device("lo", 1) + device("eth0", 2));
    Collector collector =
        new NetCollector(bare.root(), FixtureHost.defaults(NetCollector.DESCRIPTOR));
    for (int tick = 0; tick < 25; tick++) {
      Recording readings = Recording.of(collector);
      assertEquals("gauge 1", readings.value("devices"));
      assertEquals("counter 2", readings.value(bytes("eth0")));
    }
  }

  @Test
  void aVanishedInterfaceMakesNoStepInTheTotals() throws IOException {
    host.folder("sys/class/net/eth1/device");
    Collector collector = collector();
    read(collector, device("eth0", 1000), device("eth1", 5_000_000));
    Recording both = read(collector, device("eth0", 1010), device("eth1", 5_000_005));
    assertEquals("counter 15", both.value("rx_bytes_per_second"));
    assertEquals("counter 25", read(collector, device("eth0", 1020)).value("rx_bytes_per_second"));
    Recording back = read(collector, device("eth0", 1030), device("eth1", 7_000_000));
    assertEquals("counter 35", back.value("rx_bytes_per_second"));
    Recording on = read(collector, device("eth0", 1030), device("eth1", 7_000_007));
    assertEquals("counter 42", on.value("rx_bytes_per_second"));
  }

  @Test
  void aResetMakesNoStepInTheTotals() throws IOException {
    Collector collector = collector();
    read(collector, device("eth0", 1000));
    assertEquals("counter 0", read(collector, device("eth0", 5)).value("rx_bytes_per_second"));
    assertEquals("counter 2", read(collector, device("eth0", 7)).value("rx_bytes_per_second"));
  }

  @Test
  void aFailedReadLosesNothingOfTheTotals() throws IOException {
    Collector collector = collector();
    read(collector, device("eth0", 1000));
    assertThrows(IOException.class, () -> read(collector, device("eth0", 1100), "eth1: broken\n"));
    assertEquals("counter 200", read(collector, device("eth0", 1200)).value("rx_bytes_per_second"));
  }

  @Test
  void anInterfaceThatReturnsHasNewSeries() throws IOException {
    Collector collector = collector();
    Series before = read(collector, device("eth0", 1)).series().get(0);
    read(collector);
    Series after = read(collector, device("eth0", 1)).series().get(0);
    assertEquals(before, after);
    assertNotSame(before, after);
  }

  @Test
  void aNewOrderOfInterfacesKeepsTheirSeries() throws IOException {
    Collector collector = collector(FixtureHost.including(NetCollector.DESCRIPTOR, "*"));
    List<Series> before = read(collector, device("a", 1), device("b", 2)).series();
    Recording swapped = read(collector, device("b", 3), device("a", 4));
    assertEquals("counter 3", swapped.value(bytes("b")));
    assertTrue(swapped.series().stream().allMatch(s -> before.stream().anyMatch(b -> b == s)));
  }

  @Test
  void linkAttributesAreReadAgainAfterTenSeconds() throws IOException {
    ModuleSettings everySecond =
        ModuleSettings.defaults(NetCollector.DESCRIPTOR, Duration.ofSeconds(1));
    host.write("sys/class/net/eth0/speed", "1000\n");
    host.write("sys/class/net/eth0/operstate", "up\n");
    Collector collector = collector(everySecond);
    devices(device("eth0", 1));
    assertEquals("gauge 125000000", Recording.of(collector).value(SPEED));
    host.write("sys/class/net/eth0/speed", "10000\n");
    host.write("sys/class/net/eth0/operstate", "down\n");
    int tick = 1;
    while (Recording.of(collector).value(SPEED).equals("gauge 125000000")) {
      tick++;
    }
    assertTrue(tick >= 8 && tick <= 12, "after " + tick + " ticks");
    assertEquals("info down", Recording.of(collector).value("operstate{device=eth0}"));
  }

  /** As after a rename, which an open file would follow. */
  @Test
  void otherFilesOfTheSameNameAreFoundWithinMinutes() throws IOException {
    ModuleSettings everySecond =
        ModuleSettings.defaults(NetCollector.DESCRIPTOR, Duration.ofSeconds(1));
    host.write("sys/class/net/eth0/speed", "1000\n");
    Collector collector = collector(everySecond);
    devices(device("eth0", 1));
    assertEquals("gauge 125000000", Recording.of(collector).value(SPEED));
    Files.delete(folder.resolve("sys/class/net/eth0/speed"));
    host.write("sys/class/net/eth0/speed", "10000\n");
    int tick = 1;
    while (Recording.of(collector).value(SPEED).equals("gauge 125000000")) {
      tick++;
    }
    assertTrue(tick >= 10 && tick <= 330, "after " + tick + " ticks");
    assertEquals("gauge 1250000000", Recording.of(collector).value(SPEED));
  }

  @Test
  void keepsFewFilesOpenAndNoneOfInterfacesThatAreGone() throws IOException {
    ModuleSettings everySecond =
        ModuleSettings.defaults(NetCollector.DESCRIPTOR, Duration.ofSeconds(1));
    String[] many = new String[40];
    for (int i = 0; i < many.length; i++) {
      String name = "eth" + i;
      host.folder("sys/class/net/" + name + "/device");
      host.write("sys/class/net/" + name + "/speed", "1000\n");
      host.write("sys/class/net/" + name + "/operstate", "up\n");
      many[i] = device(name, i);
    }
    Path sysfs = folder.toRealPath().resolve("sys");
    try (Collector collector = collector(everySecond)) {
      devices(many);
      for (int tick = 0; tick < 660; tick++) {
        Recording readings = Recording.of(collector);
        assertEquals("gauge 125000000", readings.value("speed_bytes_per_second{device=eth39}"));
        assertEquals("info up", readings.value("operstate{device=eth39}"));
        assertEquals(32, OpenFiles.below(sysfs));
      }
      devices(device("eth39", 1));
      for (int tick = 0; tick < 660; tick++) {
        Recording.of(collector);
      }
      assertEquals(2, OpenFiles.below(sysfs));
    }
    assertEquals(0, OpenFiles.below(sysfs));
  }

  @ParameterizedTest
  @CsvSource({"-1", "0", "65535", "2147483647", "4294967295", "fast", "''"})
  void anUnknownSpeedIsAbsent(String speed) throws IOException {
    host.write("sys/class/net/eth0/speed", speed);
    Recording readings = read(collector(), device("eth0", 1));
    assertEquals("", readings.value(SPEED));
    assertEquals("counter 1", readings.value(bytes("eth0")));
  }

  @Test
  void speedIsTheCapacityOfBothDirections() throws IOException {
    host.write("sys/class/net/eth0/speed", "100000\n");
    Recording readings = read(collector(), device("eth0", 1));
    assertEquals("counter 1 of 12500000000", readings.value(bytes("eth0")));
    assertEquals("counter 1 of 12500000000", readings.value("tx_bytes_per_second{device=eth0}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|line 0: missing heading: ''",
        "'a |b\nc'|line 2: missing heading: 'c'",
        "'a |b\nc |d\neth0 1 2'|line 3: missing colon: 'eth0 1 2'",
        "'a |b\nc |d\neth0: 1 2'|line 3: missing column: 'eth0: 1 2'",
        "'a |b\nc |d\neth0: 1 -2'|line 3: column is no number: 'eth0: 1 -2'",
      })
  void truncatedOrGarbledFilesAreRefusedByPathAndLine(String text, String message)
      throws IOException {
    host.write("proc/net/dev", text);
    IOException e = assertThrows(IOException.class, () -> Recording.of(collector()));
    assertEquals(folder + "/proc/net/dev " + message, e.getMessage());
  }

  @Test
  void anInterfaceListedTwiceIsRefused() {
    IOException e =
        assertThrows(
            IOException.class, () -> read(collector(), device("eth0", 1), device("eth0", 2)));
    assertTrue(e.getMessage().contains("line 4: listed twice"), e.getMessage());
  }
}
