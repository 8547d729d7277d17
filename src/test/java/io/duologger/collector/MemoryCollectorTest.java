package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryCollectorTest {
  @TempDir Path folder;

  private Recording read(String meminfo, String vmstat) throws IOException {
    FixtureHost host =
        FixtureHost.empty(folder).write("proc/meminfo", meminfo).write("proc/vmstat", vmstat);
    try (Collector collector =
        new MemoryCollector(host.root(), FixtureHost.defaults(MemoryCollector.DESCRIPTOR))) {
      return Recording.of(collector);
    }
  }

  @Test
  void fieldsThatTheKernelLacksAreAbsent() throws IOException {
    assertEquals(
        List.of(
            "total_bytes gauge 10240", "free_bytes gauge 4096", "used_with_cache_bytes gauge 6144"),
        read("MemTotal: 10 kB\nMemFree: 4 kB\n", "").lines());
  }

  @Test
  void fieldsMayComeInAnyOrderBetweenUnknownOnes() throws IOException {
    Recording readings =
        read("New(x): 1 kB\nMemAvailable:5 kB\nMemFree: 4 kB\nno colon\nMemTotal: 10 kB\n", "");
    assertEquals("gauge 5120", readings.value("used_bytes"));
  }

  @Test
  void swappedPagesAreBytes() throws IOException {
    Recording readings =
        read("MemTotal: 10 kB\nMemFree: 4 kB\n", "oom_kill 1\npswpin 2\nother\npswpout 3\n");
    assertEquals("counter 8192", readings.value("swap_in_bytes_per_second"));
    assertEquals("counter 12288", readings.value("swap_out_bytes_per_second"));
    assertEquals("counter 1", readings.value("oom_kills_per_second"));
    assertEquals("", readings.value("page_faults_per_second"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|line 0: no MemTotal or no MemFree up to here: ''",
        "MemTotal: 10 kB|line 1: no MemTotal or no MemFree up to here: ''",
        "MemTotal: 10|line 1: missing kB: 'MemTotal: 10'",
        "MemTotal:|line 1: missing MemTotal: 'MemTotal:'",
        "MemTotal: x kB|line 1: MemTotal is no number: 'MemTotal: x kB'",
        "MemTotal: 9223372036854775807 kB|line 1: implausibly large: 'MemTotal:"
            + " 9223372036854775807 kB'",
      })
  void truncatedOrGarbledFilesAreRefusedByPathAndLine(String text, String message) {
    IOException e = assertThrows(IOException.class, () -> read(text, ""));
    assertEquals(folder + "/proc/meminfo " + message, e.getMessage());
  }

  @Test
  void garbledEventsAreRefusedByPathAndLine() {
    IOException e =
        assertThrows(
            IOException.class, () -> read("MemTotal: 10 kB\nMemFree: 4 kB\n", "a 1\npswpin -1\n"));
    assertEquals(folder + "/proc/vmstat line 2: pswpin is no number: 'pswpin -1'", e.getMessage());
  }
}
