package io.duologger.model;

/**
 * All readings of one collector at one tick. The arrays are fresh for each sample and never written
 * again.
 *
 * @param due when the tick was due, monotonic nanoseconds
 * @param started when the read began, monotonic nanoseconds
 * @param finished when it ended, monotonic nanoseconds
 * @param layout which series the values belong to
 * @param values one or two slots a series, see {@link Layout}
 * @param texts the texts that info and event slots point to
 */
@SuppressWarnings("ArrayRecordComponent")
public record Sample(
    long due, long started, long finished, Layout layout, long[] values, String[] texts) {
  /** The instant that rates are computed with: the midpoint of the read. */
  public long instant() {
    return started + (finished - started) / 2;
  }
}
