package io.duologger.window;

/** An exact sum of unsigned 64-bit numbers. */
final class UnsignedSum {
  private static final double TWO_64 = 0x1p64;

  private long low;
  private long high;

  void add(long unsigned) {
    low += unsigned;
    if (Long.compareUnsigned(low, unsigned) < 0) {
      high++;
    }
  }

  /** Adds a sum that is larger than {@code unsigned} by {@code carries} times 2^64. */
  void add(long unsigned, long carries) {
    add(unsigned);
    high += carries;
  }

  double toDouble() {
    return high * TWO_64 + Delta.toDouble(low);
  }
}
