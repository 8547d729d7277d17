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
   * @return whether it had to wait for the receiver
   * @throws MessageTooLongException if this message can never be sent
   * @throws SlowReceiverException if the receiver had no room until the patience was over
   * @throws IOException if the way is broken; it is closed then
   */
  boolean send(byte[] message, Patience patience) throws IOException;
}
