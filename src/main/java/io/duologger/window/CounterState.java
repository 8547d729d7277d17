package io.duologger.window;

import io.duologger.model.Layout;
import io.duologger.model.Metric;
import io.duologger.model.Sample;
import io.duologger.model.Series;
import io.duologger.model.Stat;
import java.util.List;
import java.util.function.Consumer;

/** A counter: its window holds rates, and the exact sum of the increases. */
final class CounterState extends IntervalState {
  private static final double NANOS = 1e9;

  private final OpenStatistics statistics;
  private final UtilisationState utilisation;
  private UnsignedSum sum = new UnsignedSum();
  private long covered;
  private long baseline;
  private long delta;
  private double capacity;

  CounterState(Series series, Columns columns) {
    super(series);
    this.statistics = new OpenStatistics(columns);
    this.utilisation =
        series.metric().utilisation().map(stem -> new UtilisationState(stem, columns)).orElse(null);
  }

  @Override
  boolean read(
      Sample sample, Layout layout, int position, long sequence, long nanos, boolean priming) {
    int slot = layout.slot(position);
    long value = sample.values()[slot];
    capacity = layout.wide(position) ? Double.longBitsToDouble(sample.values()[slot + 1]) : 0;
    boolean compares = advance(sequence, nanos);
    if (compares) {
      delta = Delta.between(baseline, value, series().metric(), nanos);
    }
    baseline = value;
    return !compares || delta != Delta.RESET;
  }

  @Override
  void fold(long nanos) {
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
    offer(statistics.take(), into);
    sum = new UnsignedSum();
    covered = 0;
    if (utilisation != null) {
      utilisation.freeze(into);
    }
  }

  @Override
  void peek(Consumer<FrozenSeries> into) {
    offer(statistics.copy(), into);
    if (utilisation != null) {
      utilisation.peek(into);
    }
  }

  private void offer(Statistics closed, Consumer<FrozenSeries> into) {
    if (closed.count() > 0) {
      into.accept(new Frozen(series().metric(), closed, sum.toDouble(), covered));
    }
  }

  @Override
  void release() {
    statistics.release();
    if (utilisation != null) {
      utilisation.release();
    }
  }

  /** A closed window of rates. */
  private record Frozen(Metric metric, Statistics statistics, double sum, long covered)
      implements FrozenSeries {
    @Override
    public void describe(List<Stat> stats, Output output) {
      double mean = sum * metric.scale() / output.covered();
      output.statistics(statistics);
      output.aggregates.add(statistics.aggregate(metric, stats, mean, mean));
    }

    @Override
    public long rates() {
      return statistics.count();
    }
  }
}
