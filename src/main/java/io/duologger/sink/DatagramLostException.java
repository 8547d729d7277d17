package io.duologger.sink;

import java.io.IOException;

/** One message is lost, for a reason that does not concern those that follow. */
final class DatagramLostException extends IOException {
  private static final long serialVersionUID = 1;

  DatagramLostException(String message) {
    super(message);
  }

  DatagramLostException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A message of more bytes than the receiver or the system takes. */
  static DatagramLostException tooLong(String receiver, int length) {
    return new DatagramLostException(
        "cannot send to "
            + receiver
            + ": a message of "
            + length
            + " bytes is too long, lower line-bytes");
  }
}
