package io.duologger.window;

import io.duologger.model.Aggregate;
import io.duologger.model.Metric;
import io.duologger.model.Unit;
import java.util.function.Consumer;

/**
 * What a counter with a capacity yields beside its rate: the share of the capacity, and how the
 * shares are spread.
 */
final class UtilisationState {
  private static final int QUARTERS = 4;

  private final OpenStatistics statistics;
  private final Metric share;
  private final Metric[] quarterShares = new Metric[QUARTERS];
  private double moved;
  private double movable;
  private long[] quarters = new long[QUARTERS];

  /**
   * @param stem the name that the derived series start with
   */
  UtilisationState(String stem, Columns columns) {
    this.statistics = new OpenStatistics(columns);
    this.share = Metric.gauge(stem + "_ratio", Unit.RATIO, "Rate as a share of the capacity.");
    for (int i = 0; i < QUARTERS; i++) {
      quarterShares[i] =
          Metric.gauge(
              stem + "_quarter" + (i + 1) + "_ratio",
              Unit.RATIO,
              "Share of the rates that lie in quarter " + (i + 1) + " of the capacity.");
    }
  }

  /**
   * @param utilisation rate by capacity
   * @param increase of the counter
   * @param possible increase at full capacity
   */
  void add(double utilisation, double increase, double possible) {
    statistics.add(utilisation);
    moved += increase;
    movable += possible;
    quarters[(int) Math.min(utilisation * QUARTERS, QUARTERS - 1)]++;
  }

  void freeze(Consumer<FrozenSeries> into) {
    if (statistics.count() > 0) {
      offer(statistics.take(), into);
      quarters = new long[QUARTERS];
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
        (stats, output) -> {
          output.statistics(closed);
          output.aggregates.add(closed.aggregate(share, stats, mean, mean));
          for (int i = 0; i < QUARTERS; i++) {
            output.aggregates.add(
                Aggregate.value(quarterShares[i], (double) spread[i] / closed.count()));
          }
        });
  }

  void release() {
    statistics.release();
  }
}
