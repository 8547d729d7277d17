package io.duologger.window;

import java.math.BigDecimal;

/**
 * The nearest-rank rule for percentiles, in integer arithmetic: {@code rank = ceil(p * n / 100)}.
 */
final class NearestRank {
  private NearestRank() {}

  /**
   * The 1-based rank of percentile {@code p} (above 0, at most 100, up to 6 decimals) among {@code
   * n} sorted values.
   */
  static long rank(BigDecimal p, long n) {
    long scaled = p.movePointRight(6).longValueExact();
    long whole = 100_000_000L;
    // n = q * whole + r keeps both products below 2^63 for every n that can be counted in a window
    long q = n / whole;
    long r = n % whole;
    return q * scaled + (r * scaled + whole - 1) / whole;
  }
}
