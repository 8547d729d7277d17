package io.duologger.window;

import java.util.Arrays;

/**
 * The values of one series in one window, for percentiles: kept raw up to {@link #EXACT_LIMIT}, in
 * a histogram of 3 significant digits past it. One writer; after the hand-over at the close, one
 * reader.
 */
final class ValueColumn {
  /** Up to so many values percentiles are exact. */
  static final int EXACT_LIMIT = 4096;

  /** So many raw chunks move to the histogram at a time: all at once would hold the writer up. */
  private static final int MOVED = 2;

  private static final double[][] NONE = {};

  private final Chunks chunks;
  private double[][] parts = NONE;

  /** Values in {@link #parts} when nothing has moved to the histogram yet. */
  private int raw;

  /** Chunks at the start of {@link #parts} that have moved to the histogram. */
  private int moved;

  private SignedHistogram histogram;

  /** A column that stands alone, for as many values as come. */
  ValueColumn() {
    this(new Chunks(Chunks.LONGEST));
  }

  /**
   * @param chunks what it consists of
   */
  ValueColumn(Chunks chunks) {
    this.chunks = chunks;
  }

  /** A column with the same values that goes its own way. */
  ValueColumn copy() {
    ValueColumn copy = new ValueColumn(new Chunks(chunks.length()));
    copy.parts = new double[used()][];
    for (int i = moved; i < copy.parts.length; i++) {
      copy.parts[i] = parts[i].clone();
    }
    copy.raw = raw;
    copy.moved = moved;
    copy.histogram = histogram == null ? null : histogram.copy();
    return copy;
  }

  private int used() {
    return (raw + chunks.length() - 1) / chunks.length();
  }

  /** Adds the first {@code n} of {@code values}. */
  void add(double[] values, int n) {
    int from = 0;
    int length = chunks.length();
    while (from < n && raw < EXACT_LIMIT && histogram == null) {
      int part = raw / length;
      int at = raw - part * length;
      if (at == 0) {
        append(part);
      }
      int fitting = Math.min(Math.min(n - from, length - at), EXACT_LIMIT - raw);
      System.arraycopy(values, from, parts[part], at, fitting);
      from += fitting;
      raw += fitting;
    }
    if (from == n) {
      return;
    }
    if (histogram == null) {
      histogram = histogramFor(values, from, n);
    }
    histogram.record(values, from, n);
    move(MOVED);
  }

  /** One with room for what there is and for {@code values}, so that it need not grow at once. */
  private SignedHistogram histogramFor(double[] values, int from, int to) {
    double least = 0;
    double most = 0;
    for (int i = from; i < to; i++) {
      least = Math.min(least, values[i]);
      most = Math.max(most, values[i]);
    }
    int length = chunks.length();
    for (int i = 0; i < raw; i++) {
      double value = parts[i / length][i % length];
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return new SignedHistogram(least, most);
  }

  private void append(int part) {
    if (part == parts.length) {
      int whole = chunks.expected();
      int more = 2 * part + 1;
      // the last step makes room for what is expected and no more
      parts = Arrays.copyOf(parts, part < whole && 2 * more > whole ? whole : more);
    }
    parts[part] = chunks.take();
  }

  private void move(int most) {
    int end = Math.min(used(), moved + most);
    int length = chunks.length();
    for (int part = moved; part < end; part++) {
      histogram.record(parts[part], 0, Math.min(length, raw - part * length));
    }
    chunks.giveBack(Arrays.copyOfRange(parts, moved, end), end - moved);
    Arrays.fill(parts, moved, end, null);
    moved = end;
  }

  /** Whether every percentile is one of the values. */
  boolean exact() {
    return histogram == null;
  }

  /**
   * Writes the percentiles among those asked for to the same positions of {@code into}; leaves the
   * others alone.
   */
  void percentiles(Percentiles asked, double[] into) {
    if (histogram != null) {
      move(parts.length);
      asked.of(histogram, into);
    } else if (raw > 0) {
      asked.of(parts, chunks.length(), raw, into);
    }
  }

  /** The values are no longer needed: the column is empty and must not be used again. */
  void release() {
    chunks.giveBack(parts, used() - moved);
    parts = NONE;
    raw = 0;
    moved = 0;
  }
}
