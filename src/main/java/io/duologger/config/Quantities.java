package io.duologger.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.OptionalLong;

/** Durations and sizes as text: a decimal number and a unit of HOCON's. */
final class Quantities {
  private static final String BARE = "[-+]?[0-9.]+([eE][-+]?[0-9]+)?";
  private static final int MOST_DIGITS = 40;
  private static final int MOST_DECIMALS = 20;

  private static final long SECOND = 1_000_000_000L;

  /** So many digits, times any unit up to a day, fit a long. */
  private static final int FEW_DIGITS = 5;

  private Quantities() {}

  /** Whether the text is a number without a unit. */
  static boolean bare(String text) {
    return text.strip().matches(BARE);
  }

  /**
   * Nanoseconds, {@link Long#MAX_VALUE} for that many and more; empty if the text is no duration.
   * Nothing needs no unit.
   */
  static OptionalLong nanos(String text) {
    return text.strip().equals("0") ? OptionalLong.of(0) : scaled(text, true);
  }

  /** Bytes, {@link Long#MAX_VALUE} for that many and more; empty if the text is no size. */
  static OptionalLong bytes(String text) {
    return scaled(text, false);
  }

  private static OptionalLong scaled(String text, boolean duration) {
    String whole = text.strip();
    int end = endOfNumber(whole);
    String number = whole.substring(0, end);
    String name = whole.substring(end).stripLeading();
    long unit = duration ? nanosOf(name) : bytesOf(name);
    if (end == 0 || unit == 0) {
      return OptionalLong.empty();
    }
    if (number.length() <= FEW_DIGITS && number.indexOf('.') < 0) {
      // BigDecimal takes JDK 25 ten milliseconds to load.
      return OptionalLong.of(Long.parseLong(number) * unit);
    }
    BigDecimal scaled =
        new BigDecimal(number)
            .multiply(BigDecimal.valueOf(unit))
            .setScale(0, RoundingMode.HALF_UP)
            .min(BigDecimal.valueOf(Long.MAX_VALUE));
    return OptionalLong.of(scaled.longValueExact());
  }

  /** Where the decimal number ends that {@code text} begins with; 0 if there is none. */
  private static int endOfNumber(String text) {
    int point = endOfDigits(text, 0);
    if (point == 0 || point > MOST_DIGITS) {
      return 0;
    }
    if (point == text.length() || text.charAt(point) != '.') {
      return point;
    }
    int end = endOfDigits(text, point + 1);
    int decimals = end - point - 1;
    return decimals == 0 || decimals > MOST_DECIMALS ? 0 : end;
  }

  private static int endOfDigits(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  /** The unit in nanoseconds; 0 if there is no such unit. */
  private static long nanosOf(String unit) {
    switch (unit) {
      case "ns", "nano", "nanos", "nanosecond", "nanoseconds":
        return 1;
      case "us", "micro", "micros", "microsecond", "microseconds":
        return 1_000;
      case "ms", "milli", "millis", "millisecond", "milliseconds":
        return 1_000_000;
      case "s", "second", "seconds":
        return SECOND;
      case "m", "minute", "minutes":
        return 60 * SECOND;
      case "h", "hour", "hours":
        return 3_600 * SECOND;
      case "d", "day", "days":
        return 86_400 * SECOND;
      default:
        return 0;
    }
  }

  /** The unit in bytes; 0 if there is no such unit. */
  private static long bytesOf(String unit) {
    switch (unit) {
      case "B", "b", "byte", "bytes":
        return 1;
      case "kB", "kilobyte", "kilobytes":
        return 1_000;
      case "MB", "megabyte", "megabytes":
        return 1_000_000;
      case "GB", "gigabyte", "gigabytes":
        return 1_000_000_000;
      case "TB", "terabyte", "terabytes":
        return 1_000_000_000_000L;
      case "K", "k", "Ki", "KiB", "kibibyte", "kibibytes":
        return 1L << 10;
      case "M", "m", "Mi", "MiB", "mebibyte", "mebibytes":
        return 1L << 20;
      case "G", "g", "Gi", "GiB", "gibibyte", "gibibytes":
        return 1L << 30;
      case "T", "t", "Ti", "TiB", "tebibyte", "tebibytes":
        return 1L << 40;
      default:
        return 0;
    }
  }

  /** The duration in the largest unit that gives a whole number. */
  static String text(Duration duration) {
    long nanos = duration.toNanos();
    String[] names = {" days", " hours", " minutes", " s", " ms", " us"};
    long[] units = {86_400 * SECOND, 3_600 * SECOND, 60 * SECOND, SECOND, 1_000_000, 1_000};
    for (int i = 0; i < units.length; i++) {
      if (nanos != 0 && nanos % units[i] == 0) {
        long count = nanos / units[i];
        String name = names[i];
        return count + (count == 1 && i < 3 ? name.substring(0, name.length() - 1) : name);
      }
    }
    return nanos + (nanos == 0 ? " s" : " ns");
  }

  /** The size in the largest binary unit that gives a whole number. */
  static String text(long bytes) {
    String[] names = {" TiB", " GiB", " MiB", " KiB"};
    for (int i = 0; i < names.length; i++) {
      long unit = 1L << (40 - 10 * i);
      if (bytes != 0 && bytes % unit == 0) {
        return bytes / unit + names[i];
      }
    }
    return bytes + " B";
  }
}
