package io.duologger.format;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Kind;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Report;
import io.duologger.model.Series;
import io.duologger.model.Stat;
import io.duologger.model.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Grid Engine must be told of the values of a load report, as lines for {@code qconf -mc}: it
 * ignores values that it does not know. The names are those of {@link GridEngineFormat}, made by
 * the same code from a report that has every value.
 */
public final class Complexes {
  /**
   * A module whose values a load report has.
   *
   * @param module its name
   * @param stats which statistics are printed, in order
   * @param readings what its collector yields, in order
   */
  public record Of(String module, List<Stat> stats, List<Reading> readings) {
    /** Copies the lists. */
    public Of {
      stats = List.copyOf(stats);
      readings = List.copyOf(readings);
    }
  }

  /**
   * One series that a collector yields.
   *
   * @param series the series
   * @param capacity whether it is read with a capacity
   */
  public record Reading(Series series, boolean capacity) {}

  private static final List<String> HEADER =
      List.of(
          "#name", "shortcut", "type", "relop", "requestable", "consumable", "default", "urgency");

  /** Words of quantities of which a job wants at least so much. */
  private static final Set<String> AVAILABLE = Set.of("free", "available", "total");

  private static final String ANY_TEXT = "text";

  private Complexes() {}

  /**
   * A heading and a line for each value that {@link GridEngineFormat} prints of {@code modules}.
   *
   * @param oldNames whether values have the names of the Perl tools
   */
  public static String text(List<Of> modules, boolean oldNames) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    new GridEngineFormat(oldNames).values(report(modules)).forEach(value -> rows.add(row(value)));
    int[] widths = new int[HEADER.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> append(row, widths, text));
    return text.toString();
  }

  private static void append(List<String> row, int[] widths, StringBuilder text) {
    int last = row.size() - 1;
    for (int i = 0; i < last; i++) {
      text.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 1));
    }
    text.append(row.get(last)).append('\n');
  }

  private static List<String> row(NamedValue value) {
    boolean string = value.type() == NamedValue.Type.STRING;
    return List.of(
        value.name(),
        value.name(),
        value.type().name(),
        relation(value),
        "YES",
        "NO",
        string ? "NONE" : "0",
        "0");
  }

  /** How a job's request must compare with the value. */
  private static String relation(NamedValue value) {
    if (value.type() == NamedValue.Type.STRING) {
      return "==";
    }
    boolean available = Arrays.stream(value.quantity().split("_")).anyMatch(AVAILABLE::contains);
    return available ? "<=" : ">=";
  }

  private static Report report(List<Of> modules) {
    List<Line> lines = new ArrayList<>();
    for (Of of : modules) {
      Map<Instance, List<Reading>> instances = new LinkedHashMap<>();
      for (Reading reading : of.readings()) {
        instances
            .computeIfAbsent(reading.series().instance(), key -> new ArrayList<>())
            .add(reading);
      }
      instances.forEach((instance, readings) -> lines.add(line(of, instance, readings)));
    }
    return new Report(new Window(0, 0, 0, "", 0), "host", lines, List.of());
  }

  private static Line line(Of of, Instance instance, List<Reading> readings) {
    List<Aggregate> numbers = new ArrayList<>();
    Map<String, String> infos = new LinkedHashMap<>();
    List<Line.Event> events = new ArrayList<>();
    for (Reading reading : readings) {
      Metric metric = reading.series().metric();
      switch (metric.kind()) {
        case INFO -> infos.put(metric.name(), ANY_TEXT);
        case EVENT -> {
          events.add(new Line.Event(metric.name(), ANY_TEXT));
          numbers.add(Aggregate.value(metric.dropped(), 1));
        }
        default -> numbers.add(aggregate(metric, of.stats()));
      }
      if (metric.kind() == Kind.COUNTER && reading.capacity()) {
        metric.utilisation().ifPresent(stem -> addUtilisation(stem, of.stats(), numbers));
      }
    }
    return new Line(of.module(), instance, Optional.empty(), numbers, infos, events);
  }

  private static void addUtilisation(String stem, List<Stat> stats, List<Aggregate> into) {
    into.add(aggregate(Metric.utilisationShare(stem), stats));
    Metric.utilisationQuarters(stem).forEach(quarter -> into.add(Aggregate.value(quarter, 1)));
  }

  private static Aggregate aggregate(Metric metric, List<Stat> stats) {
    double[] values = new double[stats.size()];
    Arrays.fill(values, 1);
    return new Aggregate(metric, stats, values);
  }
}
