package io.duologger.format;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Kind;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Report;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names of one word: module, label values, metric and statistic, joined by underscores, such as
 * {@code net_eth0_rx_bytes_per_second_p95}. What is not {@code A-Z a-z 0-9 _} becomes an
 * underscore. A number that is absent keeps its name.
 *
 * <p>Used by one thread at a time.
 */
final class SensorNames implements Naming {
  private final UniqueNames names;
  private final boolean everyEvent;

  /**
   * @param everyEvent whether all events of a name are values, or only the last
   */
  SensorNames(UniqueNames names, boolean everyEvent) {
    this.names = names;
    this.everyEvent = everyEvent;
  }

  @Override
  public List<NamedValue> values(Report report) {
    names.begin();
    List<NamedValue> values = new ArrayList<>();
    report.lines().forEach(line -> add(line, values));
    return values;
  }

  /** Adds the values of one line. */
  void add(Line line, List<NamedValue> into) {
    for (Aggregate aggregate : line.aggregates()) {
      for (int i = 0; i < aggregate.values().length; i++) {
        add(line, aggregate.metric(), aggregate.stats().get(i), aggregate.values()[i], into);
      }
    }
    line.infos().forEach((name, text) -> add(line, name, "info", text, into));
    told(line, everyEvent).forEach(event -> add(line, event.name(), "event", event.text(), into));
  }

  /** The events of a line that are values: all, or the last of each name. */
  static List<Line.Event> told(Line line, boolean everyEvent) {
    if (everyEvent) {
      return line.events();
    }
    Map<String, Line.Event> last = new LinkedHashMap<>();
    line.events().forEach(event -> last.put(event.name(), event));
    return List.copyOf(last.values());
  }

  private void add(Line line, Metric metric, Stat stat, double value, List<NamedValue> into) {
    String wanted = wanted(line, metric.name()) + stat.suffix();
    String name = names.name(line.module(), line.instance(), metric.name(), stat.text(), wanted);
    if (Double.isFinite(value)) {
      NumberForm form = form(metric);
      into.add(new NamedValue(name, metric.name(), form.type(), form.text(value)));
    }
  }

  private void add(Line line, String key, String form, String text, List<NamedValue> into) {
    String name = names.name(line.module(), line.instance(), key, form, wanted(line, key));
    into.add(new NamedValue(name, key, NamedValue.Type.STRING, text));
  }

  private static NumberForm form(Metric metric) {
    boolean bytes = metric.kind() == Kind.GAUGE && metric.unit() == Unit.BYTES;
    return bytes ? NumberForm.BYTES : NumberForm.PLAIN;
  }

  private static String wanted(Line line, String key) {
    String instance = word(line.instance());
    return line.module() + "_" + (instance.isEmpty() ? "" : instance + "_") + key;
  }

  /** What people call the instance, as a part of a name; empty for the host as a whole. */
  static String word(Instance instance) {
    return word(String.join("_", instance.values()));
  }

  /** A text as a part of a name. */
  static String word(String text) {
    StringBuilder word = new StringBuilder();
    text.codePoints().forEach(point -> word.append(isWord(point) ? (char) point : '_'));
    return word.toString();
  }

  private static boolean isWord(int point) {
    return point >= 'a' && point <= 'z'
        || point >= 'A' && point <= 'Z'
        || point >= '0' && point <= '9'
        || point == '_';
  }
}
