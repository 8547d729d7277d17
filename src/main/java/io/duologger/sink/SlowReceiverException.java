package io.duologger.sink;

import java.io.IOException;

/** The receiver takes nothing more for now, but all that was sent before. */
final class SlowReceiverException extends IOException {
  private static final long serialVersionUID = 1;

  SlowReceiverException(String message) {
    super(message);
  }
}
