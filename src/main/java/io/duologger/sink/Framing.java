package io.duologger.sink;

/** How messages are told apart on a stream (RFC 6587, section 3.4). */
public enum Framing {
  /** The length in decimal digits and a blank before each. */
  OCTET_COUNTING,
  /** A line feed after each; none may be inside. */
  LINE_FEED,
  /** A zero byte after each, as glibc does on local stream sockets. */
  ZERO
}
