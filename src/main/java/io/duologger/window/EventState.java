package io.duologger.window;

import io.duologger.model.Aggregate;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Sample;
import io.duologger.model.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Texts of which the window keeps every one up to a bound, and counts the rest. */
final class EventState extends SeriesState {
  /** So many events of one series a window are kept. */
  static final int KEPT = 100;

  private final Metric dropped;
  private List<Line.Event> events = new ArrayList<>();
  private long overflow;

  EventState(Series series) {
    super(series);
    this.dropped = series.metric().dropped();
  }

  @Override
  void fold(Batch batch, int slot, boolean wide) {
    if (batch.priming()) {
      return;
    }
    for (int i = batch.from(); i < batch.to(); i++) {
      if (events.size() < KEPT) {
        Sample sample = batch.sample(i);
        String text = sample.texts()[(int) sample.values()[slot]];
        events.add(new Line.Event(series().metric().name(), text));
      } else {
        overflow++;
      }
    }
  }

  @Override
  void freeze(Consumer<FrozenSeries> into) {
    peek(into);
    events = new ArrayList<>();
    overflow = 0;
  }

  @Override
  void peek(Consumer<FrozenSeries> into) {
    if (events.isEmpty()) {
      return;
    }
    List<Line.Event> closed = List.copyOf(events);
    long lost = overflow;
    into.accept(
        output -> {
          output.events.addAll(closed);
          if (lost > 0) {
            output.aggregates.add(Aggregate.value(dropped, lost));
          }
        });
  }
}
