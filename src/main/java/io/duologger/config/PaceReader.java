package io.duologger.config;

import java.time.Duration;
import java.util.Optional;

/** Checks what says how often something happens. Used by one thread. */
final class PaceReader {
  /** What a key that a single cycle has no use for is told. */
  static final String READ_ONCE = "no effect, as this mode reads everything once";

  private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(10);
  private static final Duration LONGEST_HEARTBEAT = Duration.ofDays(1);
  private static final Duration DEFAULT_HEARTBEAT = Duration.ofMinutes(10);
  private static final Duration DEFAULT_JOB_HEARTBEAT = Duration.ofMinutes(1);
  private static final Duration DEFAULT_ANSWER_HEARTBEAT = Duration.ofSeconds(30);
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(1);
  private static final Duration LONGEST_DEFAULT_GRACE = Duration.ofSeconds(1);
  private static final Duration DEFAULT_ANSWER_GRACE = Duration.ofMillis(50);
  private static final Duration LONGEST_ANSWER_GRACE = Duration.ofMillis(90);
  private static final Duration DEFAULT_SETTLE = Duration.ofSeconds(1);
  private static final Duration DEFAULT_ANSWER_SETTLE = Duration.ofMillis(100);
  private static final Duration LONGEST_SETTLE = Duration.ofHours(1);

  private static final Duration DUOLOGGER_DELAY = Duration.ofSeconds(60);
  private static final Duration DLOGGER_DELAY = Duration.ofSeconds(600);
  private static final int DUOLOGGER_ITERATIONS = 10;
  private static final int MOST_ITERATIONS = 1_000_000;

  private final Problems problems;
  private final Problems warnings;
  private final Rhythm rhythm;
  private final Overrides overrides;

  PaceReader(Problems problems, Problems warnings, Rhythm rhythm, Overrides overrides) {
    this.problems = problems;
    this.warnings = warnings;
    this.rhythm = rhythm;
    this.overrides = overrides;
  }

  /** The pace of the whole; with defaults where there were problems. */
  Pace read(Section root) {
    Duration settle = settle(root);
    Optional<Duration> given = root.duration("heartbeat", SHORTEST_HEARTBEAT, LONGEST_HEARTBEAT);
    if (rhythm == Rhythm.ONE_SHOT) {
      warnings.addIfPresent(root.field("heartbeat"), READ_ONCE);
      root.duration("grace", Duration.ZERO, LONGEST_HEARTBEAT);
      warnings.addIfPresent(root.field("grace"), READ_ONCE);
      Duration window = settle.isZero() ? SHORTEST_INTERVAL : settle;
      return new Pace(rhythm, window, Duration.ZERO, settle, window, Optional.empty());
    }
    Duration byDefault =
        switch (rhythm) {
          case ON_REQUEST -> DEFAULT_ANSWER_HEARTBEAT;
          case JOB -> DEFAULT_JOB_HEARTBEAT;
          default -> DEFAULT_HEARTBEAT;
        };
    Duration inFile = given.orElse(root.has("heartbeat") ? LONGEST_HEARTBEAT : byDefault);
    Optional<Field> delay = overrides.oldField("-d");
    Optional<Field> iterations = overrides.oldField("-i");
    Optional<Duration> interval = delay.flatMap(this::interval);
    Optional<Integer> times =
        iterations.flatMap(field -> problems.integer(field, 1, MOST_ITERATIONS));
    boolean wrong =
        interval.isPresent() != delay.isPresent() || times.isPresent() != iterations.isPresent();

    Duration heartbeat = inFile;
    if (overrides.heartbeat().isPresent()) {
      Field typed = Field.typed("heartbeat", overrides.heartbeat().get());
      heartbeat =
          problems
              .duration(typed, SHORTEST_HEARTBEAT, LONGEST_HEARTBEAT, "")
              .orElse(LONGEST_HEARTBEAT);
      if (iterations.isPresent() || delay.isPresent() && rhythm == Rhythm.ONE_RATE) {
        problems.add(typed, "expected without -d and -i, as it is -i times -d");
      }
    } else if (wrong) {
      heartbeat = LONGEST_HEARTBEAT;
    } else if (rhythm == Rhythm.JOB) {
      // A sample each that long, and a report no more often.
      heartbeat = longer(inFile, interval.orElse(Duration.ZERO));
    } else if (delay.isPresent() || iterations.isPresent()) {
      heartbeat = product(interval, times, iterations.or(() -> delay).get());
    }
    Optional<Duration> fast =
        rhythm == Rhythm.TWO_RATES && iterations.isPresent()
            ? Optional.of(interval.orElse(DUOLOGGER_DELAY))
            : interval.filter(d -> rhythm.twoRates());
    return new Pace(rhythm, heartbeat, grace(root, heartbeat), settle, inFile, fast);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private Optional<Duration> interval(Field field) {
    return problems.seconds(field, SHORTEST_INTERVAL, LONGEST_HEARTBEAT);
  }

  /** So many intervals of so long as the Perl tool of this rhythm had them. */
  private Duration product(Optional<Duration> interval, Optional<Integer> times, Field field) {
    boolean two = rhythm == Rhythm.TWO_RATES;
    Duration one = interval.orElse(two ? DUOLOGGER_DELAY : DLOGGER_DELAY);
    Duration all = one.multipliedBy(times.orElse(two ? DUOLOGGER_ITERATIONS : 1));
    if (all.compareTo(SHORTEST_HEARTBEAT) < 0 || all.compareTo(LONGEST_HEARTBEAT) > 0) {
      problems.add(
          field,
          "expected a heartbeat, -i times -d, from "
              + Quantities.text(SHORTEST_HEARTBEAT)
              + " to "
              + Quantities.text(LONGEST_HEARTBEAT)
              + ", not "
              + Quantities.text(all));
      return LONGEST_HEARTBEAT;
    }
    return all;
  }

  private Duration grace(Section root, Duration heartbeat) {
    boolean answers = rhythm == Rhythm.ON_REQUEST;
    // Duration.dividedBy would load BigDecimal, for ten milliseconds.
    Duration tenth = Duration.ofNanos(heartbeat.toNanos() / 10);
    Duration most = answers ? DEFAULT_ANSWER_GRACE : LONGEST_DEFAULT_GRACE;
    Optional<Duration> given = root.duration("grace", Duration.ZERO, LONGEST_HEARTBEAT);
    if (given.isPresent() && given.get().compareTo(heartbeat) >= 0) {
      String expected = "expected less than the heartbeat, " + Quantities.text(heartbeat);
      root.field("grace").ifPresent(field -> problems.add(field, expected));
    } else if (answers && given.isPresent() && given.get().compareTo(LONGEST_ANSWER_GRACE) > 0) {
      String expected =
          "expected at most "
              + Quantities.text(LONGEST_ANSWER_GRACE)
              + ", as a request is answered within 100 ms";
      root.field("grace").ifPresent(field -> problems.add(field, expected));
    }
    return given.orElse(tenth.compareTo(most) < 0 ? tenth : most);
  }

  private Duration settle(Section root) {
    Optional<Duration> settle = root.duration("settle", Duration.ZERO, LONGEST_SETTLE);
    if (overrides.settle().isPresent()) {
      Field field = Field.typed("settle", overrides.settle().get());
      Optional<Duration> typed = problems.duration(field, Duration.ZERO, LONGEST_SETTLE, "");
      settle = typed.isPresent() ? typed : settle;
    }
    return settle.orElse(rhythm == Rhythm.ON_REQUEST ? DEFAULT_ANSWER_SETTLE : DEFAULT_SETTLE);
  }
}
