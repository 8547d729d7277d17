package io.duologger.collector.job;

import java.io.IOException;

/** An strace whose calls are being counted. Used by one thread at a time. */
interface Tracing {
  /** Whether there may be more to come: it ends with the last process that it follows. */
  boolean isRunning();

  /**
   * Waits for what was printed last, after its end.
   *
   * @throws IOException if it did not end by itself
   */
  void finish() throws IOException;

  /** Lets the processes go on without it. */
  void stop();
}
