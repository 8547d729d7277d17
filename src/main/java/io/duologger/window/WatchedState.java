package io.duologger.window;

import io.duologger.model.Layout;
import io.duologger.model.Sample;
import java.util.function.Consumer;

/**
 * A counter or ratio that is not kept, beside others of its instance that are: that it was reset
 * says that they all were.
 */
final class WatchedState extends SeriesState {
  private final SeriesState watched;

  /**
   * @param watched compares the samples; its statistics stay empty
   */
  WatchedState(SeriesState watched) {
    super(watched.series());
    this.watched = watched;
  }

  @Override
  boolean hasIntervals() {
    return true;
  }

  @Override
  boolean read(
      Sample sample, Layout layout, int position, long sequence, long nanos, boolean priming) {
    return watched.read(sample, layout, position, sequence, nanos, priming);
  }

  @Override
  void keepBaseline(long sequence) {
    watched.keepBaseline(sequence);
  }

  @Override
  void freeze(Consumer<FrozenSeries> into) {}

  @Override
  void peek(Consumer<FrozenSeries> into) {}
}
