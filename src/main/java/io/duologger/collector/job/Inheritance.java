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

  /** Whether any ancestor may have inherited it. */
  private boolean olderOrphan;

  private boolean newerOrphan;

  /**
   * Owes {@code amounts} too.
   *
   * @param orphan whether not only the one that owes may have inherited it, but any ancestor
   */
  void owe(long[] amounts, boolean orphan) {
    for (int i = 0; i < amounts.length; i++) {
      newer[i] += amounts[i];
    }
    newerOrphan |= orphan;
  }

  /** Takes over all that {@code other} owes, who is gone. */
  void takeOver(Inheritance other) {
    for (int i = 0; i < newer.length; i++) {
      newer[i] += other.older[i] + other.newer[i];
    }
    newerOrphan = true;
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

  /** After a read: pays by the growth of who owes what vanished before the latest read. */
  void payOlder(Member owing) {
    pay(older, owing, owing.inherited || owing.inheritedBefore);
  }

  /** Pays by the growth of who owes, as far as it is left, what vanished at about that read. */
  void payNewer(Member owing) {
    pay(newer, owing, owing.inherited);
  }

  /**
   * Pays by the growth of an ancestor what it may have inherited.
   *
   * @param ended whether who owes has ended, and so perhaps left children to the ancestor
   */
  void payOlderOrphans(Member ancestor, boolean ended) {
    if (olderOrphan || ended) {
      pay(older, ancestor, ancestor.inherited || ancestor.inheritedBefore);
    }
  }

  /** The same of what vanished at about the latest read. */
  void payNewerOrphans(Member ancestor, boolean ended) {
    if (newerOrphan || ended) {
      pay(newer, ancestor, ancestor.inherited);
    }
  }

  /** Growth of I/O holds the member's own: it pays nothing if the member has inherited nothing. */
  private static void pay(long[] owed, Member by, boolean inherited) {
    for (int i = 0; i < owed.length; i++) {
      if (i < Amounts.FROM_STAT || inherited) {
        long paid = Math.min(by.growth[i], owed[i]);
        owed[i] -= paid;
        by.growth[i] -= paid;
      }
    }
  }

  /** Adds to {@code kept} what was owed before the latest read and nobody inherited. */
  void age(long[] kept) {
    for (int i = 0; i < older.length; i++) {
      kept[i] += older[i];
      older[i] = newer[i];
      newer[i] = 0;
    }
    olderOrphan = newerOrphan;
    newerOrphan = false;
  }
}
