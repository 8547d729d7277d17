package io.duologger.window;

import io.duologger.model.Stat;
import java.util.List;

/**
 * Makes the statistics of a source's series: whether they need a column, how long it gets, whether
 * there is memory for it.
 */
final class Columns {
  private final boolean needed;
  private final Chunks chunks;
  private final boolean exact;
  private final PercentileBudget budget;

  /**
   * @param stats what is asked for
   * @param expected values that a series gets in a whole window
   * @param budget where memory is asked for
   */
  Columns(List<Stat> stats, long expected, PercentileBudget budget) {
    this.needed = Percentiles.among(stats);
    // one more than the grid has: a late sample, or the first tick of a window that is a little
    // longer
    this.chunks = new Chunks((int) Math.min(expected + 1, ValueColumn.EXACT_LIMIT));
    this.exact = expected < ValueColumn.EXACT_LIMIT;
    this.budget = budget;
  }

  /** Reserves the memory of one series; false if none is needed or there is none left. */
  boolean reserve() {
    boolean reserved = needed && budget.reserve(bytes());
    if (reserved) {
      keep(1);
    }
    return reserved;
  }

  /** Gives the memory of one series back. */
  void release() {
    keep(-1);
    budget.release(bytes());
  }

  private void keep(int columns) {
    chunks.keep(columns * chunks.expected());
    if (!exact) {
      chunks.counts().keep(columns);
    }
  }

  Statistics statistics(boolean reserved) {
    return new Statistics(reserved ? new ValueColumn(chunks) : null);
  }

  /**
   * What one window takes, the histogram included where it will need one; and what the next has
   * before the report of the closed one is done and gives its own back.
   */
  private long bytes() {
    return exact
        ? chunks.bytes(chunks.expected() + 1)
        : chunks.bytes(chunks.expected() + ValueColumn.STAGED) + SignedHistogram.BYTES;
  }
}
