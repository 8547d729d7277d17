package io.duologger.topology;

import static io.duologger.virtual.Signals.ETH0_RX;
import static io.duologger.virtual.Signals.ETH0_TX;
import static io.duologger.virtual.Signals.ETH1_RX;
import static io.duologger.virtual.Signals.FORKS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Series;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import io.duologger.virtual.ReportLine;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Spec;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counters become rates. */
class CountersTest {
  private static final String[] RATE = {
    "forks_per_second_min", "forks_per_second_mean", "forks_per_second_max"
  };

  private static Scenario forks(Spec spec, long... values) {
    return new Scenario()
        .module(
            spec,
            (number, into) -> into.counter(FORKS, values[Math.min(number, values.length - 1)]));
  }

  private static Scenario forks(long... values) {
    return forks(Spec.of("net", 1), values);
  }

  @Test
  void rateIsTheChangeByTheMeasuredTime() {
    try (Scenario run = new Scenario()) {
      // reads take 0.2 s and 0.4 s in turn: midpoints are 0.1 s and 0.2 s after the due times
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            run.pause(number % 2 == 0 ? 0.2 : 0.4);
            into.counter(FORKS, 990L * number);
          });
      run.run(10.5);
      ReportLine line = run.lines("net").get(0);
      assertEquals(990 / 0.9, line.number("forks_per_second_max"), 1e-5);
      assertEquals(900, line.number("forks_per_second_min"), 1e-5);
      assertEquals(10, line.number("covered"));
    }
  }

  @Test
  void aResetOfACounterThatIsNotKeptIsOneOfAllOfItsInstance() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1).series("rx*"),
          (number, into) -> {
            into.counter(ETH0_RX, 100L * number);
            into.counter(ETH0_TX, number < 5 ? 1_000 + number : number);
            into.counter(ETH1_RX, 100L * number);
            into.counter(FORKS, number);
          });
      run.run(10);
      assertEquals(
          List.of(
              "device=eth0 rates=9 covered=9.0 resets=1",
              "device=eth1 rates= covered=10.0 resets=0"),
          run.picks("net", "device", "rates", "covered", "resets"));
      assertFalse(run.lines("net").get(0).has("tx_bytes_per_second_mean"));
    }
  }

  @Test
  void meanTimesCoveredIsTheExactChange() {
    try (Scenario run = new Scenario().heartbeat(7)) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            run.pause(number % 5 * 0.0371);
            into.counter(FORKS, 1_000_003L * number * number);
          });
      run.run(70.5);
      BigInteger before = BigInteger.ZERO;
      int read = 0;
      for (ReportLine line : run.lines("net")) {
        read += (int) line.number("n");
        BigInteger now = BigInteger.valueOf(1_000_003L * read * read);
        double change = now.subtract(before).doubleValue();
        double printed = line.number("forks_per_second_mean") * line.number("covered");
        // the mean has nine digits
        assertEquals(change, printed, change * 5e-9);
        before = now;
      }
    }
  }

  @Test
  void failedSampleMakesOneLongIntervalOfItsTrueLength() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            if (number >= 14 && number <= 16) {
              throw new IOException("no");
            }
            into.counter(FORKS, number < 14 ? 10L * number : 10L * number + 60);
          });
      run.run(20);
      ReportLine line = run.lines("net").get(1);
      assertEquals(
          "n=7 missed=3 rates= covered=10.0 resets=0",
          line.pick("n", "missed", "rates", "covered", "resets"));
      // 100 in 4 s: one value of 25 among six of 10
      assertEquals(
          "forks_per_second_min=10 forks_per_second_mean=16 forks_per_second_max=25",
          line.pick(RATE));
      assertEquals(10, line.number("forks_per_second_p50"));
    }
  }

  @Test
  void intervalBelongsToTheWindowOfItsEndAndMayExceedIt() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            if (number >= 6 && number <= 24) {
              throw new IOException("no");
            }
            into.counter(FORKS, 10L * number);
          });
      run.run(30);
      assertEquals(
          List.of(
              "n=5 missed=5 covered=5.0", "n=0 missed=10 covered=", "n=6 missed=4 covered=25.0"),
          run.picks("net", "n", "missed", "covered"));
      assertEquals(10, run.lines("net").get(2).number("forks_per_second_max"));
      assertEquals(10, run.lines("net").get(2).number("forks_per_second_mean"));
    }
  }

  @Test
  void resetDropsTheIntervalAndRenewsTheBaseline() {
    try (Scenario run = forks(0, 100, 200, 300, 400, 30, 130, 230, 330, 430, 530)) {
      run.run(10);
      ReportLine line = run.lines("net").get(0);
      assertEquals(
          "n=10 rates=9 covered=9.0 resets=1", line.pick("n", "rates", "covered", "resets"));
      assertEquals(
          "forks_per_second_min=100 forks_per_second_mean=100 forks_per_second_max=100",
          line.pick(RATE));
    }
  }

  @Test
  void resetOfOneCounterDropsTheIntervalOfTheWholeInstanceAndNoOther() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            into.counter(ETH0_RX, number < 5 ? 100L * number : 100L * number - 450);
            // it was reset too and has overtaken the old value: not to be told from an increase
            into.counter(ETH0_TX, number < 5 ? 100L * number : 100L * number + 77);
            into.counter(ETH1_RX, 100L * number);
          });
      run.run(20);
      ReportLine line = run.lines("net", "eth0").get(0);
      assertEquals("rates=9 covered=9.0 resets=1", line.pick("rates", "covered", "resets"));
      assertEquals(100, line.number("rx_bytes_per_second_max"));
      assertEquals(100, line.number("tx_bytes_per_second_max"));
      assertEquals(100, line.number("tx_bytes_per_second_mean"));
      assertEquals(
          "rates= covered=10.0 resets=0",
          run.lines("net", "eth1").get(0).pick("rates", "covered", "resets"));
      assertEquals(
          "rates= covered=10.0 resets=0",
          run.lines("net", "eth0").get(1).pick("rates", "covered", "resets"));
    }
  }

  @Test
  void windowOfResetsOnlyHasNoRate() {
    try (Scenario run =
        new Scenario()
            .module(Spec.of("net", 1), (number, into) -> into.counter(FORKS, 1000 - number))) {
      run.run(10);
      ReportLine line = run.lines("net").get(0);
      assertEquals(
          "n=10 rates=0 covered=0.0 resets=10", line.pick("n", "rates", "covered", "resets"));
      assertFalse(line.text().contains("forks"), line::text);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // the counter wraps at 1000 and never moves by more than 300 a second
    "900, 100, 200, 0",
    "900, 200, 300, 0",
    "900, 201, , 1",
    "999, 0, 1, 0",
    "1000, 0, , 1",
    "999, 298, 299, 0",
  })
  void declaredWrapIsAWrapUpToItsCeiling(long before, long after, String rate, int resets) {
    Series energy =
        new Series(
            Metric.counter("power_watts", Unit.WATTS, "Power.").wrappingAt(1000, 300),
            Instance.HOST);
    // the first tick comes 1 s after the priming read
    try (Scenario run =
        new Scenario(9)
            .module(
                Spec.of("cpu", 10).stats("value"),
                (number, into) -> into.counter(energy, number == 0 ? before : after))) {
      run.run(1);
      ReportLine line = run.lines("cpu").get(0);
      assertEquals("resets=" + resets, line.pick("resets"));
      assertEquals(rate == null ? "" : rate, line.text("power_watts"), line::text);
    }
  }

  @Test
  void ceilingIsOfTheMeasuredTime() {
    Series energy =
        new Series(
            Metric.counter("power_watts", Unit.WATTS, "Power.").wrappingAt(1000, 300),
            Instance.HOST);
    // 3 s from the priming read: up to 900 may have passed
    try (Scenario run =
        new Scenario(7)
            .module(
                Spec.of("cpu", 10).stats("value"),
                (number, into) -> into.counter(energy, number == 0 ? 950 : 800))) {
      run.run(3);
      assertEquals(850 / 3.0, run.lines("cpu").get(0).number("power_watts"), 1e-6);
    }
  }

  @Test
  void undeclaredWrapOf32BitsIsAReset() {
    try (Scenario run = forks(0xffff_ff00L, 0x10)) {
      run.run(10);
      assertEquals(1, run.lines("net").get(0).number("resets"));
      assertEquals(0, run.lines("net").get(0).number("forks_per_second_max"));
    }
  }

  @Test
  void countersAreUnsigned() {
    // over 2^63 there is no sign, and from 2^64 - 100 on only 99 are left
    long top = Long.MAX_VALUE;
    try (Scenario run = forks(top - 50, top + 50, top + 150, -200, -100, -100)) {
      run.run(10);
      ReportLine line = run.lines("net").get(0);
      assertEquals("rates= covered=10.0 resets=0", line.pick("rates", "covered", "resets"));
      assertEquals(0, line.number("forks_per_second_min"));
      double jump = 0x1p63 - 350;
      assertEquals(jump, line.number("forks_per_second_max"), jump * 1e-8);
      assertEquals(
          (100 + 100 + jump + 100) / 10, line.number("forks_per_second_mean"), jump * 1e-9);
    }
  }

  @Test
  void unsignedDecreaseIsAReset() {
    try (Scenario run = forks(-100, Long.MAX_VALUE, Long.MAX_VALUE)) {
      run.run(10);
      assertEquals("rates=9 resets=1", run.lines("net").get(0).pick("rates", "resets"));
    }
  }

  @Test
  void sumOfIncreasesIsExactBeyondDoublePrecision() {
    long big = 1L << 53;
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1).stats("mean"),
          (number, into) -> into.counter(FORKS, number == 0 ? 0 : big + number));
      run.run(10);
      Aggregate rate = run.reports().get(0).lines().get(0).aggregates().get(0);
      assertEquals(List.of(Stat.MEAN), rate.stats());
      // added as doubles the last nine would be lost
      assertEquals((big + 10) / 10.0, rate.values()[0]);
    }
  }

  @Test
  void scaleAppliesToRatesAndMean() {
    Series sectors =
        new Series(
            Metric.counter("read_bytes_per_second", Unit.BYTES_PER_SECOND, "Read.").scaledBy(512),
            Instance.of("device", "sda"));
    try (Scenario run =
        new Scenario()
            .module(Spec.of("disk", 1), (number, into) -> into.counter(sectors, 3L * number))) {
      run.run(10);
      assertEquals(
          "read_bytes_per_second_min=1536 read_bytes_per_second_mean=1536"
              + " read_bytes_per_second_max=1536 read_bytes_per_second_p50=1536",
          run.lines("disk")
              .get(0)
              .pick(
                  "read_bytes_per_second_min",
                  "read_bytes_per_second_mean",
                  "read_bytes_per_second_max",
                  "read_bytes_per_second_p50"));
    }
  }

  @Test
  void valueOfACounterIsItsMean() {
    try (Scenario run = forks(Spec.of("net", 1).stats("value", "max"), 0, 0, 0, 0, 0, 100)) {
      run.run(10);
      assertEquals(
          "forks_per_second=10 forks_per_second_max=100",
          run.lines("net").get(0).pick("forks_per_second", "forks_per_second_max"));
    }
  }

  @Test
  void minAndMaxAndPercentilesAreUnweightedAndTheMeanIsNot() {
    try (Scenario run = new Scenario()) {
      // one interval of 8 s at 1 a second, two of 1 s at 91
      run.module(
          Spec.of("net", 1),
          (number, into) -> {
            if (number >= 1 && number <= 7) {
              throw new IOException("no");
            }
            into.counter(FORKS, number == 0 ? 0 : number <= 8 ? 8 : 8 + 91L * (number - 8));
          });
      run.run(10);
      ReportLine line = run.lines("net").get(0);
      assertEquals(
          "forks_per_second_min=1 forks_per_second_mean=19 forks_per_second_max=91",
          line.pick(RATE));
      assertEquals(91, line.number("forks_per_second_p50"));
    }
  }
}
