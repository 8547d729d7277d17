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
public final class LogfmtFormat extends LineFormat {
  /** The number of bytes that syslog and the log stores take in one line. */
  public static final int DEFAULT_MAX_BYTES = 2000;

  /** The number of pairs that log stores take from one line. */
  public static final int DEFAULT_MAX_PAIRS = 50;

  private final int maxBytes;
  private final int maxPairs;
  private int lineStart;
  private int pairStart;
  private int pairs;
  private int headStart;
  private int headBytes;
  private int headPairs;
  private boolean inHead;

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
    if (maxBytes < 1 || maxPairs < 1) {
      throw new IllegalArgumentException(
          "the limits of a line must be above 0: " + maxBytes + " bytes, " + maxPairs + " pairs");
    }
    this.maxBytes = maxBytes;
    this.maxPairs = maxPairs;
  }

  @Override
  void beginLine() {
    lineStart = out.size();
    headStart = lineStart;
    pairs = 0;
    inHead = true;
  }

  @Override
  void endHead() {
    headBytes = out.size() - headStart;
    headPairs = pairs;
    inHead = false;
  }

  @Override
  void beginPair(String key) {
    pairStart = out.size();
    if (pairs > 0) {
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
  void endPair() {
    pairs++;
    boolean tooLong = out.size() - lineStart > maxBytes || pairs > maxPairs;
    if (tooLong && !inHead && pairs > headPairs + 1) {
      out.breakLine(pairStart, headStart, headBytes);
      lineStart = pairStart + 1;
      pairs = headPairs + 1;
    }
  }

  @Override
  void info(String key, String text) {
    if (!text.isEmpty()) {
      pair(key, text);
    }
  }

  @Override
  void event(String key, String text) {
    if (pairs > headPairs) {
      out.put('\n');
      lineStart = out.size();
      out.repeat(headStart, headBytes);
      pairs = headPairs;
    }
    pair(key, text);
  }

  @Override
  void endLine() {
    out.put('\n');
  }

  private void pair(String key, String text) {
    beginPair(key);
    text(text);
    endPair();
  }
}
