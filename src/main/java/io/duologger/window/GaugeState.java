package io.duologger.window;

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
  void fold(Batch batch, int slot, boolean wide) {
    if (batch.priming()) {
      return;
    }
    long[][] rows = batch.rows();
    double[] values = batch.values();
    int n = 0;
    for (int i = batch.from(); i < batch.to(); i++) {
      values[n++] = Double.longBitsToDouble(rows[i][slot]) * scale;
    }
    statistics.add(values, n);
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
      into.accept(output -> output.add(series().metric(), closed, closed.mean(), closed.last()));
    }
  }

  @Override
  void release() {
    statistics.release();
  }
}
