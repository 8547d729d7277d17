package io.duologger.topology;

import io.duologger.sink.SinkLog;

/** For sinks that have nothing to say. */
final class SilentLog implements SinkLog {
  @Override
  public void warn(String what) {
    throw new AssertionError(what);
  }

  @Override
  public void info(String what) {
    throw new AssertionError(what);
  }
}
