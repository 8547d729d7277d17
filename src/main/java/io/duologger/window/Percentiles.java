package io.duologger.window;

import io.duologger.model.Stat;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the percentiles that a report asks for, one column after the other, in memory that all
 * share. For one thread.
 */
final class Percentiles {
  private static final long[] NONE = {};

  private final List<Stat> stats;
  private final boolean wanted;
  private final long[] ranks;
  private long[] ascending = NONE;
  private long ranked;
  private long[] scratch = NONE;

  /**
   * @param stats what is asked for, percentiles and others
   */
  Percentiles(List<Stat> stats) {
    this.stats = stats;
    this.wanted = among(stats);
    this.ranks = new long[stats.size()];
  }

  /** Whether there are percentiles among {@code stats}. */
  static boolean among(List<Stat> stats) {
    for (Stat stat : stats) {
      if (stat.type() == Stat.Type.PERCENTILE) {
        return true;
      }
    }
    return false;
  }

  /** What is asked for. */
  List<Stat> stats() {
    return stats;
  }

  /** Whether percentiles are. */
  boolean wanted() {
    return wanted;
  }

  /** Columns of a source have mostly the same length. */
  private void rank(long n) {
    if (n == ranked) {
      return;
    }
    for (int i = 0; i < ranks.length; i++) {
      Stat stat = stats.get(i);
      boolean percentile = stat.type() == Stat.Type.PERCENTILE;
      ranks[i] = percentile ? NearestRank.rank(stat.millionths(), n) : 0;
    }
    ascending = ascending(ranks);
    ranked = n;
  }

  /** The ranks above 0, each once. */
  private static long[] ascending(long[] ranks) {
    long[] sorted = ranks.clone();
    Arrays.sort(sorted);
    int count = 0;
    for (long rank : sorted) {
      if (rank > 0 && (count == 0 || rank > sorted[count - 1])) {
        sorted[count++] = rank;
      }
    }
    return Arrays.copyOf(sorted, count);
  }

  void of(SignedHistogram histogram, double[] into) {
    rank(histogram.count());
    histogram.valuesAt(ranks, into);
  }

  /**
   * The percentiles of {@code n} values, above 0, that lie in chunks of {@code length}; leaves them
   * as they are.
   */
  void of(double[][] chunks, int length, int n, double[] into) {
    rank(n);
    if (scratch.length < n) {
      scratch = new long[n];
    }
    for (int from = 0; from < n; from += length) {
      double[] chunk = chunks[from / length];
      int many = Math.min(length, n - from);
      for (int i = 0; i < many; i++) {
        scratch[from + i] = SortableDouble.of(chunk[i]);
      }
    }
    int from = 0;
    for (long rank : ascending) {
      int index = (int) rank - 1;
      double value = SortableDouble.toDouble(Selection.select(scratch, from, n, index));
      for (int i = 0; i < ranks.length; i++) {
        if (ranks[i] == rank) {
          into[i] = value;
        }
      }
      // what lies below a selected rank is below all later ones
      from = index;
    }
  }
}
