package io.duologger.sink;

import java.io.Closeable;
import java.io.IOException;

/**
 * The way to a receiver. Opened by the first report and anew after a failure; used by one thread at
 * a time.
 */
interface Link extends Closeable {
  /**
   * Sends the rest of a report, and opens the way first if it is not open. Each message is marked
   * as sent when the system has taken it.
   *
   * @throws IOException if not all is sent when the patience is over or something fails. The link
   *     is closed then, unless it was only that the receiver is slow; what was marked as sent stays
   *     so, unless the way is one on which that means nothing: then the report is set back to its
   *     start
   */
  void send(Outgoing report, Patience patience) throws IOException;

  /**
   * Whether it can be learned that the receiver's host has taken what was sent. If not, sent is all
   * that there is to know.
   */
  boolean confirms();

  /**
   * Whether the receiver's host has acknowledged all that was sent; does not wait.
   *
   * @throws IOException if the connection has ended since, even in order: a receiver that dies does
   *     that too. The link is closed then
   */
  boolean isTaken() throws IOException;

  /**
   * Ends the connection in order and waits for the receiver to have read to its end. The link is
   * closed after that.
   *
   * @return whether the receiver has ended it too, having read everything, or at least its host has
   *     acknowledged all of it
   * @throws IOException if the connection broke instead, or the receiver had ended it before
   */
  boolean finish(Patience patience) throws IOException;

  /** Gives the handles back. */
  @Override
  void close() throws IOException;
}
