package io.duologger.virtual;

import io.duologger.model.RecorderClock;
import io.reactivex.rxjava3.core.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The time of a test: it stands still until it is told to go on. Beyond that it can do what real
 * time does to a recorder: the timer can stall while the clocks go on, and the wall clock can step
 * against the monotonic clock.
 */
public final class VirtualTime implements RecorderClock {
  /** Where the monotonic clock starts: a number that no code can take for a wall clock. */
  private static final long ORIGIN = 7_654_321_987_654_321L;

  private final VirtualScheduler scheduler;
  private long wallOffset;

  /** Starts with the given instant on the wall clock and an unrelated monotonic clock. */
  public VirtualTime(Instant start) {
    this(start, new VirtualScheduler());
  }

  /**
   * As above.
   *
   * @param ties decides in which order tasks run that are due at the same instant
   */
  public VirtualTime(Instant start, Random ties) {
    this(start, new VirtualScheduler(ties));
  }

  private VirtualTime(Instant start, VirtualScheduler scheduler) {
    this.scheduler = scheduler;
    this.wallOffset = TimeUnit.SECONDS.toNanos(start.getEpochSecond()) + start.getNano() - ORIGIN;
  }

  @Override
  public long monotonicNanos() {
    return ORIGIN + scheduler.nanos();
  }

  @Override
  public synchronized long wall() {
    return monotonicNanos() + wallOffset;
  }

  /** Nanoseconds since the test began. */
  public long elapsed() {
    return scheduler.nanos();
  }

  /** The wall clock minus the monotonic clock, nanoseconds. */
  public synchronized long wallOffset() {
    return wallOffset;
  }

  /** Runs what is due on it, at the very instant it is due unless the timer stalls. */
  public Scheduler scheduler() {
    return scheduler;
  }

  /** Lets time pass; every timer fires on time. */
  public void advance(Duration span) {
    scheduler.advance(span.toNanos());
  }

  /**
   * Lets the clocks go on while no timer fires: those due in the span fire late, when {@link
   * #advance} is called next, all at once.
   */
  public void stall(Duration span) {
    scheduler.stall(span.toNanos());
  }

  /** Moves the wall clock against the monotonic clock. A host that was suspended shows the same. */
  public synchronized void stepWall(Duration step) {
    wallOffset += step.toNanos();
  }
}
