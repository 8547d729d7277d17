package io.duologger.format;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Report;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import io.duologger.model.Window;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;

/**
 * Reports in Prometheus's text format, version 0.0.4, UTF-8. Every number of a series is a gauge
 * {@code duologger_MODULE_METRIC} with the labels of its instance and then {@code stat}, which says
 * which statistic it is and is always there: {@code value} where the window has one number only.
 * Samples have no time stamps; {@code duologger_window_end_timestamp_seconds} says how old they
 * are.
 *
 * <ul>
 *   <li>Infos are the labels of {@code duologger_MODULE_info}, whose value is 1. Events are left
 *       out.
 *   <li>How far the window can be trusted is in {@code duologger_window_...}: what is true of all
 *       instances of a module with the label {@code module}, the rest with the labels of the
 *       instance too. Where the series of an instance differ, the worst counts.
 *   <li>The suffixes {@code _total}, {@code _count} and {@code _bucket}, which Prometheus keeps for
 *       other types, are cut off. A label named like one of Prometheus's or of ours is {@code
 *       exported_NAME}. Should two families want one name, the second has the suffix {@code _2} for
 *       good; should two labels of a sample, likewise.
 *   <li>A lone surrogate becomes a question mark and a NUL a blank. An empty label is left out,
 *       since it means the same. Of two numbers with the same name and labels the first counts.
 * </ul>
 *
 * <p>Used by one thread at a time.
 */
public final class PrometheusFormat implements Format {
  private static final String PREFIX = "duologger_";
  private static final int TIMESTAMP_DECIMALS = 6;
  private static final List<String> OTHER_TYPES = List.of("_total", "_count", "_bucket");
  private static final Set<String> RESERVED_LABELS =
      Set.of("module", "stat", "le", "quantile", "job", "instance");

  private final UniqueNames names = new UniqueNames("");
  private final Map<Owner, Family> families = new LinkedHashMap<>();
  private final Map<Stat, String> statTexts = new HashMap<>();
  private final StringBuilder out = new StringBuilder();
  private final Bytes number = new Bytes(32);

  /**
   * What has a family.
   *
   * @param module the module; empty for what is said of the window
   * @param metric the metric; empty for the infos
   */
  private record Owner(String module, String metric) {}

  /**
   * The samples of one name.
   *
   * @param unit what the name ends with; empty if it is a count
   * @param samples labels, as they are printed, to value
   */
  private record Family(String name, String unit, String help, Map<String, Double> samples) {
    void first(String labels, double value) {
      samples.putIfAbsent(labels, value);
    }

    void worst(String labels, double value, DoubleBinaryOperator of) {
      samples.merge(labels, value, of::applyAsDouble);
    }
  }

  @Override
  public byte[] bytes(Report report) {
    names.begin();
    families.clear();
    out.setLength(0);
    writeWindow(report.window(), report.host());
    Trust trust = new Trust();
    for (Line line : report.lines()) {
      line.head().ifPresent(head -> trust.add(line, head));
      add(line);
    }
    for (Line line : report.self()) {
      line.head().ifPresent(head -> trust.addSelf(line, head));
      add(line);
    }
    families.values().forEach(this::write);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void writeWindow(Window window, String host) {
    Family name = family("host_info", "", "The name of the host.");
    name.first(label("host", host), 1);
    Family partial =
        family("window_partial", "", "Why the window is not one whole heartbeat, if it is not.");
    for (String reason : window.partial().split("[+,]")) {
      if (!reason.isEmpty()) {
        partial.first(label("reason", reason), 1);
      }
    }
    writeSeconds(
        "window_end_timestamp_seconds",
        "When the window ended, since the epoch.",
        window.endWall(),
        TIMESTAMP_DECIMALS);
    writeSeconds("window_length_seconds", "How long the window is.", window.length(), 9);
    writeSeconds(
        "window_clock_jump_seconds",
        "How far the wall clock stepped at the end of the window.",
        window.clockJump(),
        9);
  }

  private void writeSeconds(String name, String help, long nanos, int decimals) {
    Family family = family(name, Unit.SECONDS.suffix(), help);
    writeHead(family);
    number.clear();
    Numbers.seconds(number, nanos, decimals);
    out.append(family.name()).append(' ').append(number.text()).append('\n');
  }

  /** A family about the window. */
  private Family family(String name, String unit, String help) {
    return family(new Owner("", name), name, unit, help);
  }

  private Family family(Owner owner, String rest, String unit, String help) {
    return families.computeIfAbsent(
        owner,
        key -> {
          String name =
              names.name(key.module(), Instance.HOST, key.metric(), "family", PREFIX + rest);
          return new Family(name, unit, help, new LinkedHashMap<>());
        });
  }

  private Family family(String module, Metric metric) {
    return family(
        new Owner(module, metric.name()),
        withoutType(module + "_" + metric.name()),
        metric.unit().suffix(),
        metric.help());
  }

  private static String withoutType(String name) {
    for (String suffix : OTHER_TYPES) {
      if (name.endsWith(suffix)) {
        return withoutType(name.substring(0, name.length() - suffix.length()));
      }
    }
    return name;
  }

  private void add(Line line) {
    String labels = labels(line.instance().labels(), Map.of());
    for (Aggregate aggregate : line.aggregates()) {
      double[] values = aggregate.values();
      for (int i = 0; i < values.length; i++) {
        if (Double.isFinite(values[i])) {
          String stat =
              statTexts.computeIfAbsent(aggregate.stats().get(i), key -> label("stat", key.text()));
          family(line.module(), aggregate.metric()).first(joined(labels, stat), values[i]);
        }
      }
    }
    if (line.infos().values().stream().anyMatch(text -> !text.isEmpty())) {
      family(
              new Owner(line.module(), ""),
              line.module() + "_info",
              "",
              "Texts of module " + line.module() + ", as labels.")
          .first(labels(line.instance().labels(), line.infos()), 1);
    }
  }

  /**
   * Labels as they are printed, without braces; sorted, since their order means nothing and two
   * samples must not differ in that only.
   *
   * @param more further labels; those of {@code instance} keep their names
   */
  private static String labels(Map<String, String> instance, Map<String, String> more) {
    Map<String, String> all = new TreeMap<>();
    instance.forEach((name, value) -> all.put(free(name, all), value));
    more.forEach((name, value) -> all.put(free(name, all), value));
    StringBuilder text = new StringBuilder();
    all.forEach(
        (name, value) -> {
          String label = label(name, value);
          if (text.length() > 0 && !label.isEmpty()) {
            text.append(',');
          }
          text.append(label);
        });
    return text.toString();
  }

  private static String free(String name, Map<String, String> taken) {
    String wanted = RESERVED_LABELS.contains(name) ? "exported_" + name : name;
    String free = wanted;
    for (int i = 2; taken.containsKey(free); i++) {
      free = wanted + "_" + i;
    }
    return free;
  }

  private static String label(String name, String value) {
    return value.isEmpty() ? "" : name + "=\"" + escaped(value, true) + "\"";
  }

  private static String joined(String labels, String more) {
    return labels.isEmpty() ? more : more.isEmpty() ? labels : labels + "," + more;
  }

  private static String escaped(String text, boolean quoted) {
    StringBuilder escaped = new StringBuilder(text.length() + 8);
    text.codePoints()
        .forEach(
            point -> {
              if (point == '\\') {
                escaped.append("\\\\");
              } else if (point == '\n') {
                escaped.append("\\n");
              } else if (point == '"' && quoted) {
                escaped.append("\\\"");
              } else if (point == 0) {
                escaped.append(' ');
              } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                escaped.append('?');
              } else {
                escaped.appendCodePoint(point);
              }
            });
    return escaped.toString();
  }

  private void write(Family family) {
    if (family.samples().isEmpty()) {
      return;
    }
    writeHead(family);
    family
        .samples()
        .forEach(
            (labels, value) -> {
              out.append(family.name());
              if (!labels.isEmpty()) {
                out.append('{').append(labels).append('}');
              }
              number.clear();
              Numbers.value(number, value);
              out.append(' ').append(number.text()).append('\n');
            });
  }

  private void writeHead(Family family) {
    String name = family.name();
    out.append("# HELP ").append(name).append(' ').append(escaped(family.help(), false));
    out.append("\n# TYPE ").append(name).append(" gauge\n");
    if (!family.unit().isEmpty() && name.endsWith(family.unit())) {
      out.append("# UNIT ")
          .append(name)
          .append(' ')
          .append(family.unit(), 1, family.unit().length());
      out.append('\n');
    }
  }

  /** The families about how far a report can be trusted; made first, so that they come first. */
  private final class Trust {
    private final Family every =
        family("sample_interval_seconds", Unit.SECONDS.suffix(), "The sample interval.");
    private final Family n = family("window_samples", "", "Samples folded into the window.");
    private final Family late =
        family("window_samples_late", "", "Those of them that were due in an earlier window.");
    private final Family missed =
        family("window_ticks_missed", "", "Ticks due in the window without a reading.");
    private final Family seen =
        family("window_samples_seen", "", "Samples of the window that had the instance.");
    private final Family rates =
        family("window_rates", "", "Rates that each counter of the instance has, at least.");
    private final Family covered =
        family(
            "window_covered_seconds",
            Unit.SECONDS.suffix(),
            "What the rates of the instance cover, at least.");
    private final Family resets =
        family("window_resets", "", "Intervals in which a counter of the instance was reset.");
    private final Family exact =
        family(
            "window_percentiles_exact",
            "",
            "1 if the percentiles of the instance are exact, 0 if they are of 3 digits.");

    void add(Line line, Line.Head head) {
      addModule(line.module(), head);
      String labels =
          joined(label("module", line.module()), labels(line.instance().labels(), Map.of()));
      seen.first(labels, head.seen() >= 0 ? head.seen() : head.n());
      if (Double.isFinite(head.covered())) {
        rates.worst(labels, head.rates() >= 0 ? head.rates() : head.n(), Math::min);
        covered.worst(labels, head.covered(), Math::min);
        resets.worst(labels, head.resets(), Math::max);
      }
      head.exact().ifPresent(is -> exact.worst(labels, is ? 1 : 0, Math::min));
    }

    /** A line about a module, which is what its instance is. */
    void addSelf(Line line, Line.Head head) {
      line.instance().values().stream().findFirst().ifPresent(module -> addModule(module, head));
    }

    private void addModule(String module, Line.Head head) {
      String labels = label("module", module);
      every.first(labels, head.every() / (double) Numbers.SECOND);
      n.first(labels, head.n());
      late.first(labels, head.late());
      missed.first(labels, head.missed());
    }
  }
}
