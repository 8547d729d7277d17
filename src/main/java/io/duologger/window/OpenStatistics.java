package io.duologger.window;

/**
 * The statistics of one series in the open window, one window after the other, and the memory
 * reserved for them.
 */
final class OpenStatistics {
  private final Columns columns;
  private final boolean reserved;
  private Statistics current;

  OpenStatistics(Columns columns) {
    this.columns = columns;
    this.reserved = columns.reserve();
    this.current = columns.statistics(reserved);
  }

  /** Adds the first {@code n} of {@code values}, in their order. */
  void add(double[] values, int n) {
    current.add(values, n);
  }

  long count() {
    return current.count();
  }

  /** What the window has so far. */
  Statistics copy() {
    return current.copy();
  }

  /** Hands over what the window has; the next begins with nothing. */
  Statistics take() {
    Statistics taken = current;
    current = columns.statistics(reserved);
    return taken;
  }

  /** Gives the memory back. */
  void release() {
    if (reserved) {
      columns.release();
    }
  }
}
