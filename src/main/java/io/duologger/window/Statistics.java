package io.duologger.window;

import io.duologger.model.Aggregate;
import io.duologger.model.Metric;
import io.duologger.model.Stat;

/**
 * Count, extremes, sum and last of the values of one series in one window, and their column if
 * percentiles are asked for.
 */
final class Statistics {
  private long count;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private double sum;
  private double last = Double.NaN;
  private final ValueColumn column;

  /**
   * @param column where the values are kept; null if no percentile is asked for or there is no
   *     memory for them
   */
  Statistics(ValueColumn column) {
    this.column = column;
  }

  /** The same statistics, which go their own way. */
  Statistics copy() {
    Statistics copy = new Statistics(column == null ? null : column.copy());
    copy.count = count;
    copy.min = min;
    copy.max = max;
    copy.sum = sum;
    copy.last = last;
    return copy;
  }

  /** Adds the first {@code n} of {@code values}, in their order. */
  void add(double[] values, int n) {
    if (n == 0) {
      return;
    }
    double least = min;
    double most = max;
    double total = sum;
    for (int i = 0; i < n; i++) {
      double value = values[i];
      // the slow way only where it may change something: it tells -0 from 0
      if (!(value > least)) {
        least = Math.min(least, value);
      }
      if (!(value < most)) {
        most = Math.max(most, value);
      }
      total += value;
    }
    min = least;
    max = most;
    sum = total;
    last = values[n - 1];
    count += n;
    if (column != null) {
      column.add(values, n);
    }
  }

  long count() {
    return count;
  }

  /** The unweighted mean; NaN of nothing. */
  double mean() {
    // rounding must not put the mean of equal values beside them
    return count == 0 ? Double.NaN : Math.max(min, Math.min(max, sum / count));
  }

  double last() {
    return last;
  }

  /** Whether there are percentiles and they are not exact. */
  boolean approximate() {
    return column != null && !column.exact();
  }

  /**
   * All that is asked for; the given mean stands for MEAN, the given value for VALUE. To be called
   * once, when all is added: the column's memory goes back to where it came from.
   */
  Aggregate aggregate(Metric metric, Percentiles asked, double mean, double value) {
    double[] values = new double[asked.stats().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (asked.stats().get(i).type()) {
            case MIN -> min;
            case MAX -> max;
            case MEAN -> mean;
            case LAST -> last;
            case VALUE -> value;
            case PERCENTILE -> Double.NaN;
          };
    }
    if (column != null) {
      column.percentiles(asked, values);
      column.release();
      for (int i = 0; i < values.length; i++) {
        if (asked.stats().get(i).type() == Stat.Type.PERCENTILE) {
          values[i] = Math.max(min, Math.min(max, values[i]));
        }
      }
    }
    return new Aggregate(metric, asked.stats(), values);
  }
}
