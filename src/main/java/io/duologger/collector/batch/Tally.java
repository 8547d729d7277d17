package io.duologger.collector.batch;

import io.duologger.collector.tool.Words;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** How many things are in which state, and the series for it. Used by one thread at a time. */
final class Tally {
  /** More states than any batch system has; what comes after them is counted as other. */
  private static final int MOST = 40;

  private final Metric metric;
  private final String label;
  private final ModuleSettings settings;
  private final Series all;
  private final Map<String, Series> series = new HashMap<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private int total;

  /** Counts as {@code metric}, with the state as the label {@code label}. */
  Tally(Metric metric, String label, ModuleSettings settings) {
    this.metric = metric;
    this.label = label;
    this.settings = settings;
    this.all = new Series(metric, Instance.HOST);
  }

  void begin() {
    counts.clear();
    total = 0;
  }

  /** Counts {@code more} in {@code state}. */
  void add(String state, int more) {
    String known = counts.size() < MOST || counts.containsKey(state) ? state : Words.OTHER;
    counts.merge(known, more, Integer::sum);
    total += more;
  }

  /** How many are in {@code state}. */
  int of(String state) {
    return counts.getOrDefault(state, 0);
  }

  /** The total, and each state that occurred. */
  void emit(Readings into) {
    into.gauge(all, total);
    series.keySet().retainAll(counts.keySet());
    counts.forEach(
        (state, count) -> {
          if (settings.instances().matches(state)) {
            into.gauge(
                series.computeIfAbsent(state, name -> new Series(metric, Instance.of(label, name))),
                count);
          }
        });
  }
}
