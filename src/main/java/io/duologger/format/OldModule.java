package io.duologger.format;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Stat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The numbers of one module of a report, by instance and metric, and what is told of them under
 * keys of the Perl tools.
 *
 * <p>Used by one thread at a time.
 */
final class OldModule {
  /** A key that is one series of the host, perhaps in another unit. */
  record Key(String name, String metric, NumberForm form, double factor) {
    Key(String name, String metric, NumberForm form) {
      this(name, metric, form, 1);
    }
  }

  /** What stands for a number that changes seldom, best first. */
  private static final List<Stat> SETTLED =
      List.of(Stat.VALUE, Stat.LAST, Stat.MAX, Stat.MEAN, Stat.MIN);

  /** No processor has a higher number. */
  private static final String CPU_NUMBER = "0|[1-9][0-9]{0,4}";

  private final String module;
  private final UniqueNames names;
  private final List<NamedValue> into;
  private final Map<Instance, Map<String, Aggregate>> numbers = new LinkedHashMap<>();

  /** What of {@code module} is told goes into {@code into}. */
  OldModule(String module, UniqueNames names, List<NamedValue> into) {
    this.module = module;
    this.names = names;
    this.into = into;
  }

  /** Its name. */
  String name() {
    return module;
  }

  /** Takes the numbers of one line. */
  void add(Line line) {
    Map<String, Aggregate> own =
        numbers.computeIfAbsent(line.instance(), key -> new LinkedHashMap<>());
    line.aggregates().forEach(a -> own.putIfAbsent(a.metric().name(), a));
  }

  /** The metric of the host. */
  Optional<Aggregate> host(String metric) {
    return Optional.ofNullable(numbers.getOrDefault(Instance.HOST, Map.of()).get(metric));
  }

  /** The numbers of each instance but the host. */
  List<Map<String, Aggregate>> interfaces() {
    return numbers.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(Instance.HOST))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** The metric of each instance but the host that has it. */
  Map<Instance, Aggregate> each(String metric) {
    Map<Instance, Aggregate> each = new LinkedHashMap<>();
    numbers.forEach(
        (instance, own) -> {
          if (!instance.equals(Instance.HOST) && own.containsKey(metric)) {
            each.put(instance, own.get(metric));
          }
        });
    return each;
  }

  /** The numbers of each instance. */
  Map<Instance, Map<String, Aggregate>> instances() {
    return numbers;
  }

  /** Tells the means of processors by their numbers, with nothing where a number is missing. */
  void tellList(String key, Map<Instance, Aggregate> each, NumberForm form, double factor) {
    TreeMap<Integer, String> means = new TreeMap<>();
    each.forEach(
        (instance, aggregate) -> {
          String number = instance.labels().getOrDefault("cpu", "");
          OptionalDouble mean = mean(aggregate);
          if (mean.isPresent() && number.matches(CPU_NUMBER)) {
            means.put(Integer.valueOf(number), form.text(mean.getAsDouble() * factor));
          }
        });
    if (!means.isEmpty()) {
      List<String> list = new ArrayList<>();
      for (int cpu = 0; cpu <= means.lastKey(); cpu++) {
        list.add(means.getOrDefault(cpu, ""));
      }
      text(key, String.join(",", list));
    }
  }

  /** Tells a key that is one series of the host. */
  void tell(Key key) {
    host(key.metric())
        .ifPresent(
            aggregate -> {
              for (int i = 0; i < aggregate.values().length; i++) {
                Stat stat = aggregate.stats().get(i);
                double value = aggregate.values()[i] * key.factor();
                tell(Instance.HOST, key.name(), stat, value, key.form());
              }
            });
  }

  /** Tells one number of the host, if there is one. */
  void tell(String key, NumberForm form, OptionalDouble value) {
    if (value.isPresent()) {
      tell(Instance.HOST, key, Stat.VALUE, value.getAsDouble(), form);
    }
  }

  /** Tells a statistic of an instance. */
  void tell(Instance instance, String key, Stat stat, double value, NumberForm form) {
    String word = SensorNames.word(instance);
    String wanted = key + (word.isEmpty() ? "" : "_" + word) + stat.suffix();
    String name = names.name(module, instance, key, stat.text(), wanted);
    if (Double.isFinite(value)) {
      into.add(new NamedValue(name, key, form.type(), form.text(value)));
    }
  }

  /** Tells a statistic of an instance whose name the key has not: the second is {@code key_2}. */
  void tellPlain(Instance instance, String key, Stat stat, String text) {
    String name = names.name(module, instance, key, stat.text(), key + stat.suffix());
    into.add(new NamedValue(name, key, NumberForm.PLAIN.type(), text));
  }

  private void text(String key, String text) {
    String name = names.name(module, Instance.HOST, key, "info", key);
    into.add(new NamedValue(name, key, NamedValue.Type.STRING, text));
  }

  /** The mean of a rate or ratio, under either name. */
  static OptionalDouble mean(Aggregate aggregate) {
    OptionalDouble mean = statistic(aggregate, Stat.MEAN);
    return mean.isPresent() ? mean : statistic(aggregate, Stat.VALUE);
  }

  /** What a number that changes seldom is. */
  static OptionalDouble settled(Aggregate aggregate) {
    return SETTLED.stream()
        .map(stat -> statistic(aggregate, stat))
        .filter(OptionalDouble::isPresent)
        .findFirst()
        .orElse(OptionalDouble.empty());
  }

  /** A statistic that was asked for and has a value. */
  static OptionalDouble statistic(Aggregate aggregate, Stat stat) {
    int index = aggregate.stats().indexOf(stat);
    return index >= 0 && Double.isFinite(aggregate.values()[index])
        ? OptionalDouble.of(aggregate.values()[index])
        : OptionalDouble.empty();
  }
}
