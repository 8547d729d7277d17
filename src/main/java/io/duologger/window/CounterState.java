package io.duologger.window;

import io.duologger.model.Metric;
import io.duologger.model.Series;
import java.util.Optional;
import java.util.function.Consumer;

/** A counter: its window holds rates, and the exact sum of the increases. */
final class CounterState extends IntervalState {
  private static final double NANOS = 1e9;

  private final OpenStatistics statistics;
  private final UtilisationState utilisation;
  private UnsignedSum sum = new UnsignedSum();
  private long covered;
  private long baseline;

  CounterState(Series series, Columns columns) {
    super(series);
    this.statistics = new OpenStatistics(columns);
    Optional<String> stem = series.metric().utilisation();
    this.utilisation = stem.isPresent() ? new UtilisationState(stem.get(), columns) : null;
  }

  @Override
  void check(Batch batch, int slot) {
    long[][] rows = batch.rows();
    long[] nanos = batch.nanos();
    boolean has = hasBaseline(batch);
    long before = baseline;
    for (int i = batch.from(); i < batch.to(); i++) {
      if (nanos[i] == Batch.FROZEN) {
        continue;
      }
      long value = rows[i][slot];
      if (has && nanos[i] > 0 && Delta.isSuspect(before, value)) {
        long delta = Delta.between(before, value, series().metric(), nanos[i]);
        batch.resets()[i] |= delta == Delta.RESET;
      }
      before = value;
      has = true;
    }
  }

  @Override
  void fold(Batch batch, int slot, boolean wide) {
    Metric metric = series().metric();
    double scale = metric.scale();
    long[][] rows = batch.rows();
    long[] nanos = batch.nanos();
    double[] rates = batch.values();
    boolean utilised = utilisation != null && wide;
    boolean has = hasBaseline(batch);
    long before = baseline;
    long time = 0;
    long increases = 0;
    long carries = 0;
    int n = 0;
    int shares = 0;
    for (int i = batch.from(); i < batch.to(); i++) {
      long interval = nanos[i];
      if (interval == Batch.FROZEN) {
        continue;
      }
      long[] row = rows[i];
      long value = row[slot];
      if (has && interval > 0) {
        long delta =
            Delta.isSuspect(before, value)
                ? Delta.between(before, value, metric, interval)
                : value - before;
        double increase = Delta.toDouble(delta);
        double rate = increase * NANOS / interval;
        rates[n++] = rate * scale;
        time += interval;
        increases += delta;
        if (Long.compareUnsigned(increases, delta) < 0) {
          carries++;
        }
        if (utilised) {
          double capacity = Double.longBitsToDouble(row[slot + 1]);
          if (capacity > 0) {
            double share = rate / capacity;
            batch.shares()[shares++] = share;
            utilisation.add(share, increase, capacity * interval / NANOS);
          }
        }
      }
      before = value;
      has = true;
    }
    baseline = before;
    covered += time;
    sum.add(increases, carries);
    baselineAfter(batch, has);
    statistics.add(rates, n);
    if (shares > 0) {
      utilisation.add(batch.shares(), shares);
    }
  }

  @Override
  void follow(Batch batch, int slot) {
    boolean has = hasBaseline(batch);
    for (int i = batch.from(); i < batch.to(); i++) {
      if (batch.nanos()[i] != Batch.FROZEN) {
        baseline = batch.rows()[i][slot];
        has = true;
      }
    }
    baselineAfter(batch, has);
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
    public void describe(Output output) {
      double mean = sum * metric.scale() / output.covered();
      output.add(metric, statistics, mean, mean);
    }

    @Override
    public long rates() {
      return statistics.count();
    }
  }
}
