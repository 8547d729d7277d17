package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.virtual.FakeCollector;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import io.duologger.virtual.VirtualReads;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A reload closes the window and changes only what changed. */
class ReloadTest {
  private static final Spec CPU = Spec.of("cpu", 1);
  private static final Spec NET = Spec.of("net", 1);
  private static final FakeCollector.Script COUNTING =
      (number, into) -> into.counter(Signals.FORKS, 10L * number);

  @Test
  void reloadClosesTheWindowAtOnceAndSaysSo() {
    try (Scenario run = new Scenario().module(CPU, Signals.steady()).run(13.5).reload(CPU)) {
      assertEquals(2, run.reports().size());
      run.run(40);
      assertEquals(
          List.of(
              "xid=" + run.xid(10) + " window=10 n=10 missed=0 partial=start",
              "xid=" + run.xid(13.5) + " window=3.5 n=3 missed=0 partial=reload",
              "xid=" + run.xid(20) + " window=6.5 n=7 missed=0 partial=reload",
              "xid=" + run.xid(30) + " window=10 n=10 missed=0 partial=",
              "xid=" + run.xid(40) + " window=10 n=10 missed=0 partial="),
          run.picks("cpu", "xid", "window", "n", "missed", "partial"));
    }
  }

  @Test
  void windowAfterAReloadThatWouldBeTooShortMergesIntoTheNext() {
    try (Scenario run = new Scenario().module(CPU, Signals.steady()).run(19.5).reload(CPU)) {
      run.run(30);
      assertEquals(List.of("window=10", "window=9.5", "window=10.5"), run.picks("cpu", "window"));
      run.assertDue("cpu", 10, 9, 11);
    }
  }

  @Test
  void unchangedModuleKeepsItsCountersAndIsNotPrimedAgain() {
    try (Scenario run = new Scenario().module(NET, COUNTING).run(13.5).reload(NET).run(20)) {
      assertEquals(21, run.collector("net").reads());
      assertEquals(
          List.of("n=10 covered=10.0", "n=3 covered=3.0", "n=7 covered=7.0"),
          run.picks("net", "n", "covered"));
      assertEquals(10, run.lines("net").get(2).number("forks_per_second_min"));
    }
  }

  @Test
  void intervalThatSpansTheReloadCountsInTheWindowOfItsEnd() {
    Spec slow = Spec.of("net", 5);
    try (Scenario run = new Scenario().module(slow, COUNTING).run(12.5).reload(slow).run(20)) {
      assertEquals(
          List.of("n=2 covered=10.0", "n=2 covered=10.0"), run.picks("net", "n", "covered"));
      assertEquals(run.xid(20), run.lines("net").get(1).text("xid"));
      assertEquals(2, run.lines("net").get(1).number("forks_per_second_mean"));
    }
  }

  @Test
  void changedModuleIsANewSourceThatStartsWithPriming() {
    try (Scenario run = new Scenario().module(CPU, Signals.steady())) {
      run.module(NET, COUNTING).run(13.5);
      run.reload(CPU, Spec.of("net", 1).timeout(3)).run(20);
      assertEquals(2, run.collectors("net").size());
      assertTrue(run.collectors("net").get(0).closed());
      assertFalse(run.collectors("net").get(1).closed());
      assertEquals(8, run.collectors("net").get(1).reads(), "one at 13.5 s, then seven ticks");
      assertEquals(
          List.of("n=10 covered=10.0", "n=3 covered=3.0", "n=7 covered=6.5"),
          run.picks("net", "n", "covered"));
      assertEquals(21, run.collector("cpu").reads(), "the other one did not change");
    }
  }

  @Test
  void changedOptionOfACollectorMakesANewSource() {
    try (Scenario run = new Scenario().module(NET, COUNTING).run(13.5)) {
      run.reload(Spec.of("net", 1).option("other")).run(20);
      assertEquals(2, run.collectors("net").size());
    }
  }

  @Test
  void removedModuleStops() {
    try (Scenario run = new Scenario().module(CPU, Signals.steady())) {
      run.module(NET, COUNTING).run(13.5).reload(CPU).run(40);
      assertEquals(14, run.collector("net").reads());
      assertEquals(List.of("n=10", "n=3"), run.picks("net", "n"));
      assertEquals(2, run.self("net").size());
    }
  }

  @Test
  void addedModuleStartsWithPriming() {
    try (Scenario run = new Scenario().module(CPU, Signals.steady()).script("net", COUNTING)) {
      run.run(13.5).reload(CPU, NET);
      assertEquals(1, run.collector("net").reads());
      run.run(30);
      assertEquals(
          List.of("n=7 missed=0 covered=6.5", "n=10 missed=0 covered=10.0"),
          run.picks("net", "n", "missed", "covered"));
    }
  }

  @Test
  void moduleThatWasRemovedAndComesBackIsANewSource() {
    try (Scenario run = new Scenario().module(CPU, Signals.steady()).module(NET, COUNTING)) {
      run.run(13.5).reload(CPU).run(25.5).reload(CPU, NET).run(40);
      assertEquals(2, run.collectors("net").size());
      assertEquals(
          List.of("10.0", "3.0", "4.5", "10.0"),
          run.lines("net").stream().map(line -> line.text("covered")).toList());
    }
  }

  @Test
  void readUnderWayAtTheReloadCountsInTheClosingWindowIfItEndsInGrace() {
    try (Scenario run = new Scenario()) {
      run.module(
          NET,
          (number, into) -> {
            if (number == 13) {
              run.pause(0.9);
            }
            into.counter(Signals.FORKS, 10L * number);
          });
      run.run(13.5).reload(NET).run(20);
      assertEquals(
          List.of("n=10 late=0 missed=0", "n=3 late=0 missed=0", "n=7 late=0 missed=0"),
          run.picks("net", "n", "late", "missed"));
    }
  }

  @Test
  void readOfARemovedModuleStillCountsInItsLastWindow() {
    try (Scenario run = new Scenario().module(CPU, Signals.steady())) {
      run.module(
          NET,
          (number, into) -> {
            if (number == 13) {
              run.pause(0.9);
            }
            into.counter(Signals.FORKS, 10L * number);
          });
      run.run(13.5).reload(CPU).run(20);
      assertEquals(List.of("n=10 missed=0", "n=3 missed=0"), run.picks("net", "n", "missed"));
    }
  }

  @Test
  void stuckReadIsNotDoubledAndKeepsItsAge() {
    try (Scenario run = new Scenario()) {
      VirtualReads.Stuck stuck = run.stuck();
      Spec spec = Spec.of("disk", 1).timeout(2);
      run.module(
          spec,
          (number, into) -> {
            if (number == 13) {
              run.pause(stuck);
            }
            into.counter(Signals.FORKS, 10L * number);
          });
      run.run(17.5).reload(spec).run(25);
      assertEquals(14, run.collector("disk").reads());
      assertEquals(
          List.of("", "4.5", "7"),
          run.self("disk").stream().map(line -> line.text("stuck_seconds")).toList());
      stuck.release();
      run.run(30);
      assertEquals(
          List.of("n=10 missed=0", "n=2 missed=5", "n=0 missed=3", "n=5 missed=5"),
          run.picks("disk", "n", "missed"));
      assertEquals(18, run.lines("disk").get(3).number("covered"), "from 12 s to 30 s");
    }
  }

  @Test
  void changedModuleWaitsForTheStuckReadOfTheOldOne() {
    try (Scenario run = new Scenario()) {
      VirtualReads.Stuck stuck = run.stuck();
      run.module(
          Spec.of("disk", 1).timeout(2),
          (number, into) -> {
            if (run.now() == 13) {
              run.pause(stuck);
            }
            into.counter(Signals.FORKS, 10L * number);
          });
      run.run(17.5).reload(Spec.of("disk", 1).timeout(3)).run(25.5);
      assertEquals(1, run.collectors("disk").size(), "no second read at once");
      stuck.release();
      run.run(40);
      assertEquals(2, run.collectors("disk").size());
      assertTrue(run.collectors("disk").get(0).closed());
      // primed at 26 s
      assertEquals(
          List.of("n=4 missed=0 covered=4.0", "n=10 missed=0 covered=10.0"),
          run.picks("disk", "n", "missed", "covered").subList(2, 4));
    }
  }

  @Test
  void reloadAtTheInstantOfABoundaryHasOneReportAndLosesNoTick() {
    try (Scenario run = new Scenario()) {
      run.module(
          NET,
          (number, into) -> {
            if (number == 20) {
              run.pause(0.5);
            }
            into.counter(Signals.FORKS, 10L * number);
          });
      run.run(20).reload(NET).run(40);
      assertEquals(
          List.of(
              "window=10 n=10 late=0 missed=0 partial=start",
              "window=10 n=10 late=0 missed=0 partial=",
              "window=10 n=10 late=0 missed=0 partial=reload",
              "window=10 n=10 late=0 missed=0 partial="),
          run.picks("net", "window", "n", "late", "missed", "partial"));
    }
  }

  @Test
  void anotherHeartbeatHoldsFromTheReloadOn() {
    try (Scenario run = new Scenario().module(CPU, Signals.steady()).run(13.5)) {
      run.heartbeat(4).reload(CPU).run(24);
      assertEquals(
          List.of("10", "3.5", "2.5", "4", "4"),
          run.lines("cpu").stream().map(line -> line.text("window")).toList());
      run.assertDue("cpu", 10, 3, 3, 4, 4);
    }
  }
}
