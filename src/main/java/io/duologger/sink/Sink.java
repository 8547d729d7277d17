package io.duologger.sink;

import io.duologger.model.Report;
import java.io.Closeable;
import java.io.IOException;

/** Where reports go. Never called by two threads at a time, and never by a thread that samples. */
public interface Sink extends Closeable {
  /**
   * Writes one report whole, or fails and leaves nothing half-written where that can be helped.
   *
   * @throws IOException if it could not be written; the next report is tried all the same
   */
  void write(Report report) throws IOException;

  /** Gives handles back. */
  @Override
  default void close() throws IOException {}
}
