package io.duologger.window;

import io.duologger.model.Instance;
import io.duologger.model.Kind;
import io.duologger.model.Layout;
import io.duologger.model.Metric;
import io.duologger.model.Sample;
import io.duologger.model.Series;
import io.duologger.model.Stat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What {@link SourceWindow} must yield, computed in the plainest way: one value after the other,
 * every value kept. Its results are texts, with every number in full.
 */
final class ValueByValue {
  /** Seconds that lines are taken to cover. */
  static final double COVERED = 7;

  private final List<Stat> stats;
  private final Predicate<Series> kept;
  private final Map<Instance, OfInstance> instances = new LinkedHashMap<>();
  private long sequence;

  ValueByValue(List<Stat> stats, Predicate<Series> kept) {
    this.stats = stats;
    this.kept = kept;
  }

  private static final class OfInstance {
    private final Map<String, OfSeries> series = new LinkedHashMap<>();
    private long lastInstant;
    private long lastSequence = -1;
    private long covered;
    private long rates;
    private long resets;
    private long seen;
  }

  private static final class OfSeries {
    private final Series series;
    private boolean seen;
    private long baselineSequence = -1;
    private final long[] baseline = new long[2];
    private boolean pending;
    private long delta;
    private long denominator;
    private double capacity;
    private List<Double> values = new ArrayList<>();
    private UnsignedSum sum = new UnsignedSum();
    private UnsignedSum denominators = new UnsignedSum();
    private List<Double> shares = new ArrayList<>();
    private double moved;
    private double movable;
    private String text;
    private String reported;
    private List<String> events = new ArrayList<>();
    private int dropped;

    OfSeries(Series series) {
      this.series = series;
    }

    boolean isInterval() {
      Kind kind = series.metric().kind();
      return kind == Kind.COUNTER || kind == Kind.RATIO;
    }
  }

  private static boolean isInterval(Series series) {
    return series.metric().kind() == Kind.COUNTER || series.metric().kind() == Kind.RATIO;
  }

  void fold(Sample sample, boolean priming) {
    sequence++;
    Layout layout = sample.layout();
    Map<Instance, List<Integer>> positions = new LinkedHashMap<>();
    for (int i = 0; i < layout.count(); i++) {
      positions.computeIfAbsent(layout.series(i).instance(), key -> new ArrayList<>()).add(i);
    }
    for (Map.Entry<Instance, List<Integer>> entry : positions.entrySet()) {
      List<Integer> mine = entry.getValue();
      boolean judged =
          mine.stream().map(layout::series).anyMatch(s -> kept.test(s) && isInterval(s));
      mine.removeIf(i -> !kept.test(layout.series(i)) && !(judged && isInterval(layout.series(i))));
      if (!mine.isEmpty()) {
        fold(sample, priming, entry.getKey(), mine);
      }
    }
  }

  private void fold(Sample sample, boolean priming, Instance instance, List<Integer> positions) {
    OfInstance owner = instances.computeIfAbsent(instance, key -> new OfInstance());
    List<OfSeries> all = new ArrayList<>();
    for (int position : positions) {
      Series series = sample.layout().series(position);
      all.add(owner.series.computeIfAbsent(series.metric().name(), name -> new OfSeries(series)));
    }
    boolean intervals = all.stream().anyMatch(OfSeries::isInterval);
    boolean continues = intervals && owner.lastSequence == sequence - 1;
    long nanos = continues ? sample.instant() - owner.lastInstant : 0;
    boolean frozen = continues && nanos <= 0;
    boolean whole = true;
    for (int i = 0; i < positions.size(); i++) {
      OfSeries series = all.get(i);
      series.seen = true;
      if (!series.isInterval()) {
        take(series, sample, positions.get(i), priming);
      } else if (!frozen) {
        whole &= compare(series, sample, positions.get(i), nanos);
      } else if (series.baselineSequence == sequence - 1) {
        series.baselineSequence = sequence;
      }
    }
    owner.lastSequence = sequence;
    owner.seen += priming ? 0 : 1;
    if (frozen) {
      return;
    }
    owner.lastInstant = sample.instant();
    if (continues && whole) {
      owner.covered += nanos;
      owner.rates++;
      all.forEach(series -> accept(series, nanos));
    } else if (continues) {
      owner.resets++;
    }
  }

  private static void take(OfSeries series, Sample sample, int position, boolean priming) {
    long value = sample.values()[sample.layout().slot(position)];
    switch (series.series.metric().kind()) {
      case INFO -> series.text = sample.texts()[(int) value];
      case EVENT -> {
        if (priming) {
          return;
        }
        if (series.events.size() < EventState.KEPT) {
          series.events.add(sample.texts()[(int) value]);
        } else {
          series.dropped++;
        }
      }
      default -> {
        if (!priming) {
          series.values.add(Double.longBitsToDouble(value) * series.series.metric().scale());
        }
      }
    }
  }

  /** False if it was reset. */
  private boolean compare(OfSeries series, Sample sample, int position, long nanos) {
    Metric metric = series.series.metric();
    int slot = sample.layout().slot(position);
    boolean wide = sample.layout().wide(position);
    long value = sample.values()[slot];
    long second = wide ? sample.values()[slot + 1] : 0;
    boolean reset = false;
    series.pending = nanos > 0 && series.baselineSequence == sequence - 1;
    if (series.pending) {
      series.delta = Delta.between(series.baseline[0], value, metric, nanos);
      reset = series.delta == Delta.RESET;
      if (metric.kind() == Kind.RATIO) {
        reset |= Long.compareUnsigned(second, series.baseline[1]) < 0;
        series.denominator = second - series.baseline[1];
      }
    }
    series.baselineSequence = sequence;
    series.baseline[0] = value;
    series.baseline[1] = second;
    series.capacity = wide ? Double.longBitsToDouble(second) : 0;
    return !reset;
  }

  private void accept(OfSeries series, long nanos) {
    if (!series.pending || !kept.test(series.series)) {
      return;
    }
    series.pending = false;
    Metric metric = series.series.metric();
    double increase = Delta.toDouble(series.delta);
    if (metric.kind() == Kind.RATIO) {
      if (series.denominator != 0) {
        series.sum.add(series.delta);
        series.denominators.add(series.denominator);
        series.values.add(increase / Delta.toDouble(series.denominator) * metric.scale());
      }
      return;
    }
    series.sum.add(series.delta);
    double rate = increase * 1e9 / nanos;
    series.values.add(rate * metric.scale());
    if (metric.utilisation().isPresent() && series.capacity > 0) {
      series.shares.add(rate / series.capacity);
      series.moved += increase;
      series.movable += series.capacity * nanos / 1e9;
    }
  }

  /** The window's result; the next begins. */
  List<String> freeze() {
    List<String> result = peek();
    for (OfInstance instance : instances.values()) {
      instance.series.values().removeIf(series -> !series.seen);
      instance.covered = 0;
      instance.rates = 0;
      instance.resets = 0;
      instance.seen = 0;
      for (OfSeries series : instance.series.values()) {
        series.seen = false;
        series.values = new ArrayList<>();
        series.sum = new UnsignedSum();
        series.denominators = new UnsignedSum();
        series.shares = new ArrayList<>();
        series.moved = 0;
        series.movable = 0;
        series.reported = series.text == null ? series.reported : series.text;
        series.text = null;
        series.events = new ArrayList<>();
        series.dropped = 0;
      }
    }
    instances.values().removeIf(instance -> instance.series.isEmpty());
    return result;
  }

  /** What {@link #freeze} would yield. */
  List<String> peek() {
    List<String> result = new ArrayList<>();
    instances.forEach(
        (instance, state) -> {
          result.add(
              instance.labels()
                  + " "
                  + List.of(
                      state.series.values().stream().anyMatch(OfSeries::isInterval),
                      state.covered,
                      state.rates,
                      state.resets,
                      state.seen));
          state.series.values().forEach(series -> describe(series, result));
        });
    return result;
  }

  private void describe(OfSeries series, List<String> into) {
    Metric metric = series.series.metric();
    switch (metric.kind()) {
      case INFO -> {
        if (series.text != null && !series.text.equals(series.reported)) {
          into.add(metric.name() + "=" + series.text);
        }
      }
      case EVENT -> {
        series.events.forEach(event -> into.add(metric.name() + "=" + event));
        if (series.dropped > 0) {
          into.add(metric.name() + "_dropped [" + (double) series.dropped + "]");
        }
      }
      case GAUGE -> {
        double mean = mean(series.values);
        int n = series.values.size();
        describe(metric.name(), series.values, mean, n == 0 ? 0 : series.values.get(n - 1), into);
      }
      case COUNTER -> {
        double mean = series.sum.toDouble() * metric.scale() / COVERED;
        describe(metric.name(), series.values, mean, mean, into);
        double share = series.moved / series.movable;
        String stem = metric.utilisation().orElse("");
        describe(stem + "_ratio", series.shares, share, share, into);
        for (int q = 0; q < 4 && !series.shares.isEmpty(); q++) {
          int quarter = q;
          long in = series.shares.stream().filter(s -> (int) Math.min(s * 4, 3) == quarter).count();
          double part = (double) in / series.shares.size();
          into.add(stem + "_quarter" + (q + 1) + "_ratio [" + part + "]");
        }
      }
      case RATIO -> {
        double mean = series.sum.toDouble() / series.denominators.toDouble() * metric.scale();
        describe(metric.name(), series.values, mean, mean, into);
      }
    }
  }

  private static double mean(List<Double> values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return within(sum / values.size(), values);
  }

  private static double within(double value, List<Double> values) {
    double min = values.stream().reduce(Double.POSITIVE_INFINITY, Math::min);
    double max = values.stream().reduce(Double.NEGATIVE_INFINITY, Math::max);
    return Math.max(min, Math.min(max, value));
  }

  private void describe(
      String name, List<Double> values, double mean, double value, List<String> into) {
    if (values.isEmpty()) {
      return;
    }
    List<Double> sorted = values.stream().sorted().toList();
    List<Double> result = new ArrayList<>();
    for (Stat stat : stats) {
      result.add(
          switch (stat.type()) {
            case MIN -> values.stream().reduce(Double.POSITIVE_INFINITY, Math::min);
            case MAX -> values.stream().reduce(Double.NEGATIVE_INFINITY, Math::max);
            case MEAN -> mean;
            case LAST -> values.get(values.size() - 1);
            case VALUE -> value;
            case PERCENTILE -> {
              int rank = (int) NearestRank.rank(stat.millionths(), values.size());
              double exact = sorted.get(rank - 1);
              boolean raw = values.size() <= ValueColumn.EXACT_LIMIT;
              yield within(raw ? exact : middleOfBucket(exact), values);
            }
          });
    }
    into.add(name + " " + result);
  }

  /** The middle of all doubles with the same 10 bits after the first. */
  private static double middleOfBucket(double value) {
    long below = (1L << 42) - 1;
    long bits = Double.doubleToRawLongBits(value);
    return value == 0 ? 0 : Double.longBitsToDouble(bits & ~below | 1L << 41);
  }
}
