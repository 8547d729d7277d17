package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.SourceAbsentException;
import io.duologger.model.Report;
import io.duologger.model.Stat;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import io.duologger.virtual.VirtualReads;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose windows close on request reports when it is asked, and only then. */
class RequestTest {
  private static final Spec CPU = Spec.of("cpu", 1);
  private static final Spec DISK = Spec.of("disk", 1);
  private static final Command REQUEST = new Command.Request();
  private static final Command STOP = new Command.Stop();

  private static Scenario steady() {
    return new Scenario().onRequest().module(CPU, Signals.steady());
  }

  /** The script of a module that hangs at one of its reads, 0 being the first. */
  private static Scenario hanging(Scenario run, Spec spec, int read, VirtualReads.Stuck stuck) {
    return run.module(
        spec,
        (number, into) -> {
          if (number == read) {
            run.pause(stuck);
          }
          into.gauge(Signals.LOAD, number);
        });
  }

  @Test
  void nothingButARequestMakesAReport() {
    try (Scenario run = steady()) {
      run.run(25).closeWindow().run(26).time().stepWall(Spec.seconds(3600));
      run.run(40).reload(CPU, DISK).script("disk", Signals.steady());
      run.run(70).stop().run(75);
      assertTrue(run.driver().completed());
      assertEquals(List.of(), run.reports());
    }
  }

  @Test
  void requestNotSoonerThanAHeartbeatAfterTheCloseClosesTheWindow() {
    try (Scenario run = steady()) {
      run.run(10).request().run(27.5).request().run(37.5).request();
      assertEquals(
          List.of(
              "xid=" + run.xid(10) + " window=10 n=10 missed=0 partial= load_min=1 load_max=10",
              "xid="
                  + run.xid(27.5)
                  + " window=17.5 n=17 missed=0 partial= load_min=11 load_max=27",
              "xid=" + run.xid(37.5) + " window=10 n=10 missed=0 partial= load_min=28 load_max=37"),
          run.picks("cpu", "xid", "window", "n", "missed", "partial", "load_min", "load_max"));
    }
  }

  @Test
  void soonerRequestGetsTheSameReportAgain() {
    try (Scenario run = steady()) {
      run.run(12).request().request().run(15).request().run(21.999).request();
      assertEquals(4, run.reports().size());
      run.reports().forEach(report -> assertSame(run.reports().get(0), report));
      run.run(22).request();
      assertNotSame(run.reports().get(0), run.reports().get(4));
      assertEquals("window=10 n=10", run.picks("cpu", "window", "n").get(4));
    }
  }

  @Test
  void countersLoseNothingFromCloseToClose() {
    Random random = new Random(11);
    long[] counter = {Long.MAX_VALUE - 1_000_000_000L};
    long[] folded = {0};
    try (Scenario run = new Scenario().onRequest()) {
      run.module(
          Spec.of("net", 0.5).timeout(3),
          (number, into) -> {
            if (number > 0) {
              run.pause(random.nextInt(10) == 0 ? 2.1 : random.nextDouble() * 0.3);
              long increase = random.nextInt(1 << 30);
              counter[0] += increase;
              folded[0] += increase;
            }
            into.counter(Signals.FORKS, counter[0]);
          });
      run.start();
      for (int i = 0; i < 60; i++) {
        run.run(run.now() + random.nextDouble() * 9).request();
      }
      // the last close finds no read under way
      run.run(Math.ceil(run.now()) + 20.45);
      while (run.reports().size() < 60 || run.collector("net").busy()) {
        run.run(run.now() + 0.01);
      }
      long counted = folded[0];
      run.request().run(run.now() + 1);
      double sum = 0;
      for (Report report : run.reports().stream().distinct().filter(this::closed).toList()) {
        var line = report.lines().get(0);
        int mean = line.aggregates().get(0).stats().indexOf(Stat.MEAN);
        sum += line.aggregates().get(0).values()[mean] * line.head().orElseThrow().covered();
      }
      assertEquals(61, run.reports().size());
      assertEquals(counted, sum, counted * 1e-12);
    }
  }

  /** Snapshots before the first close don't end anything. */
  private boolean closed(Report report) {
    return report.window().length() >= 10_000_000_000L;
  }

  @Test
  void eachRequestOfManyAtOnceIsAnswered() {
    try (Scenario run = steady()) {
      run.run(3.5).driver().tell(REQUEST, REQUEST, REQUEST);
      assertEquals(List.of("n=3", "n=3", "n=3"), run.picks("cpu", "n"));
      run.run(12).driver().tell(REQUEST, REQUEST, REQUEST);
      run.run(15).driver().tell(REQUEST, REQUEST);
      assertEquals(8, run.reports().size());
      run.reports().subList(3, 8).forEach(r -> assertSame(run.reports().get(3), r));
      assertEquals("window=12 n=12", run.picks("cpu", "window", "n").get(3));
    }
  }

  @Test
  void requestsWaitForTheReadsUnderWayOfTheWindowThatTheFirstOfThemClosed() {
    try (Scenario run = new Scenario().onRequest()) {
      run.module(CPU, Signals.steady());
      run.module(
          DISK,
          (number, into) -> {
            if (number == 12) {
              run.pause(0.75);
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(12).request().run(12.5).request().request().run(12.749);
      assertEquals(List.of(), run.reports());
      run.run(12.75);
      assertEquals(3, run.reports().size());
      run.reports().forEach(report -> assertSame(run.reports().get(0), report));
      assertEquals("n=12 missed=0", run.picks("disk", "n", "missed").get(0));
      run.run(13).request();
      assertSame(run.reports().get(0), run.reports().get(3));
    }
  }

  @Test
  void requestWaitsForAReadUnderWayNoLongerThanTheGrace() {
    try (Scenario run = new Scenario().onRequest()) {
      VirtualReads.Stuck stuck = run.stuck();
      run.module(CPU, Signals.steady());
      hanging(run, DISK, 12, stuck).run(12).request().run(12.999);
      assertEquals(List.of(), run.reports());
      run.run(13);
      assertEquals(List.of("n=12 missed=0"), run.picks("cpu", "n", "missed"));
      assertEquals(List.of("n=11 missed=1"), run.picks("disk", "n", "missed"));
      run.run(14.5);
      stuck.release();
      run.run(22).request();
      assertEquals("n=10 late=0 missed=0", run.picks("cpu", "n", "late", "missed").get(1));
      assertEquals("n=9 late=1 missed=2", run.picks("disk", "n", "late", "missed").get(1));
    }
  }

  @Test
  void aStuckSourceDoesNotHoldUpAnAnswer() {
    try (Scenario run = new Scenario().onRequest()) {
      run.module(CPU, Signals.steady());
      hanging(run, Spec.of("disk", 1).timeout(2), 3, run.stuck()).run(7).request();
      run.run(12).request().run(22).request();
      assertEquals(List.of("n=7", "n=12", "n=10"), run.picks("cpu", "n"));
      assertEquals(
          List.of("n=2 missed=5", "n=2 missed=10", "n=0 missed=10"),
          run.picks("disk", "n", "missed"));
      assertEquals(
          List.of("4", "9", "19"),
          run.self("disk").stream().map(line -> line.text("stuck_seconds")).toList());
    }
  }

  @Test
  void aFailingSourceDoesNotHoldUpAnAnswer() {
    try (Scenario run = new Scenario().onRequest().module(CPU, Signals.steady())) {
      run.module(
          DISK,
          (number, into) -> {
            throw new IOException("no");
          });
      run.run(1).request().run(12).request();
      assertEquals(List.of("n=0 missed=1", "n=0 missed=12"), run.picks("disk", "n", "missed"));
      assertEquals(List.of("n=1", "n=12"), run.picks("cpu", "n"));
    }
  }

  @Test
  void requestBeforeTheFirstSamplesWaitsUntilEverySourceHasOne() {
    try (Scenario run = new Scenario().onRequest().settle(2)) {
      run.module(CPU, Signals.steady());
      run.module(
          Spec.of("disk", 30),
          (number, into) -> {
            run.pause(number == 0 ? 0.1 : 0.3);
            into.gauge(Signals.LOAD, number);
          });
      run.run(0).request().run(1.5).request().run(2.399);
      assertEquals(List.of(), run.reports());
      run.run(2.4);
      assertEquals(2, run.reports().size());
      assertEquals(
          List.of("window=2 n=1 missed=0 partial=", "window=2 n=1 missed=0 partial="),
          run.picks("disk", "window", "n", "missed", "partial"));
      assertEquals(2, run.lines("cpu").size());
    }
  }

  @Test
  void requestBeforeTheFirstSamplesDoesNotWaitForASourceThatFails() {
    try (Scenario run = steady()) {
      run.module(
          DISK,
          (number, into) -> {
            run.pause(0.2);
            throw new IOException("no");
          });
      run.run(0.5).request().run(1.199);
      assertEquals(List.of(), run.reports());
      run.run(1.2);
      assertEquals(List.of("n=1"), run.picks("cpu", "n"));
      assertEquals(List.of("n=0 missed=1"), run.picks("disk", "n", "missed"));
    }
  }

  @Test
  void requestBeforeTheFirstSamplesDoesNotWaitForASourceThatIsNotHere() {
    try (Scenario run = steady()) {
      run.module(
          DISK,
          (number, into) -> {
            throw new SourceAbsentException("no disk");
          });
      run.run(0.5).request().run(0.999);
      assertEquals(List.of(), run.reports());
      run.run(1);
      assertEquals(List.of("n=1"), run.picks("cpu", "n"));
      assertEquals(List.of(), run.lines("disk"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void requestBeforeTheFirstSamplesDoesNotWaitForASourceThatIsKnownToBeStuck(int read) {
    try (Scenario run = steady()) {
      hanging(run, Spec.of("disk", 1).timeout(0.3), read, run.stuck()).run(0.5).request();
      double known = read == 0 ? 1 : 1.3;
      run.run(known - 0.001);
      assertEquals(List.of(), run.reports());
      run.run(known);
      assertEquals(List.of("n=1"), run.picks("cpu", "n"));
      assertEquals(List.of("0"), run.picks("disk", "n").stream().map(n -> n.substring(2)).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void requestBeforeTheFirstSamplesWaitsTwoSecondsMoreThanTheyShouldTake(int read) {
    try (Scenario run = steady().settle(2)) {
      hanging(run, DISK, read, run.stuck()).run(0.5).request().run(3.999);
      assertEquals(List.of(), run.reports());
      run.run(4);
      assertEquals(List.of("n=2"), run.picks("cpu", "n"));
    }
  }

  @Test
  void runOfWhichEverythingHangsAnswersToo() {
    try (Scenario run = new Scenario().onRequest()) {
      hanging(run, CPU, 0, run.stuck());
      hanging(run, DISK, 1, run.stuck()).run(0).request().run(3);
      assertEquals(1, run.reports().size());
      run.run(30).request().run(31).request();
      assertEquals(3, run.reports().size());
    }
  }

  @Test
  void windowWithoutASampleIsNotClosed() {
    boolean[] fails = {false};
    try (Scenario run = new Scenario().onRequest()) {
      run.module(
          CPU,
          (number, into) -> {
            if (fails[0]) {
              throw new IOException("no");
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(12).request();
      fails[0] = true;
      run.run(23).request().run(40).request();
      assertSame(run.reports().get(0), run.reports().get(1));
      assertSame(run.reports().get(0), run.reports().get(2));
      fails[0] = false;
      run.run(41).request();
      assertEquals("window=29 n=1 missed=28", run.picks("cpu", "window", "n", "missed").get(3));
    }
  }

  @Test
  void afterAReloadTheLastReportIsAnsweredUntilAHeartbeatHasPassed() {
    try (Scenario run = steady().script("disk", Signals.steady())) {
      run.run(12).request().run(15.5).reload(CPU, Spec.of("disk", 30));
      run.request().run(25.499).request();
      assertSame(run.reports().get(0), run.reports().get(1));
      assertSame(run.reports().get(0), run.reports().get(2));
      run.run(25.5).request();
      assertEquals(
          "window=10 n=10 partial=reload", run.picks("cpu", "window", "n", "partial").get(3));
      assertEquals(List.of("window=10 n=1"), run.picks("disk", "window", "n"));
      run.run(35.5).request();
      assertEquals("partial=", run.picks("cpu", "partial").get(4));
    }
  }

  @Test
  void requestAfterAReloadBeforeTheFirstCloseWaitsForTheNewModules() {
    try (Scenario run = steady().settle(2).script("disk", Signals.steady())) {
      run.run(5.5).reload(CPU, Spec.of("disk", 30)).run(6.2).request().run(7.499);
      assertEquals(List.of(), run.reports());
      run.run(7.5);
      assertEquals(List.of("window=2 n=2"), run.picks("cpu", "window", "n"));
      assertEquals(List.of("window=2 n=1"), run.picks("disk", "window", "n"));
    }
  }

  @Test
  void afterAClockStepTheLastReportIsAnsweredUntilAHeartbeatHasPassed() {
    try (Scenario run = steady()) {
      run.run(12).request().run(14.5).time().stepWall(Spec.seconds(3600));
      run.run(24.9).request();
      assertSame(run.reports().get(0), run.reports().get(1));
      run.run(25).request();
      assertEquals(
          "xid=" + run.xid(3625) + " window=10 n=10 missed=0 partial=clock",
          run.picks("cpu", "xid", "window", "n", "missed", "partial").get(2));
    }
  }

  @Test
  void closeBySignalBeginsAWindowThatNoReportTellsOf() {
    try (Scenario run = steady()) {
      run.run(12).request().run(15).closeWindow().run(24.999).request();
      assertSame(run.reports().get(0), run.reports().get(1));
      run.run(25).request();
      assertEquals(
          "window=10 n=10 load_min=16", run.picks("cpu", "window", "n", "load_min").get(2));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void requestsThatWaitForAReadAreAnsweredThoughTheRunStops(int requests) {
    for (double stopAt : new double[] {12, 12.5}) {
      try (Scenario run = new Scenario().onRequest()) {
        hanging(run, CPU, 12, run.stuck()).run(12);
        LongStream.range(0, requests).forEach(i -> run.request());
        run.run(stopAt).stop().run(14);
        assertTrue(run.driver().completed());
        assertEquals(requests, run.reports().size(), "stop at " + stopAt);
      }
    }
  }

  @Test
  void requestsBeforeTheFirstSamplesAreAnsweredThoughTheRunStops() {
    try (Scenario run = steady()) {
      run.run(0.25).request().request().run(0.5).driver().tell(REQUEST, STOP, REQUEST);
      run.run(2);
      assertTrue(run.driver().completed());
      assertEquals(3, run.reports().size(), "the one after the stop has no use");
    }
  }

  @Test
  void runOfAGivenLengthEndsWithoutAReport() {
    try (Scenario run = steady().length(25)) {
      run.run(24).request().run(30);
      assertTrue(run.driver().completed());
      assertEquals(1, run.reports().size());
    }
  }

  @Test
  void runWhoseWindowsCloseEachHeartbeatHasNoUseForARequest() {
    try (Scenario run = new Scenario().module(CPU, Signals.steady())) {
      run.run(3).request().run(13).request().run(20);
      assertEquals(List.of("window=10 n=10", "window=10 n=10"), run.picks("cpu", "window", "n"));
      assertFalse(run.driver().completed());
    }
  }
}
