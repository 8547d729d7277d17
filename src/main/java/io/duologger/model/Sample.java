package io.duologger.model;

/**
 * All readings of one collector at one tick. The arrays are not written again until {@link
 * #release}: who keeps a sample that others fold keeps a {@link #copy}.
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

  /** The same sample with values of its own. */
  public Sample copy() {
    return new Sample(due, started, finished, layout, values.clone(), texts);
  }

  /**
   * Nobody looks at the values any more: another sample of the layout may get the array. To be
   * called once at most, by the one who folds the sample.
   */
  public void release() {
    layout.giveBack(values);
  }
}
