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

  /**
   * Past it so many chunks are filled before they move to the histogram together: each histogram is
   * larger than what the processor's nearest caches have left for it, so it is worth being loaded
   * for many values.
   */
  static final int STAGED = 16;

  private static final double[][] NONE = {};

  private final Chunks chunks;
  private double[][] parts = NONE;

  /** Values in {@link #parts}: all until the first of them move to the histogram. */
  private int raw;

  /** Chunks that were ever filled, and what puts the moves of neighbouring columns apart. */
  private int filled;

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
    this.filled = chunks.nextPhase();
  }

  /** A column with the same values that goes its own way. */
  ValueColumn copy() {
    ValueColumn copy = new ValueColumn(new Chunks(chunks.length()));
    copy.parts = new double[used()][];
    for (int i = 0; i < copy.parts.length; i++) {
      copy.parts[i] = parts[i].clone();
    }
    copy.raw = raw;
    copy.filled = filled;
    copy.histogram = histogram == null ? null : histogram.copy();
    return copy;
  }

  private int used() {
    return (raw + chunks.length() - 1) / chunks.length();
  }

  /** Adds the first {@code n} of {@code values}. */
  void add(double[] values, int n) {
    int length = chunks.length();
    int from = 0;
    while (from < n) {
      int part = raw / length;
      int at = raw - part * length;
      if (at == 0) {
        part = append();
      }
      int fitting = Math.min(n - from, length - at);
      System.arraycopy(values, from, parts[part], at, fitting);
      from += fitting;
      raw += fitting;
    }
  }

  /** Makes room for a chunk behind those that are full; its index. */
  private int append() {
    boolean past = raw >= EXACT_LIMIT || histogram != null;
    if (++filled % STAGED == 0 && past) {
      move(STAGED + STAGED / 2);
    }
    int part = used();
    if (part == parts.length) {
      int whole = chunks.expected();
      int more = 2 * part + 1;
      // the last step makes room for what is expected and no more
      parts = Arrays.copyOf(parts, part < whole && 2 * more > whole ? whole : more);
    }
    parts[part] = chunks.take();
    return part;
  }

  private void move(int most) {
    if (histogram == null) {
      histogram = histogramOfRaw();
    }
    int end = Math.min(used(), most);
    int length = chunks.length();
    for (int part = 0; part < end; part++) {
      histogram.record(parts[part], 0, Math.min(length, raw - part * length));
    }
    chunks.giveBack(Arrays.copyOf(parts, end), end);
    int left = used() - end;
    System.arraycopy(parts, end, parts, 0, left);
    Arrays.fill(parts, left, left + end, null);
    raw = Math.max(0, raw - end * length);
  }

  /** One with room for what there is, so that it need not grow at once. */
  private SignedHistogram histogramOfRaw() {
    double least = 0;
    double most = 0;
    int length = chunks.length();
    for (int i = 0; i < raw; i++) {
      double value = parts[i / length][i % length];
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return new SignedHistogram(least, most, chunks.counts());
  }

  /** Whether every percentile is one of the values. */
  boolean exact() {
    return histogram == null && raw <= EXACT_LIMIT;
  }

  /**
   * Writes the percentiles among those asked for to the same positions of {@code into}; leaves the
   * others alone.
   */
  void percentiles(Percentiles asked, double[] into) {
    if (!exact()) {
      move(used());
      asked.of(histogram, into);
    } else if (raw > 0) {
      asked.of(parts, chunks.length(), raw, into);
    }
  }

  /** The values are no longer needed: the column is empty and must not be used again. */
  void release() {
    chunks.giveBack(parts, used());
    parts = NONE;
    raw = 0;
    if (histogram != null) {
      histogram.release();
    }
  }
}
