package io.duologger.window;

/**
 * The nearest-rank rule for percentiles, in integer arithmetic: {@code rank = ceil(p * n / 100)}.
 */
final class NearestRank {
  private NearestRank() {}

  /**
   * The 1-based rank of a percentile among {@code n} sorted values.
   *
   * @param millionths the percentile times a million, above 0 and at most 100 million
   */
  static long rank(long millionths, long n) {
    long whole = 100_000_000L;
    // n = q * whole + r keeps both products below 2^63 for every n that can be counted in a window
    long q = n / whole;
    long r = n % whole;
    return q * millionths + (r * millionths + whole - 1) / whole;
  }
}
