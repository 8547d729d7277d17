package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.duologger.collector.SourceAbsentException;
import io.duologger.virtual.ReportLine;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import io.duologger.virtual.VirtualReads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that take too long, fail or find nothing. */
class TroubleTest {
  @Test
  void readThatEndsAfterItsLimitIsDiscarded() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1).timeout(2),
          (number, into) -> {
            if (number == 3) {
              run.pause(2.5);
            }
            into.gauge(Signals.LOAD, number == 3 ? 1000 : number);
            into.counter(Signals.FORKS, 10L * number);
          });
      run.run(10);
      ReportLine line = run.lines("cpu").get(0);
      // read 3 at 3 s is discarded, 4 s and 5 s are skipped, read 4 comes at 6 s
      assertEquals("n=7 late=0 missed=3", line.pick("n", "late", "missed"));
      assertEquals(8, line.number("load_max"));
      assertEquals(10, line.number("covered"), "one interval spans it");
      assertEquals(8, line.number("forks_per_second_mean"));
      assertEquals(
          "missed_failed=0 missed_timeout=1 missed_unfinished=0 missed_skipped=2 stuck_seconds=",
          run.self("cpu").get(0).pick(reasons()));
    }
  }

  private static String[] reasons() {
    return new String[] {
      "missed_failed", "missed_timeout", "missed_unfinished", "missed_skipped", "stuck_seconds"
    };
  }

  @Test
  void stuckReadKeepsItsSlotAndIsReportedWithItsAge() {
    try (Scenario run = new Scenario()) {
      VirtualReads.Stuck stuck = run.stuck();
      run.module(Spec.of("cpu", 1), Signals.steady());
      run.module(
          Spec.of("disk", 1).timeout(2),
          (number, into) -> {
            if (number == 13) {
              run.pause(stuck);
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(45.5);
      assertEquals(14, run.collector("disk").reads(), "no further read while stuck");
      assertEquals(
          List.of("n=10 missed=0", "n=2 missed=8", "n=0 missed=10", "n=0 missed=10"),
          run.picks("disk", "n", "missed"));
      assertEquals(
          List.of("", "7", "17", "27"),
          run.self("disk").stream().map(line -> line.text("stuck_seconds")).toList());
      assertEquals("1", run.self("disk").get(1).text("missed_timeout"));
      assertEquals("7", run.self("disk").get(1).text("missed_skipped"));
      stuck.release();
      run.run(60);
      assertEquals("n=5 late=0 missed=5", run.lines("disk").get(4).pick("n", "late", "missed"));
      assertEquals("n=10 late=0 missed=0", run.lines("disk").get(5).pick("n", "late", "missed"));
      assertFalse(run.self("disk").get(4).has("stuck_seconds"));
      run.assertDue("disk", 10, 10, 10, 10, 10, 10);
      run.lines("cpu").forEach(l -> assertEquals("n=10 missed=0", l.pick("n", "missed")));
    }
  }

  @Test
  void reportDoesNotWaitForAStuckRead() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("disk", 1).timeout(2),
          (number, into) -> {
            if (number == 3) {
              run.pause(run.stuck());
            }
          });
      run.run(10);
      assertEquals(1, run.reports().size());
    }
  }

  @Test
  void timeLimitThatRunsOutInTheNextWindowIsCountedOnce() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("disk", 1).timeout(3),
          (number, into) -> {
            if (number == 9) {
              run.pause(6.5);
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(20);
      // due at 9 s, not over at 11 s when the grace ends; 10 s is skipped; ends at 15.5 s
      assertEquals(
          List.of("n=8 late=0 missed=2", "n=5 late=0 missed=5"),
          run.picks("disk", "n", "late", "missed"));
      assertEquals("0", run.self("disk").get(1).text("missed_timeout"));
      assertEquals("5", run.self("disk").get(1).text("missed_skipped"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void failedReadsAreCountedAndTheRunGoesOn(boolean checked) {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1),
          (number, into) -> {
            into.gauge(Signals.LOAD, 1000);
            if (number % 3 == 0 && checked) {
              throw new IOException("no");
            }
            if (number % 3 == 0) {
              throw new IllegalStateException("no");
            }
          });
      run.run(30);
      assertEquals(
          List.of("n=7 missed=3", "n=7 missed=3", "n=6 missed=4"), run.picks("cpu", "n", "missed"));
      assertEquals(
          List.of("3", "3", "4"),
          run.self("cpu").stream().map(line -> line.text("missed_failed")).toList());
      run.assertDue("cpu", 10, 10, 10);
    }
  }

  @Test
  void whatAFailedReadReadIsDiscarded() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("cpu", 1),
          (number, into) -> {
            into.gauge(Signals.LOAD, number == 5 ? 1000 : 1);
            if (number == 5) {
              throw new IOException("no");
            }
          });
      run.run(10);
      assertEquals(1, run.lines("cpu").get(0).number("load_max"));
    }
  }

  @Test
  void windowOfFailuresIsOneHeadLineWithoutInstanceOrValues() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            if (number > 10 && number <= 20) {
              throw new IOException("no");
            }
            into.counter(Signals.ETH0_RX, number);
            into.counter(Signals.ETH1_RX, number);
          });
      run.run(30);
      List<ReportLine> lines =
          run.lines("net").stream().filter(l -> l.text("xid").equals(run.xid(20))).toList();
      assertEquals(1, lines.size());
      assertEquals(
          "xid=" + run.xid(20) + " module=net window=10 every=1 n=0 late=0 missed=10 resets=0",
          lines.get(0).text());
      // the baselines outlive it
      ReportLine after = run.lines("net", "eth0").get(1);
      assertEquals("n=10 rates= covered=20.0", after.pick("n", "rates", "covered"));
    }
  }

  @Test
  void absentSourceHasNoLineAndIsLookedForOnceAHeartbeat() {
    List<Double> looked = new ArrayList<>();
    try (Scenario run = new Scenario()) {
      run.module(Spec.of("cpu", 1), Signals.steady());
      run.module(
          Spec.of("disk", 1),
          (number, into) -> {
            looked.add(run.now());
            if (run.now() < 42) {
              throw new SourceAbsentException("/proc/diskstats");
            }
            into.counter(Signals.FORKS, 10L * number);
          });
      run.run(40);
      assertEquals(List.of(0., 10., 20., 30., 40.), looked);
      assertEquals(List.of(), run.lines("disk"));
      assertEquals(List.of(), run.self("disk"));
      assertEquals(4, run.lines("cpu").size());
      run.run(70);
      assertEquals(1 + 5 + 20, looked.size());
      // it comes on at 50 s, by itself
      assertEquals(
          List.of("n=1 missed=0 covered=0.0", "n=10 missed=0 covered=10.0"),
          run.picks("disk", "n", "missed", "covered").subList(0, 2));
      assertEquals(run.xid(50), run.lines("disk").get(0).text("xid"));
    }
  }

  @Test
  void sourceThatGoesAwayTurnsTheModuleOff() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("disk", 1),
          (number, into) -> {
            if (number > 13) {
              throw new SourceAbsentException("/proc/diskstats");
            }
            into.gauge(Signals.LOAD, number);
          });
      run.run(50);
      assertEquals(List.of("n=10 missed=0", "n=3 missed=0"), run.picks("disk", "n", "missed"));
    }
  }
}
