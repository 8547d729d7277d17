package io.duologger.sink;

import io.duologger.model.RecorderClock;
import java.util.concurrent.TimeUnit;

/** A clock that the test moves. */
final class ManualClock implements RecorderClock {
  private long nanos = 7_654_321_987_654_321L;

  @Override
  public long wall() {
    return nanos + 1_234_567_890_123_456_789L;
  }

  @Override
  public long monotonicNanos() {
    return nanos;
  }

  void pass(long more) {
    nanos += more;
  }

  void passMillis(long millis) {
    pass(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
