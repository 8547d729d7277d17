package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CpufreqCollectorTest {
  private static final String CPU = "sys/devices/system/cpu/cpu";

  private static final Path OUTPUTS = Path.of("src/test/resources/outputs/cpufreq");

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
      try (Collector collector = new CpufreqCollector(host.surroundings(), perCpu(what))) {
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
    try (Collector collector = new CpufreqCollector(host.surroundings(), one)) {
      assertEquals(800e6, Recording.of(collector).number("mean_frequency_hertz"));
    }
  }

  @Test
  void whatIsSleptBeforeItIsCountedIsMadeUpFor() throws IOException {
    FixtureHost host = idle(0, 0, 0, "100.00");
    try (Collector collector = new CpufreqCollector(host.surroundings(), perCpu("frequency"))) {
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
    try (Collector collector = new CpufreqCollector(host.surroundings(), seldom)) {
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
    try (Collector collector = new CpufreqCollector(host.surroundings(), perCpu("none"))) {
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
    try (Collector collector = new CpufreqCollector(host.surroundings(), perCpu("none"))) {
      IOException e = assertThrows(IOException.class, () -> Recording.of(collector));
      assertEquals(folder + "/proc/uptime line 1: uptime is no number: 'now 1.00'", e.getMessage());
    }
  }

  /** Lines "processor percent MHz". */
  private static List<String> rows(String file) throws IOException {
    TurbostatMeter.Table table = new TurbostatMeter.Table();
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(OUTPUTS.resolve(file))) {
      Optional<TurbostatMeter.Row> row = table.row(line);
      if (row.isPresent()) {
        TurbostatMeter.Usage usage = row.get().usage();
        rows.add(
            String.format(
                Locale.ROOT,
                "%d %.2f %.0f",
                row.get().cpu(),
                usage.busy() * 100,
                usage.hertz() / 1e6));
      }
    }
    return rows;
  }

  @Test
  void everyVersionOfTurbostatIsUnderstood() throws IOException {
    assertEquals(
        List.of("-1 80.63 4301", "0 81.84 4300", "4 100.00 4250"), rows("turbostat-2025-amd.txt"));
    assertEquals(
        List.of("-1 2.95 1065", "0 1.15 1132", "32 0.09 1001"), rows("turbostat-2017-intel.txt"));
    assertEquals(List.of("-1 2.01 3868", "0 3.13 3880", "1 1.94 3867"), rows("turbostat-3.19.txt"));
    assertEquals(List.of("-1 38.88 2082"), rows("turbostat-one.txt"));
  }

  @Test
  void garbageOfTurbostatIsPassedOver() {
    TurbostatMeter.Table table = new TurbostatMeter.Table();
    assertEquals(Optional.empty(), table.row("0\t1.00\t800"), "no names of columns yet");
    table.row("CPU\tBusy%\tBzy_MHz");
    for (String line :
        List.of(
            "0", "0 1.00", "x 1.00 800", "0 106.00 800", "0 -1.00 800", "0 1.00 nan", "-1 1 1")) {
      assertEquals(Optional.empty(), table.row(line), line);
    }
    assertTrue(table.row("0\t1.00\t800").isPresent());
  }

  private Collector turbostat(String script, String source, FixtureHost host) throws IOException {
    return turbostat(script, source, host, Duration.ofSeconds(1));
  }

  private Collector turbostat(String script, String source, FixtureHost host, Duration every)
      throws IOException {
    ModuleSettings settings = ModuleSettings.defaults(CpufreqCollector.DESCRIPTOR, every);
    settings =
        settings.with(
            settings
                .options()
                .with("source", source)
                .with("turbostat", new Scripts(folder.resolve("bin")).script("turbostat", script)));
    return new CpufreqCollector(host.surroundings(), settings);
  }

  private FixtureHost other(String name) throws IOException {
    return FixtureHost.of(name, Files.createDirectories(folder.resolve("host")));
  }

  private static Recording await(Collector collector, String series) throws IOException {
    Recording recording = Recording.of(collector);
    while (recording.value(series).isEmpty()) {
      recording = Recording.of(collector);
    }
    return recording;
  }

  @Test
  @Timeout(60)
  void turbostatIsAskedForWhatProcessorsCount() throws IOException {
    FixtureHost host = FixtureHost.empty(Files.createDirectories(folder.resolve("host")));
    String script =
        "echo \"$@\" >"
            + folder
            + "/asked; cat "
            + OUTPUTS.toAbsolutePath()
            + "/turbostat-shown.txt; exec sleep 600";
    try (Collector collector = turbostat(script, "turbostat", host)) {
      Recording last = await(collector, "c0_ratio{cpu=2}");
      while (!last.value("c0_ratio{cpu=2}").equals("gauge 0.005")) {
        last = Recording.of(collector);
      }
      assertEquals(
          List.of(
              "host_c0_ratio gauge 0.1225",
              "mean_busy_frequency_hertz gauge 2400000000",
              "c0_ratio{cpu=0} gauge 0.24",
              "busy_frequency_hertz{cpu=0} gauge 2500000000",
              "c0_ratio{cpu=2} gauge 0.005",
              "busy_frequency_hertz{cpu=2} gauge 1200000000"),
          last.lines());
      assertEquals(
          "--quiet --show CPU,Busy%,Bzy_MHz --interval 1\n",
          Files.readString(folder.resolve("asked")));
    }
  }

  @Test
  @Timeout(60)
  void aTurbostatThatWasAskedForAndFailsIsAnError() throws IOException {
    FixtureHost host = other("metal");
    try (Collector collector = turbostat("echo no msr >&2; exit 1", "turbostat", host)) {
      String failure = "";
      while (failure.isEmpty()) {
        try {
          assertEquals(List.of(), Recording.of(collector).lines());
        } catch (IOException failed) {
          failure = failed.getMessage();
        }
      }
      assertTrue(failure.endsWith("bin/turbostat: ended with status 1: no msr"), failure);
    }
  }

  @Test
  @Timeout(60)
  void byItselfTurbostatIsUsedOnlyByRootWhereThereAreRegisters() throws IOException {
    FixtureHost host = other("metal");
    String script =
        "echo run >>"
            + folder
            + "/runs; cat "
            + OUTPUTS.toAbsolutePath()
            + "/turbostat-shown.txt; exec sleep 600";
    try (Collector collector = turbostat(script, "auto", host, Duration.ofMinutes(1))) {
      Recording.of(collector);
      host.folder("proc/self");
      Recording.of(collector);
      assertFalse(Files.exists(folder.resolve("runs")), "no registers");
      host.write("dev/cpu/0/msr", "");
      if (Files.getAttribute(host.root().proc().resolve("self"), "unix:uid").equals(0)) {
        Recording both = await(collector, "host_c0_ratio");
        assertEquals(3.1e9, both.number("frequency_hertz{cpu=1}"));
      } else {
        Recording.of(collector);
        assertFalse(Files.exists(folder.resolve("runs")), "not root");
      }
    }
    try (Collector collector = turbostat(script, "sysfs", host)) {
      Files.deleteIfExists(folder.resolve("runs"));
      Recording.of(collector);
      assertFalse(Files.exists(folder.resolve("runs")), "not wanted");
    }
  }
}
