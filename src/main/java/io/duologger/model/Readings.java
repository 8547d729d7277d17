package io.duologger.model;

/**
 * Where a collector puts what it reads in one go. A reading that can't be had is left out: never
 * -1, 0 or NaN instead. Used by one thread at a time, during {@code collect} only.
 */
public interface Readings {
  /** The value of a {@link Kind#GAUGE}, in raw units; NaN and infinities count as absent. */
  void gauge(Series series, double value);

  /** The value of a {@link Kind#COUNTER}, unsigned, in raw units. */
  void counter(Series series, long value);

  /**
   * The value of a counter whose metric declares a utilisation, and the capacity at this instant in
   * raw units a second.
   */
  void counter(Series series, long value, double capacity);

  /** The two counters of a {@link Kind#RATIO}, unsigned, in raw units. */
  void ratio(Series series, long numerator, long denominator);

  /** The text of a {@link Kind#INFO}. Pass the same String object while it does not change. */
  void info(Series series, String text);

  /** One {@link Kind#EVENT} since the last read. */
  void event(Series series, String text);

  /**
   * Something that there is could not be read, while the rest was. People are told when it changes.
   *
   * @param what it is, why, and what it needs
   */
  default void lacks(String what) {}
}
