package io.duologger.config;

/** What a mode makes of the rates in a configuration. */
public enum Rhythm {
  /** Modules at their own rates, a report each heartbeat. */
  TWO_RATES,
  /** Every module once a heartbeat, one number a series. */
  ONE_RATE,
  /** Every module once, and counters {@code settle} before; the heartbeat has no meaning. */
  ONE_SHOT,
  /** Modules at their own rates but at least once a heartbeat, reports on request. */
  ON_REQUEST,
  /** Modules at their own rates from the start of a job to its end, a report each heartbeat. */
  JOB;

  /** Whether a window holds many samples. */
  boolean twoRates() {
    return this == TWO_RATES || this == JOB;
  }
}
