package io.duologger.window;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the recorder measures of its reads of one source in one window. One writer. */
final class SourceHealth {
  static final List<Stat> TIMES = List.of(Stat.percentile("50"), Stat.percentile("99"), Stat.MAX);
  private static final Metric COLLECT =
      Metric.gauge("collect_seconds", Unit.SECONDS, "How long a read took.");
  private static final Metric FAILED =
      Metric.gauge("missed_failed", Unit.COUNT, "Ticks missed because the read failed.");
  private static final Metric TIMED_OUT =
      Metric.gauge("missed_timeout", Unit.COUNT, "Ticks missed because the read took too long.");
  private static final Metric UNFINISHED =
      Metric.gauge(
          "missed_unfinished", Unit.COUNT, "Ticks whose read was under way when the grace ended.");
  private static final Metric SKIPPED =
      Metric.gauge(
          "missed_skipped",
          Unit.COUNT,
          "Ticks missed because an earlier read was under way or the timer woke late.");
  private static final Metric STUCK =
      Metric.gauge("stuck_seconds", Unit.SECONDS, "Age of a read that does not end.");

  private final SingleValues collect = new SingleValues();
  private long failed;
  private long timedOut;
  private long unfinished;
  private boolean stuck;
  private long stuckSince;

  void readTook(long nanos) {
    collect.add(nanos / 1e9);
  }

  void failed() {
    failed++;
  }

  void timedOut() {
    timedOut++;
  }

  void unfinished() {
    unfinished++;
  }

  /** A read that began at {@code started} does not end. */
  void stuckSince(long started) {
    stuck = true;
    stuckSince = started;
  }

  void freed() {
    stuck = false;
  }

  boolean stuck() {
    return stuck;
  }

  /**
   * Health in a closed window.
   *
   * @param stuckNanos age of a stuck read at its end; negative if there is none
   */
  record Frozen(Statistics collect, long failed, long timedOut, long unfinished, long stuckNanos) {

    /** The source's line in the self-report. */
    Line line(FrozenSource source) {
      List<Aggregate> aggregates = new ArrayList<>();
      if (collect.count() > 0) {
        aggregates.add(
            collect.aggregate(COLLECT, new Percentiles(TIMES), collect.mean(), collect.mean()));
      }
      long skipped = Math.max(0, source.missed() - failed - timedOut - unfinished);
      aggregates.add(Aggregate.value(FAILED, failed));
      aggregates.add(Aggregate.value(TIMED_OUT, timedOut));
      aggregates.add(Aggregate.value(UNFINISHED, unfinished));
      aggregates.add(Aggregate.value(SKIPPED, skipped));
      if (stuckNanos >= 0) {
        aggregates.add(Aggregate.value(STUCK, stuckNanos / 1e9));
      }
      Line.Head head =
          new Line.Head(
              source.every(),
              source.n(),
              source.late(),
              source.missed(),
              -1,
              -1,
              Double.NaN,
              0,
              Optional.empty());
      return new Line(
          "self",
          Instance.of("collector", source.spec().name()),
          Optional.of(head),
          aggregates,
          Map.of(),
          List.of());
    }
  }

  /** Whether ticks of the window have no reading, as far as is known. */
  boolean troubled() {
    return stuck || failed > 0 || timedOut > 0 || unfinished > 0;
  }

  /** What {@link #freeze} would hand over now; changes nothing. */
  Frozen peek(long end) {
    return frozen(collect.copy(), end);
  }

  private Frozen frozen(Statistics reads, long end) {
    long age = stuck ? Math.max(0, end - stuckSince) : -1;
    return new Frozen(reads, failed, timedOut, unfinished, age);
  }

  /** Hands the window's result over and starts the next; a stuck read stays stuck. */
  Frozen freeze(long end) {
    Frozen frozen = frozen(collect.take(), end);
    failed = 0;
    timedOut = 0;
    unfinished = 0;
    return frozen;
  }
}
