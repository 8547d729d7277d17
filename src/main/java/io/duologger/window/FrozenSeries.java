package io.duologger.window;

import io.duologger.model.Aggregate;
import io.duologger.model.Line;
import io.duologger.model.Stat;
import java.util.List;
import java.util.Map;

/**
 * The result of one series in a closed window; computes its percentiles when it is asked, on the
 * report's thread.
 */
interface FrozenSeries {
  /** Adds what the line shall say. */
  void describe(List<Stat> stats, Output output);

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
    final List<Aggregate> aggregates = new java.util.ArrayList<>();
    final Map<String, String> infos = new java.util.LinkedHashMap<>();
    final List<Line.Event> events = new java.util.ArrayList<>();
    private final double covered;
    private boolean approximate;

    /**
     * @param covered seconds that the line's rates cover
     */
    Output(double covered) {
      this.covered = covered;
    }

    double covered() {
      return covered;
    }

    void statistics(Statistics statistics) {
      approximate |= statistics.approximate();
    }

    boolean approximate() {
      return approximate;
    }
  }
}
