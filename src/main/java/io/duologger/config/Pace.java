package io.duologger.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How often what happens.
 *
 * @param rhythm what the mode makes of it
 * @param heartbeat how often a window closes; the longest there can be where the given one is
 *     wrong: then it makes nothing else look wrong
 * @param grace how long after a close a read under way may still settle
 * @param settle how long after the first read counters are read again
 * @param inFile the heartbeat without the command line
 * @param fast the interval of all modules that the file samples faster than its heartbeat; empty
 *     where each keeps its own
 */
record Pace(
    Rhythm rhythm,
    Duration heartbeat,
    Duration grace,
    Duration settle,
    Duration inFile,
    Optional<Duration> fast) {
  /** Whether modules have no intervals of their own. */
  boolean oneRate() {
    return rhythm == Rhythm.ONE_RATE || rhythm == Rhythm.ONE_SHOT;
  }
}
