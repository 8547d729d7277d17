package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.Collector;
import io.duologger.collector.FixtureHost;
import io.duologger.format.Complexes;
import io.duologger.format.GridEngineFormat;
import io.duologger.model.Readings;
import io.duologger.model.Report;
import io.duologger.model.Series;
import io.duologger.model.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a load report says of a fixture host is what Grid Engine was told of its collectors. */
class LoadSensorNamesTest {
  static Stream<Arguments> runs() {
    return FixtureHost.ALL.stream()
        .flatMap(
            host ->
                Stream.of("value", "min, mean, p95, max", "p99.9", "last, max")
                    .flatMap(
                        stats ->
                            Stream.of(
                                Arguments.of(host, stats, false),
                                Arguments.of(host, stats, true))));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void everyValueIsAComplexOfItsType(
      String host, String stats, boolean oldNames, @TempDir Path folder) throws Exception {
    StringBuilder modules = new StringBuilder();
    for (String module : List.of("load", "cpu", "memory", "net", "disk", "pressure")) {
      modules.append("%s { every = 1 s, stats = [%s] }\n".formatted(module, stats));
    }
    Map<String, Seen> seen = new LinkedHashMap<>();
    Report report =
        FixtureWindow.report(
            host,
            modules.toString(),
            folder,
            (source, collector) ->
                seen.computeIfAbsent(
                    source.name(), name -> new Seen(collector, source.spec().stats())));
    List<Complexes.Of> of = new ArrayList<>();
    seen.forEach(
        (module, spy) ->
            of.add(new Complexes.Of(module, spy.stats, List.copyOf(spy.readings.values()))));

    Map<String, String> types = new TreeMap<>();
    for (String line : Complexes.text(of, oldNames).lines().skip(1).toList()) {
      String[] columns = line.split(" +");
      assertEquals(8, columns.length, line);
      types.put(columns[0], columns[2]);
    }
    List<String> lines =
        new String(new GridEngineFormat(oldNames).bytes(report), StandardCharsets.US_ASCII)
            .lines()
            .filter(line -> line.startsWith("node1:"))
            .toList();
    assertTrue(lines.size() > 5, lines.toString());
    for (String line : lines) {
      String[] parts = line.split(":", 3);
      assertTrue(types.containsKey(parts[1]), parts[1]);
      String value =
          switch (types.get(parts[1])) {
            case "INT", "MEMORY" -> "-?[0-9]+";
            case "DOUBLE" -> "-?[0-9]+(\\.[0-9]+)?";
            default -> "[!-~]+";
          };
      assertTrue(parts[2].matches(value), line);
    }
  }

  /** A collector that remembers what it yields. */
  private static final class Seen implements Collector, Readings {
    private final Collector collector;
    private final List<Stat> stats;
    private final Map<Series, Complexes.Reading> readings = new LinkedHashMap<>();
    private Readings into;

    Seen(Collector collector, List<Stat> stats) {
      this.collector = collector;
      this.stats = stats;
    }

    @Override
    public String name() {
      return collector.name();
    }

    @Override
    public void collect(Readings into) throws IOException {
      this.into = into;
      collector.collect(this);
    }

    @Override
    public void close() throws IOException {
      collector.close();
    }

    private void see(Series series, boolean capacity) {
      readings.merge(
          series, new Complexes.Reading(series, capacity), (a, b) -> a.capacity() ? a : b);
    }

    @Override
    public void gauge(Series series, double value) {
      see(series, false);
      into.gauge(series, value);
    }

    @Override
    public void counter(Series series, long value) {
      see(series, false);
      into.counter(series, value);
    }

    @Override
    public void counter(Series series, long value, double capacity) {
      see(series, true);
      into.counter(series, value, capacity);
    }

    @Override
    public void ratio(Series series, long numerator, long denominator) {
      see(series, false);
      into.ratio(series, numerator, denominator);
    }

    @Override
    public void info(Series series, String text) {
      see(series, false);
      into.info(series, text);
    }

    @Override
    public void event(Series series, String text) {
      see(series, false);
      into.event(series, text);
    }
  }
}
