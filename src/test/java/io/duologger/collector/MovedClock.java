package io.duologger.collector;

import io.duologger.model.RecorderClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that the test moves; threads of the code under test may look at it. */
final class MovedClock implements RecorderClock {
  private final AtomicLong nanos = new AtomicLong(7_654_321_987_654_321L);

  @Override
  public long wall() {
    return nanos.get() + 1_234_567_890_123_456_789L;
  }

  @Override
  public long monotonicNanos() {
    return nanos.get();
  }

  void pass(Duration more) {
    nanos.addAndGet(more.toNanos());
  }
}
