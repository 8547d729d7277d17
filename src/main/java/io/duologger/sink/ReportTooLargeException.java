package io.duologger.sink;

import java.io.IOException;

/** A report is larger than the whole spool may be. No other report is in its way. */
final class ReportTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  ReportTooLargeException(long bytes, long maxBytes) {
    super("a report of " + bytes + " bytes cannot be kept in a spool of " + maxBytes);
  }
}
