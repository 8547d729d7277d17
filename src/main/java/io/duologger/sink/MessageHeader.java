package io.duologger.sink;

/** What stands before the text of a syslog message. Safe for use by any thread. */
public interface MessageHeader {
  /**
   * The header, up to where the text begins. ASCII; it has neither control characters nor, whatever
   * the host's name is, a field more or less.
   *
   * @param host the name that reports call the host
   * @param wallNanos the time of the message, nanoseconds since the epoch
   */
  byte[] bytes(String host, long wallNanos);
}
