package io.duologger.format;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys of the Perl tools that a series names itself, see {@link Metric#formerly}, and those of
 * texts. What of such a module has none is left out.
 *
 * <p>Used by one thread at a time.
 */
final class FormerKeys {
  /**
   * Module and metric of texts that the old tools had; see {@link #key} for what stands for the
   * instance. A {@code #} is the number of the text in the report.
   */
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("cpuinfo model", "cpumodel"),
          Map.entry("cpuinfo identifier", "cpumodeln"),
          Map.entry("cpuinfo flags", "cpuflags"),
          Map.entry("os description", "opsys"),
          Map.entry("os uname", "uname"),
          Map.entry("host product", "hostmodel"),
          Map.entry("host serial_number", "serialnum"),
          Map.entry("host part_number", "partnum"),
          Map.entry("exec text", "{key}"),
          Map.entry("gpuinfo model", "gpumodel"),
          Map.entry("smart error_list", "hd_errs_list"),
          Map.entry("netconfig mac", "mac"),
          Map.entry("netconfig ip", "ip"),
          Map.entry("netconfig broadcast", "bcast"),
          Map.entry("netconfig netmask", "mask"),
          Map.entry("kernel message", "dmesg#"),
          Map.entry("textfile text", "{key}"));

  /** Modules whose texts may all be missing in a report. */
  private static final Set<String> SELDOM = Set.of("kernel", "textfile");

  private static final Pattern LABEL = Pattern.compile("\\{([a-z]+)\\}");

  private final UniqueNames names;
  private final boolean everyEvent;

  /** Whether a key may have a colon, which is what makes one of any process name none of others. */
  private final boolean colons;

  /** That of the last numbered text of the report. */
  private int number;

  /**
   * @param everyEvent whether all events of a name are values, or only the last
   * @param colons whether a key may have a colon; if not, it has two underscores instead
   */
  FormerKeys(UniqueNames names, boolean everyEvent, boolean colons) {
    this.names = names;
    this.everyEvent = everyEvent;
    this.colons = colons;
  }

  /** A report begins. */
  void begin() {
    number = 0;
  }

  /** Whether anything of the line has a key here, or is of a module that has such lines. */
  static boolean has(Line line) {
    return SELDOM.contains(line.module())
        || line.aggregates().stream().anyMatch(a -> a.metric().oldKey().isPresent())
        || line.infos().keySet().stream().anyMatch(name -> oldText(line, name).isPresent())
        || line.events().stream().anyMatch(event -> oldText(line, event.name()).isPresent());
  }

  private static Optional<String> oldText(Line line, String name) {
    return Optional.ofNullable(TEXTS.get(line.module() + " " + name));
  }

  /**
   * The key with the instance's name for its star, or the values from one label on for that label
   * in braces. Paths go without their first slash, and the root directory is {@code root}.
   * Instances whose key has no place for their name are numbered, see {@link UniqueNames}.
   */
  private static String key(String key, Instance instance) {
    Matcher label = LABEL.matcher(key);
    if (label.find()) {
      Map<String, String> rest = new LinkedHashMap<>();
      instance
          .labels()
          .forEach(
              (name, value) -> {
                if (name.equals(label.group(1)) || !rest.isEmpty()) {
                  rest.put(name, value);
                }
              });
      return key.replace(label.group(), SensorNames.word(new Instance(rest)));
    }
    String word = SensorNames.word(instance);
    String path = word.startsWith("_") ? word.substring(1) : word;
    return key.replace("*", path.isEmpty() && !word.isEmpty() ? "root" : path);
  }

  /** A key that names the instance is none without one. */
  private static boolean isNamed(String key, Instance instance) {
    return !key.contains("*") || !instance.labels().isEmpty();
  }

  /** Adds what has an old key of its own. */
  void add(Line line, List<NamedValue> into) {
    for (Aggregate aggregate : line.aggregates()) {
      Optional<Metric.OldKey> old = aggregate.metric().oldKey();
      if (old.isPresent() && isNamed(old.get().key(), line.instance())) {
        String key = old.get().key();
        NumberForm form = form(aggregate.metric());
        double factor = form == NumberForm.PERCENT ? 1 : old.get().factor();
        for (int i = 0; i < aggregate.values().length; i++) {
          String own = key(colons ? key : key.replace(":", "__"), line.instance());
          String wanted = own + aggregate.stats().get(i).suffix();
          String stat = aggregate.stats().get(i).text();
          String name = names.name(line.module(), line.instance(), key, stat, wanted);
          double value = aggregate.values()[i] * factor;
          if (Double.isFinite(value)) {
            into.add(new NamedValue(name, key, form.type(), form.text(value)));
          }
        }
      }
    }
    line.infos().forEach((name, text) -> oldText(line, name, "info", text, into));
    SensorNames.told(line, everyEvent)
        .forEach(event -> oldText(line, event.name(), "event", event.text(), into));
  }

  private void oldText(Line line, String metric, String form, String text, List<NamedValue> into) {
    Optional<String> key = oldText(line, metric);
    if (key.isPresent()) {
      boolean numbered = key.get().endsWith("#");
      // Numbers are those of the report, whatever the texts are of.
      Instance instance = numbered ? Instance.HOST : line.instance();
      String wanted =
          numbered ? key.get().replace("#", Integer.toString(++number)) : key(key.get(), instance);
      String name = names.name(line.module(), instance, key.get(), form, wanted);
      into.add(new NamedValue(name, key.get(), NamedValue.Type.STRING, text));
    }
  }

  private static NumberForm form(Metric metric) {
    return switch (metric.unit()) {
      case BYTES -> NumberForm.BYTES;
      case RATIO -> NumberForm.PERCENT;
      case PER_SECOND, BYTES_PER_SECOND -> NumberForm.RATE;
      default -> NumberForm.PLAIN;
    };
  }
}
