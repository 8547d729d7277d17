package io.duologger.window;

import java.util.ArrayDeque;
import org.HdrHistogram.ShortCountsHistogram;

/**
 * The counters of the histograms of one source. They go round as {@link Chunks} do: the window's
 * writer takes them, the report's thread gives them back, empty. Safe for use by several threads.
 */
final class SpareCounts {
  /** Significant decimal digits of a histogram. */
  static final int DIGITS = 3;

  /** Of both ranges; who needs the other one drops it. */
  private final ArrayDeque<ShortCountsHistogram> spare = new ArrayDeque<>();

  private int limit;

  /** Keeps {@code change} more, or less if negative. */
  synchronized void keep(int change) {
    limit += change;
    while (spare.size() > limit) {
      spare.pop();
    }
  }

  /** Counters of whole numbers below 2^bits. */
  ShortCountsHistogram take(int bits) {
    ShortCountsHistogram last;
    synchronized (this) {
      last = spare.poll();
    }
    return last != null && last.getHighestTrackableValue() == 1L << bits
        ? last
        : new ShortCountsHistogram(1, 1L << bits, DIGITS);
  }

  /** Takes back counters that are used no more. */
  void giveBack(ShortCountsHistogram counts) {
    counts.reset();
    synchronized (this) {
      if (spare.size() < limit) {
        spare.push(counts);
      }
    }
  }
}
