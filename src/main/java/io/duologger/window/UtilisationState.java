package io.duologger.window;

import io.duologger.model.Aggregate;
import io.duologger.model.Metric;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a counter with a capacity yields beside its rate: the share of the capacity, and how the
 * shares are spread.
 */
final class UtilisationState {
  private final OpenStatistics statistics;
  private final Metric share;
  private final List<Metric> quarterShares;
  private double moved;
  private double movable;
  private long[] quarters;

  /**
   * @param stem the name that the derived series start with
   */
  UtilisationState(String stem, Columns columns) {
    this.statistics = new OpenStatistics(columns);
    this.share = Metric.utilisationShare(stem);
    this.quarterShares = Metric.utilisationQuarters(stem);
    this.quarters = new long[quarterShares.size()];
  }

  /**
   * Takes the sums of one interval; its value comes with {@link #add(double[], int)}.
   *
   * @param utilisation rate by capacity
   * @param increase of the counter
   * @param possible increase at full capacity
   */
  void add(double utilisation, double increase, double possible) {
    moved += increase;
    movable += possible;
    quarters[(int) Math.min(utilisation * quarters.length, quarters.length - 1)]++;
  }

  /** Adds the first {@code n} of {@code utilisations}, in their order. */
  void add(double[] utilisations, int n) {
    statistics.add(utilisations, n);
  }

  void freeze(Consumer<FrozenSeries> into) {
    if (statistics.count() > 0) {
      offer(statistics.take(), into);
      quarters = new long[quarters.length];
      moved = 0;
      movable = 0;
    }
  }

  void peek(Consumer<FrozenSeries> into) {
    if (statistics.count() > 0) {
      offer(statistics.copy(), into);
    }
  }

  private void offer(Statistics closed, Consumer<FrozenSeries> into) {
    long[] spread = quarters.clone();
    double mean = moved / movable;
    into.accept(
        output -> {
          output.add(share, closed, mean, mean);
          for (int i = 0; i < spread.length; i++) {
            output.aggregates.add(
                Aggregate.value(quarterShares.get(i), (double) spread[i] / closed.count()));
          }
        });
  }

  void release() {
    statistics.release();
  }
}
