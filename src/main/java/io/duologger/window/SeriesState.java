package io.duologger.window;

import io.duologger.model.Series;
import java.util.function.Consumer;

/**
 * What the window knows of one series: its baseline, which outlives windows, and its statistics,
 * which do not. For the samples of its instance that have the series, {@link #check} is called, and
 * then {@link #fold} with the intervals that count.
 */
abstract class SeriesState {
  private final Series series;
  private boolean seen;

  SeriesState(Series series) {
    this.series = series;
  }

  final Series series() {
    return series;
  }

  /** Whether the series was in a sample of this window. */
  final boolean seen() {
    return seen;
  }

  final void markSeen(boolean value) {
    seen = value;
  }

  /** Whether it is a counter or ratio, whose values need an interval. */
  boolean hasIntervals() {
    return false;
  }

  /** Marks the samples before which a counter was reset; changes nothing else. */
  void check(Batch batch, int slot) {}

  /**
   * Takes the values of the samples.
   *
   * @param slot where they have the series
   * @param wide whether it takes two slots
   */
  abstract void fold(Batch batch, int slot, boolean wide);

  /** Hands the window's result over and starts the next. */
  abstract void freeze(Consumer<FrozenSeries> into);

  /** What {@link #freeze} would hand over now; changes nothing. */
  abstract void peek(Consumer<FrozenSeries> into);

  /** The series is not to be seen again: gives its memory back. */
  void release() {}
}
