package io.duologger.collector.tool;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A regular expression that lines of others are searched for. An expression may take time that
 * doubles with each character of a line: here a search is given up after a number of steps, and the
 * pattern finds nothing more until {@link #begin}. Used by one thread at a time.
 */
public final class LinePattern {
  /** What is looked at in one search: less than 10 ms, and enough for sound expressions. */
  private static final int MOST_STEPS = 1_000_000;

  /** The group that is the number in a line. */
  private static final String VALUE = "value";

  private final Pattern pattern;
  private final boolean hasValue;
  private final Line line = new Line();
  private Matcher found;
  private boolean gaveUp;

  /** A search takes too many steps. */
  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super("", null, false, false);
    }
  }

  /** A text of which every look at a character is counted. */
  private static final class Line implements CharSequence {
    private String text = "";
    private int left;

    void be(String newText) {
      text = newText;
      left = MOST_STEPS;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new TooLong();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * @param expression a legal regular expression
   */
  public LinePattern(String expression) {
    pattern = Pattern.compile(expression);
    hasValue = expression.contains("(?<" + VALUE + ">");
    found = pattern.matcher("");
  }

  /** From here on it searches again. */
  public void begin() {
    gaveUp = false;
  }

  /** Whether {@code text} has it somewhere; false if the search was given up. */
  public boolean isIn(String text) {
    if (gaveUp) {
      return false;
    }
    line.be(text);
    try {
      return found.reset(line).find();
    } catch (TooLong | StackOverflowError costly) {
      found = pattern.matcher("");
      gaveUp = true;
      return false;
    }
  }

  /** Whether a search was given up since {@link #begin}. */
  public boolean gaveUp() {
    return gaveUp;
  }

  /**
   * The number that is the group {@code value} of what {@link #isIn} has just found; empty if there
   * is no such group, or it is no number.
   */
  public OptionalDouble value() {
    if (!hasValue) {
      return OptionalDouble.empty();
    }
    Optional<String> group = Optional.ofNullable(found.group(VALUE));
    return group.isPresent() ? KeyValues.number(group.get()) : OptionalDouble.empty();
  }
}
