package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs whose grid lies on their start. */
class SettleTest {
  private static Scenario oneShot(Spec spec) {
    Scenario run = new Scenario(3.3).oneShot();
    return run.module(
        spec,
        (number, into) -> {
          into.counter(Signals.FORKS, Math.round(100 * run.now()));
          into.gauge(Signals.LOAD, number);
        });
  }

  /** As one-shot runs read their modules. */
  private static Spec once(String module) {
    return Spec.of(module, 1).atClose().stats("value");
  }

  private static List<Double> reads(double settle, Spec spec) {
    List<Double> at = new ArrayList<>();
    try (Scenario run = new Scenario(3.3).onRequest().heartbeat(20).settle(settle)) {
      run.module(
          spec,
          (number, into) -> {
            at.add(run.now());
            into.gauge(Signals.LOAD, number);
          });
      run.run(9.5);
      return at;
    }
  }

  @Test
  void firstTicksComeWhenTheRunHasSettledAndTheOthersFollowThem() {
    assertEquals(List.of(0.0, 2.5, 5.5, 8.5), reads(2.5, Spec.of("cpu", 3)));
    assertEquals(List.of(0.0, 2.5), reads(2.5, Spec.of("cpu", 60)));
    assertEquals(List.of(0.0, 7.5, 8.5, 9.5), reads(7.5, Spec.of("cpu", 1)));
    assertEquals(List.of(0.0, 4.0, 8.0), reads(0, Spec.of("cpu", 4)));
    assertEquals(List.of(0.0, 2.5, 4.5, 7.5), reads(2.5, Spec.of("cpu", 3).lead(1)));
    assertEquals(List.of(0.0, 2.5, 8.5), reads(2.5, Spec.of("cpu", 6).lead(4)));
  }

  @Test
  void firstWindowOfARunOnItsOwnGridIsWhole() {
    try (Scenario run = new Scenario(3.3).onRequest().module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(10).request();
      assertEquals("window=10 n=10 partial=", run.picks("cpu", "window", "n", "partial").get(0));
      assertEquals(run.xid(10), run.lines("cpu").get(0).text("xid"));
    }
  }

  @Test
  void changedModulesKeepToTheGridOfTheRunIfItDoesNotSettle() {
    try (Scenario run = new Scenario(3.3).fromStart().module(Spec.of("cpu", 1), Signals.steady())) {
      Spec memory = Spec.of("memory", 10).atClose();
      run.module(memory, Signals.steady()).run(13.5);
      run.reload(Spec.of("cpu", 1).timeout(3), memory.option("other")).run(30);
      assertEquals(
          List.of("window=10 n=10", "window=3.5 n=3", "window=6.5 n=7", "window=10 n=10"),
          run.picks("cpu", "window", "n"));
      assertEquals(
          List.of("window=10 n=1", "window=6.5 n=1", "window=10 n=1"),
          run.picks("memory", "window", "n"));
    }
  }

  @Test
  void oneShotReportsOnceOverTheTimeThatItSettled() {
    try (Scenario run = oneShot(once("net"))) {
      run.run(0.999);
      assertEquals(List.of(), run.reports());
      run.run(1);
      assertTrue(run.driver().completed());
      assertEquals(1, run.reports().size());
      assertEquals(
          "xid="
              + run.xid(1)
              + " window=1 n=1 late=0 missed=0 covered=1.0 partial="
              + " forks_per_second=100 load=1",
          run.lines("net")
              .get(0)
              .pick(
                  "xid",
                  "window",
                  "n",
                  "late",
                  "missed",
                  "covered",
                  "partial",
                  "forks_per_second",
                  "load"));
      run.run(20);
      assertEquals(2, run.collector("net").reads());
    }
  }

  @Test
  void oneShotDividesByTheMeasuredTime() {
    try (Scenario run = new Scenario(3.3).oneShot().settle(2).grace(5)) {
      run.module(
          once("net"),
          (number, into) -> {
            run.pause(number == 0 ? 0.2 : 1);
            into.counter(Signals.FORKS, 260L * number);
          });
      run.run(3.199);
      assertFalse(run.driver().completed());
      run.run(3.2);
      assertTrue(run.driver().completed());
      // the second read begins 2 s after the end of the first: from the midpoint 0.1 s to 2.7 s
      assertEquals(
          List.of("window=2 covered=2.6 forks_per_second=100"),
          run.picks("net", "window", "covered", "forks_per_second"));
    }
  }

  @Test
  void oneShotReadsModulesThatWouldBeReadSeldom() {
    try (Scenario run = oneShot(Spec.of("net", 600).stats("value")).run(1)) {
      assertTrue(run.driver().completed());
      assertEquals(List.of("n=1 covered=1.0"), run.picks("net", "n", "covered"));
    }
  }

  @Test
  void oneShotWaitsForSlowReadsUntilTheGraceIsOver() {
    try (Scenario run = oneShot(once("net")).grace(5)) {
      run.module(
          once("disk"),
          (number, into) -> {
            run.pause(number == 1 ? 4.9 : 0);
            into.gauge(Signals.LOAD, number);
          });
      run.run(5.899);
      assertEquals(List.of(), run.reports());
      run.run(5.9);
      assertTrue(run.driver().completed());
      assertEquals(List.of("n=1 missed=0 load=1"), run.picks("disk", "n", "missed", "load"));
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 4", "10, 11", "20, 12"})
  void oneShotReportsWithoutAReadThatNeverEndsWhenThatIsKnown(double timeout, double known) {
    try (Scenario run = oneShot(once("net")).grace(5)) {
      run.module(
          once("disk").timeout(timeout),
          (number, into) -> {
            if (number == 1) {
              run.pause(run.stuck());
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(known - 0.001);
      assertEquals(List.of(), run.reports());
      run.run(known);
      assertTrue(run.driver().completed());
      assertEquals(1, run.reports().size());
      assertEquals(List.of("n=1 missed=0"), run.picks("net", "n", "missed"));
      assertEquals(List.of("n=0 missed=1 load="), run.picks("disk", "n", "missed", "load"));
    }
  }

  @Test
  void oneShotSaysOfAModuleWhoseFirstReadNeverEndsThatItHasNoReading() {
    try (Scenario run = oneShot(once("net")).grace(5)) {
      run.module(once("disk").timeout(4), (number, into) -> run.pause(run.stuck())).run(3.999);
      assertEquals(List.of(), run.reports());
      run.run(4);
      assertTrue(run.driver().completed());
      assertEquals(List.of("n=1 missed=0"), run.picks("net", "n", "missed"));
      assertEquals(List.of("n=0 missed=1"), run.picks("disk", "n", "missed"));
      assertTrue(
          run.driver().selfLines().stream()
              .anyMatch(
                  line -> line.contains("collector=disk") && line.contains("stuck_seconds=")));
    }
  }

  @Test
  void oneShotWaitsForAFirstReadThatOutlastsItsWindow() {
    try (Scenario run = oneShot(once("net")).grace(5)) {
      run.module(
          once("disk").timeout(4),
          (number, into) -> {
            run.pause(number == 0 ? 2 : 0);
            into.counter(Signals.FORKS, 200L * number);
          });
      run.run(2.999);
      assertEquals(List.of(), run.reports());
      run.run(3);
      assertTrue(run.driver().completed());
      // from the midpoint 1 s to 3 s
      assertEquals(
          List.of("window=1 n=1 missed=0 covered=2.0 forks_per_second=100"),
          run.picks("disk", "window", "n", "missed", "covered", "forks_per_second"));
    }
  }

  @Test
  void oneShotReportsAModuleThatFails() {
    try (Scenario run = oneShot(once("net"))) {
      run.module(
          once("disk"),
          (number, into) -> {
            throw new IOException("no");
          });
      run.run(1);
      assertTrue(run.driver().completed());
      assertEquals(List.of("n=0 missed=1"), run.picks("disk", "n", "missed"));
    }
  }

  @Test
  void oneShotOfWhichAllCountersAreResetHasNoRates() {
    try (Scenario run = new Scenario().oneShot()) {
      run.module(once("net"), (number, into) -> into.counter(Signals.FORKS, 100 - number)).run(1);
      assertEquals(
          List.of("n=1 covered=0.0 resets=1 forks_per_second="),
          run.picks("net", "n", "covered", "resets", "forks_per_second"));
    }
  }

  @Test
  void oneShotStopsAtASignal() {
    try (Scenario run = oneShot(once("net")).settle(5).run(2).stop()) {
      assertTrue(run.driver().completed());
      assertEquals(
          List.of("window=2 n=1 partial=stop forks_per_second=100"),
          run.picks("net", "window", "n", "partial", "forks_per_second"));
    }
  }
}
