package io.duologger.window;

import io.duologger.model.Layout;
import io.duologger.model.Sample;
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
  private long numerator;
  private long denominator;

  RatioState(Series series, Columns columns) {
    super(series);
    this.statistics = new OpenStatistics(columns);
  }

  @Override
  boolean read(
      Sample sample, Layout layout, int position, long sequence, long nanos, boolean priming) {
    int slot = layout.slot(position);
    long nowNumerator = sample.values()[slot];
    long nowDenominator = sample.values()[slot + 1];
    boolean reset = false;
    if (advance(sequence, nanos)) {
      numerator = Delta.between(baselineNumerator, nowNumerator, series().metric(), nanos);
      reset =
          numerator == Delta.RESET || Long.compareUnsigned(nowDenominator, baselineDenominator) < 0;
      denominator = nowDenominator - baselineDenominator;
    }
    baselineNumerator = nowNumerator;
    baselineDenominator = nowDenominator;
    return !reset;
  }

  @Override
  void fold(long nanos) {
    if (denominator != 0) {
      numerators.add(numerator);
      denominators.add(denominator);
      statistics.add(
          Delta.toDouble(numerator) / Delta.toDouble(denominator) * series().metric().scale());
    }
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
    into.accept(
        (stats, output) -> {
          output.statistics(closed);
          output.aggregates.add(closed.aggregate(series().metric(), stats, mean, mean));
        });
  }

  @Override
  void release() {
    statistics.release();
  }
}
