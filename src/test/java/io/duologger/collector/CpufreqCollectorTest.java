package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.duologger.model.ModuleSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpufreqCollectorTest {
  private static final String CPU = "sys/devices/system/cpu/cpu";

  @TempDir Path folder;

  private static ModuleSettings perCpu(String what) {
    return FixtureHost.with(CpufreqCollector.DESCRIPTOR, "per-cpu", what);
  }

  private FixtureHost idle(int cpu, long time, long usage, String uptime) throws IOException {
    return FixtureHost.empty(folder)
        .write(CPU + cpu + "/cpuidle/state0/name", "C1\n")
        .write(CPU + cpu + "/cpuidle/state0/time", time + "\n")
        .write(CPU + cpu + "/cpuidle/state0/usage", usage + "\n")
        .write("proc/uptime", uptime + " 1.00\n");
  }

  @Test
  void processorsHaveWhatIsAskedFor() throws IOException {
    FixtureHost host = FixtureHost.of("metal", folder);
    for (String what : List.of("frequency", "all", "none")) {
      try (Collector collector = new CpufreqCollector(host.root(), perCpu(what))) {
        Recording recording = Recording.of(collector);
        int host10 = 4 + 3 * 2;
        int each = what.equals("none") ? 0 : what.equals("all") ? 2 + 3 * 2 : 2;
        assertEquals(host10 + 3 * each, recording.lines().size(), what);
        String idle = recording.value("idle_ratio{cpu=1}{state=C6}");
        assertEquals(what.equals("all") ? "ratio 4100000000 / 5000250000" : "", idle);
      }
    }
  }

  @Test
  void globsChooseProcessors() throws IOException {
    FixtureHost host = FixtureHost.of("metal", folder);
    ModuleSettings one = FixtureHost.including(CpufreqCollector.DESCRIPTOR, "2");
    try (Collector collector = new CpufreqCollector(host.root(), one)) {
      assertEquals(800e6, Recording.of(collector).number("mean_frequency_hertz"));
    }
  }

  @Test
  void whatIsSleptBeforeItIsCountedIsMadeUpFor() throws IOException {
    FixtureHost host = idle(0, 0, 0, "100.00");
    try (Collector collector = new CpufreqCollector(host.root(), perCpu("frequency"))) {
      assertEquals("ratio 0 / 100000000", Recording.of(collector).value("awake_ratio{cpu=0}"));
      idle(0, 0, 0, "101.00");
      assertEquals(
          "ratio 1000000 / 101000000", Recording.of(collector).value("awake_ratio{cpu=0}"));
      idle(0, 1_900_000, 1, "102.00");
      assertEquals(
          "ratio 1000000 / 102000000", Recording.of(collector).value("awake_ratio{cpu=0}"));
      idle(0, 1_900_000, 1, "103.00");
      assertEquals(
          "ratio 1100000 / 103000000", Recording.of(collector).value("awake_ratio{cpu=0}"));
      idle(0, 500, 0, "104.00");
      assertEquals(
          "ratio 1100000 / 104000000", Recording.of(collector).value("awake_ratio{cpu=0}"));
      idle(0, 400_500, 2, "105.00");
      Recording last = Recording.of(collector);
      assertEquals("ratio 1700000 / 105000000", last.value("awake_ratio{cpu=0}"));
      assertEquals("ratio 1700000 / 4000000", last.value("host_awake_ratio"));
      assertEquals("ratio 2300000 / 4000000", last.value("idle_ratio{state=C1}"));
      assertEquals("counter 3", last.value("idle_entries_per_second{state=C1}"));
    }
  }

  @Test
  void processorsComeAndGo() throws IOException {
    FixtureHost host = idle(0, 0, 0, "100.00");
    ModuleSettings seldom =
        ModuleSettings.defaults(CpufreqCollector.DESCRIPTOR, Duration.ofMinutes(1));
    try (Collector collector = new CpufreqCollector(host.root(), seldom)) {
      Recording.of(collector);
      idle(1, 50_000_000, 7, "160.00");
      idle(0, 60_000_000, 7, "160.00");
      Recording second = Recording.of(collector);
      assertEquals("ratio 60000000 / 60000000", second.value("idle_ratio{state=C1}"));
      host.become("metal");
      assertEquals(3.1e9, Recording.of(collector).number("frequency_hertz{cpu=1}"));
    }
  }

  @Test
  void aProcessorThatRefusesIsLeftOut() throws IOException {
    FixtureHost host =
        idle(0, 5, 5, "100.00")
            .write(CPU + "0/cpufreq/scaling_cur_freq", "<unknown>\n")
            .write(CPU + "1/cpufreq/scaling_cur_freq", "2000000\n")
            .write(CPU + "1/cpuidle/state0/name", "C1")
            .write(CPU + "1/cpuidle/state0/time", "-")
            .write(CPU + "1/cpuidle/state0/usage", "");
    try (Collector collector = new CpufreqCollector(host.root(), perCpu("none"))) {
      assertEquals(
          List.of(
              "mean_frequency_hertz gauge 2000000000",
              "slowest_hertz gauge 2000000000",
              "fastest_hertz gauge 2000000000",
              "host_awake_ratio ratio 0 / 0",
              "idle_ratio{state=C1} ratio 0 / 0",
              "idle_entries_per_second{state=C1} counter 0"),
          Recording.of(collector).lines());
    }
  }

  @Test
  void aGarbledUptimeIsRefusedByPathAndLine() throws IOException {
    FixtureHost host = idle(0, 5, 5, "now");
    try (Collector collector = new CpufreqCollector(host.root(), perCpu("none"))) {
      IOException e = assertThrows(IOException.class, () -> Recording.of(collector));
      assertEquals(folder + "/proc/uptime line 1: uptime is no number: 'now 1.00'", e.getMessage());
    }
  }
}
