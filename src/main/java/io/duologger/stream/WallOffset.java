package io.duologger.stream;

import io.duologger.model.RecorderClock;
import java.util.concurrent.TimeUnit;

/** How far the wall clock is ahead of the monotonic clock. */
final class WallOffset {
  /** Differences up to this are the noise of reading two clocks, not worth another grid. */
  static final long NOISE = TimeUnit.MILLISECONDS.toNanos(1);

  private static final int TRIES = 3;

  private WallOffset() {}

  /**
   * Wall minus monotonic clock, nanoseconds; the closest pair of a few, as the thread may be held
   * up between the two.
   */
  static long of(RecorderClock clock) {
    long best = Long.MAX_VALUE;
    long offset = 0;
    for (int i = 0; i < TRIES && best > NOISE / 10; i++) {
      long before = clock.monotonicNanos();
      long wall = clock.wall();
      long gap = clock.monotonicNanos() - before;
      if (gap < best) {
        best = gap;
        offset = wall - before - gap / 2;
      }
    }
    return offset;
  }
}
