package io.duologger.model;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * One statistic of a window.
 *
 * @param type which one
 * @param percentile for {@link Type#PERCENTILE}: above 0 and at most 100, exactly as it was
 *     written; 0 for the others
 */
public record Stat(Type type, BigDecimal percentile) {
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

  public static final Stat MIN = new Stat(Type.MIN, BigDecimal.ZERO);
  public static final Stat MEAN = new Stat(Type.MEAN, BigDecimal.ZERO);
  public static final Stat MAX = new Stat(Type.MAX, BigDecimal.ZERO);
  public static final Stat LAST = new Stat(Type.LAST, BigDecimal.ZERO);
  public static final Stat VALUE = new Stat(Type.VALUE, BigDecimal.ZERO);

  /** What {@link #parse} accepts, for messages. */
  public static final String EXPECTED =
      "min, mean, max, last, value or a percentile such as p50 or p99.9";

  /** Normalises the percentile and checks its range. */
  public Stat {
    if (type == Type.PERCENTILE) {
      percentile = percentile.stripTrailingZeros();
      if (percentile.signum() <= 0
          || percentile.compareTo(BigDecimal.valueOf(100)) > 0
          || percentile.scale() > 6) {
        throw new IllegalArgumentException(
            "a percentile is above 0 and at most 100, with up to 6 decimals: " + percentile);
      }
    }
  }

  /** The percentile {@code p}, such as 99.9. */
  public static Stat percentile(String p) {
    return new Stat(Type.PERCENTILE, new BigDecimal(p));
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
    return type == Type.PERCENTILE
        ? "p" + percentile.toPlainString()
        : type.name().toLowerCase(Locale.ROOT);
  }

  // Written out, as the JVM spins classes for a record's own at each start.
  @Override
  public boolean equals(Object other) {
    return other instanceof Stat that && type == that.type && percentile.equals(that.percentile);
  }

  @Override
  public int hashCode() {
    return 31 * type.ordinal() + percentile.hashCode();
  }
}
