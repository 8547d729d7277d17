package io.duologger.runtime;

import io.duologger.model.RecorderClock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The host's clocks: CLOCK_REALTIME and CLOCK_MONOTONIC. Safe for use by any thread. */
public final class SystemClock implements RecorderClock {
  @Override
  public long wall() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  @Override
  public long monotonicNanos() {
    return System.nanoTime();
  }
}
