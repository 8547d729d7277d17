package io.duologger.collector.job;

import java.io.IOException;

/** What the kernel tells of processes. Between any two calls they may do anything. */
interface Processes {
  /** Adds all that there are. */
  void list(Pids into) throws IOException;

  /**
   * Adds children of a member, perhaps not all.
   *
   * @return false if the kernel does not tell
   */
  boolean children(Member of, Pids into) throws IOException;

  /**
   * Adds children of a process that is no member, perhaps not all.
   *
   * @return false if the kernel does not tell
   */
  boolean children(int pid, Pids into) throws IOException;

  /**
   * The number that was given to the latest process or thread: the next ones get those behind it,
   * and begin anew behind the greatest.
   *
   * @return -1 if the kernel does not tell
   */
  int latest() throws IOException;

  /**
   * Whether a member is there that was seen a moment ago. Its number may be asked for instead: the
   * kernel gives all others before it gives that anew.
   */
  boolean isThere(Member of) throws IOException;

  /** Reads stat of any process; false if it is gone. */
  boolean stat(int pid, Stat into) throws IOException;

  /** The process that was looked at last is to be read again, as this member. */
  void keep(Member of);

  /** Reads stat of a member; false if it is gone. */
  boolean stat(Member of, Stat into) throws IOException;

  /**
   * Reads io of a member into the places of {@link Amounts} from {@link Amounts#READ_BYTES} on.
   *
   * @return false if it is gone or must not be read
   */
  boolean io(Member of, long[] into) throws IOException;

  /** Gives back what is kept of one that is no member, or not any more. */
  void release(Member of);

  /** Gives back what is kept open besides. */
  void close();
}
