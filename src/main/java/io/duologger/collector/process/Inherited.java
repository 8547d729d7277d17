package io.duologger.collector.process;

/**
 * What ended children had used when they were last seen. The kernel adds what a child has used in
 * its life to its parent's counter when the parent has waited for it: what was seen of it has been
 * counted already, and only the rest is news. Used by one thread at a time.
 */
final class Inherited {
  private long before;
  private long now;

  /** A child that ended had used {@code amount} when it was last seen. */
  void add(long amount) {
    now += amount;
  }

  /** What is waited for. */
  long pending() {
    return before + now;
  }

  /**
   * What of an increase of the parent's counter is news. A child that ended after its parent was
   * read is in the next increase, and one that nobody waits for in none.
   */
  long news(long increase) {
    long rest = increase;
    if (rest >= before + now) {
      rest -= before + now;
      now = 0;
    } else if (rest >= before) {
      rest -= before;
    } else if (rest >= now) {
      rest -= now;
      now = 0;
    }
    age();
    return rest;
  }

  /** What of an amount is left when as much as possible of what is waited for is taken from it. */
  long rest(long amount) {
    long old = Math.min(amount, before);
    long young = Math.min(amount - old, now);
    before -= old;
    now -= young;
    return amount - old - young;
  }

  /** What was waited for twice in vain never comes. */
  void age() {
    before = now;
    now = 0;
  }
}
