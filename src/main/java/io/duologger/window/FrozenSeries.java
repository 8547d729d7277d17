package io.duologger.window;

import io.duologger.model.Aggregate;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of one series in a closed window; computes its percentiles when it is asked, on the
 * report's thread.
 */
interface FrozenSeries {
  /** Adds what the line shall say. */
  void describe(Output output);

  /** Nanoseconds that its rates cover; -1 if it has no rates. */
  default long covered() {
    return -1;
  }

  /** How many rate values it has; -1 if it has no rates. */
  default long rates() {
    return -1;
  }

  /** Where descriptions go; a line under construction. */
  final class Output {
    final List<Aggregate> aggregates = new ArrayList<>();
    final Map<String, String> infos = new LinkedHashMap<>();
    final List<Line.Event> events = new ArrayList<>();
    private final double covered;
    private final Percentiles asked;
    private boolean approximate;

    /**
     * @param covered seconds that the line's rates cover
     * @param asked the statistics that it shall have
     */
    Output(double covered, Percentiles asked) {
      this.covered = covered;
      this.asked = asked;
    }

    double covered() {
      return covered;
    }

    /** Adds what is asked for; the mean stands for MEAN, the value for VALUE. */
    void add(Metric metric, Statistics statistics, double mean, double value) {
      approximate |= statistics.approximate();
      aggregates.add(statistics.aggregate(metric, asked, mean, value));
    }

    boolean approximate() {
      return approximate;
    }
  }
}
