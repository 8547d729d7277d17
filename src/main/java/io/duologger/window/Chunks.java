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

  private static final double[][][] NONE = {};

  private final int length;
  private final int expected;

  /** What columns gave back, their arrays of chunks with gaps; {@link #next} is in the last. */
  private double[][][] spare = NONE;

  private int depth;
  private int next;
  private int count;
  private int limit;
  private int columns;

  /** Null while no column needs any. */
  private SpareCounts counts;

  /**
   * @param expected how many values a whole window brings, above 0
   */
  Chunks(int expected) {
    this.expected = expected;
    this.length = Math.min(expected, LONGEST);
  }

  /** Chunks that a whole window takes. */
  int expected() {
    return (expected + length - 1) / length;
  }

  /** Values that fit into one chunk. */
  int length() {
    return length;
  }

  /** Bytes of {@code chunks} chunks. */
  long bytes(int chunks) {
    long header = 16;
    return chunks * (header + (long) Double.BYTES * length);
  }

  /** Counters for columns that get too long for chunks. */
  synchronized SpareCounts counts() {
    if (counts == null) {
      counts = new SpareCounts();
    }
    return counts;
  }

  /** A number that tells each column from those beside it. */
  synchronized int nextPhase() {
    return columns++;
  }

  /** Keeps {@code change} chunks more, or less if negative. */
  synchronized void keep(int change) {
    limit += change;
    while (count > limit) {
      take();
    }
  }

  synchronized double[] take() {
    while (depth > 0) {
      double[][] last = spare[depth - 1];
      while (next > 0) {
        double[] chunk = last[--next];
        if (chunk != null) {
          last[next] = null;
          count--;
          return chunk;
        }
      }
      spare[--depth] = null;
      next = depth == 0 ? 0 : spare[depth - 1].length;
    }
    return new double[length];
  }

  /** Takes back chunks, of which there are {@code chunks} in an array that is used no more. */
  synchronized void giveBack(double[][] returned, int chunks) {
    if (chunks == 0 || count + chunks > limit) {
      return;
    }
    if (depth == spare.length) {
      spare = Arrays.copyOf(spare, depth + depth / 2 + 4);
    }
    spare[depth++] = returned;
    next = returned.length;
    count += chunks;
  }
}
