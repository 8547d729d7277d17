package io.duologger.sink;

import io.duologger.model.Aggregate;
import io.duologger.model.Report;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Where reports go. Never called by two threads at a time, and never by a thread that samples. */
public interface Sink extends Closeable {
  /**
   * Prepares what should be there before the first report.
   *
   * @throws IOException if the run has no purpose without it
   */
  default void open() throws IOException {}

  /**
   * Writes one report whole, or fails and leaves nothing half-written where that can be helped.
   *
   * @throws IOException if it could not be written; the next report is tried all the same
   */
  void write(Report report) throws IOException;

  /** What it has measured of itself, for the self-report; may be called by any thread. */
  default List<Aggregate> measures() {
    return List.of();
  }

  /** Gives handles back. */
  @Override
  default void close() throws IOException {}
}
