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

  /** What is known of what was sent. */
  enum State {
    /** The receiver's host has not acknowledged all of it. */
    UNDERWAY,
    /** It has. */
    TAKEN,
    /** It has, and the receiver has ended the connection since, in order; the link is closed. */
    ENDED
  }

  /**
   * How far what was sent has got; does not wait.
   *
   * @throws IOException if the connection has ended before all was taken, or that is not known; the
   *     link is closed then
   */
  State state() throws IOException;

  /**
   * Ends the connection in order and waits for the receiver to have read to its end. The link is
   * closed after that.
   *
   * @return whether the receiver has ended it too, having read everything, or at least its host has
   *     acknowledged all of it
   * @throws IOException if the connection broke instead
   */
  boolean finish(Patience patience) throws IOException;

  /** Gives the handles back. */
  @Override
  void close() throws IOException;
}
