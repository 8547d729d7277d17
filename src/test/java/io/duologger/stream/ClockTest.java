package io.duologger.stream;

import static io.duologger.virtual.Spec.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall clock moves against the monotonic clock. */
class ClockTest {
  /** Where on the wall clock reads began, in seconds after the whole second. */
  private static Scenario watched(double start, double every, List<Double> wallFractions) {
    Scenario run = new Scenario(start);
    return run.module(
        Spec.of("cpu", every),
        (number, into) -> {
          wallFractions.add((double) (run.time().wall() % Math.round(every * 1e9)) / 1e9);
          into.gauge(Signals.LOAD, number);
        });
  }

  @ParameterizedTest
  @CsvSource({"3600, 3600", "-3600, -3600", "30, 30", "1.5, 1.5", "-1.5, -1.5"})
  void stepOfMoreThanASecondClosesTheWindowWithinASecond(double step, String printed) {
    List<Double> fractions = new ArrayList<>();
    try (Scenario run = watched(0, 1, fractions)) {
      run.run(13.3);
      run.time().stepWall(seconds(step));
      run.run(14.3);
      assertEquals(2, run.reports().size(), "the watch is at least once a second");
      run.run(40);
      assertEquals(
          "xid=" + run.xid(14) + " window=4 n=4 missed=0 partial=clock clock_jump=" + printed,
          run.lines("cpu").get(1).pick("xid", "window", "n", "missed", "partial", "clock_jump"));
      assertEquals("clock", run.lines("cpu").get(2).partial());
      assertFalse(run.lines("cpu").get(2).has("clock_jump"));
      for (int i = 3; i < run.lines("cpu").size(); i++) {
        assertEquals("window=10 n=10 missed=0 partial=", line(run, i));
      }
      // the grid is that of the new wall clock: every heartbeat and every tick
      double end = run.lines("cpu").get(2).number("xid");
      assertEquals(0, end % 10);
      assertEquals(0, fractions.get(fractions.size() - 1));
    }
  }

  private static String line(Scenario run, int index) {
    return run.lines("cpu").get(index).pick("window", "n", "missed", "partial");
  }

  @Test
  void suspendShowsAsAStep() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(12.5);
      // the monotonic clock stood still for 30 s
      run.time().stepWall(seconds(30));
      run.run(17.5);
      assertEquals(
          "xid=" + run.xid(13) + " window=3 n=3 missed=0 partial=clock clock_jump=30",
          run.lines("cpu").get(1).pick("xid", "window", "n", "missed", "partial", "clock_jump"));
      // 43 s by the wall clock; the next heartbeat is 50 s of it, 7 s on
      run.run(20);
      assertEquals("window=7 n=7 missed=0 partial=clock", line(run, 2));
      assertEquals(run.xid(50), run.lines("cpu").get(2).text("xid"));
      assertFalse(run.lines("cpu").get(2).has("clock_jump"));
    }
  }

  @Test
  void tickLessThanHalfAnIntervalAfterThePreviousIsSkippedAfterRealigning() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(12.5);
      // noticed at 13 s, when a tick is due; the new ticks lie at 13.3 s, 14.3 s
      run.time().stepWall(seconds(30.7));
      run.run(14.2);
      assertEquals(1 + 13, run.collector("cpu").reads());
      run.run(14.3);
      assertEquals(1 + 14, run.collector("cpu").reads());
      run.run(40);
      run.assertDue("cpu", 10, 3, 6, 10, 10);
      run.lines("cpu").forEach(line -> assertEquals(0, line.number("missed"), line::text));
    }
  }

  @Test
  void tickAtLeastHalfAnIntervalAfterThePreviousIsReadAfterRealigning() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(12.5);
      // noticed at 13 s, when a tick is due; the new ticks lie at 13.5 s, 14.5 s
      run.time().stepWall(seconds(30.5));
      run.run(13.5);
      assertEquals(1 + 14, run.collector("cpu").reads());
    }
  }

  @Test
  void tickIsSkippedOverTwoStepsToo() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 8), Signals.steady())) {
      assertEquals(0, Scenario.HOUR.getEpochSecond() % 8);
      run.run(8.5);
      // noticed at 9 s; the new ticks would lie at 10 s and so on, 2 s after the last one
      run.time().stepWall(seconds(30));
      run.run(9.5);
      // noticed at 10 s; the new ticks lie at 11 s and so on, 3 s after the last one
      run.time().stepWall(seconds(-1.5));
      run.run(18.9);
      assertEquals(2, run.collector("cpu").reads());
    }
  }

  @Test
  void newGridHoldsForSlowModulesToo() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 4), Signals.steady())) {
      run.run(12.5);
      // 13 s is 113 s + x by the wall clock; the last old tick was at 12 s
      run.time().stepWall(seconds(101));
      // new ticks lie at 11 s, 15 s, 19 s: 15 s is 3 s after the last
      run.run(15);
      assertEquals(5, run.collector("cpu").reads());
    }
    try (Scenario run = new Scenario().module(Spec.of("cpu", 4), Signals.steady())) {
      run.run(12.5);
      run.time().stepWall(seconds(98.5));
      // new ticks lie at 13.5 s, 17.5 s: the first is 1.5 s after the last and left out
      run.run(17.4);
      assertEquals(4, run.collector("cpu").reads());
      run.run(17.5);
      assertEquals(5, run.collector("cpu").reads());
      run.run(40);
      for (int i = 0; i < run.lines("cpu").size(); i++) {
        assertEquals(0, run.lines("cpu").get(i).number("missed"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.9, -0.9, 0.3, -0.3, 0.002, -0.002})
  void smallStepIsAbsorbedAtTheNextBoundary(double step) {
    List<Double> fractions = new ArrayList<>();
    try (Scenario run = watched(0, 0.5, fractions)) {
      run.run(13.3);
      run.time().stepWall(seconds(step));
      run.run(51);
      assertEquals(5, run.reports().size());
      assertEquals("window=10 n=20 missed=0 partial=", line(run, 1));
      assertEquals(run.xid(20), run.lines("cpu").get(1).text("xid"));
      for (int i = 2; i < 5; i++) {
        assertEquals(
            "xid=" + run.xid(10 + 10 * i) + " partial= clock_jump=",
            run.lines("cpu").get(i).pick("xid", "partial", "clock_jump"));
        assertEquals(0, run.lines("cpu").get(i).number("missed"));
        assertEquals(0, run.lines("cpu").get(i).number("late"));
      }
      // the first one has the change in its length, those after it none
      assertEquals(10 - step, run.lines("cpu").get(2).number("window"), 1e-9);
      assertEquals("window=10 n=20 missed=0 partial=", line(run, 3));
      assertEquals("window=10 n=20 missed=0 partial=", line(run, 4));
      assertEquals(0, fractions.get(fractions.size() - 1), "ticks are on the wall grid again");
    }
  }

  @Test
  void tickDueAtTheBoundaryThatAbsorbsAStepIsRead() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 1), Signals.steady())) {
      for (int i = 0; i < 6; i++) {
        run.run(10 * i + 5);
        run.time().stepWall(Duration.ofMillis(-5));
      }
      run.run(65);
      for (int i = 0; i < 6; i++) {
        assertEquals("n=10 missed=0", run.lines("cpu").get(i).pick("n", "missed"));
      }
    }
  }

  @Test
  void slewBelowAMillisecondIsIgnored() {
    List<Double> fractions = new ArrayList<>();
    try (Scenario run = watched(0, 1, fractions)) {
      run.run(13.3);
      run.time().stepWall(Duration.ofNanos(-999_999));
      run.run(40);
      for (int i = 1; i < 4; i++) {
        assertEquals("window=10 n=10 missed=0 partial=", line(run, i));
      }
      assertEquals(1 - 0.000999999, fractions.get(fractions.size() - 1), 1e-12);
    }
  }

  @Test
  void slewAddsUpUntilItIsAbsorbed() {
    List<Double> fractions = new ArrayList<>();
    try (Scenario run = watched(0, 1, fractions)) {
      for (int i = 0; i < 40; i++) {
        run.run(i + 0.5);
        run.time().stepWall(Duration.ofNanos(-300_000));
      }
      run.run(51);
      for (double fraction : fractions.subList(fractions.size() - 5, fractions.size())) {
        assertEquals(0, fraction);
      }
    }
  }

  @Test
  void runFromItsStartKeepsItsGridOverAStep() {
    try (Scenario run = new Scenario(3.3).fromStart().module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(12.5);
      run.time().stepWall(seconds(3600));
      run.run(30);
      assertEquals(
          List.of("window=10 n=10", "window=3 n=3", "window=7 n=7", "window=10 n=10"),
          run.picks("cpu", "window", "n"));
      assertEquals("3600", run.lines("cpu").get(1).text("clock_jump"));
      assertEquals(run.xid(13), run.lines("cpu").get(1).text("xid"));
      assertEquals(run.xid(3620), run.lines("cpu").get(2).text("xid"));
    }
  }

  @Test
  void ratesDoNotFeelTheStep() {
    try (Scenario run =
        new Scenario()
            .module(Spec.of("net", 1), (n, into) -> into.counter(Signals.FORKS, 5L * n))) {
      run.run(13.3);
      run.time().stepWall(seconds(-3600));
      run.run(40);
      for (int i = 0; i < run.lines("net").size(); i++) {
        assertEquals(
            "forks_per_second_min=5 forks_per_second_max=5",
            run.lines("net").get(i).pick("forks_per_second_min", "forks_per_second_max"));
      }
    }
  }
}
