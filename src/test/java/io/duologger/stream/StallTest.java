package io.duologger.stream;

import static io.duologger.virtual.Spec.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The timer wakes late: garbage collection, a stopped process, a starved machine. */
class StallTest {
  private final List<Double> begun = new ArrayList<>();

  private Scenario cpu(double start) {
    Scenario run = new Scenario(start);
    return run.module(
        Spec.of("cpu", 1),
        (number, into) -> {
          begun.add(run.now());
          into.gauge(Signals.LOAD, number);
          into.counter(Signals.FORKS, Math.round(10 * run.now()));
        });
  }

  @Test
  void stallOfLessThanATickDelaysOneRead() {
    try (Scenario run = cpu(0)) {
      run.run(4.9);
      run.time().stall(seconds(0.8));
      run.run(20);
      assertEquals(List.of(4., 5.7, 6., 7.), begun.subList(4, 8));
      assertEquals(List.of("n=10 missed=0", "n=10 missed=0"), run.picks("cpu", "n", "missed"));
      assertEquals(10, run.lines("cpu").get(0).number("forks_per_second_max"), "by true times");
      assertEquals(10, run.lines("cpu").get(0).number("forks_per_second_min"));
    }
  }

  @Test
  void stallOfSeveralTicksRunsTheLatestOnlyAndNoBurst() {
    try (Scenario run = cpu(0)) {
      run.run(2.5);
      run.time().stall(seconds(4.2));
      run.run(20);
      assertEquals(List.of(2., 6.7, 7., 8.), begun.subList(2, 6));
      assertEquals(List.of("n=7 missed=3", "n=10 missed=0"), run.picks("cpu", "n", "missed"));
      assertEquals(0.7, run.process().get(0).number("tick_lateness_seconds_max"), 1e-9);
      assertEquals(3, run.self("cpu").get(0).number("missed_skipped"));
      run.assertDue("cpu", 10, 10);
    }
  }

  @Test
  void stallOverABoundaryClosesTheWindowWhereItWasDue() {
    try (Scenario run = cpu(0)) {
      run.run(8.5);
      run.time().stall(seconds(4));
      run.run(20);
      // the tick at 12 s runs at 12.5 s; 9 s, 10 s and 11 s are missed
      assertEquals(
          List.of("window=10 n=8 missed=2", "window=10 n=9 missed=1"),
          run.picks("cpu", "window", "n", "missed"));
      assertEquals(List.of(8., 12.5, 13.), begun.subList(8, 11));
    }
  }

  @Test
  void stallOfSeveralHeartbeatsMakesOneLongWindow() {
    try (Scenario run = cpu(0)) {
      run.run(13.5);
      run.time().stall(seconds(32));
      run.run(60);
      assertEquals(
          List.of(
              "xid=" + run.xid(10) + " window=10 n=10 missed=0 partial=start",
              "xid=" + run.xid(40) + " window=30 n=3 missed=27 partial=",
              "xid=" + run.xid(50) + " window=10 n=6 missed=4 partial=",
              "xid=" + run.xid(60) + " window=10 n=10 missed=0 partial="),
          run.picks("cpu", "xid", "window", "n", "missed", "partial"));
      assertEquals(List.of(13., 45.5, 46.), begun.subList(13, 16));
      run.assertDue("cpu", 10, 30, 10, 10);
    }
  }

  @Test
  void stallThatEndsAtABoundary() {
    try (Scenario run = cpu(0)) {
      run.run(13.5);
      run.time().stall(seconds(26.5));
      run.run(50);
      run.assertDue("cpu", 10, 30, 10);
      assertEquals(
          List.of("window=10 n=10", "window=30 n=4", "window=10 n=10"),
          run.picks("cpu", "window", "n"));
    }
  }

  @Test
  void stallDuringAReadDelaysItsEnd() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1).timeout(20),
          (number, into) -> {
            if (number == 4) {
              run.pause(0.5);
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(4.2);
      run.time().stall(seconds(3.1));
      run.run(20);
      // at 7.3 s either the tick of 7 s or the end of the read comes first, by their due times
      assertEquals(List.of("n=8 missed=2", "n=10 missed=0"), run.picks("cpu", "n", "missed"));
    }
  }

  @Test
  void readThatOutlastsItsLimitWhileTheTimerStallsIsDiscarded() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1).timeout(2),
          (number, into) -> {
            if (number == 4) {
              run.pause(0.5);
            }
            into.gauge(Signals.LOAD, number == 4 ? 1000 : 1);
          });
      run.run(4.2);
      run.time().stall(seconds(3.1));
      run.run(20);
      run.assertDue("cpu", 10, 10);
      assertEquals(1, run.lines("cpu").get(0).number("load_max"));
      assertEquals("1", run.self("cpu").get(0).text("missed_timeout"));
    }
  }

  @Test
  void stallWithAClockStepLosesNoCount() {
    try (Scenario run = cpu(0.4)) {
      run.run(12.5);
      run.time().stepWall(seconds(100.3));
      run.time().stall(seconds(33.3));
      run.run(100);
      int total = 0;
      for (int i = 0; i < run.lines("cpu").size(); i++) {
        assertEquals(0, run.lines("cpu").get(i).number("late"));
        total += (int) run.lines("cpu").get(i).number("n");
      }
      assertEquals(1, run.lines("cpu").stream().filter(l -> l.has("clock_jump")).count());
      long read = run.reports().get(run.reports().size() - 1).window().end();
      long after =
          begun.stream().filter(at -> at * 1e9 + 7_654_321_987_654_321L > read + 1000).count();
      assertEquals(begun.size() - 1 - after, total);
    }
  }

  /** A thread of its own costs a wake-up, which takes longest where reads are slow by chance. */
  @Test
  void onlyWhoIsSlowTwiceGetsAnotherThread() {
    List<Boolean> quick = new ArrayList<>();
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1),
          (number, into) -> {
            quick.add(run.quick());
            if (number == 3 || number == 6 || number == 7) {
              run.pause(0.001);
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(10);
      assertEquals(
          List.of(false, true, true, true, true, true, true, true, false, true),
          quick.subList(0, 10));
    }
  }
}
