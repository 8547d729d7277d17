package io.duologger.window;

import io.duologger.model.Layout;
import io.duologger.model.Sample;
import io.duologger.model.Series;
import java.util.function.Consumer;

/** A series of values that stand for their instant. */
final class GaugeState extends SeriesState {
  private final OpenStatistics statistics;
  private final double scale;

  GaugeState(Series series, Columns columns) {
    super(series);
    this.statistics = new OpenStatistics(columns);
    this.scale = series.metric().scale();
  }

  @Override
  boolean read(
      Sample sample, Layout layout, int position, long sequence, long nanos, boolean priming) {
    if (!priming) {
      statistics.add(Double.longBitsToDouble(sample.values()[layout.slot(position)]) * scale);
    }
    return true;
  }

  @Override
  void freeze(Consumer<FrozenSeries> into) {
    offer(statistics.take(), into);
  }

  @Override
  void peek(Consumer<FrozenSeries> into) {
    offer(statistics.copy(), into);
  }

  private void offer(Statistics closed, Consumer<FrozenSeries> into) {
    if (closed.count() > 0) {
      into.accept(
          (stats, output) -> {
            output.statistics(closed);
            output.aggregates.add(
                closed.aggregate(series().metric(), stats, closed.mean(), closed.last()));
          });
    }
  }

  @Override
  void release() {
    statistics.release();
  }
}
