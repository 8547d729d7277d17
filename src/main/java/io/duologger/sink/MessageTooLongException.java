package io.duologger.sink;

import java.io.IOException;

/** One message is too long for the receiver or the system; those that follow may be sent. */
final class MessageTooLongException extends IOException {
  private static final long serialVersionUID = 1;

  /** A message of {@code length} bytes. */
  MessageTooLongException(String receiver, int length) {
    super(
        "cannot send to "
            + receiver
            + ": a message of "
            + length
            + " bytes is too long, lower line-bytes");
  }
}
