package io.duologger.virtual;

import io.duologger.model.RecorderClock;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The time of a test: it stands still until it is told to go on. Beyond that it can do what real
 * time does to a recorder: the timer can stall while the clocks go on, and the wall clock can step
 * against the monotonic clock.
 */
public final class VirtualTime implements RecorderClock {
  private final TestScheduler scheduler = new TestScheduler();
  private long stalled;
  private long wallOffset;

  /** Starts with the given instant on the wall clock and an unrelated monotonic clock. */
  public VirtualTime(Instant start) {
    wallOffset = TimeUnit.SECONDS.toNanos(start.getEpochSecond()) + start.getNano();
  }

  @Override
  public synchronized long monotonicNanos() {
    return scheduler.now(TimeUnit.NANOSECONDS) + stalled;
  }

  @Override
  public synchronized long wall() {
    return monotonicNanos() + wallOffset;
  }

  /** Runs what is due on it, at the very instant it is due. */
  public Scheduler scheduler() {
    return scheduler;
  }

  /** Lets time pass; every timer fires on time. */
  public void advance(Duration span) {
    scheduler.advanceTimeBy(span.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Lets the clocks go on while no timer fires: those due in the span fire late, when time passes
   * again.
   */
  public synchronized void stall(Duration span) {
    stalled += span.toNanos();
  }

  /** Moves the wall clock against the monotonic clock. A host that was suspended shows the same. */
  public synchronized void stepWall(Duration step) {
    wallOffset += step.toNanos();
  }
}
