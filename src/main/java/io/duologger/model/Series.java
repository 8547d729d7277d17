package io.duologger.model;

import java.util.List;

/**
 * One line of values over time: a metric on an instance. Collectors keep and reuse their objects;
 * two equal series are the same series.
 *
 * @param metric what is measured
 * @param instance what it is measured on
 */
public record Series(Metric metric, Instance instance) {
  /** The series of {@code metrics}, in their order, on one instance. */
  public static Series[] of(List<Metric> metrics, Instance instance) {
    Series[] series = new Series[metrics.size()];
    for (int i = 0; i < series.length; i++) {
      series[i] = new Series(metrics.get(i), instance);
    }
    return series;
  }
}
