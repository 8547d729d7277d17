package io.duologger.collector.file;

import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Names;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The series of one file: its keys and labels are theirs. Used by one thread at a time. */
final class FileValues {
  static final String FILE = "file";
  private static final String KEY = "key";
  private static final int LONGEST_LABEL = 50;

  /**
   * Counters of files may have fractions and be of any size: they are read in millionths, from
   * which whole multiples of the modulus are taken. Nothing counts more than 10^11 a second.
   */
  private static final int DECIMALS = 6;

  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(62);
  private static final double CEILING = 1e17;

  static final Metric VALUE =
      Metric.gauge("value", Unit.COUNT, "The value of the key, in the unit that it has.")
          .formerly("{key}");
  static final Metric RATE =
      Metric.counter("value_per_second", Unit.PER_SECOND, "The rate of the key, if it is counted.")
          .scaledBy(1e-6)
          .wrappingAt(MODULUS.longValueExact(), CEILING)
          .formerly("{key}");
  static final Metric TEXT = Metric.info("text", "The value of the key, if it is no number.");

  private final String name;
  private final Globs counters;
  private Map<Owner, Series> known = new HashMap<>();

  /** What has a series. */
  private record Owner(Metric metric, String key, Map<String, String> labels) {}

  /**
   * @param name what the file is called
   * @param counters keys that are counted though the file does not say so
   */
  FileValues(String name, Globs counters) {
    this.name = name;
    this.counters = counters;
  }

  /** What the file is called. */
  String name() {
    return name;
  }

  /** Hands over what the file says; what it said before and says no more is forgotten. */
  void emit(List<Item> items, Readings into) {
    Map<Owner, Series> before = known;
    known = new HashMap<>();
    for (Item item : items) {
      boolean number = item.number().isPresent();
      boolean counted = number && (item.counter() || counters.matches(item.key()));
      if (counted && item.number().getAsDouble() >= 0) {
        into.counter(series(RATE, item, before), counter(item.text()));
      } else if (number && !counted) {
        into.gauge(series(VALUE, item, before), item.number().getAsDouble());
      } else if (!number) {
        into.info(series(TEXT, item, before), item.text());
      }
    }
  }

  private Series series(Metric metric, Item item, Map<Owner, Series> before) {
    Owner owner = new Owner(metric, item.key(), item.labels());
    Series series = before.get(owner);
    if (series == null) {
      series = new Series(metric, instance(item));
    }
    known.put(owner, series);
    return series;
  }

  private static long counter(String text) {
    BigInteger whole = new BigDecimal(text).movePointRight(DECIMALS).toBigInteger();
    return whole.mod(MODULUS).longValueExact();
  }

  private Instance instance(Item item) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(FILE, name);
    labels.put(KEY, item.key());
    item.labels().forEach((label, value) -> labels.put(free(label, labels), value));
    return new Instance(labels);
  }

  /** A legal name for a label that no other has. */
  private static String free(String label, Map<String, String> taken) {
    String wanted = label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    wanted = wanted.substring(0, Math.min(wanted.length(), LONGEST_LABEL));
    if (!Names.isFreeKey(wanted) || taken.containsKey(wanted)) {
      wanted = "label_" + wanted;
    }
    String free = wanted;
    for (int i = 2; taken.containsKey(free); i++) {
      free = wanted + "_" + i;
    }
    return free;
  }
}
