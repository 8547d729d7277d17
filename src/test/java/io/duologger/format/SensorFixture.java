package io.duologger.format;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Report;
import io.duologger.model.Series;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import io.duologger.model.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports with values of every module that has old keys, and of some that have none. */
final class SensorFixture {
  static final List<Stat> ONE = List.of(Stat.VALUE);
  static final List<Stat> DUAL =
      List.of(Stat.MIN, Stat.MEAN, Stat.MAX, Stat.percentile("95"), Stat.percentile("99.9"));

  private static final Window WINDOW =
      new Window(0, 600_000_000_000L, 1_795_429_199_500_000_000L, "", 0);

  private SensorFixture() {}

  /** One number a series. */
  static Report one() {
    return report(ONE);
  }

  /** Several statistics of each series. */
  static Report dual() {
    return report(DUAL);
  }

  static Report report(List<Line> lines, List<Line> self) {
    return new Report(WINDOW, "node1", lines, self);
  }

  /** The line of an instance whose numbers are gauges or, by their unit, rates. */
  static Line line(String module, Instance instance, Aggregate... numbers) {
    return new Line(module, instance, Optional.empty(), List.of(numbers), Map.of(), List.of());
  }

  /** A rate or, if nothing says otherwise, a gauge. */
  static Metric metric(String name) {
    if (name.endsWith("_bytes_per_second")) {
      return Metric.counter(name, Unit.BYTES_PER_SECOND, "Bytes.");
    }
    if (name.endsWith("_per_second")) {
      return Metric.counter(name, Unit.PER_SECOND, "Things.");
    }
    if (name.endsWith("_ratio")) {
      return Metric.ratio(name, Unit.RATIO, "A share.");
    }
    if (name.endsWith("_bytes")) {
      return Metric.gauge(name, Unit.BYTES, "A size.");
    }
    return Metric.gauge(name, Unit.COUNT, "A number.");
  }

  static Aggregate number(String name, List<Stat> stats, double... values) {
    return new Aggregate(metric(name), stats, values);
  }

  /** Statistics that rise from the middle one, so that none is like another. */
  private static Aggregate spread(String name, List<Stat> stats, double middle) {
    double[] values = new double[stats.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = values.length == 1 ? middle : middle * (i + 1) / 2;
    }
    return number(name, stats, values);
  }

  private static Report report(List<Stat> stats) {
    List<Line> lines = new ArrayList<>();
    lines.add(
        line(
            "load",
            Instance.HOST,
            spread("load1", stats, 0.52),
            spread("load5", stats, 0.35),
            spread("load15", stats, 0.4),
            spread("tasks", stats, 412)));
    lines.add(
        line(
            "cpu",
            Instance.HOST,
            spread("busy_ratio", stats, 0.25),
            spread("nonidle_ratio", stats, 0.29)));
    for (String cpu : List.of("0", "1", "3", "11")) {
      lines.add(
          line(
              "cpu",
              Instance.of("cpu", cpu),
              spread("busy_ratio", stats, 0.09 + 0.01 * Integer.parseInt(cpu))));
    }
    lines.add(
        line(
            "memory",
            Instance.HOST,
            spread("total_bytes", stats, 0x1p34),
            spread("free_bytes", stats, 0x1p33),
            spread("available_bytes", stats, 0x1p33 + 4096),
            spread("used_with_cache_bytes", stats, 0x1p33),
            spread("swap_total_bytes", stats, 1_073_737_728),
            spread("swap_free_bytes", stats, 1_073_475_584),
            spread("swap_used_bytes", stats, 262_144),
            spread("vmalloc_total_bytes", stats, 35_184_372_087_808.0),
            spread("vmalloc_used_bytes", stats, 15_839_232)));
    addNet(stats, lines);
    lines.add(
        line(
            "disk",
            Instance.HOST,
            spread("reads_per_second", stats, 40),
            spread("writes_per_second", stats, 10.126),
            spread("read_bytes_per_second", stats, 163_840),
            spread("write_bytes_per_second", stats, 40_960)));
    lines.add(
        line(
            "disk",
            Instance.of("device", "cciss/c0d0"),
            spread("reads_per_second", stats, 40),
            spread("await_ratio", stats, Double.NaN)));
    lines.add(
        line(
            "pressure", Instance.of("resource", "cpu"), spread("some_ratio", stats, 0.0123456789)));
    addTexts(lines);
    return report(
        lines, List.of(line("self", Instance.HOST, spread("rss_bytes", stats, 61_234_176))));
  }

  private static void addNet(List<Stat> stats, List<Line> into) {
    String[] devices = {"eth0", "br-0a1b.c2", "br_0a1b_c2"};
    for (int i = 0; i < devices.length; i++) {
      Map<String, String> infos = Map.of("operstate", "up");
      int share = i + 1;
      into.add(
          new Line(
              "net",
              Instance.of("device", devices[i]),
              Optional.empty(),
              List.of(
                  spread("rx_bytes_per_second", stats, 125_000_000.123 * share),
                  spread("rx_packets_per_second", stats, 1_000.5 * share),
                  spread("rx_errors_per_second", stats, 1),
                  spread("rx_drops_per_second", stats, 2),
                  spread("rx_fifo_errors_per_second", stats, 4),
                  spread("rx_frame_errors_per_second", stats, 8),
                  spread("tx_bytes_per_second", stats, 5_000 * share),
                  spread("tx_packets_per_second", stats, 50 * share),
                  spread("tx_errors_per_second", stats, 16),
                  spread("tx_drops_per_second", stats, 32),
                  spread("tx_fifo_errors_per_second", stats, 64),
                  spread("tx_collisions_per_second", stats, 128),
                  spread("tx_carrier_errors_per_second", stats, 256),
                  spread("speed_bytes_per_second", stats, 1.25e8 * share)),
              infos,
              List.of()));
    }
    into.add(
        line(
            "net",
            Instance.HOST,
            spread("devices", stats, 3),
            spread("rx_bytes_per_second", stats, 7)));
  }

  private static void addTexts(List<Line> into) {
    Map<String, String> infos = new LinkedHashMap<>();
    infos.put("model", "a model whose name is quite a bit longer than 40 characters");
    infos.put("serial", "");
    infos.put("bios", "\u00b5-BIOS \"1.0\"\n");
    into.add(
        new Line(
            "host",
            Instance.HOST,
            Optional.empty(),
            List.of(number("sockets", ONE, 2), number("pi", ONE, Double.NaN)),
            infos,
            List.of()));
    into.add(
        new Line(
            "kernel",
            Instance.HOST,
            Optional.empty(),
            List.of(),
            Map.of(),
            List.of(
                new Line.Event("message", "oom-killer: invoked"),
                new Line.Event("message", "eth0: link down"))));
  }

  /** The series of a report, as collectors would have yielded them. */
  static List<Complexes.Of> series(Report report) {
    Map<String, List<Complexes.Reading>> modules = new LinkedHashMap<>();
    Map<String, List<Stat>> stats = new LinkedHashMap<>();
    for (Line line : report.lines()) {
      List<Complexes.Reading> readings =
          modules.computeIfAbsent(line.module(), key -> new ArrayList<>());
      stats.putIfAbsent(line.module(), ONE);
      for (Aggregate aggregate : line.aggregates()) {
        stats.put(line.module(), aggregate.stats());
        readings.add(reading(aggregate.metric(), line.instance()));
      }
      line.infos()
          .keySet()
          .forEach(name -> readings.add(reading(Metric.info(name, "A text."), line.instance())));
      line.events().stream()
          .map(Line.Event::name)
          .distinct()
          .forEach(name -> readings.add(reading(Metric.event(name, "A text."), line.instance())));
    }
    List<Complexes.Of> of = new ArrayList<>();
    modules.forEach((module, all) -> of.add(new Complexes.Of(module, stats.get(module), all)));
    return of;
  }

  private static Complexes.Reading reading(Metric metric, Instance instance) {
    return new Complexes.Reading(new Series(metric, instance), false);
  }
}
