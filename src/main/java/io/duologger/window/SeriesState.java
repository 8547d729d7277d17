package io.duologger.window;

import io.duologger.model.Layout;
import io.duologger.model.Sample;
import io.duologger.model.Series;
import java.util.function.Consumer;

/**
 * What the window knows of one series: its baseline, which outlives windows, and its statistics,
 * which do not. For each sample of its instance that has the series, {@link #read} is called, and
 * then {@link #accept} if the interval counts.
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

  /**
   * Takes the value of a sample.
   *
   * @param position where the layout has the series
   * @param sequence the number of this sample among the source's successful ones
   * @param nanos the interval since the instance's last sample; 0 if there is none
   * @param priming whether only baselines and infos count
   * @return false if a counter was reset
   */
  abstract boolean read(
      Sample sample, Layout layout, int position, long sequence, long nanos, boolean priming);

  /**
   * The sample's time did not advance: the old baseline stays and still belongs to the last sample.
   */
  void keepBaseline(long sequence) {}

  /** The interval of {@code nanos} that {@link #read} was told of counts for the instance. */
  void accept(long nanos) {}

  /** Hands the window's result over and starts the next. */
  abstract void freeze(Consumer<FrozenSeries> into);

  /** What {@link #freeze} would hand over now; changes nothing. */
  abstract void peek(Consumer<FrozenSeries> into);

  /** The series is not to be seen again: gives its memory back. */
  void release() {}
}
