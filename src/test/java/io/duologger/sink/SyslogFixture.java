package io.duologger.sink;

import io.duologger.model.RecorderClock;
import io.duologger.runtime.SystemClock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** A wall clock that stands still, over a monotonic clock that goes on. */
final class SyslogFixture {
  static final RecorderClock CLOCK = at("2026-11-03T04:05:06Z");

  private static final SystemClock REAL = new SystemClock();

  private SyslogFixture() {}

  /** A clock that always shows {@code time}. */
  static RecorderClock at(String time) {
    Instant instant = Instant.parse(time);
    long wall = TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    return new RecorderClock() {
      @Override
      public long wall() {
        return wall;
      }

      @Override
      public long monotonicNanos() {
        return REAL.monotonicNanos();
      }
    };
  }

  /** So many milliseconds from now on. */
  static Patience in(long millis) {
    return new Patience(CLOCK, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** The time so many milliseconds from now. */
  static long after(long millis) {
    return CLOCK.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
