package io.duologger.collector;

import java.time.Duration;

/** How often devices are looked for anew that come and go seldom. */
final class Search {
  private static final Duration SELDOM = Duration.ofMinutes(1);
  private static final double PERIOD_NANOS = 300e9;

  private Search() {}

  /**
   * In which ticks: each, where they are a minute or more apart; else about every five minutes, as
   * a search costs as much as many ticks.
   */
  static long ticks(Duration every) {
    return every.compareTo(SELDOM) >= 0
        ? 1
        : Math.max(1, Math.round(PERIOD_NANOS / every.toNanos()));
  }
}
