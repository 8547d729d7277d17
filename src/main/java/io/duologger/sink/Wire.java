package io.duologger.sink;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * An open connection on which bytes go to a receiver. Nothing but {@link #await} waits, and what a
 * call does is bounded whatever the receiver sends. Used by one thread at a time.
 */
interface Wire extends Closeable {
  /**
   * Reads what the receiver has sent, and throws it away.
   *
   * @return false if the receiver has ended the connection
   * @throws IOException if the connection is broken
   */
  boolean drain() throws IOException;

  /**
   * Writes as much as the system takes now. To be called with the same bytes until it returns true.
   * As long as their position does not change, none of them is on its way.
   *
   * @return whether all is written
   */
  boolean write(ByteBuffer bytes) throws IOException;

  /**
   * Tells the receiver that nothing follows; it is {@link #drain} then that says whether the
   * receiver has ended the connection too. To be called until it returns true.
   *
   * @return whether the system has taken that
   */
  boolean end() throws IOException;

  /**
   * Waits until something can be read, or else written if {@code writing}, for one slice of the
   * patience at most.
   */
  void await(boolean writing, Patience patience) throws IOException;

  /** This end of the connection. */
  SocketAddress local() throws IOException;

  /** The receiver's end of the connection. */
  SocketAddress remote() throws IOException;

  /** Ends the connection at once. What the system has taken is sent nevertheless. */
  @Override
  void close() throws IOException;
}
