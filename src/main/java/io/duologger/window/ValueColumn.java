package io.duologger.window;

import io.duologger.model.Stat;
import java.util.Arrays;
import java.util.List;

/**
 * The values of one series in one window, for percentiles: kept raw up to {@link #EXACT_LIMIT}, in
 * a histogram of 3 significant digits past it. One writer; after the hand-over at the close, one
 * reader.
 */
final class ValueColumn {
  /** Up to so many values percentiles are exact. */
  static final int EXACT_LIMIT = 4096;

  private static final double[] NONE = {};

  private final int expected;
  private double[] values = NONE;
  private int count;
  private SignedHistogram histogram;

  /**
   * @param expected how many values a whole window brings; the first value makes room for so many
   */
  ValueColumn(int expected) {
    this.expected = Math.max(1, Math.min(expected, EXACT_LIMIT));
  }

  /** A column with the same values that goes its own way. */
  ValueColumn copy() {
    ValueColumn copy = new ValueColumn(expected);
    copy.values = Arrays.copyOf(values, count);
    copy.count = count;
    copy.histogram = histogram == null ? null : histogram.copy();
    return copy;
  }

  void add(double value) {
    if (histogram != null) {
      histogram.record(value);
      return;
    }
    if (count == EXACT_LIMIT) {
      histogram = new SignedHistogram();
      for (double kept : values) {
        histogram.record(kept);
      }
      values = NONE;
      histogram.record(value);
      return;
    }
    if (count == values.length) {
      values = count == 0 ? new double[expected] : Arrays.copyOf(values, larger());
    }
    values[count++] = value;
  }

  private int larger() {
    return Math.min(2 * count, EXACT_LIMIT);
  }

  /** Whether every percentile is one of the values. */
  boolean exact() {
    return histogram == null;
  }

  /**
   * Writes the percentiles among {@code stats} to the same positions of {@code into}; leaves the
   * others alone. Sorts the column, so that nothing may be added after it.
   */
  void percentiles(List<Stat> stats, double[] into) {
    long n = exact() ? count : histogram.count();
    if (n == 0) {
      return;
    }
    long[] ranks = new long[into.length];
    for (int i = 0; i < ranks.length; i++) {
      if (stats.get(i).type() == Stat.Type.PERCENTILE) {
        ranks[i] = NearestRank.rank(stats.get(i).percentile(), n);
      }
    }
    if (!exact()) {
      histogram.valuesAt(ranks, into);
      return;
    }
    Arrays.sort(values, 0, count);
    for (int i = 0; i < ranks.length; i++) {
      if (ranks[i] > 0) {
        into[i] = values[(int) ranks[i] - 1];
      }
    }
  }
}
