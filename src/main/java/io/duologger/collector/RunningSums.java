package io.duologger.collector;

/**
 * Sums of the increases of some counters over devices that come and go: a device that vanishes,
 * appears or resets makes no step. Starts at 0. Used by one thread at a time.
 */
final class RunningSums {
  /** What one device has been counted with. */
  static final class Share {
    private final long[] before;
    private boolean member;

    Share(int columns) {
      before = new long[columns];
    }

    /** The device is not part of the sums now; when it is again, it starts anew. */
    void leave() {
      member = false;
    }
  }

  private final int[] columns;
  private final long[] sums;
  private int members;

  /** Sums of the {@code columns} of the devices' values. */
  RunningSums(int... columns) {
    this.columns = columns.clone();
    this.sums = new long[columns.length];
  }

  /** Starts a round of {@link #add}. */
  void begin() {
    members = 0;
  }

  /** Adds what the counters of a device have grown by since its last round; a decrease is none. */
  void add(Share share, long[] values) {
    members++;
    for (int i = 0; i < columns.length; i++) {
      long now = values[columns[i]];
      if (share.member && Long.compareUnsigned(now, share.before[i]) > 0) {
        sums[i] += now - share.before[i];
      }
      share.before[i] = now;
    }
    share.member = true;
  }

  /** The devices of this round. */
  int members() {
    return members;
  }

  /** The sum of the {@code index}th column. */
  long sum(int index) {
    return sums[index];
  }
}
