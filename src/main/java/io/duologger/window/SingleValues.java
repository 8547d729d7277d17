package io.duologger.window;

/** Statistics of values that come one at a time. One writer. */
final class SingleValues {
  private final double[] one = new double[1];
  private Statistics current = fresh();

  private static Statistics fresh() {
    return new Statistics(new ValueColumn());
  }

  void add(double value) {
    one[0] = value;
    current.add(one, 1);
  }

  /** What the window has so far. */
  Statistics copy() {
    return current.copy();
  }

  /** Hands over what the window has; the next begins with nothing. */
  Statistics take() {
    Statistics taken = current;
    current = fresh();
    return taken;
  }
}
