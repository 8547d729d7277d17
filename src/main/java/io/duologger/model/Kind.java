package io.duologger.model;

/** What a reading is and so how a window folds it. */
public enum Kind {
  /** A value that stands for its instant. */
  GAUGE,
  /** An unsigned counter; windows hold its rates. */
  COUNTER,
  /** The quotient of the changes of two unsigned counters. */
  RATIO,
  /** A text of which the last value in the window counts. */
  INFO,
  /** A text of which every one counts, up to a bound. */
  EVENT
}
