package io.duologger.collector;

import io.duologger.model.Readings;
import java.io.Closeable;
import java.io.IOException;

/**
 * Reads one module's sources. Never called by two threads at a time, but by different threads over
 * time. It is told its {@link io.duologger.procfs.HostRoot} and settings at construction, which
 * reads nothing.
 */
public interface Collector extends Closeable {
  /** The module's name. */
  String name();

  /**
   * Reads everything once.
   *
   * @throws SourceAbsentException if this host does not have the source; asked again later, it may
   * @throws IOException if the read failed; the message names the file and what was wrong with it
   */
  void collect(Readings into) throws IOException;

  /** Gives file handles back. */
  @Override
  default void close() throws IOException {}
}
