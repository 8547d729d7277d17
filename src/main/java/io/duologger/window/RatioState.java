package io.duologger.window;

import io.duologger.model.Layout;
import io.duologger.model.Sample;
import io.duologger.model.Series;
import java.util.function.Consumer;

/**
 * The quotient of the changes of two counters: one value for each interval whose denominator moved,
 * and a mean that is the sum of all numerators over the sum of all denominators.
 */
final class RatioState extends SeriesState {
  private final Columns columns;
  private final boolean reserved;
  private Statistics statistics;
  private UnsignedSum numerators = new UnsignedSum();
  private UnsignedSum denominators = new UnsignedSum();
  private long baselineNumerator;
  private long baselineDenominator;
  private long baselineSequence = -1;
  private boolean pending;
  private long numerator;
  private long denominator;

  RatioState(Series series, Columns columns) {
    super(series);
    this.columns = columns;
    this.reserved = columns.reserve();
    this.statistics = columns.statistics(reserved);
  }

  @Override
  boolean hasIntervals() {
    return true;
  }

  @Override
  boolean read(
      Sample sample, Layout layout, int position, long sequence, long nanos, boolean priming) {
    int slot = layout.slot(position);
    long nowNumerator = sample.values()[slot];
    long nowDenominator = sample.values()[slot + 1];
    pending = nanos > 0 && baselineSequence == sequence - 1;
    boolean reset = false;
    if (pending) {
      numerator = Delta.between(baselineNumerator, nowNumerator, series().metric(), nanos);
      reset =
          numerator == Delta.RESET || Long.compareUnsigned(nowDenominator, baselineDenominator) < 0;
      denominator = nowDenominator - baselineDenominator;
    }
    baselineNumerator = nowNumerator;
    baselineDenominator = nowDenominator;
    baselineSequence = sequence;
    return !reset;
  }

  @Override
  void keepBaseline(long sequence) {
    if (baselineSequence == sequence - 1) {
      baselineSequence = sequence;
    }
  }

  @Override
  void accept(long nanos) {
    if (pending && denominator != 0) {
      numerators.add(numerator);
      denominators.add(denominator);
      statistics.add(
          Delta.toDouble(numerator) / Delta.toDouble(denominator) * series().metric().scale());
    }
    pending = false;
  }

  @Override
  void freeze(Consumer<FrozenSeries> into) {
    if (statistics.count() > 0) {
      Statistics closed = statistics;
      double mean = numerators.toDouble() / denominators.toDouble() * series().metric().scale();
      into.accept(
          (stats, output) -> {
            output.statistics(closed);
            output.aggregates.add(closed.aggregate(series().metric(), stats, mean, mean));
          });
      statistics = columns.statistics(reserved);
      numerators = new UnsignedSum();
      denominators = new UnsignedSum();
    }
  }

  @Override
  void release() {
    if (reserved) {
      columns.release();
    }
  }
}
