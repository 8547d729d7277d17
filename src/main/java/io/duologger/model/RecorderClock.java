package io.duologger.model;

/**
 * The two times of a host. The wall clock names instants and may step; the monotonic clock measures
 * spans and never does. Safe for use by any thread.
 */
public interface RecorderClock {
  /** Nanoseconds since the Unix epoch by the wall clock. */
  long wall();

  /**
   * Nanoseconds since an arbitrary origin; never goes back and does not count time spent suspended.
   */
  long monotonicNanos();
}
