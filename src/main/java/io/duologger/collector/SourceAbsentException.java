package io.duologger.collector;

import java.io.IOException;

/** The host does not have what a module reads: no fault, the module is off until it appears. */
public final class SourceAbsentException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Names what is not there. */
  public SourceAbsentException(String message) {
    super(message);
  }
}
