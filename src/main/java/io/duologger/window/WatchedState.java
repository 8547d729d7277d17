package io.duologger.window;

import java.util.function.Consumer;

/**
 * A counter or ratio that is not kept, beside others of its instance that are: that it was reset
 * says that they all were.
 */
final class WatchedState extends SeriesState {
  private final IntervalState watched;

  /**
   * @param watched compares the samples; its statistics stay empty
   */
  WatchedState(IntervalState watched) {
    super(watched.series());
    this.watched = watched;
  }

  @Override
  boolean hasIntervals() {
    return true;
  }

  @Override
  void check(Batch batch, int slot) {
    watched.check(batch, slot);
  }

  @Override
  void fold(Batch batch, int slot, boolean wide) {
    watched.follow(batch, slot);
  }

  @Override
  void freeze(Consumer<FrozenSeries> into) {}

  @Override
  void peek(Consumer<FrozenSeries> into) {}
}
