package io.duologger.sink;

import java.io.Closeable;
import java.io.IOException;

/**
 * A way to a receiver that takes a message whole or not at all. Opened by the first message, and
 * anew after a failure. Used by one thread at a time.
 */
interface Datagrams extends Closeable {
  /**
   * Sends one message.
   *
   * @param deadline until when it may wait for the receiver, by the monotonic clock
   * @throws DatagramLostException if a message is lost and the next may be sent all the same
   * @throws IOException if the next would fail too
   */
  void send(byte[] message, long deadline) throws IOException;

  /** Milliseconds until {@code deadline}, rounded up; 0 if it has passed. */
  static int millisUntil(long deadline, long now) {
    return (int) Math.max(0, (deadline - now + 999_999) / 1_000_000);
  }
}
