package io.duologger.collector.job;

/**
 * What members used that are gone, as far as it is not known yet whether an ancestor has inherited
 * it. Who waits for a child gets all that it used added to its own counters of waited-for children
 * (kernel/exit.c, wait_task_zombie); who ignores SIGCHLD gets nothing.
 *
 * <p>A child that was seen to be gone is, at the latest, in what the ancestor's counters say at the
 * next read: by as much as they grew, what is owed is paid. What is then still owed nobody
 * inherited, and is kept. So the sum over the tree never decreases, and never holds more than was
 * used. Used by one thread at a time.
 */
final class Inheritance {
  /** What vanished before the latest read of the ancestor. */
  private final long[] older = new long[Amounts.COUNT];

  /** What vanished at about the latest read. */
  private final long[] newer = new long[Amounts.COUNT];

  /** Whether anything was inherited since. */
  private boolean olderGrew;

  private boolean newerGrew;

  /** Owes {@code amounts} too. */
  void owe(long[] amounts) {
    for (int i = 0; i < amounts.length; i++) {
      newer[i] += amounts[i];
    }
  }

  /** Takes over all that {@code other} owes. */
  void takeOver(Inheritance other) {
    for (int i = 0; i < newer.length; i++) {
      newer[i] += other.older[i] + other.newer[i];
    }
  }

  /** What is owed still of amount {@code index}. */
  long owed(int index) {
    return older[index] + newer[index];
  }

  /** Whether anything is owed. */
  boolean isEmpty() {
    for (int i = 0; i < older.length; i++) {
      if (owed(i) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * After a read of the ancestor: pays by {@code growth} and adds to {@code kept} what was owed
   * before that read and nobody inherited.
   */
  void settle(long[] growth, long[] kept) {
    boolean grew = false;
    for (int i = 0; i < Amounts.FROM_STAT; i++) {
      grew |= growth[i] > 0;
    }
    olderGrew |= grew;
    newerGrew |= grew;
    for (int i = 0; i < growth.length; i++) {
      long left = growth[i];
      // The ancestor's own I/O is in the growth too; it pays nothing if nothing was inherited.
      if (i < Amounts.FROM_STAT || olderGrew) {
        long paid = Math.min(left, older[i]);
        older[i] -= paid;
        left -= paid;
      }
      if (i < Amounts.FROM_STAT || newerGrew) {
        newer[i] -= Math.min(left, newer[i]);
      }
      kept[i] += older[i];
      older[i] = newer[i];
      newer[i] = 0;
    }
    olderGrew = newerGrew;
    newerGrew = false;
  }
}
