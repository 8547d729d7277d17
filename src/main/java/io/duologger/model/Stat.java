package io.duologger.model;

import java.util.Locale;
import java.util.Optional;

/**
 * One statistic of a window.
 *
 * @param type which one
 * @param millionths for {@link Type#PERCENTILE}: the percentile times a million, above 0 and at
 *     most 100 million; 0 for the others
 */
public record Stat(Type type, int millionths) {
  private static final int DECIMALS = 6;
  private static final int ONE = 1_000_000;

  /** The statistics that can be asked for. */
  public enum Type {
    MIN,
    MEAN,
    MAX,
    LAST,
    /**
     * The one number for the window, printed without a suffix: a gauge's last value, a rate's or
     * ratio's mean.
     */
    VALUE,
    PERCENTILE
  }

  public static final Stat MIN = new Stat(Type.MIN, 0);
  public static final Stat MEAN = new Stat(Type.MEAN, 0);
  public static final Stat MAX = new Stat(Type.MAX, 0);
  public static final Stat LAST = new Stat(Type.LAST, 0);
  public static final Stat VALUE = new Stat(Type.VALUE, 0);

  /** What {@link #parse} accepts, for messages. */
  public static final String EXPECTED =
      "min, mean, max, last, value or a percentile such as p50 or p99.9";

  /** Checks the percentile's range. */
  public Stat {
    if (type == Type.PERCENTILE && (millionths <= 0 || millionths > 100 * ONE)) {
      throw new IllegalArgumentException(
          "a percentile is above 0 and at most 100: " + millionths + " millionths");
    }
  }

  /**
   * The percentile {@code p}, such as 99.9: up to three digits, and up to 6 decimals.
   *
   * @throws IllegalArgumentException if it has another form, or is not above 0 and at most 100
   */
  public static Stat percentile(String p) {
    int point = p.indexOf('.');
    String whole = point < 0 ? p : p.substring(0, point);
    String fraction = point < 0 ? "" : p.substring(point + 1);
    if (whole.length() > 3 || fraction.length() > DECIMALS || (point >= 0 && fraction.isEmpty())) {
      throw new IllegalArgumentException("a percentile has up to 6 decimals: " + p);
    }
    int millionths = Integer.parseUnsignedInt(whole) * ONE;
    if (!fraction.isEmpty()) {
      millionths += Integer.parseUnsignedInt(fraction + "0".repeat(DECIMALS - fraction.length()));
    }
    return new Stat(Type.PERCENTILE, millionths);
  }

  /** Reads {@code min}, {@code p99.9} and the like; empty if the text is none of them. */
  public static Optional<Stat> parse(String text) {
    switch (text) {
      case "min":
        return Optional.of(MIN);
      case "mean":
        return Optional.of(MEAN);
      case "max":
        return Optional.of(MAX);
      case "last":
        return Optional.of(LAST);
      case "value":
        return Optional.of(VALUE);
      default:
        if (!text.matches("p[0-9]{1,3}(\\.[0-9]{1,6})?")) {
          return Optional.empty();
        }
        try {
          return Optional.of(percentile(text.substring(1)));
        } catch (IllegalArgumentException outOfRange) {
          return Optional.empty();
        }
    }
  }

  /**
   * What follows the series name in a key: {@code _min}, {@code _p99_9}; empty for {@link
   * Type#VALUE}.
   */
  public String suffix() {
    return type == Type.VALUE ? "" : "_" + text().replace('.', '_');
  }

  /** The form that {@link #parse} reads. */
  public String text() {
    return type == Type.PERCENTILE ? "p" + percentile() : type.name().toLowerCase(Locale.ROOT);
  }

  /** The percentile without trailing zeros. */
  private String percentile() {
    int fraction = millionths % ONE;
    if (fraction == 0) {
      return Integer.toString(millionths / ONE);
    }
    String decimals = Integer.toString(ONE + fraction).substring(1);
    int end = decimals.length();
    while (decimals.charAt(end - 1) == '0') {
      end--;
    }
    return millionths / ONE + "." + decimals.substring(0, end);
  }

  // Written out, as the JVM spins classes for a record's own at each start.
  @Override
  public boolean equals(Object other) {
    return other instanceof Stat that && type == that.type && millionths == that.millionths;
  }

  @Override
  public int hashCode() {
    return 31 * type.ordinal() + millionths;
  }
}
