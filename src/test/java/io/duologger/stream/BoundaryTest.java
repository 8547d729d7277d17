package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.virtual.ReportLine;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows are (start, end], and the due time alone says which one a sample belongs to. */
class BoundaryTest {
  private static final String[] COUNTS = {"xid", "n", "late", "missed"};

  private static String counts(Scenario run, double end, int n, int late, int missed) {
    return "xid=" + run.xid(end) + " n=" + n + " late=" + late + " missed=" + missed;
  }

  @Test
  void sampleDueAtTheBoundaryBelongsToTheWindowThatEndsThere() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(30);
      assertEquals(
          List.of(counts(run, 10, 10, 0, 0), counts(run, 20, 10, 0, 0), counts(run, 30, 10, 0, 0)),
          run.picks("cpu", COUNTS));
      // read 0 is the priming read, read 10 is due at 10 s, read 11 at 11 s
      assertEquals(
          List.of("load_min=1 load_max=10", "load_min=11 load_max=20", "load_min=21 load_max=30"),
          run.picks("cpu", "load_min", "load_max"));
    }
  }

  @Test
  void reportLeavesAtTheBoundaryIfNothingIsUnderWay() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(10);
      assertEquals(1, run.reports().size());
    }
  }

  @Test
  void readUnderWayThatEndsWithinGraceCountsInTheWindowOfItsTick() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1),
          (number, into) -> {
            if (number == 10) {
              run.pause(0.9);
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(10.899);
      assertEquals(List.of(), run.reports(), "the report waits for the read");
      run.run(10.9);
      assertEquals(List.of(counts(run, 10, 10, 0, 0)), run.picks("cpu", COUNTS));
      assertEquals(10, run.lines("cpu").get(0).number("load_max"));
      run.run(20);
      assertEquals(counts(run, 20, 10, 0, 0), run.picks("cpu", COUNTS).get(1));
    }
  }

  @Test
  void readUnderWayThatEndsAfterGraceIsMissedThereAndLateInTheNext() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1),
          (number, into) -> {
            if (number == 10) {
              run.pause(1.5);
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(10.999);
      assertEquals(List.of(), run.reports());
      run.run(11);
      assertEquals(List.of(counts(run, 10, 9, 0, 1)), run.picks("cpu", COUNTS));
      assertEquals(9, run.lines("cpu").get(0).number("load_max"));
      assertEquals(1, run.self("cpu").get(0).number("missed_unfinished"));
      run.run(20);
      // the tick at 11 s was skipped
      assertEquals(counts(run, 20, 10, 1, 1), run.picks("cpu", COUNTS).get(1));
      assertEquals(10, run.lines("cpu").get(1).number("load_min"), "the late sample is folded");
      assertEquals(0, run.self("cpu").get(1).number("missed_unfinished"));
      assertEquals(1, run.self("cpu").get(1).number("missed_skipped"));
      assertEquals(1, run.process().get(1).number("samples_late"));
      run.assertDue("cpu", 10, 10);
    }
  }

  @Test
  void reportWaitsForTheSlowestCollectorAndNoFastOneLosesAnything() {
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("cpu", 0.25), Signals.steady());
      run.module(
          Spec.of("disk", 1),
          (number, into) -> {
            if (number == 10) {
              run.pause(0.9);
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(10.85);
      assertEquals(List.of(), run.reports());
      run.run(20);
      assertEquals(List.of("n=40 late=0 missed=0", "n=40 late=0 missed=0"), nlm(run, "cpu"));
      assertEquals(List.of("n=10 late=0 missed=0", "n=10 late=0 missed=0"), nlm(run, "disk"));
      assertEquals(40, run.lines("cpu").get(0).number("load_max"));
      assertEquals(41, run.lines("cpu").get(1).number("load_min"));
    }
  }

  @Test
  void readThatEndsAtTheBoundaryDoesNotSettleTheTickThatIsDueThere() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1),
          (number, into) -> {
            if (number == 9) {
              run.pause(1);
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(10);
      ReportLine first = run.lines("cpu").get(0);
      // whether the tick at 10 s finds the read over or still under way is a tie: both are right
      assertTrue(
          List.of("n=10 late=0 missed=0", "n=9 late=0 missed=1")
              .contains(first.pick("n", "late", "missed")),
          first::text);
      run.run(20);
      assertEquals(List.of("n=10 late=0 missed=0"), nlm(run, "cpu").subList(1, 2));
    }
  }

  @Test
  void windowsFollowEachOtherWithoutGapOrOverlap() {
    try (Scenario run = new Scenario(3.3).module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(95);
      for (int i = 1; i < run.reports().size(); i++) {
        assertEquals(
            run.reports().get(i - 1).window().end(), run.reports().get(i).window().start());
      }
      assertEquals(9, run.reports().size());
    }
  }

  @Test
  void xidIsAMultipleOfTheHeartbeatAndTheWindowItsLength() {
    try (Scenario run =
        new Scenario(3.3).heartbeat(600).module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(1900);
      assertEquals(
          List.of(
              "xid=" + (Scenario.HOUR.getEpochSecond() + 600) + " window=596.7 every=1 n=597",
              "xid=" + (Scenario.HOUR.getEpochSecond() + 1200) + " window=600 every=1 n=600",
              "xid=" + (Scenario.HOUR.getEpochSecond() + 1800) + " window=600 every=1 n=600"),
          run.picks("cpu", "xid", "window", "every", "n"));
    }
  }

  private static List<String> nlm(Scenario run, String module) {
    return run.picks(module, "n", "late", "missed");
  }
}
