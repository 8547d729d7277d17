package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.virtual.FakeCollector;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every end of a run flushes the open window. */
class StopTest {
  private static FakeCollector.Script pauseAt(Scenario run, int read, double seconds) {
    return (number, into) -> {
      if (number == read) {
        run.pause(seconds);
      }
      into.gauge(Signals.LOAD, number);
    };
  }

  @Test
  void stopFlushesTheOpenWindowAtOnce() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(13.5).stop();
      assertTrue(run.driver().completed());
      assertEquals(
          List.of("window=10 n=10 partial=start", "window=3.5 n=3 partial=stop"),
          run.picks("cpu", "window", "n", "partial"));
      assertEquals(run.xid(13.5), run.lines("cpu").get(1).text("xid"));
    }
  }

  @Test
  void stopInTheFirstWindowNamesBothReasons() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(3).stop();
      assertEquals(List.of("n=3 partial=start+stop"), run.picks("cpu", "n", "partial"));
    }
  }

  @Test
  void stopBeforeTheFirstTickEndsTheRunWithoutALine() {
    try (Scenario run = new Scenario(0.5).module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(0.25).stop();
      assertTrue(run.driver().completed());
      assertEquals(List.of(), run.lines("cpu"));
      assertEquals("start+stop", run.reports().get(0).window().partial());
    }
  }

  @Test
  void stopAtOnceEndsTheRun() {
    try (Scenario run = new Scenario(0.5).module(Spec.of("cpu", 1), Signals.steady())) {
      run.start().stop();
      assertTrue(run.driver().completed());
      assertEquals(List.of(), run.lines("cpu"));
    }
  }

  @Test
  void stopAtTheInstantOfABoundaryAddsNoEmptyWindow() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(20).stop();
      assertTrue(run.driver().completed());
      assertEquals(List.of("n=10", "n=10"), run.picks("cpu", "n"));
      assertEquals(2, run.reports().size());
    }
  }

  @Test
  void stopAtTheInstantOfABoundaryLeavesTheReadsUnderWayTheirGrace() {
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("cpu", 1), pauseAt(run, 10, 0.5));
      run.run(10).stop();
      assertFalse(run.driver().completed(), "the read at 10 s is under way");
      run.run(10.5);
      assertTrue(run.driver().completed());
      assertEquals(List.of("n=10 missed=0"), run.picks("cpu", "n", "missed"));
      assertEquals(10, run.lines("cpu").get(0).number("load_max"));
    }
  }

  @Test
  void stopAtTheInstantOfABoundaryReadsNoModuleTwice() {
    try (Scenario run = new Scenario().module(Spec.of("memory", 10).atClose(), Signals.steady())) {
      run.run(20).stop();
      assertEquals(3, run.collector("memory").reads());
      assertEquals(List.of("n=1 missed=0", "n=1 missed=0"), run.picks("memory", "n", "missed"));
    }
  }

  @Test
  void aReadThatIsUnderWayAtTheStopIsFollowedByTheLastOne() {
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("cpu", 1).atClose(), pauseAt(run, 3, 0.4));
      run.run(3.2).stop();
      assertFalse(run.driver().completed(), "the read at 3 s is under way");
      run.run(3.5);
      assertTrue(run.driver().completed());
      assertEquals(List.of("n=4 missed=0"), run.picks("cpu", "n", "missed"));
      assertEquals(4, run.lines("cpu").get(0).number("load_max"));
    }
  }

  @Test
  void aFastModuleIsReadAtTheStopIfItIsToBe() {
    try (Scenario run = new Scenario().module(Spec.of("cpu", 1).atClose(), Signals.steady())) {
      run.run(12.5).stop();
      assertEquals(
          List.of("every=1 n=10 missed=0", "every=1 n=3 missed=0"),
          run.picks("cpu", "every", "n", "missed"));
    }
  }

  @Test
  void stopAtTheInstantOfABoundaryWhoseTimerIsLateReadsNoModuleTwice() {
    try (Scenario run = new Scenario().module(Spec.of("memory", 10).atClose(), Signals.steady())) {
      run.run(19.5);
      run.time().stall(Spec.seconds(0.5));
      run.stop();
      assertTrue(run.driver().completed());
      run.assertDue("memory", 1, 1);
      assertEquals(2, run.reports().size());
    }
  }

  @Test
  void runOfAGivenLengthThatEndsAtABoundaryHasNoEmptyWindow() {
    try (Scenario run =
        new Scenario(3.3).fromStart().length(20).module(Spec.of("cpu", 1), Signals.steady())) {
      run.module(Spec.of("memory", 10).atClose(), Signals.steady());
      run.run(25);
      assertTrue(run.driver().completed());
      assertEquals(2, run.reports().size());
      assertEquals(List.of("n=10 missed=0", "n=10 missed=0"), run.picks("cpu", "n", "missed"));
      assertEquals(List.of("n=1 missed=0", "n=1 missed=0"), run.picks("memory", "n", "missed"));
      assertEquals(3, run.collector("memory").reads());
    }
  }

  @Test
  void runOfAGivenLengthEndsByItself() {
    try (Scenario run = new Scenario().length(13.5).module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(60);
      assertTrue(run.driver().completed());
      assertEquals(List.of("window=10", "window=3.5"), run.picks("cpu", "window"));
      assertEquals(14, run.collector("cpu").reads(), "nothing is read after the end");
    }
  }

  @Test
  void runOfAGivenLengthThatStopsLateReadsItsLastTickAndNoneFromAfterItsEnd() {
    try (Scenario run = new Scenario().length(3.5).module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(2.9);
      run.time().stall(Spec.seconds(1.5));
      run.run(6);
      assertTrue(run.driver().completed());
      assertEquals(
          List.of("window=3.5 n=3 missed=0 partial=start+stop"),
          run.picks("cpu", "window", "n", "missed", "partial"));
    }
  }

  @Test
  void runOfAGivenLengthThatSleepsThroughItsEndClosesTheWholeHeartbeatsFirst() {
    try (Scenario run = new Scenario().length(23.5).module(Spec.of("cpu", 1), Signals.steady())) {
      run.run(5.5);
      run.time().stall(Spec.seconds(40));
      run.run(50);
      assertTrue(run.driver().completed());
      assertEquals(
          List.of("window=20 n=5 missed=15 partial=start", "window=3.5 n=1 missed=2 partial=stop"),
          run.picks("cpu", "window", "n", "missed", "partial"));
    }
  }

  @Test
  void stopWaitsForAReadUnderWayWithinGrace() {
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("cpu", 1), pauseAt(run, 3, 0.75));
      run.run(3.5).stop();
      assertFalse(run.driver().completed());
      run.run(3.75);
      assertTrue(run.driver().completed());
      assertEquals(List.of("window=3.5 n=3 missed=0"), run.picks("cpu", "window", "n", "missed"));
    }
  }

  @Test
  void stopWithAReadThatNeverEndsCompletesWhenTheGraceIsOver() {
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("cpu", 1), Signals.steady());
      run.module(
          Spec.of("memory", 1),
          (number, into) -> {
            if (number == 3) {
              run.pause(run.stuck());
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(3.5).stop();
      assertFalse(run.driver().completed());
      run.run(4.5);
      assertTrue(run.driver().completed());
      assertEquals(List.of("n=3 missed=0"), run.picks("cpu", "n", "missed"));
      assertEquals(List.of("n=2 missed=1"), run.picks("memory", "n", "missed"));
    }
  }

  @Test
  void stopWithAStuckReadCompletesAtOnce() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("memory", 1).timeout(2),
          (number, into) -> {
            if (number == 3) {
              run.pause(run.stuck());
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(8.5).stop();
      assertTrue(run.driver().completed());
      assertEquals(List.of("n=2 missed=6"), run.picks("memory", "n", "missed"));
      assertEquals(5.5, run.self("memory").get(0).number("stuck_seconds"));
    }
  }

  @Test
  void stopWithinTheGraceOfABoundaryStillHasAGraceOfItsOwn() {
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("cpu", 1), pauseAt(run, 10, 30));
      run.module(Spec.of("memory", 10).atClose(), pauseAt(run, 2, 0.9));
      run.run(10.5).stop();
      run.run(11.2);
      assertFalse(run.driver().completed(), "the grace of the boundary is not that of the stop");
      run.run(11.5);
      assertTrue(run.driver().completed());
      assertEquals(
          List.of("n=1 missed=0 load_max=1", "n=1 missed=0 load_max=2"),
          run.picks("memory", "n", "missed", "load_max"));
    }
  }

  @Test
  void secondStopIsIgnored() {
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("cpu", 1), pauseAt(run, 3, 0.75));
      run.run(3.5).stop();
      run.stop().run(10);
      assertEquals(1, run.reports().size());
    }
  }

  @Test
  void moduleReadOnceAHeartbeatIsReadAtStop() {
    try (Scenario run = new Scenario().module(Spec.of("memory", 10).atClose(), Signals.steady())) {
      run.run(13.5).stop();
      assertTrue(run.driver().completed());
      assertEquals(
          List.of("n=1 missed=0 load_max=1", "n=1 missed=0 load_max=2"),
          run.picks("memory", "n", "missed", "load_max"));
    }
  }

  @Test
  void readAtStopHasTheGrace() {
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("memory", 10).atClose(), pauseAt(run, 1, 0.9));
      run.module(Spec.of("disk", 10).atClose(), pauseAt(run, 1, 1.1));
      run.run(3).stop();
      run.run(4);
      assertTrue(run.driver().completed());
      assertEquals(List.of("n=1 missed=0"), run.picks("memory", "n", "missed"));
      assertEquals(List.of("n=0 missed=1"), run.picks("disk", "n", "missed"));
    }
  }

  @Test
  void otherModulesAreNotReadAtStop() {
    try (Scenario run = new Scenario().module(Spec.of("memory", 10), Signals.steady())) {
      run.run(3).stop();
      assertEquals(1, run.collector("memory").reads());
      assertEquals(List.of(), run.lines("memory"));
    }
  }

  @Test
  void fatalErrorInACollectorEndsTheRunWithFailure() {
    try (Scenario run = new Scenario()) {
      Error fatal = new StackOverflowError("of the test");
      run.module(
          Spec.of("cpu", 1),
          (number, into) -> {
            if (number == 2) {
              throw fatal;
            }
          });
      run.run(1.5);
      AssertionError failed = assertThrows(AssertionError.class, () -> run.run(2));
      assertEquals(fatal, failed.getCause());
      assertFalse(run.driver().completed());
      assertEquals(fatal, run.driver().failure());
    }
  }
}
