package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import io.duologger.virtual.VirtualReads;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A signal closes the window off the grid, and the grid stays where it is. */
class CloseTest {
  private static final Spec CPU = Spec.of("cpu", 1);
  private static final Spec MEMORY = Spec.of("memory", 10).atClose();
  private static final Command CLOSE = new Command.Close();

  @Test
  void closeReportsAtOnceAndTheNextWindowBeginsThere() {
    try (Scenario run = new Scenario().module(CPU, Signals.steady()).run(13.5).closeWindow()) {
      assertEquals(2, run.reports().size());
      run.run(40);
      assertEquals(
          List.of(
              "xid=" + run.xid(10) + " window=10 n=10 missed=0 partial=start",
              "xid=" + run.xid(13.5) + " window=3.5 n=3 missed=0 partial=request",
              "xid=" + run.xid(20) + " window=6.5 n=7 missed=0 partial=request",
              "xid=" + run.xid(30) + " window=10 n=10 missed=0 partial=",
              "xid=" + run.xid(40) + " window=10 n=10 missed=0 partial="),
          run.picks("cpu", "xid", "window", "n", "missed", "partial"));
      assertEquals(41, run.collector("cpu").reads(), "no tick is added or run twice");
    }
  }

  @Test
  void modulesReadOnceAHeartbeatAreReadAtTheCloseAndOnTheGridAfterIt() {
    try (Scenario run = new Scenario()) {
      run.module(MEMORY, Signals.steady()).module(Spec.of("disk", 10), Signals.steady());
      run.run(13.5).closeWindow().run(30);
      assertEquals(
          List.of(
              "window=10 n=1 missed=0 load_max=1",
              "window=3.5 n=1 missed=0 load_max=2",
              "window=6.5 n=1 missed=0 load_max=3",
              "window=10 n=1 missed=0 load_max=4"),
          run.picks("memory", "window", "n", "missed", "load_max"));
      assertEquals(5, run.collector("memory").reads());
      assertEquals(4, run.collector("disk").reads(), "it is not one of them");
      assertEquals(List.of("10", "6.5", "10"), windows(run, "disk"));
    }
  }

  private static List<String> windows(Scenario run, String module) {
    return run.lines(module).stream().map(line -> line.text("window")).toList();
  }

  @Test
  void counterReadAtTheCloseLosesNothing() {
    try (Scenario run = new Scenario()) {
      run.module(
          MEMORY, (number, into) -> into.counter(Signals.FORKS, Math.round(100 * run.now())));
      run.run(13.5).closeWindow().run(30);
      assertEquals(List.of("10.0", "3.5", "6.5", "10.0"), covered(run));
      run.lines("memory").forEach(l -> assertEquals(100, l.number("forks_per_second_mean"), 1e-6));
    }
  }

  private static List<String> covered(Scenario run) {
    return run.lines("memory").stream().map(line -> line.text("covered")).toList();
  }

  @Test
  void readAtTheCloseHasTheGrace() {
    try (Scenario run = new Scenario()) {
      run.module(
          MEMORY,
          (number, into) -> {
            run.pause(number == 2 ? 0.9 : 0);
            into.gauge(Signals.LOAD, number);
          });
      run.module(
          Spec.of("disk", 10).atClose(),
          (number, into) -> {
            run.pause(number == 2 ? 1.1 : 0);
            into.gauge(Signals.LOAD, number);
          });
      run.run(13).closeWindow().run(13.999);
      assertEquals(1, run.reports().size());
      run.run(20);
      assertEquals(
          List.of("n=1 late=0 missed=0", "n=1 late=0 missed=0", "n=1 late=0 missed=0"),
          run.picks("memory", "n", "late", "missed"));
      assertEquals(
          List.of("n=1 late=0 missed=0", "n=0 late=0 missed=1", "n=2 late=1 missed=0"),
          run.picks("disk", "n", "late", "missed"));
      run.assertDue("disk", 1, 1, 1);
    }
  }

  @Test
  void leadModuleIsReadAtTheCloseToo() {
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("memory", 10).atClose().lead(4), Signals.steady());
      // no tick is due from 8.5 to 10 s
      run.run(8.5).closeWindow().run(26);
      assertEquals(
          List.of("window=8.5 n=2 missed=0", "window=10 n=1 missed=0"),
          run.picks("memory", "window", "n", "missed"));
      assertEquals(5, run.collector("memory").reads(), "at 0, 6, 8.5, 16 and 26 s");
    }
  }

  @Test
  void closeAtTheInstantOfATickRunsItOnce() {
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("memory", 10).atClose().lead(4), Signals.steady());
      run.run(6).closeWindow().run(16);
      assertEquals(3, run.collector("memory").reads(), "at 0, 6 and 16 s");
      run.assertDue("memory", 1);
    }
  }

  @Test
  void closeAndATickDueAtTheSameInstantMayComeInAnyOrder() {
    for (int seed = 0; seed < 30; seed++) {
      try (Scenario run = new Scenario(new Random(seed))) {
        run.module(Spec.of("memory", 10).atClose().lead(4), Signals.steady());
        run.module(CPU, Signals.steady());
        run.run(5.5).time().stall(Spec.seconds(0.5));
        run.closeWindow().run(20);
        assertEquals(3, run.collector("memory").reads(), "at 0, 6 and 16 s");
        run.assertDue("memory", 1, 1);
        run.assertDue("cpu", 6, 4, 10);
        assertEquals(21, run.collector("cpu").reads());
      }
    }
  }

  @Test
  void windowShorterThanATenthOfTheHeartbeatMergesIntoTheNext() {
    try (Scenario run = new Scenario().module(CPU, Signals.steady())) {
      run.run(19.001).closeWindow().run(29).closeWindow().run(40);
      assertEquals(List.of("10", "9.001", "9.999", "1", "10"), windows(run, "cpu"));
      run.assertDue("cpu", 10, 9, 10, 1, 10);
      assertEquals("request", run.lines("cpu").get(2).partial());
    }
  }

  @Test
  void secondCloseAtTheSameInstantClosesNothing() {
    try (Scenario run = new Scenario()) {
      run.module(CPU, Signals.steady()).module(MEMORY, Signals.steady());
      run.run(13.5).driver().tell(CLOSE, CLOSE, CLOSE);
      assertEquals(2, run.reports().size());
      run.run(20);
      assertEquals(List.of("10", "3.5", "6.5"), windows(run, "cpu"));
      run.assertDue("cpu", 10, 3, 7);
      run.assertDue("memory", 1, 1, 1);
      assertEquals(4, run.collector("memory").reads());
    }
  }

  @Test
  void secondCloseAtTheSameInstantTakesNoGraceFromTheFirst() {
    try (Scenario run = new Scenario()) {
      run.module(
          MEMORY,
          (number, into) -> {
            run.pause(number == 2 ? 0.9 : 0);
            into.gauge(Signals.LOAD, number);
          });
      run.run(13.5).driver().tell(CLOSE, CLOSE);
      run.run(20);
      assertEquals(
          List.of("window=10 n=1 missed=0", "window=3.5 n=1 missed=0", "window=6.5 n=1 missed=0"),
          run.picks("memory", "window", "n", "missed"));
      assertEquals(4, run.collector("memory").reads());
    }
  }

  @Test
  void closeWithinTheGraceOfAnotherEndsThatGrace() {
    try (Scenario run = new Scenario()) {
      run.module(
          CPU,
          (number, into) -> {
            run.pause(number == 13 ? 2.5 : 0);
            into.gauge(Signals.LOAD, number);
          });
      run.run(13.2).closeWindow().run(13.7);
      assertEquals(1, run.reports().size());
      run.closeWindow();
      assertEquals(3, run.reports().size());
      run.run(20);
      assertEquals(
          List.of(
              "window=10 n=10 late=0 missed=0",
              "window=3.2 n=2 late=0 missed=1",
              "window=6.3 n=6 late=1 missed=2"),
          run.picks("cpu", "window", "n", "late", "missed"));
    }
  }

  @Test
  void closeAtTheInstantOfTheGridAddsNoWindowAndNoRead() {
    try (Scenario run = new Scenario()) {
      run.module(CPU, Signals.steady()).module(MEMORY, Signals.steady());
      run.run(20).closeWindow();
      assertEquals(2, run.reports().size());
      run.run(40);
      assertEquals(List.of("10", "10", "10", "10"), windows(run, "cpu"));
      run.assertDue("cpu", 10, 10, 10, 10);
      run.assertDue("memory", 1, 1, 1, 1);
      assertEquals(5, run.collector("memory").reads());
    }
  }

  @Test
  void closeAtTheInstantOfTheGridWhoseTimerIsLateAddsNoWindowAndNoRead() {
    try (Scenario run = new Scenario()) {
      run.module(CPU, Signals.steady()).module(MEMORY, Signals.steady());
      run.run(19.5).time().stall(Spec.seconds(0.5));
      run.closeWindow().run(40);
      assertEquals(List.of("10", "10", "10", "10"), windows(run, "cpu"));
      run.assertDue("cpu", 10, 10, 10, 10);
      run.assertDue("memory", 1, 1, 1, 1);
      assertEquals(5, run.collector("memory").reads());
    }
  }

  @Test
  void closeAfterTheGridInstantThatTheTimerSleptThroughClosesBoth() {
    try (Scenario run = new Scenario()) {
      run.module(CPU, Signals.steady()).module(MEMORY, Signals.steady());
      run.run(19.5).time().stall(Spec.seconds(2));
      run.closeWindow().run(30);
      assertEquals(List.of("10", "10", "1.5", "8.5"), windows(run, "cpu"));
      run.assertDue("cpu", 10, 10, 1, 9);
      run.assertDue("memory", 1, 1, 1, 1);
    }
  }

  @Test
  void closeWhileAReadIsStuckGoesOnWithoutIt() {
    try (Scenario run = new Scenario()) {
      VirtualReads.Stuck stuck = run.stuck();
      run.module(CPU, Signals.steady());
      run.module(
          Spec.of("memory", 10).atClose().timeout(2),
          (number, into) -> {
            if (number == 1) {
              run.pause(stuck);
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(15).closeWindow();
      assertEquals(List.of("n=10", "n=5"), run.picks("cpu", "n"));
      assertEquals(List.of("n=0 missed=1", "n=0 missed=1"), run.picks("memory", "n", "missed"));
      run.run(17);
      stuck.release();
      run.run(20);
      assertEquals("n=1 late=0 missed=0", run.picks("memory", "n", "late", "missed").get(2));
      assertEquals(3, run.collector("memory").reads());
    }
  }

  @Test
  void closeBeforeTheFirstReadHasEndedIsAWindowWithoutTicks() {
    try (Scenario run = new Scenario()) {
      run.module(
          MEMORY,
          (number, into) -> {
            run.pause(number == 0 ? 3 : 0);
            into.gauge(Signals.LOAD, number);
          });
      run.run(2).closeWindow();
      assertEquals(1, run.reports().size());
      run.run(10);
      assertEquals(
          List.of("window=8 n=1 missed=0 partial=request"),
          run.picks("memory", "window", "n", "missed", "partial"));
    }
  }

  @Test
  void stopAndCloseAtTheSameInstantReadOnce() {
    try (Scenario run = new Scenario()) {
      run.module(CPU, Signals.steady()).module(MEMORY, Signals.steady());
      run.run(13.5).driver().tell(CLOSE, new Command.Stop(), CLOSE);
      assertTrue(run.driver().completed());
      assertEquals(2, run.reports().size());
      assertEquals(3, run.collector("memory").reads());
      run.assertDue("memory", 1, 1);
    }
  }
}
