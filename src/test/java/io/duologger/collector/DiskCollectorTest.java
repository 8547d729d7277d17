package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Metric;
import io.duologger.model.ModuleSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskCollectorTest {
  private static final String SWAPS = "Filename Type Size Used Priority\n";

  @TempDir Path folder;
  private FixtureHost host;

  @BeforeEach
  void aDiskWithAPartitionAndAMapping() throws IOException {
    host = FixtureHost.empty(folder);
    host.folder("sys/block/sda/device").folder("sys/block/dm-0");
  }

  private static String disk(String name, long reads) {
    return "8 0 " + name + " " + reads + " 0 8 9 0 0 0 0 0 0 0\n";
  }

  private Recording read(Collector collector, String... lines) throws IOException {
    host.write("proc/diskstats", String.join("", lines));
    return Recording.of(collector);
  }

  private Collector collector(ModuleSettings settings) {
    return new DiskCollector(host.root(), settings);
  }

  private Collector collector() {
    return collector(FixtureHost.defaults(DiskCollector.DESCRIPTOR));
  }

  private static String reads(String name) {
    return "reads_per_second{device=" + name + "}";
  }

  private Recording twice(ModuleSettings settings) throws IOException {
    Collector collector = collector(settings);
    read(collector, disk("sda", 1), disk("sda1", 2), disk("dm-0", 3));
    return read(collector, disk("sda", 11), disk("sda1", 22), disk("dm-0", 33));
  }

  @Test
  void wholeDisksWithHardwareCount() throws IOException {
    Recording readings = twice(FixtureHost.defaults(DiskCollector.DESCRIPTOR));
    assertEquals("counter 11", readings.value(reads("sda")));
    assertEquals("", readings.value(reads("sda1")));
    assertEquals("", readings.value(reads("dm-0")));
    assertEquals("counter 10", readings.value("reads_per_second"));
  }

  @Test
  void virtualDevicesCountIfWantedButNotInTheTotals() throws IOException {
    Recording readings = twice(FixtureHost.with(DiskCollector.DESCRIPTOR, "virtual", "true"));
    assertEquals("counter 33", readings.value(reads("dm-0")));
    assertEquals("", readings.value(reads("sda1")));
    assertEquals("counter 10", readings.value("reads_per_second"));
  }

  @Test
  void partitionsCountIfWantedButNotInTheTotals() throws IOException {
    Recording readings = twice(FixtureHost.with(DiskCollector.DESCRIPTOR, "partitions", "true"));
    assertEquals("counter 22", readings.value(reads("sda1")));
    assertEquals("", readings.value(reads("dm-0")));
    assertEquals("counter 10", readings.value("reads_per_second"));
  }

  @Test
  void namedDevicesCountWhateverTheyAre() throws IOException {
    Recording readings = twice(FixtureHost.including(DiskCollector.DESCRIPTOR, "sda1", "dm-*"));
    assertEquals("counter 22", readings.value(reads("sda1")));
    assertEquals("counter 33", readings.value(reads("dm-0")));
    assertEquals("", readings.value(reads("sda")));
    assertEquals("", readings.value("reads_per_second"));
  }

  @Test
  void aDiskWhoseSysfsEntryComesLateIsRecognised() throws IOException {
    Collector collector = collector();
    assertEquals("", read(collector, disk("sdb", 1)).value(reads("sdb")));
    host.folder("sys/block/sdb/device");
    assertEquals("counter 2", read(collector, disk("sdb", 2)).value(reads("sdb")));
  }

  @Test
  void swappingIsThatOfTheDevicesSwappedTo() throws IOException {
    host.write("proc/swaps", SWAPS + "/swapfile file 1 0 -2\n/dev/sda1 partition 9 0 -3\n");
    Collector collector = collector();
    String total = "swap_reads_per_second";
    assertEquals("counter 0", read(collector, disk("sda", 1), disk("sda1", 5)).value(total));
    assertEquals("counter 2", read(collector, disk("sda", 9), disk("sda1", 7)).value(total));
    host.write("proc/swaps", SWAPS + "/swapfile file 1 0 -2\n");
    assertEquals("", read(collector, disk("sda", 9), disk("sda1", 8)).value(total));
    host.write("proc/swaps", SWAPS + "/dev/sda partition 9 0 -3\n");
    assertEquals("counter 2", read(collector, disk("sda", 9), disk("sda1", 9)).value(total));
    assertEquals("counter 3", read(collector, disk("sda", 10), disk("sda1", 99)).value(total));
  }

  @Test
  void aGarbledListOfSwapDevicesIsRefusedAndThenReadAnew() throws IOException {
    host.write("proc/swaps", SWAPS + "/dev/sda partition 9 0 -3\n");
    Collector collector = collector();
    read(collector, disk("sda", 1));
    host.write("proc/swaps", SWAPS + "/dev/dm-0\n");
    IOException e = assertThrows(IOException.class, () -> read(collector, disk("sda", 2)));
    assertEquals(folder + "/proc/swaps line 2: missing type: '/dev/dm-0'", e.getMessage());
    host.write("proc/swaps", SWAPS);
    assertEquals("", read(collector, disk("sda", 3)).value("swap_reads_per_second"));
  }

  @Test
  void fastRecordersLookOnceASecondWhatIsSwappedTo() throws IOException {
    host.write("proc/swaps", SWAPS + "/dev/sda partition 9 0 -3\n");
    ModuleSettings often =
        ModuleSettings.defaults(DiskCollector.DESCRIPTOR, Duration.ofMillis(250));
    Collector collector = collector(often);
    String total = "swap_reads_per_second";
    read(collector, disk("sda", 1));
    host.write("proc/swaps", SWAPS);
    for (int tick = 1; tick < 4; tick++) {
      assertEquals("counter 0", read(collector, disk("sda", 1)).value(total));
    }
    assertEquals("", read(collector, disk("sda", 1)).value(total));
  }

  @Test
  void swapDevicesAreTheSameWhileOnlyTheirUseChanges() throws IOException {
    List<SwapDevices.Swap> swaps = new ArrayList<>();
    String two = SWAPS + "/dev/sda2 partition 9 0 -2\n/f file 9 0 -3\n";
    assertTrue(SwapDevices.parse(Scan.text(two), swaps));
    assertFalse(SwapDevices.parse(Scan.text(two.replace("9 0", "9 7")), swaps));
    assertTrue(SwapDevices.parse(Scan.text(SWAPS), swaps));
    assertEquals(List.of(), swaps);
  }

  @Test
  void operationsUnderWayBelowZeroAreAbsent() throws IOException {
    String line = "8 0 sda 1 0 8 9 0 0 0 0 4294967295 0 0\n";
    assertEquals("", read(collector(), line).value("in_flight{device=sda}"));
  }

  @Test
  void theSumOfTwoWrappingTimesWrapsLikeOne() throws IOException {
    String line = "8 0 sda 1 0 8 4294967295 1 0 8 5 0 0 0\n";
    assertEquals("ratio 4 / 2", read(collector(), line).value("await_seconds{device=sda}"));
  }

  @Test
  void everyColumnOfMillisecondsWrapsAt32Bits() {
    for (Metric metric : DiskCollector.DESCRIPTOR.metrics()) {
      assertEquals(metric.scale() == 0.001 ? 1L << 32 : 0, metric.modulus(), metric.name());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x|line 1: major number is no number: 'x'",
        "8 0|line 1: missing device name: '8 0'",
        "8 0 sda 1 2 3|line 1: missing column: '8 0 sda 1 2 3'",
        "8 0 sda 1 2 3 4 5 6 7 8 9 0 1 2|line 1: missing column: '8 0 sda 1 2 3 4 5 6 7 8 9 0 1 2'",
        "8 0 sda 1 x|line 1: column is no number: '8 0 sda 1 x'",
      })
  void truncatedOrGarbledFilesAreRefusedByPathAndLine(String text, String message) {
    IOException e = assertThrows(IOException.class, () -> read(collector(), text));
    assertEquals(folder + "/proc/diskstats " + message, e.getMessage());
  }

  @Test
  void flushesAreAbsentBeforeTheyWereCounted() throws IOException {
    Recording readings = read(collector(), "8 0 sda 1 2 3 4 5 6 7 8 9 1 2 30 4 5 60\n");
    assertEquals("ratio 60 / 30", readings.value("discard_await_seconds{device=sda}"));
    assertEquals("", readings.value("flushes_per_second{device=sda}"));
    assertEquals("", readings.value("flush_await_seconds{device=sda}"));
  }

  @Test
  void nvmePathsAreHardwareAndTheirJointDeviceIsVirtual() throws IOException {
    host.link("sys/block/nvme0n1", "../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1");
    host.link("sys/block/nvme0c0n1", "../devices/pci0000:00/0000:00:01.0/nvme/nvme0/nvme0c0n1");
    Recording readings = read(collector(), disk("nvme0c0n1", 4), disk("nvme0n1", 4));
    assertEquals("counter 4", readings.value(reads("nvme0c0n1")));
    assertEquals("", readings.value(reads("nvme0n1")));
  }

  @Test
  void columnsOfKernelsToComeAreIgnored() throws IOException {
    String line = "8 0 sda 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 99 x\n";
    assertEquals("ratio 8 / 7", read(collector(), line).value("flush_await_seconds{device=sda}"));
  }
}
