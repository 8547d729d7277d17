package io.duologger.stream;

import io.duologger.model.Layout;
import io.duologger.model.Readings;
import io.duologger.model.Sample;
import io.duologger.model.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the readings of one collector and makes samples of them. While a collector yields the same
 * series in the same order and samples are released, a sample allocates nothing that grows with its
 * series. One thread at a time.
 */
public final class SampleRecorder implements Readings {
  private static final String[] NO_TEXTS = {};

  private Layout layout = Layout.EMPTY;
  private long[] values = new long[64];
  private int size;
  private int position;
  private boolean same;
  private String lacking = "";
  private final List<String> texts = new ArrayList<>();
  private String[] lastTexts = NO_TEXTS;
  private final List<Series> series = new ArrayList<>();
  private boolean[] wide = new boolean[64];

  /** Forgets what was taken. */
  public void begin() {
    size = 0;
    position = 0;
    same = true;
    lacking = "";
    texts.clear();
    series.clear();
  }

  /** The sample of all that was taken since {@link #begin}; the times are monotonic nanoseconds. */
  public Sample end(long due, long started, long finished) {
    if (!same || position != layout.count()) {
      leaveLayout();
      layout = new Layout(series, Arrays.copyOf(wide, series.size()));
    }
    long[] row = layout.row();
    System.arraycopy(values, 0, row, 0, size);
    return new Sample(due, started, finished, layout, row, texts());
  }

  /** The texts; the array of the last sample if it has the very same, as most infos stay. */
  private String[] texts() {
    int count = texts.size();
    boolean unchanged = lastTexts.length == count;
    for (int i = 0; unchanged && i < count; i++) {
      unchanged = lastTexts[i] == texts.get(i);
    }
    if (!unchanged) {
      lastTexts = texts.toArray(NO_TEXTS);
    }
    return lastTexts;
  }

  @Override
  public void gauge(Series of, double value) {
    if (Double.isFinite(value)) {
      put(of, Double.doubleToRawLongBits(value));
    }
  }

  @Override
  public void counter(Series of, long value) {
    put(of, value);
  }

  @Override
  public void counter(Series of, long value, double capacity) {
    putWide(of, value, Double.doubleToRawLongBits(capacity));
  }

  @Override
  public void ratio(Series of, long numerator, long denominator) {
    putWide(of, numerator, denominator);
  }

  @Override
  public void info(Series of, String text) {
    put(of, texts.size());
    texts.add(text);
  }

  @Override
  public void event(Series of, String text) {
    info(of, text);
  }

  /** The first is enough. */
  @Override
  public void lacks(String what) {
    if (lacking.isEmpty()) {
      lacking = what;
    }
  }

  /** What could not be read since {@link #begin}; empty if nothing. */
  String lacking() {
    return lacking;
  }

  private void put(Series of, long value) {
    place(of, false);
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  private void putWide(Series of, long first, long second) {
    place(of, true);
    if (size + 2 > values.length) {
      values = Arrays.copyOf(values, 2 * values.length);
    }
    values[size++] = first;
    values[size++] = second;
  }

  private void place(Series of, boolean two) {
    if (same
        && position < layout.count()
        && layout.series(position) == of
        && layout.wide(position) == two) {
      position++;
      return;
    }
    leaveLayout();
    if (series.size() == wide.length) {
      wide = Arrays.copyOf(wide, 2 * wide.length);
    }
    wide[series.size()] = two;
    series.add(of);
  }

  /** From here on the sample has series of its own: those taken so far, then whatever comes. */
  private void leaveLayout() {
    if (!same) {
      return;
    }
    same = false;
    if (wide.length < position) {
      wide = new boolean[2 * position];
    }
    for (int i = 0; i < position; i++) {
      series.add(layout.series(i));
      wide[i] = layout.wide(i);
    }
  }
}
