package io.duologger.format;

/**
 * Lines that are split between pairs where they would exceed a limit. Each part repeats the head. A
 * pair that is too long for a part of its own goes out whole nonetheless, behind the head as any
 * other; a head is never split.
 *
 * <p>If the format does not say otherwise, an info without text is left out, and each event has a
 * line of its own, since a key may not occur twice in a line; a line with events only has no
 * further one.
 *
 * <p>Used by one thread at a time.
 */
abstract class SplitFormat extends LineFormat {
  private final String opening;
  private final String closing;
  private final int maxBytes;
  private final int maxPairs;
  private int lineStart;
  private int pairStart;
  private int pairs;
  private int headStart;
  private int headBytes;
  private int headPairs;
  private boolean inHead;

  /**
   * With limits.
   *
   * @param opening what each line begins with; ASCII
   * @param closing what each line ends with; ASCII
   * @param maxBytes the number of bytes of a line, its line feed not counted
   * @param maxPairs the number of pairs of a line, its head's included
   */
  SplitFormat(String opening, String closing, int maxBytes, int maxPairs) {
    if (maxBytes < 1 || maxPairs < 1) {
      throw new IllegalArgumentException(
          "the limits of a line must be above 0: " + maxBytes + " bytes, " + maxPairs + " pairs");
    }
    this.opening = opening;
    this.closing = closing;
    this.maxBytes = maxBytes;
    this.maxPairs = maxPairs;
  }

  /**
   * What comes before the value of a pair.
   *
   * @param first whether it is the first of its line
   */
  abstract void beginPair(String key, boolean first);

  /** What comes after the value of a pair. */
  abstract void closePair();

  @Override
  void beginLine() {
    headStart = out.size();
    lineStart = headStart;
    pairs = 0;
    inHead = true;
    out.ascii(opening);
  }

  @Override
  final void endHead() {
    headBytes = out.size() - headStart;
    headPairs = pairs;
    inHead = false;
  }

  @Override
  final void beginPair(String key) {
    pairStart = out.size();
    beginPair(key, pairs == 0);
  }

  @Override
  final void endPair() {
    closePair();
    pairs++;
    boolean tooMuch = isTooLong() || pairs > maxPairs;
    if (tooMuch && !inHead && pairs > headPairs + 1) {
      lineStart = out.breakLine(pairStart, closing, headStart, headBytes);
      pairs = headPairs + 1;
    }
  }

  /** Whether the line would exceed its bytes if it ended here. */
  final boolean isTooLong() {
    return out.size() - lineStart + closing.length() > maxBytes;
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
      lineStart = out.breakLine(out.size(), closing, headStart, headBytes);
      pairs = headPairs;
    }
    pair(key, text);
  }

  @Override
  void endLine() {
    out.ascii(closing);
    out.put('\n');
  }

  /** A pair whose value is a text. */
  final void pair(String key, String text) {
    beginPair(key);
    text(text);
    endPair();
  }
}
