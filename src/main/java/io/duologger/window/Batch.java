package io.duologger.window;

import io.duologger.model.Sample;

/**
 * Samples of one layout that wait to be folded together: series by series, so that what the window
 * knows of a series is loaded once for all of them, and values go to its column in one piece. Also
 * the room in which that is done. One writer.
 */
final class Batch {
  /** Enough for the cost of a series to be shared; more makes closes longer and little faster. */
  static final int MOST = 8;

  /** Texts are not bounded in length: so many do not wait. */
  private static final int MOST_TEXTS = 256;

  /** Instead of an interval: the sample's time did not advance, so that it is no baseline. */
  static final long FROZEN = -1;

  private final Sample[] samples;
  private final long[][] rows;
  private final long[] instants;
  private final long[] nanos;
  private final boolean[] resets;
  private final double[] values;
  private final double[] shares;
  private int size;
  private int texts;
  private boolean priming;
  private long sequence;
  private int from;
  private int to;

  /**
   * @param most samples that wait at most
   */
  Batch(int most) {
    samples = new Sample[most];
    rows = new long[most][];
    instants = new long[most];
    nanos = new long[most];
    resets = new boolean[most];
    values = new double[most];
    shares = new double[most];
  }

  /** How many samples make a batch where a window has so many. */
  static int sizeFor(long expected) {
    return (int) Math.max(1, Math.min(expected, MOST));
  }

  /**
   * @param priming whether only baselines and infos of the sample count: then it is a batch of its
   *     own
   */
  void add(Sample sample, boolean priming) {
    samples[size] = sample;
    instants[size] = sample.instant();
    rows[size++] = sample.values();
    texts += sample.texts().length;
    this.priming = priming;
  }

  boolean full() {
    return size == samples.length || texts > MOST_TEXTS || priming;
  }

  int size() {
    return size;
  }

  /** Samples that wait at most. */
  int most() {
    return samples.length;
  }

  /** The next samples come after those of another batch. */
  void startAfter(Batch other) {
    sequence = other.sequence + other.size;
  }

  /** All is folded: the samples' arrays may be used again. */
  void clear() {
    for (int i = 0; i < size; i++) {
      samples[i].release();
      samples[i] = null;
      rows[i] = null;
    }
    sequence += size;
    size = 0;
    texts = 0;
    priming = false;
  }

  /** What is folded next: the samples {@code from} to before {@code to}. */
  void narrow(int from, int to) {
    this.from = from;
    this.to = to;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /** Whether only baselines and infos count. */
  boolean priming() {
    return priming;
  }

  /** The number, among the source's successful samples, of the one before {@link #from}. */
  long sequenceBefore() {
    return sequence + from;
  }

  /** The number of the last sample, among the source's successful ones. */
  long lastSequence() {
    return sequence + to;
  }

  Sample sample(int i) {
    return samples[i];
  }

  /** When a sample was taken, monotonic nanoseconds. */
  long instant(int i) {
    return instants[i];
  }

  /** The values of each sample. */
  long[][] rows() {
    return rows;
  }

  /**
   * For each sample the interval since the instance's last, in nanoseconds: 0 if there is none that
   * counts, or {@link #FROZEN}.
   */
  long[] nanos() {
    return nanos;
  }

  /** For each sample whether a counter of the instance was reset before it. */
  boolean[] resets() {
    return resets;
  }

  /** Room for a series' values. */
  double[] values() {
    return values;
  }

  /** Room for the values of a second series that is derived from the same counter. */
  double[] shares() {
    return shares;
  }
}
