package io.duologger.format;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as plain decimal text: no exponent, no locale, no trailing zeros. Rounding is exact (half
 * to even on the number's binary value) and, but for very large and very small numbers, takes no
 * memory.
 */
final class Numbers {
  /** Nanoseconds. */
  static final long SECOND = 1_000_000_000;

  private static final int SIGNIFICANT = 9;
  private static final MathContext PRECISION = new MathContext(SIGNIFICANT, RoundingMode.HALF_EVEN);
  private static final int COVERED_DECIMALS = 9;

  /** From here on every double is integral and neighbours are more than 1 apart. */
  private static final double EXACT_LIMIT = 0x1p53;

  /** Down to here 9 digits need a power of ten that a long can hold. */
  private static final double FAST_FLOOR = 1e-9;

  /** What a percentage of tick counts may be off. */
  private static final double BINARY_NOISE = 1e-9;

  private static final long[] TENS = new long[19];

  static {
    TENS[0] = 1;
    for (int i = 1; i < TENS.length; i++) {
      TENS[i] = 10 * TENS[i - 1];
    }
  }

  private Numbers() {}

  /** Appends an integer. */
  static void integer(Bytes out, long value) {
    if (value < 0) {
      out.put('-');
    }
    out.digits(Math.abs(value), 1);
  }

  /**
   * Appends a finite number: integral values below 2^53 in full, others with 9 significant digits.
   */
  static void value(Bytes out, double value) {
    double size = Math.abs(value);
    if (size < EXACT_LIMIT && size == Math.rint(size)) {
      integer(out, (long) value);
      return;
    }
    if (size < FAST_FLOOR || size >= EXACT_LIMIT) {
      out.ascii(plain(new BigDecimal(value).round(PRECISION)));
      return;
    }
    if (value < 0) {
      out.put('-');
    }
    int decimals = SIGNIFICANT - 1 - (int) Math.floor(Math.log10(size));
    long scaled = scaled(size, decimals);
    // The logarithm may be one off next to a power of ten.
    if (scaled > TENS[SIGNIFICANT]) {
      scaled = scaled(size, --decimals);
    } else if (scaled <= TENS[SIGNIFICANT - 1]) {
      long finer = scaled(size, decimals + 1);
      if (finer <= TENS[SIGNIFICANT]) {
        scaled = finer;
        decimals++;
      }
    }
    if (decimals < 0) {
      out.digits(scaled * TENS[-decimals], 1);
    } else {
      decimal(out, scaled, decimals, 0);
    }
  }

  /** Appends a finite number rounded to an integer, half to even. */
  static void whole(Bytes out, double value) {
    if (Math.abs(value) < EXACT_LIMIT) {
      integer(out, (long) Math.rint(value));
    } else {
      out.ascii(new BigDecimal(value).toPlainString());
    }
  }

  /**
   * Appends a finite number with up to 2 decimals, half up. Below 10^9 what counts is the double
   * next to a hundred times the number, as in the old tools: 1.115 is 1.12.
   */
  static void hundredths(Bytes out, double value) {
    if (Math.abs(value) >= TENS[9]) {
      out.ascii(plain(new BigDecimal(value).setScale(2, RoundingMode.HALF_UP)));
      return;
    }
    long hundredths = (long) Math.floor(value * 100 + 0.5);
    if (hundredths < 0) {
      out.put('-');
    }
    decimal(out, Math.abs(hundredths), 2, 0);
  }

  /**
   * Appends a finite ratio as a whole percentage, cut and not rounded. A ratio that differs from a
   * whole percentage only because doubles are binary counts as that percentage.
   */
  static void percent(Bytes out, double ratio) {
    double percent = 100 * ratio;
    double nearest = Math.rint(percent);
    whole(out, Math.abs(percent - nearest) < BINARY_NOISE ? nearest : cut(percent));
  }

  private static double cut(double value) {
    return value < 0 ? Math.ceil(value) : Math.floor(value);
  }

  /** Appends covered seconds: up to 9 decimals and at least one. */
  static void covered(Bytes out, double seconds) {
    double size = Math.abs(seconds);
    if (size < EXACT_LIMIT && size == Math.rint(size)) {
      integer(out, (long) seconds);
      out.ascii(".0");
    } else if (size < FAST_FLOOR || size >= TENS[9]) {
      BigDecimal rounded =
          new BigDecimal(seconds)
              .setScale(COVERED_DECIMALS, RoundingMode.HALF_EVEN)
              .stripTrailingZeros();
      out.ascii(rounded.setScale(Math.max(1, rounded.scale())).toPlainString());
    } else {
      if (seconds < 0) {
        out.put('-');
      }
      decimal(out, scaled(size, COVERED_DECIMALS), COVERED_DECIMALS, 1);
    }
  }

  /**
   * Appends a span or instant of {@code nanos} in seconds, rounded to at most {@code decimals}
   * decimals (0 to 9).
   */
  static void seconds(Bytes out, long nanos, int decimals) {
    long unit = TENS[9 - decimals];
    long count = Math.floorDiv(nanos, unit);
    if (2 * Math.floorMod(nanos, unit) >= unit) {
      count++;
    }
    if (count < 0) {
      out.put('-');
    }
    decimal(out, Math.abs(count), decimals, 0);
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /** Appends {@code digits}, taken as unsigned, with the point {@code decimals} from the right. */
  private static void decimal(Bytes out, long digits, int decimals, int least) {
    long whole = Long.divideUnsigned(digits, TENS[decimals]);
    long fraction = Long.remainderUnsigned(digits, TENS[decimals]);
    int width = decimals;
    while (width > least && fraction % 10 == 0) {
      fraction /= 10;
      width--;
    }
    out.digits(whole, 1);
    if (width > 0) {
      out.put('.');
      out.digits(fraction, width);
    }
  }

  /**
   * {@code value * 10^decimals}, rounded to an integer; {@code value} is not integral, at least
   * 1e-9 and below 2^53, and the result is below 2^63.
   */
  private static long scaled(double value, int decimals) {
    if (decimals < 0) {
      long divisor = TENS[-decimals];
      long whole = (long) value;
      // What lies behind the point makes a half more than a half.
      return whole / divisor + (whole % divisor >= divisor / 2 ? 1 : 0);
    }
    long mantissa = Double.doubleToRawLongBits(value) & 0xfffffffffffffL | 0x10000000000000L;
    int shift = 52 - Math.getExponent(value);
    long high = Math.multiplyHigh(mantissa, TENS[decimals]);
    long low = mantissa * TENS[decimals];
    if (shift <= 63) {
      long quotient = high << (64 - shift) | low >>> shift;
      return rounded(quotient, low & (1L << shift) - 1, 1L << (shift - 1), false);
    }
    if (shift == 64) {
      return rounded(high, low >>> 1, 1L << 62, (low & 1) != 0);
    }
    int highShift = shift - 64;
    long remainder = high & (1L << highShift) - 1;
    return rounded(high >>> highShift, remainder, 1L << (highShift - 1), low != 0);
  }

  private static long rounded(long quotient, long remainder, long half, boolean more) {
    boolean up = remainder > half || remainder == half && (more || (quotient & 1) != 0);
    return up ? quotient + 1 : quotient;
  }
}
