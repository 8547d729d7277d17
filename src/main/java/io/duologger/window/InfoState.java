package io.duologger.window;

import io.duologger.model.Sample;
import io.duologger.model.Series;
import java.util.function.Consumer;

/** A text of which the window keeps the last. */
final class InfoState extends SeriesState {
  private final boolean onChange;
  private String text;
  private String reported;

  /**
   * @param onChange whether a text is left out that the last report had
   */
  InfoState(Series series, boolean onChange) {
    super(series);
    this.onChange = onChange;
  }

  @Override
  void fold(Batch batch, int slot, boolean wide) {
    Sample last = batch.sample(batch.to() - 1);
    text = last.texts()[(int) last.values()[slot]];
  }

  /** Makes the next report print the text whatever the last one had. */
  void forget() {
    reported = null;
  }

  @Override
  void freeze(Consumer<FrozenSeries> into) {
    peek(into);
    reported = text == null ? reported : text;
    text = null;
  }

  @Override
  void peek(Consumer<FrozenSeries> into) {
    if (text != null && !(onChange && text.equals(reported))) {
      String last = text;
      into.accept(output -> output.infos.put(series().metric().name(), last));
    }
  }
}
