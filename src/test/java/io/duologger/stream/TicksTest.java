package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.virtual.FakeCollector;
import io.duologger.virtual.ReportLine;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ticks: when reads start, and which are skipped. The fake fails the run on two reads at once. */
class TicksTest {
  private static FakeCollector.Script noting(
      Scenario run, List<Double> begun, double... durations) {
    return (number, into) -> {
      begun.add(run.now());
      double duration = durations[number % durations.length];
      if (duration > 0) {
        run.pause(duration);
      }
      into.gauge(Signals.LOAD, number);
    };
  }

  @Test
  void readsStartWhenTheyAreDueWhateverTheyCost() {
    List<Double> begun = new ArrayList<>();
    try (Scenario run = new Scenario(0.123)) {
      run.module(Spec.of("cpu", 0.25), noting(run, begun, 0.1, 0.24, 0.001)).run(30);
      for (int i = 1; i < begun.size(); i++) {
        assertEquals(0.127 + 0.25 * (i - 1), begun.get(i), 1e-9);
      }
      assertEquals(120, begun.size() - 1);
    }
  }

  @Test
  void ticksDueDuringASlowReadAreSkippedAtOnceAndNeverQueue() {
    List<Double> begun = new ArrayList<>();
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("cpu", 1), noting(run, begun, 0, 3.5)).run(20);
      assertEquals(List.of(0., 1., 5., 6., 10., 11., 15., 16., 20.), begun);
      run.run(21);
      // read 5 is due at 11 s
      assertEquals(
          List.of("n=4 late=0 missed=6", "n=4 late=0 missed=6"),
          run.picks("cpu", "n", "late", "missed"));
      assertEquals(6, run.self("cpu").get(0).number("missed_skipped"));
    }
  }

  @ParameterizedTest
  @CsvSource({"0.3", "0.7", "1.1", "2.9", "4.3"})
  void noReadStartsMoreThanAnIntervalAfterItWasDue(double duration) {
    List<Double> begun = new ArrayList<>();
    try (Scenario run = new Scenario(0.1)) {
      run.module(Spec.of("cpu", 1), noting(run, begun, duration)).run(60);
      for (double at : begun.subList(1, begun.size())) {
        assertEquals(0, Math.rint(at + 0.1) - (at + 0.1), 1e-9, "each starts on the grid");
      }
      for (ReportLine line : run.process()) {
        assertEquals(0, line.number("tick_lateness_seconds_max"));
      }
    }
  }

  @Test
  void slowCollectorDelaysNoOther() {
    List<Double> slow = new ArrayList<>();
    List<Double> quick = new ArrayList<>();
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("disk", 1).timeout(60), noting(run, slow, 27.7));
      run.module(Spec.of("cpu", 0.5), noting(run, quick, 0));
      run.run(60);
      for (int i = 0; i < quick.size(); i++) {
        assertEquals(0.5 * i, quick.get(i));
      }
      assertEquals(121, quick.size());
      assertEquals(List.of(0., 28., 56.), slow);
    }
  }

  @Test
  void latenessIsMeasuredFromTheDueTime() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(4.9);
      run.time().stall(Duration.ofMillis(350));
      run.run(10);
      ReportLine line = run.process().get(0);
      assertEquals(0.25, line.number("tick_lateness_seconds_max"), 1e-9);
      assertEquals(0, line.number("tick_lateness_seconds_p50"));
    }
  }

  @Test
  void everyEqualToTheHeartbeat() {
    try (Scenario run = new Scenario(2).module(Spec.of("cpu", 10), Signals.steady()).run(38)) {
      assertEquals(
          List.of("every=10 n=1 missed=0 load_max=1", "every=10 n=1 missed=0 load_max=2"),
          run.picks("cpu", "every", "n", "missed", "load_max").subList(0, 2));
      assertEquals(4, run.lines("cpu").size());
    }
  }

  @Test
  void everyThatDoesNotDivideTheHeartbeat() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 3), Signals.steady()).run(40)) {
      long epoch = Scenario.HOUR.getEpochSecond();
      List<Long> due = new ArrayList<>();
      for (long window = 0; window < 4; window++) {
        due.add((epoch + 10 * window + 10) / 3 - (epoch + 10 * window) / 3);
      }
      assertEquals(
          due.stream().map(n -> "n=" + n + " missed=0").toList(), run.picks("cpu", "n", "missed"));
      assertTrue(due.contains(3L) && due.contains(4L));
    }
  }

  @Test
  void everyLongerThanTheHeartbeatHasNoLineInWindowsWithoutADueTick() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 25), Signals.steady()).run(100)) {
      // the hour is a multiple of 25 s
      assertEquals(0, Scenario.HOUR.getEpochSecond() % 25);
      assertEquals(
          List.of(run.xid(30), run.xid(50), run.xid(80), run.xid(100)),
          run.lines("cpu").stream().map(line -> line.text("xid")).toList());
      assertEquals(4, run.self("cpu").size());
    }
  }

  @Test
  void leadMovesTheReadBeforeTheBoundaryWithItsTrueTime() {
    List<Double> begun = new ArrayList<>();
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("disk", 10).atClose().lead(2).timeout(2), noting(run, begun, 1.5));
      run.run(30);
      assertEquals(List.of(0., 8., 18., 28.), begun);
      assertEquals(List.of("n=1 missed=0", "n=1 missed=0", "n=1 missed=0"), picks(run));
      assertEquals(3, run.reports().size(), "no report waits for the read");
    }
  }

  @Test
  void leadIsKeptOverAClockStep() {
    List<Double> begun = new ArrayList<>();
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("disk", 10).atClose().lead(2).timeout(2), noting(run, begun, 0));
      run.run(12.5);
      // the boundary is at 16.5 s then, and the tick before it at 14.5 s
      run.time().stepWall(Spec.seconds(33.5));
      run.run(30);
      assertEquals(List.of(0., 8., 14.5, 24.5), begun);
    }
  }

  private static List<String> picks(Scenario run) {
    return run.picks("disk", "n", "missed");
  }
}
