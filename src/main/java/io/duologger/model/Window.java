package io.duologger.model;

/**
 * The span {@code (start, end]} that a report speaks of.
 *
 * @param start monotonic nanoseconds
 * @param end monotonic nanoseconds
 * @param endWall the end on the wall clock as it was when the ticks were last aligned, nanoseconds
 *     since the epoch
 * @param partial why it is not one whole heartbeat: start, stop, reload, clock, joined by plus
 *     signs; empty if it is
 * @param clockJump how far the wall clock stepped against the monotonic clock at its end,
 *     nanoseconds
 */
public record Window(long start, long end, long endWall, String partial, long clockJump) {
  /** Nanoseconds from start to end. */
  public long length() {
    return end - start;
  }
}
