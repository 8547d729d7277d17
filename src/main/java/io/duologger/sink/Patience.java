package io.duologger.sink;

import io.duologger.model.RecorderClock;

/**
 * How long a wait may take. It may be shortened by another thread meanwhile, which is why nobody
 * waits longer than a {@link #slice} without asking again.
 */
final class Patience {
  private static final long SLICE_MILLIS = 100;

  private final RecorderClock clock;
  private volatile long deadline;

  /** Lasts {@code nanos} from now. */
  Patience(RecorderClock clock, long nanos) {
    this.clock = clock;
    this.deadline = clock.monotonicNanos() + nanos;
  }

  /** Ends at {@code end} by the monotonic clock, if it would last longer. */
  void shorten(long end) {
    if (end - deadline < 0) {
      deadline = end;
    }
  }

  /** Whether the time is over. */
  boolean isOver() {
    return clock.monotonicNanos() - deadline >= 0;
  }

  /** Milliseconds to wait before asking again: 1 to 100, or 0 if the time is over. */
  int slice() {
    long left = deadline - clock.monotonicNanos();
    return (int) Math.max(0, Math.min(SLICE_MILLIS, (left + 999_999) / 1_000_000));
  }
}
