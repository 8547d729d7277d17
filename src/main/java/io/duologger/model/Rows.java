package io.duologger.model;

/**
 * The arrays of one layout's samples, which go round between whoever makes samples and whoever
 * folds them. A bounded number of them is kept; the rest is left to the garbage collector. Safe for
 * use by several threads.
 */
final class Rows {
  /** So many are kept: more than wait to be folded. */
  private static final int KEPT = 20;

  private static final long[][] NONE = {};

  private final int size;
  private long[][] spare = NONE;
  private int count;

  /**
   * @param size of each array
   */
  Rows(int size) {
    this.size = size;
  }

  synchronized long[] take() {
    return count == 0 ? new long[size] : spare[--count];
  }

  synchronized void giveBack(long[] row) {
    if (row.length != size || size == 0 || count == KEPT) {
      return;
    }
    if (spare.length == 0) {
      spare = new long[KEPT][];
    }
    spare[count++] = row;
  }
}
