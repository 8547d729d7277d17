package io.duologger.benchmarks;

import io.duologger.collector.Collector;
import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleSettings;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A module of any number of series, twenty an instance, whose values cost nothing to make. */
public final class SyntheticModule implements Collector {
  private static final int ROUND = 64;
  private static final int PER_INSTANCE = 20;

  /** What the series are. */
  public enum Kinds {
    COUNTERS,
    GAUGES,
    MIXED
  }

  private final Series[] series;
  private final boolean[] counters;
  private final long[] totals;
  private final int[] steps = new int[ROUND * 61];
  private int start;

  /**
   * @param count how many series
   */
  public SyntheticModule(int count, Kinds kinds) {
    series = new Series[count];
    counters = new boolean[count];
    totals = new long[count];
    for (int i = 0; i < count; i++) {
      counters[i] = kinds == Kinds.COUNTERS || kinds == Kinds.MIXED && i % 2 == 0;
      Instance instance = Instance.of("device", "d" + i / PER_INSTANCE);
      String name = (counters[i] ? "c" : "g") + i % PER_INSTANCE;
      series[i] =
          new Series(
              counters[i]
                  ? Metric.counter(name + "_per_second", Unit.PER_SECOND, "A counter.")
                  : Metric.gauge(name + "_bytes", Unit.BYTES, "A gauge."),
              instance);
    }
    Random random = new Random(1);
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (int) Math.exp(random.nextGaussian() * 2 + 8);
    }
  }

  @Override
  public String name() {
    return "net";
  }

  @Override
  public void collect(Readings into) {
    start = (start + 7919) % steps.length;
    int at = start;
    for (int i = 0; i < series.length; i++) {
      if (++at == steps.length) {
        at = 0;
      }
      if (counters[i]) {
        totals[i] += steps[at];
        into.counter(series[i], totals[i]);
      } else {
        into.gauge(series[i], steps[at] * 0.1);
      }
    }
  }

  /** How it is read. */
  public static ModuleSpec spec(Duration every) {
    List<Stat> stats =
        List.of(
            Stat.MIN,
            Stat.MEAN,
            Stat.MAX,
            Stat.percentile("50"),
            Stat.percentile("95"),
            Stat.percentile("99"));
    Duration limit = Duration.ofSeconds(1);
    return new ModuleSpec(
        "net",
        every,
        false,
        Duration.ZERO,
        limit,
        stats,
        Globs.ALL,
        false,
        new ModuleSettings(Globs.ALL, false, every, Map.of()));
  }
}
