package io.duologger.window;

import java.util.Arrays;

/**
 * The arrays that the columns of one source consist of. They go round: the window's writer takes
 * them, the report's thread gives them back once it has the percentiles, so that a source holds the
 * values of one window and allocates nothing while it runs. What is not given back, or not in time,
 * is replaced by fresh arrays. Safe for use by several threads.
 */
final class Chunks {
  /** Long enough for the headers not to count, short enough for little to be unused. */
  static final int LONGEST = 32;

  private static final double[][] NONE = {};

  private final int length;
  private double[][] spare = NONE;
  private int count;
  private int limit;

  /**
   * @param expected how many values a whole window brings
   */
  Chunks(int expected) {
    this.length = Math.max(1, Math.min(expected, LONGEST));
  }

  /** Values that fit into one chunk. */
  int length() {
    return length;
  }

  /** Bytes that chunks for so many values take. */
  long bytes(int values) {
    long header = 16;
    return (values + length - 1) / length * (header + (long) Double.BYTES * length);
  }

  /** Keeps {@code change} values' worth of chunks more, or less if negative. */
  synchronized void keep(int change) {
    limit += Integer.signum(change) * ((Math.abs(change) + length - 1) / length);
    while (count > limit) {
      spare[--count] = null;
    }
  }

  synchronized double[] take() {
    if (count == 0) {
      return new double[length];
    }
    double[] chunk = spare[--count];
    spare[count] = null;
    return chunk;
  }

  /** Takes back the chunks from {@code from} to before {@code to}. */
  synchronized void giveBack(double[][] chunks, int from, int to) {
    int room = Math.min(to - from, limit - count);
    if (room <= 0) {
      return;
    }
    if (count + room > spare.length) {
      spare = Arrays.copyOf(spare, Math.min(limit, Math.max(2 * spare.length, count + room)));
    }
    System.arraycopy(chunks, from, spare, count, room);
    count += room;
  }
}
