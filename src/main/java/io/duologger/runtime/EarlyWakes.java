package io.duologger.runtime;

import java.util.concurrent.TimeUnit;

/**
 * When a thread that keeps time wakes, so that it runs at once when something is due although
 * others compute on every processor. The kernel's scheduler (EEVDF) lets a thread that wakes wait
 * for the end of a running one's slice, some milliseconds, unless it is still owed time from
 * waiting before; and it may take the processor away in the middle of the reads. What is owed
 * outlasts a sleep. So while things come late, the thread wakes a few times before something is
 * due, only to wait if it has to. Where nothing comes late there are no such wakes.
 *
 * <p>Used by one thread. Times are of {@link System#nanoTime}.
 *
 * <p>Source: Linux, Documentation/scheduler/sched-eevdf.rst, and place_entity in
 * kernel/sched/fair.c.
 */
final class EarlyWakes {
  /** Later than this comes what had to wait for a slice, or what was interrupted by one. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final int WAKES = 3;

  /**
   * More than the 4 ms between two interrupts of the timer at 250 Hz, and no multiple of it: a wake
   * that comes soon after such an interrupt waits for the next, so one of three should be.
   */
  private static final long APART_NANOS = TimeUnit.MICROSECONDS.toNanos(5_300);

  /** What is due sooner gets none: they would be a good part of the wakes. */
  static final long ROOM_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** After so many wakes of which none was late there are no early ones any more. */
  private static final int AFTER_LATE = 1_000;

  /** As many after something took long, which may also be for other reasons. */
  private static final int AFTER_LONG = 100;

  /** Wakes until there are no early ones any more. */
  private int needed;

  /** Early wakes until what is due. */
  private int left;

  /** When to wake if something is due then, and nothing before. */
  long next(long now, long due) {
    if (needed == 0) {
      return due;
    }
    if (left == 0 && due - now >= ROOM_NANOS) {
      left = WAKES;
    }
    while (left > 0) {
      long early = due - left * APART_NANOS;
      if (early - now > 0) {
        return early;
      }
      left--;
    }
    return due;
  }

  /** The thread was to wake at a time, and has woken: then, late, or before that. */
  void woken(long at, long now) {
    if (now - at > LATE_NANOS) {
      needed = AFTER_LATE;
    } else if (now - at >= 0 && needed > 0) {
      needed--;
    }
  }

  /** Something took so long that should be quick. */
  void took(long nanos) {
    if (nanos > LATE_NANOS) {
      needed = Math.max(needed, AFTER_LONG);
    }
  }
}
