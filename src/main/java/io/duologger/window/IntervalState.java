package io.duologger.window;

import io.duologger.model.Series;

/**
 * A series whose values need an interval: it compares a sample with the source's last one, and only
 * if that one had the series too.
 */
abstract class IntervalState extends SeriesState {
  private long baselineSequence = -1;
  private boolean pending;

  IntervalState(Series series) {
    super(series);
  }

  @Override
  final boolean hasIntervals() {
    return true;
  }

  /** A sample has the series: whether there is a baseline to compare it with, {@code nanos} ago. */
  final boolean advance(long sequence, long nanos) {
    pending = nanos > 0 && baselineSequence == sequence - 1;
    baselineSequence = sequence;
    return pending;
  }

  @Override
  final void keepBaseline(long sequence) {
    if (baselineSequence == sequence - 1) {
      baselineSequence = sequence;
    }
  }

  @Override
  final void accept(long nanos) {
    if (pending) {
      pending = false;
      fold(nanos);
    }
  }

  /** The interval that {@link #advance} found counts: folds its value. */
  abstract void fold(long nanos);
}
