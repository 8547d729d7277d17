package io.duologger.format;

/** A format whose limit is known late, when it is known what else a message holds. */
public interface LimitedFormat {
  /**
   * The format with a limit. A line that consists of its head and one pair may exceed it.
   *
   * @param maxBytes the number of bytes of a line, its line feed not counted; above 0
   */
  Format within(int maxBytes);
}
