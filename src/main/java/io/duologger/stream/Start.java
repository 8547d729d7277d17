package io.duologger.stream;

/** Where the grid of a run lies. */
public enum Start {
  /** On the Unix epoch: hosts line up. */
  EPOCH,
  /** On the start of the run. */
  OWN,
  /**
   * On the start of the run, which goes on from the counters of the last one: they take the place
   * of the first read, and its only window begins where the last run ended.
   */
  LAST_RUN
}
