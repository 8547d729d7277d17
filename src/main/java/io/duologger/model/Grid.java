package io.duologger.model;

/**
 * The due times of a series of ticks: {@code anchor + k * interval} for every integer k, from
 * {@code first} on. All times are monotonic nanoseconds.
 *
 * @param anchor a due time, or one that would be (the Unix epoch on the monotonic scale, mostly far
 *     in the past)
 * @param interval nanoseconds between ticks, above 0
 * @param first no tick is due before this instant
 */
public record Grid(long anchor, long interval, long first) {
  /** What {@link #lastAt} returns where no tick is due. */
  public static final long NONE = Long.MIN_VALUE;

  /** Checks the interval. */
  public Grid {
    if (interval <= 0) {
      throw new IllegalArgumentException("interval must be above 0: " + interval);
    }
  }

  /** The last tick due at or before {@code time}, or {@link #NONE}. */
  public long lastAt(long time) {
    long due = time - Math.floorMod(time - anchor, interval);
    return due >= first ? due : NONE;
  }

  /** The first tick due after {@code time}. */
  public long nextAfter(long time) {
    long from = Math.max(time, first - 1);
    return from - Math.floorMod(from - anchor, interval) + interval;
  }

  /** The number of ticks due in {@code (from, to]}. */
  public long count(long from, long to) {
    long start = Math.max(from, first - 1);
    if (to <= start) {
      return 0;
    }
    return Math.floorDiv(to - anchor, interval) - Math.floorDiv(start - anchor, interval);
  }

  /**
   * The same interval on another anchor, for ticks due after {@code from}; the first that would
   * follow the last old tick by less than half an interval is left out.
   */
  public Grid realigned(long newAnchor, long from) {
    long last = lastAt(from);
    // without a tick of its own, this grid's first carries the rule from the grid before it
    long earliest = last == NONE ? first : last + (interval + 1) / 2;
    return new Grid(newAnchor, interval, Math.max(from + 1, earliest));
  }
}
