package io.duologger.window;

import io.duologger.model.Series;

/**
 * A series whose values need an interval: it compares a sample with the source's last one, and only
 * if that one had the series too.
 */
abstract class IntervalState extends SeriesState {
  private long baselineSequence = -1;

  IntervalState(Series series) {
    super(series);
  }

  @Override
  final boolean hasIntervals() {
    return true;
  }

  /** Whether the sample before the batch had the series. */
  final boolean hasBaseline(Batch batch) {
    return baselineSequence == batch.sequenceBefore();
  }

  /**
   * The batch is folded.
   *
   * @param has whether its last sample can be compared with: not if time stood still since the
   *     series appeared
   */
  final void baselineAfter(Batch batch, boolean has) {
    if (has) {
      baselineSequence = batch.lastSequence();
    }
  }

  /** Takes the baselines of the samples and no values. */
  abstract void follow(Batch batch, int slot);
}
