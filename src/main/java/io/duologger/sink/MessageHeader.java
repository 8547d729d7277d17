package io.duologger.sink;

/** What stands before the text of a syslog message. Safe for use by any thread. */
public interface MessageHeader {
  /**
   * The header, up to where the text begins.
   *
   * @param host the name that reports call the host
   * @param wall the time of the message, nanoseconds since the epoch
   */
  byte[] bytes(String host, long wall);
}
