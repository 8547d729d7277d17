package io.duologger.window;

/** The configuration asks for more raw values than there is memory for. */
public final class PercentileMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PercentileMemoryException(String message) {
    super(message);
  }
}
