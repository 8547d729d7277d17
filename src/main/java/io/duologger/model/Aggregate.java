package io.duologger.model;

import java.util.List;

/**
 * The statistics of one series in one window.
 *
 * @param metric what the values are; derived series have a metric of their own
 * @param stats which statistics, shared by all series of a module
 * @param values one for each of {@code stats}, in the metric's unit; NaN where there is none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Aggregate(Metric metric, List<Stat> stats, double[] values) {
  /** A series of which one number is known. */
  public static Aggregate value(Metric metric, double value) {
    return new Aggregate(metric, List.of(Stat.VALUE), new double[] {value});
  }
}
