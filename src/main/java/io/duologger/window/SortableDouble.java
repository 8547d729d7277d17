package io.duologger.window;

/** Doubles as integers of the same order, that of {@link Double#compare}. */
final class SortableDouble {
  private SortableDouble() {}

  static long of(double value) {
    return flip(Double.doubleToRawLongBits(value));
  }

  static double toDouble(long sortable) {
    return Double.longBitsToDouble(flip(sortable));
  }

  /** Turns the order of negative numbers round; its own inverse. */
  private static long flip(long bits) {
    return bits ^ bits >> 63 & Long.MAX_VALUE;
  }
}
