package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.format.LogfmtFormat;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Report;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is answered before the first close is what the open window holds, and leaves it alone. */
class SnapshotTest {
  private static final Series RX =
      new Series(Signals.RX.withUtilisation("rx_utilisation"), Signals.ETH0);
  private static final Series BUSY =
      new Series(Metric.ratio("busy_ratio", Unit.RATIO, "Busy."), Instance.HOST);
  private static final Series STATE = new Series(Metric.info("operstate", "State."), Signals.ETH0);
  private static final Series MESSAGE = new Series(Metric.event("message", "M."), Signals.ETH0);
  private static final Series SIGNED =
      new Series(Metric.gauge("balance", Unit.COUNT, "Of either sign."), Instance.HOST);

  /** Series of every kind, more than 4096 values of some, and every trouble a read can have. */
  private static Scenario everything(double heartbeat) {
    Scenario run = new Scenario().onRequest().heartbeat(heartbeat);
    run.module(
        Spec.of("cpu", 0.01).stats("min", "mean", "max", "last", "p1", "p50", "p99", "p99.9"),
        (number, into) -> {
          into.gauge(Signals.LOAD, number * 7919 % 10_007 / 13.0);
          into.gauge(SIGNED, number * 104_729 % 2003 - 1001);
          into.ratio(BUSY, number * 3L + number % 7, number * 10L);
          into.counter(Signals.FORKS, (long) number * number);
        });
    run.module(
        Spec.of("net", 1).infosOnChange().timeout(0.4),
        (number, into) -> {
          if (number % 11 == 5) {
            throw new IOException("no");
          }
          run.pause(number % 13 == 7 ? 1.7 : number % 5 * 0.01);
          if (number % 17 != 8) {
            into.counter(RX, number % 10 == 9 ? 5 : 1000L * number, 4000);
            into.info(STATE, number < 40 ? "up" : "down");
            into.event(MESSAGE, "at " + number);
            into.event(MESSAGE, "again at " + number);
            into.event(MESSAGE, "and again");
          }
          into.counter(Signals.ETH1_RX, 100L * number);
        });
    run.module(Spec.of("memory", 25), Signals.steady());
    return run;
  }

  private static String text(Report report) {
    String text =
        new String(new LogfmtFormat(1 << 20, 10_000).bytes(report), StandardCharsets.US_ASCII);
    return String.join("\n", text.lines().filter(SnapshotTest::repeats).toList());
  }

  /** The process itself is not virtual. */
  private static boolean repeats(String line) {
    return !line.contains(" module=self ") || line.contains(" collector=");
  }

  @Test
  void earlyRequestsLeaveTheFirstWindowsAsTheyWouldBe() {
    try (Scenario quiet = everything(60);
        Scenario asked = everything(60)) {
      for (double at : new double[] {0, 0.5, 1, 3, 7.3, 12.005, 30, 45, 45, 46.2, 59.99}) {
        asked.run(at).request();
      }
      assertEquals(11, asked.reports().size());
      for (double at : new double[] {62.1, 130.5, 190.5}) {
        quiet.run(at).request();
        asked.run(at).request();
      }
      for (int i = 0; i < 3; i++) {
        String expected = text(quiet.reports().get(i));
        assertEquals(expected, text(asked.reports().get(11 + i)));
        assertTrue(expected.contains(" exact=0 "), expected);
        assertTrue(expected.contains("message="), expected);
      }
    }
  }

  @Test
  void snapshotIsWhatACloseAtThatInstantWouldReport() {
    for (double at : new double[] {1.5, 8, 15.3, 34.5, 55.3}) {
      try (Scenario snapshot = everything(60);
          Scenario close = everything(at)) {
        snapshot.run(at).request();
        close.run(at).request();
        assertEquals(1, close.reports().size(), () -> "no read is under way at " + at);
        assertEquals(text(close.reports().get(0)), text(snapshot.reports().get(0)), "at " + at);
      }
    }
  }

  @Test
  void snapshotsOfTheSameInstantAreEqual() {
    try (Scenario run = everything(60)) {
      run.run(50).request().request();
      assertEquals(text(run.reports().get(0)), text(run.reports().get(1)));
    }
  }

  @Test
  void tickWhoseReadIsUnderWayIsNotMissedInASnapshot() {
    try (Scenario run = new Scenario().onRequest()) {
      run.module(
          Spec.of("cpu", 1),
          (number, into) -> {
            run.pause(number > 2 ? 0.5 : 0);
            into.gauge(Signals.LOAD, number);
          });
      run.run(5.2).request().run(12).request().run(13);
      assertEquals(
          List.of("window=5.2 n=4 missed=0", "window=12 n=12 missed=0"),
          run.picks("cpu", "window", "n", "missed"));
    }
  }
}
