package io.duologger.window;

import io.duologger.model.Series;
import java.util.function.Consumer;

/**
 * The quotient of the changes of two counters: one value for each interval whose denominator moved,
 * and a mean that is the sum of all numerators over the sum of all denominators.
 */
final class RatioState extends IntervalState {
  private final OpenStatistics statistics;
  private UnsignedSum numerators = new UnsignedSum();
  private UnsignedSum denominators = new UnsignedSum();
  private long baselineNumerator;
  private long baselineDenominator;

  RatioState(Series series, Columns columns) {
    super(series);
    this.statistics = new OpenStatistics(columns);
  }

  @Override
  void check(Batch batch, int slot) {
    long[] nanos = batch.nanos();
    boolean has = hasBaseline(batch);
    long numerator = baselineNumerator;
    long denominator = baselineDenominator;
    for (int i = batch.from(); i < batch.to(); i++) {
      if (nanos[i] == Batch.FROZEN) {
        continue;
      }
      long[] row = batch.rows()[i];
      if (has && nanos[i] > 0) {
        batch.resets()[i] |=
            Long.compareUnsigned(row[slot + 1], denominator) < 0
                || Delta.isSuspect(numerator, row[slot])
                    && Delta.between(numerator, row[slot], series().metric(), nanos[i])
                        == Delta.RESET;
      }
      numerator = row[slot];
      denominator = row[slot + 1];
      has = true;
    }
  }

  @Override
  void fold(Batch batch, int slot, boolean wide) {
    double scale = series().metric().scale();
    long[] nanos = batch.nanos();
    double[] values = batch.values();
    boolean has = hasBaseline(batch);
    int n = 0;
    for (int i = batch.from(); i < batch.to(); i++) {
      if (nanos[i] == Batch.FROZEN) {
        continue;
      }
      long[] row = batch.rows()[i];
      long denominator = row[slot + 1] - baselineDenominator;
      if (has && nanos[i] > 0 && denominator != 0) {
        long numerator = Delta.between(baselineNumerator, row[slot], series().metric(), nanos[i]);
        numerators.add(numerator);
        denominators.add(denominator);
        values[n++] = Delta.toDouble(numerator) / Delta.toDouble(denominator) * scale;
      }
      baselineNumerator = row[slot];
      baselineDenominator = row[slot + 1];
      has = true;
    }
    baselineAfter(batch, has);
    statistics.add(values, n);
  }

  @Override
  void follow(Batch batch, int slot) {
    boolean has = hasBaseline(batch);
    for (int i = batch.from(); i < batch.to(); i++) {
      if (batch.nanos()[i] != Batch.FROZEN) {
        baselineNumerator = batch.rows()[i][slot];
        baselineDenominator = batch.rows()[i][slot + 1];
        has = true;
      }
    }
    baselineAfter(batch, has);
  }

  @Override
  void freeze(Consumer<FrozenSeries> into) {
    if (statistics.count() > 0) {
      offer(statistics.take(), into);
      numerators = new UnsignedSum();
      denominators = new UnsignedSum();
    }
  }

  @Override
  void peek(Consumer<FrozenSeries> into) {
    if (statistics.count() > 0) {
      offer(statistics.copy(), into);
    }
  }

  private void offer(Statistics closed, Consumer<FrozenSeries> into) {
    double mean = numerators.toDouble() / denominators.toDouble() * series().metric().scale();
    into.accept(output -> output.add(series().metric(), closed, mean, mean));
  }

  @Override
  void release() {
    statistics.release();
  }
}
