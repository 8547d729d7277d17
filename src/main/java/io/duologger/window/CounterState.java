package io.duologger.window;

import io.duologger.model.Layout;
import io.duologger.model.Metric;
import io.duologger.model.Sample;
import io.duologger.model.Series;
import io.duologger.model.Stat;
import java.util.List;
import java.util.function.Consumer;

/** A counter: its window holds rates, and the exact sum of the increases. */
final class CounterState extends SeriesState {
  private static final double NANOS = 1e9;

  private final Columns columns;
  private final boolean reserved;
  private final UtilisationState utilisation;
  private Statistics statistics;
  private UnsignedSum sum = new UnsignedSum();
  private long covered;
  private long baseline;
  private long baselineSequence = -1;
  private boolean pending;
  private long delta;
  private double capacity;

  CounterState(Series series, Columns columns) {
    super(series);
    this.columns = columns;
    this.reserved = columns.reserve();
    this.statistics = columns.statistics(reserved);
    this.utilisation =
        series.metric().utilisation().map(stem -> new UtilisationState(stem, columns)).orElse(null);
  }

  @Override
  boolean hasIntervals() {
    return true;
  }

  @Override
  boolean read(
      Sample sample, Layout layout, int position, long sequence, long nanos, boolean priming) {
    int slot = layout.slot(position);
    long value = sample.values()[slot];
    capacity = layout.wide(position) ? Double.longBitsToDouble(sample.values()[slot + 1]) : 0;
    pending = nanos > 0 && baselineSequence == sequence - 1;
    if (pending) {
      delta = Delta.between(baseline, value, series().metric(), nanos);
    }
    baseline = value;
    baselineSequence = sequence;
    return !pending || delta != Delta.RESET;
  }

  @Override
  void keepBaseline(long sequence) {
    if (baselineSequence == sequence - 1) {
      baselineSequence = sequence;
    }
  }

  @Override
  void accept(long nanos) {
    if (!pending) {
      return;
    }
    pending = false;
    covered += nanos;
    sum.add(delta);
    double rate = Delta.toDouble(delta) * NANOS / nanos;
    statistics.add(rate * series().metric().scale());
    if (utilisation != null && capacity > 0) {
      utilisation.add(rate / capacity, Delta.toDouble(delta), capacity * nanos / NANOS);
    }
  }

  @Override
  void freeze(Consumer<FrozenSeries> into) {
    if (statistics.count() > 0) {
      into.accept(new Frozen(series().metric(), statistics, sum, covered));
    }
    statistics = columns.statistics(reserved);
    sum = new UnsignedSum();
    covered = 0;
    if (utilisation != null) {
      utilisation.freeze(into);
    }
  }

  @Override
  void release() {
    if (reserved) {
      columns.release();
    }
    if (utilisation != null) {
      utilisation.release();
    }
  }

  /** A closed window of rates. */
  private record Frozen(Metric metric, Statistics statistics, UnsignedSum sum, long covered)
      implements FrozenSeries {
    @Override
    public void describe(List<Stat> stats, Output output) {
      double mean = sum.toDouble() * metric.scale() / output.covered();
      output.statistics(statistics);
      output.aggregates.add(statistics.aggregate(metric, stats, mean, mean));
    }

    @Override
    public long rates() {
      return statistics.count();
    }
  }
}
