package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.virtual.FakeCollector;
import io.duologger.virtual.ReportLine;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The priming read and the first window. */
class StartTest {
  @Test
  void primingReadHappensAtOnceAndIsNoTick() {
    try (Scenario run = new Scenario(2.5).module(Spec.of("cpu", 1), Signals.steady()).start()) {
      assertEquals(1, run.collector("cpu").reads());
      run.run(7.5);
      assertEquals(9, run.collector("cpu").reads(), "ticks at 3 s, 4 s, ... 10 s");
      assertEquals(
          "n=8 late=0 missed=0 load_min=1",
          run.lines("cpu").get(0).pick("n", "late", "missed", "load_min"));
    }
  }

  @Test
  void primingReadSetsBaselinesAndInfos() {
    try (Scenario run =
        new Scenario(2.5)
            .module(Spec.of("net", 1), (n, into) -> into.counter(Signals.FORKS, 1000 + 10L * n))) {
      run.run(7.5);
      // 0.5 s from the priming read to the first tick, then 7 s; 8 increases of 10
      ReportLine line = run.lines("net").get(0);
      assertEquals("n=8 rates= covered=7.5 resets=0", line.pick("n", "rates", "covered", "resets"));
      assertEquals(20, line.number("forks_per_second_max"));
      assertEquals(80 / 7.5, line.number("forks_per_second_mean"), 1e-7);
    }
  }

  @Test
  void startOnTheGridLosesNoTick() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 1), Signals.steady()).run(20)) {
      assertEquals(
          List.of("window=10 n=10 partial=start", "window=10 n=10 partial="),
          run.picks("cpu", "window", "n", "partial"));
    }
  }

  @Test
  void firstWindowShorterThanATenthOfTheHeartbeatMergesIntoTheNext() {
    try (Scenario run = new Scenario(9.001).module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(30);
      assertEquals(
          List.of(
              "xid=" + (Scenario.HOUR.getEpochSecond() + 20) + " window=10.999 n=11 partial=start",
              "xid=" + (Scenario.HOUR.getEpochSecond() + 30) + " window=10 n=10 partial="),
          run.picks("cpu", "xid", "window", "n", "partial"));
      run.assertDue("cpu", 11, 10);
    }
  }

  @Test
  void firstWindowOfATenthOfTheHeartbeatStands() {
    try (Scenario run = new Scenario(9).module(Spec.of("cpu", 0.5), Signals.steady()).run(11)) {
      assertEquals(
          List.of("window=1 n=2 partial=start", "window=10 n=20 partial="),
          run.picks("cpu", "window", "n", "partial"));
    }
  }

  @Test
  void gridOfARunFromItsStartBeginsWithItAndItsFirstWindowIsWhole() {
    try (Scenario run =
        new Scenario(3.3).fromStart().module(Spec.of("cpu", 1), Signals.steady()).run(20)) {
      assertEquals(
          List.of(
              "xid=" + run.xid(10) + " window=10 n=10 partial=",
              "xid=" + run.xid(20) + " window=10 n=10 partial="),
          run.picks("cpu", "xid", "window", "n", "partial"));
    }
  }

  @Test
  void ticksDueWhileThePrimingReadIsUnderWayDoNotCount() {
    FakeCollector.Script slowFirst;
    try (Scenario run = new Scenario()) {
      slowFirst =
          (number, into) -> {
            if (number == 0) {
              run.pause(3.25);
            }
            into.gauge(Signals.LOAD, number);
          };
      run.module(Spec.of("cpu", 1), slowFirst).run(20);
      assertEquals(
          List.of("n=7 late=0 missed=0", "n=10 late=0 missed=0"),
          run.picks("cpu", "n", "late", "missed"));
    }
  }

  /** The timer's wake-up and the end of the read are a tie that either may win. */
  @Test
  void tickDueWhenThePrimingReadEndsIsReadAndCountedOrNeither() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1),
          (number, into) -> {
            if (number == 0) {
              run.pause(3);
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(10);
      ReportLine line = run.lines("cpu").get(0);
      assertEquals(0, line.number("missed"), line::text);
      assertTrue(line.number("n") == 7 || line.number("n") == 8, line::text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"failed", "stuck"})
  void primingReadThatFailsStillStartsTheCounting(String how) {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1).timeout(0.5),
          (number, into) -> {
            if (number == 0 && how.equals("failed")) {
              throw new java.io.IOException("no");
            }
            if (number == 0) {
              run.pause(4.2);
            }
            into.counter(Signals.FORKS, 10L * number);
          });
      run.run(20);
      int missed = how.equals("failed") ? 0 : 4;
      assertEquals(
          List.of("n=" + (10 - missed) + " missed=" + missed, "n=10 missed=0"),
          run.picks("cpu", "n", "missed"));
      // the first tick that is read sets the baseline instead
      assertEquals(9 - missed, run.lines("cpu").get(0).number("covered"));
      run.assertDue("cpu", 10, 10);
    }
  }

  @Test
  void noLineBeforeTheFirstTickIsDue() {
    try (Scenario run = new Scenario(2).module(Spec.of("cpu", 60), Signals.steady()).run(58)) {
      assertEquals(6, run.reports().size());
      assertEquals(1, run.lines("cpu").size());
      assertEquals("n=1 missed=0", run.lines("cpu").get(0).pick("n", "missed"));
      assertEquals(run.xid(58), run.lines("cpu").get(0).text("xid"));
      assertFalse(run.collector("cpu").busy());
    }
  }
}
