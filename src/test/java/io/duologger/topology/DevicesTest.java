package io.duologger.topology;

import static io.duologger.virtual.Signals.ETH0;
import static io.duologger.virtual.Signals.ETH0_RX;
import static io.duologger.virtual.Signals.ETH0_TX;
import static io.duologger.virtual.Signals.ETH1_RX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.duologger.model.Metric;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.virtual.ReportLine;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Devices and series that come and go. */
class DevicesTest {
  private static final Series CARRIER =
      new Series(Metric.gauge("carrier", Unit.COUNT, "Carrier."), ETH0);

  private static final String[] TRUST = {"n", "seen", "rates", "covered", "resets"};

  @Test
  void deviceThatReturnsUnderItsNameGivesNoFalseRate() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            into.counter(ETH0_RX, 100L * number);
            if (number < 14 || number > 16) {
              // it comes back with a counter of its own, above the old one
              into.counter(ETH1_RX, number < 14 ? 10L * number : 1_000_000 + 10L * number);
            }
          });
      run.run(20);
      assertEquals("n=10 seen= rates= covered=10.0 resets=0", last(run, "eth0").pick(TRUST));
      // ticks 11, 12, 13 have intervals; 17 sets the baseline anew; 18, 19, 20 have intervals
      assertEquals("n=10 seen=7 rates=6 covered=6.0 resets=0", last(run, "eth1").pick(TRUST));
      assertEquals(10, last(run, "eth1").number("rx_bytes_per_second_max"));
      assertEquals(10, last(run, "eth1").number("rx_bytes_per_second_min"));
      assertEquals(10, last(run, "eth1").number("rx_bytes_per_second_mean"));
    }
  }

  @Test
  void deviceThatReturnsWithASmallerCounterIsNoReset() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            if (number != 15) {
              into.counter(ETH1_RX, number < 15 ? 1000L * number : number);
            }
            into.counter(ETH0_RX, number);
          });
      run.run(20);
      assertEquals("n=10 seen=9 rates=8 covered=8.0 resets=0", last(run, "eth1").pick(TRUST));
    }
  }

  @Test
  void deviceThatAppearsMidWindowIsSeenLess() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            into.counter(ETH0_RX, number);
            if (number >= 16) {
              into.counter(ETH1_RX, 1_000_000_000L + 7 * number);
            }
          });
      run.run(30);
      assertEquals(2, run.lines("net", "eth1").size());
      assertEquals(
          "n=10 seen=5 rates=4 covered=4.0 resets=0", run.lines("net", "eth1").get(0).pick(TRUST));
      assertEquals(7, run.lines("net", "eth1").get(0).number("rx_bytes_per_second_max"));
      assertEquals("n=10 seen= rates= covered=10.0 resets=0", last(run, "eth1").pick(TRUST));
    }
  }

  @Test
  void deviceThatIsSeenOnceHasNoRate() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            into.counter(ETH0_RX, number);
            if (number == 15) {
              into.counter(ETH1_RX, 7);
            }
          });
      run.run(30);
      assertEquals(1, run.lines("net", "eth1").size());
      assertEquals("n=10 seen=1 rates=0 covered=0.0 resets=0", last(run, "eth1").pick(TRUST));
      assertFalse(last(run, "eth1").text().contains("rx_bytes"));
    }
  }

  @Test
  void deviceUnseenForAWholeWindowIsForgotten() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            into.counter(ETH0_RX, number);
            if (number <= 8 || number >= 32) {
              into.counter(ETH1_RX, 100L * number);
            }
          });
      run.run(40);
      List<ReportLine> lines = run.lines("net", "eth1");
      assertEquals(2, lines.size(), "none in the windows without it");
      assertEquals(run.xid(10), lines.get(0).text("xid"));
      assertEquals(run.xid(40), lines.get(1).text("xid"));
      assertEquals("n=10 seen=9 rates=8 covered=8.0 resets=0", lines.get(1).pick(TRUST));
      assertEquals(100, lines.get(1).number("rx_bytes_per_second_max"));
    }
  }

  @Test
  void seriesThatIsAbsentFromASampleOfItsDeviceCoversLess() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            into.counter(ETH0_RX, 100L * number);
            if (number != 15) {
              into.counter(ETH0_TX, 10L * number);
            }
          });
      run.run(20);
      List<ReportLine> lines =
          run.lines("net").stream().filter(l -> l.text("xid").equals(run.xid(20))).toList();
      ReportLine rx = with(lines, "rx_bytes_per_second_mean");
      ReportLine tx = with(lines, "tx_bytes_per_second_mean");
      assertEquals("covered=10.0 rates=", rx.pick("covered", "rates"));
      assertEquals(100, rx.number("rx_bytes_per_second_mean"));
      // no interval ends at 15 s, none at 16 s
      assertEquals("covered=8.0 rates=8", tx.pick("covered", "rates"));
      assertEquals(10, tx.number("tx_bytes_per_second_mean"));
    }
  }

  @Test
  void seriesThatAppearsOnAKnownDeviceCoversLess() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            into.counter(ETH0_RX, 100L * number);
            if (number >= 15) {
              into.counter(ETH0_TX, 10L * number);
            }
          });
      run.run(20);
      ReportLine tx = with(run.lines("net"), "tx_bytes_per_second_mean");
      assertEquals("covered=5.0 rates=5", tx.pick("covered", "rates"));
      assertEquals(10, tx.number("tx_bytes_per_second_mean"));
    }
  }

  @Test
  void orderOfReadingsDoesNotMatter() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            if (number % 3 == 0) {
              into.counter(ETH1_RX, 7L * number);
            }
            into.gauge(CARRIER, 1);
            into.counter(ETH0_RX, 5L * number);
            if (number % 3 != 0) {
              into.counter(ETH1_RX, 7L * number);
            }
          });
      run.run(20);
      assertEquals(5, last(run, "eth0").number("rx_bytes_per_second_mean"));
      assertEquals(7, last(run, "eth1").number("rx_bytes_per_second_mean"));
      assertEquals("n=10 seen= rates= covered=10.0 resets=0", last(run, "eth1").pick(TRUST));
    }
  }

  @Test
  void seriesThatAreNotWantedAreNotKept() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1).series("rx_*"),
          (number, into) -> {
            into.counter(ETH0_RX, 100L * number);
            into.counter(ETH0_TX, 100L * number);
          });
      run.run(10);
      assertFalse(last(run, "eth0").text().contains("tx_"));
      assertEquals(100, last(run, "eth0").number("rx_bytes_per_second_mean"));
    }
  }

  private static ReportLine with(List<ReportLine> lines, String key) {
    return lines.stream().filter(line -> line.has(key)).findFirst().orElseThrow();
  }

  private static ReportLine last(Scenario run, String device) {
    List<ReportLine> lines = run.lines("net", device);
    return lines.get(lines.size() - 1);
  }
}
