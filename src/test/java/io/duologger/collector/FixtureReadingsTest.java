package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every module on every fixture host: the exact readings of two ticks. */
class FixtureReadingsTest {
  private static final List<String> ABSENT = List.of("absent");
  private static final String SECOND = "@1";

  /** What a program says and no file, see CpufreqCollectorTest and JobCollectorTest. */
  private static final Set<String> OF_PROGRAMS =
      Set.of(
          "c0_ratio",
          "busy_frequency_hertz",
          "host_c0_ratio",
          "mean_busy_frequency_hertz",
          "gpu_memory_bytes",
          "gpu_busy_ratio");

  @TempDir Path folder;

  /** Each file expected/HOST/MODULE.txt of a first tick. */
  static Stream<Arguments> modulesAndHosts() throws IOException {
    List<Arguments> found = new ArrayList<>();
    for (String module : Collectors.names()) {
      for (String host : FixtureHost.withExpected(module)) {
        if (!host.endsWith(SECOND)) {
          found.add(Arguments.of(module, host));
        }
      }
    }
    return found.stream();
  }

  @ParameterizedTest
  @MethodSource("modulesAndHosts")
  void yieldsExactlyTheReadingsOfBothTicks(String module, String name) throws IOException {
    FixtureHost host = FixtureHost.of(name, folder);
    CollectorType type = Collectors.find(module).orElseThrow();
    // An interval above the refresh time, so that each tick sees what sysfs says now.
    Collector collector =
        type.factory()
            .create(
                host.surroundings(),
                FixtureHost.settings(type.descriptor(), Duration.ofSeconds(60)));
    assertReadings(collector, name, type.descriptor());
    if (FixtureHost.withExpected(module).contains(name + SECOND)) {
      host.become(name + SECOND);
      assertReadings(collector, name + SECOND, type.descriptor());
    }
    collector.close();
  }

  private static void assertReadings(Collector collector, String host, ModuleDescriptor module)
      throws IOException {
    List<String> expected = FixtureHost.expected(host, module.name());
    if (expected.equals(ABSENT)) {
      assertThrows(SourceAbsentException.class, () -> Recording.of(collector));
      return;
    }
    Recording recording = Recording.of(collector);
    assertEquals(String.join("\n", expected), String.join("\n", recording.lines()));
    for (Series series : recording.series()) {
      assertTrue(module.metrics().contains(series.metric()), series.metric().name());
    }
  }

  @ParameterizedTest
  @MethodSource("modulesAndHosts")
  void keepsItsSeriesObjectsFromTickToTick(String module, String name) throws IOException {
    if (FixtureHost.expected(name, module).equals(ABSENT)) {
      return;
    }
    CollectorType type = Collectors.find(module).orElseThrow();
    Collector collector =
        type.factory()
            .create(
                FixtureHost.of(name, folder).surroundings(),
                FixtureHost.settings(type.descriptor(), type.descriptor().every()));
    List<Series> first = Recording.of(collector).series();
    List<Series> second = Recording.of(collector).series();
    assertEquals(first.size(), second.size());
    for (int i = 0; i < first.size(); i++) {
      assertSame(first.get(i), second.get(i));
    }
    collector.close();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void anEmptyHostLacksEverySource(String module) {
    CollectorType type = Collectors.find(module).orElseThrow();
    Collector collector =
        type.factory()
            .create(
                FixtureHost.empty(folder).surroundings(),
                FixtureHost.settings(type.descriptor(), type.descriptor().every()));
    assertThrows(SourceAbsentException.class, () -> Recording.of(collector));
  }

  /** Those that read files only. */
  static Stream<String> modules() throws IOException {
    List<String> found = new ArrayList<>();
    for (String module : Collectors.names()) {
      if (!FixtureHost.withExpected(module).isEmpty()) {
        found.add(module);
      }
    }
    return found.stream();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyMetricOfTheCatalogueIsReadOnSomeHost(String module) throws IOException {
    CollectorType type = Collectors.find(module).orElseThrow();
    List<String> missing =
        new ArrayList<>(type.descriptor().metrics().stream().map(Metric::name).toList());
    missing.removeAll(OF_PROGRAMS);
    for (String host : FixtureHost.withExpected(module)) {
      for (String line : FixtureHost.expected(host, module)) {
        missing.remove(line.split("[ {]")[0]);
      }
    }
    assertEquals(List.of(), missing);
  }
}
