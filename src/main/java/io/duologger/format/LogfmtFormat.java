package io.duologger.format;

/**
 * Reports as {@code key=value} lines that every common parser reads alike: ASCII, pairs separated
 * by one blank, and nothing in a value that would need an escape.
 *
 * <p>A text stands as it is if it consists of {@code A-Z a-z 0-9 . _ : / + @ % -} only. Any other
 * is quoted, and within the quotes a double quote becomes a single one, a backslash a slash, a
 * control character a blank, and each code point above 126 (a lone surrogate too) a question mark.
 * A label or an event without text is {@code key=""}; an info without text is left out.
 *
 * <p>A line that would exceed a limit is split between pairs, and each part repeats the head. A
 * pair that is too long for a part of its own goes out whole nonetheless. Each event has a line of
 * its own, since a key may not occur twice in a line; a line with events only has no further one.
 *
 * <p>Used by one thread at a time.
 */
public final class LogfmtFormat extends SplitFormat {
  /** The number of bytes that syslog and the log stores take in one line. */
  public static final int DEFAULT_MAX_BYTES = 2000;

  /** The number of pairs that log stores take from one line. */
  public static final int DEFAULT_MAX_PAIRS = 50;

  /** With the default limits. */
  public LogfmtFormat() {
    this(DEFAULT_MAX_BYTES, DEFAULT_MAX_PAIRS);
  }

  /**
   * With limits of its own.
   *
   * @param maxBytes the number of bytes of a line, its line feed not counted
   * @param maxPairs the number of pairs of a line, its head's included
   */
  public LogfmtFormat(int maxBytes, int maxPairs) {
    super("", "", maxBytes, maxPairs);
  }

  @Override
  void beginPair(String key, boolean first) {
    if (!first) {
      out.put(' ');
    }
    out.ascii(key);
    out.put('=');
  }

  @Override
  void text(String value) {
    LogfmtText.append(out, value);
  }

  @Override
  void closePair() {}
}
