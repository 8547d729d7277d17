package io.duologger.window;

import io.duologger.model.Metric;

/** What the change of a counter means: the one place that tells wraps from resets. */
final class Delta {
  /** The counter was reset. As an unsigned number it is 2^64 - 1, which no interval can bring. */
  static final long RESET = -1L;

  private Delta() {}

  /**
   * The unsigned increase from {@code before} to {@code now}, or {@link #RESET}.
   *
   * @param metric declares the modulus and the ceiling, if the counter wraps
   * @param nanos the interval, above 0
   */
  static long between(long before, long now, Metric metric, long nanos) {
    if (Long.compareUnsigned(now, before) >= 0) {
      return now - before;
    }
    if (metric.modulus() > 0 && Long.compareUnsigned(before, metric.modulus()) < 0) {
      long wrapped = now + (metric.modulus() - before);
      if (wrapped * 1e9 <= metric.ceiling() * nanos) {
        return wrapped;
      }
    }
    return RESET;
  }

  /** Whether {@link #between} has to tell; if not, it is the plain difference. */
  static boolean isSuspect(long before, long now) {
    return now + Long.MIN_VALUE < before + Long.MIN_VALUE || now - before == RESET;
  }

  /** An unsigned number as a double. */
  static double toDouble(long unsigned) {
    return unsigned >= 0 ? unsigned : (unsigned >>> 1 | unsigned & 1) * 2.0;
  }
}
