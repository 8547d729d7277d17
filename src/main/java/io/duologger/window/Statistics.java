package io.duologger.window;

import io.duologger.model.Aggregate;
import io.duologger.model.Metric;
import io.duologger.model.Stat;
import java.util.List;

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

  void add(double value) {
    count++;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    last = value;
    if (column != null) {
      column.add(value);
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
   * All that is asked for; the given mean stands for MEAN, the given value for VALUE. Nothing may
   * be added after it.
   */
  Aggregate aggregate(Metric metric, List<Stat> stats, double mean, double value) {
    double[] values = new double[stats.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (stats.get(i).type()) {
            case MIN -> min;
            case MAX -> max;
            case MEAN -> mean;
            case LAST -> last;
            case VALUE -> value;
            case PERCENTILE -> Double.NaN;
          };
    }
    if (column != null) {
      column.percentiles(stats, values);
      for (int i = 0; i < values.length; i++) {
        if (stats.get(i).type() == Stat.Type.PERCENTILE) {
          values[i] = Math.max(min, Math.min(max, values[i]));
        }
      }
    }
    return new Aggregate(metric, stats, values);
  }
}
