package io.duologger.format;

import io.duologger.model.Report;

/**
 * Turns a report into the bytes of whole lines. Not safe for use by several threads: it reuses its
 * buffer.
 */
public interface Format {
  /** The lines of {@code report}, each ended by a line feed. */
  byte[] bytes(Report report);
}
