package io.duologger.sink;

import io.duologger.model.RecorderClock;
import io.duologger.runtime.SystemClock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** A header, and clocks whose wall time stands still while their monotonic time goes on. */
final class SyslogFixture {
  static final RecorderClock CLOCK = at("2026-11-03T04:05:06Z");
  static final Rfc3164 HEADER = new Rfc3164(16, 6, "duologger", 42, HostForm.NONE, ZoneOffset.UTC);
  static final String LOCAL = "<134>Nov  3 04:05:06 duologger[42]: ";

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

  /** The time so many milliseconds from now. */
  static long in(long millis) {
    return CLOCK.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
