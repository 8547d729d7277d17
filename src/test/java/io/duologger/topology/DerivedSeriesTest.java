package io.duologger.topology;

import static io.duologger.virtual.Signals.LOAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.virtual.ReportLine;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Spec;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gauges, ratios, capacities and scales. */
class DerivedSeriesTest {
  private static final Series AWAIT =
      new Series(
          Metric.ratio("await_seconds", Unit.SECONDS, "Wait.").scaledBy(0.001),
          Instance.of("device", "sda"));
  private static final Series LINK =
      new Series(
          Metric.counter("rx_bytes_per_second", Unit.BYTES_PER_SECOND, "Received.")
              .scaledBy(8)
              .withUtilisation("rx_utilisation"),
          Instance.of("device", "eth0"));

  @Test
  void meanOfAGaugeIsUnweighted() {
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("load", 1).stats("min", "mean", "max", "last", "value", "p50"),
          (number, into) -> {
            if (number >= 2 && number <= 8) {
              throw new IOException("no");
            }
            into.gauge(LOAD, number == 1 ? 4 : 1);
          });
      run.run(10);
      // 4 at 1 s, 1 at 9 s and 10 s: the seven seconds without a sample carry no weight
      assertEquals(
          "n=3 missed=7 covered= load_min=1 load_mean=2 load_max=4 load_last=1 load=1 load_p50=1",
          run.lines("load")
              .get(0)
              .pick(
                  "n",
                  "missed",
                  "covered",
                  "load_min",
                  "load_mean",
                  "load_max",
                  "load_last",
                  "load",
                  "load_p50"));
    }
  }

  @Test
  void gaugeThatIsNotANumberIsAbsent() {
    double[] values = {1, Double.NaN, 3, Double.POSITIVE_INFINITY, 5, Double.NEGATIVE_INFINITY};
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("load", 1).stats("min", "mean", "max", "last"),
          (number, into) -> into.gauge(LOAD, number < values.length ? values[number] : -3));
      run.run(20);
      ReportLine line = run.lines("load").get(0);
      // 3, 5 and five times -3 in the first window; the priming read's 1 is not in it
      assertEquals(
          "n=10 seen=7 load_min=-3 load_max=5 load_last=-3",
          line.pick("n", "seen", "load_min", "load_max", "load_last"));
      assertEquals(-1, line.number("load_mean"));
    }
  }

  @Test
  void gaugeThatIsNeverANumberIsNotInTheLine() {
    try (Scenario run =
        new Scenario().module(Spec.of("load", 1), (number, into) -> into.gauge(LOAD, Double.NaN))) {
      run.run(10);
      ReportLine line = run.lines("load").get(0);
      assertEquals("n=10 missed=0", line.pick("n", "missed"));
      assertFalse(line.text().contains("load_"), line::text);
    }
  }

  @Test
  void meanOfARatioIsTheSumOfNumeratorsByTheSumOfDenominators() {
    // milliseconds waited and requests done, over the reads
    long[] waited = {0, 10, 10, 1010, 1010, 1030};
    long[] done = {0, 1, 1, 101, 101, 102};
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("disk", 1),
          (number, into) ->
              into.ratio(AWAIT, waited[Math.min(number, 5)], done[Math.min(number, 5)]));
      run.run(20);
      ReportLine line = run.lines("disk").get(0);
      // 10 ms by 1, 1000 ms by 100, 20 ms by 1; seven intervals without a request
      assertEquals(
          "await_seconds_min=0.01 await_seconds_max=0.02 await_seconds_p50=0.01",
          line.pick("await_seconds_min", "await_seconds_max", "await_seconds_p50"));
      assertEquals(1.030 / 102, line.number("await_seconds_mean"), 1e-10);
      ReportLine idle = run.lines("disk").get(1);
      assertEquals("n=10", idle.pick("n"));
      assertFalse(idle.text().contains("await"), idle::text);
    }
  }

  @Test
  void resetOfEitherCounterOfARatioDropsTheInterval() {
    for (boolean numerator : new boolean[] {true, false}) {
      try (Scenario run = new Scenario()) {
        run.module(
            Spec.of("disk", 1),
            (number, into) -> {
              long fallen = number < 5 ? 100L * number : 100L * number - 450;
              long rising = 100L * number;
              into.ratio(AWAIT, numerator ? fallen : rising, numerator ? rising : fallen);
            });
        run.run(10);
        ReportLine line = run.lines("disk").get(0);
        assertEquals(
            "rates=9 covered=9.0 resets=1 await_seconds_max=0.001 await_seconds_mean=0.001",
            line.pick("rates", "covered", "resets", "await_seconds_max", "await_seconds_mean"));
      }
    }
  }

  @Test
  void capacityYieldsUtilisationAndQuartersThatAddUp() {
    // a second each: 10, 25, 30, 60, 100 and five times 0 of 100
    long[] read = {0, 10, 35, 65, 125, 225};
    try (Scenario run = new Scenario()) {
      run.module(
          Spec.of("net", 1), (number, into) -> into.counter(LINK, read[Math.min(number, 5)], 100));
      run.run(10);
      ReportLine line = run.lines("net").get(0);
      assertEquals(
          "rx_utilisation_quarter1_ratio=0.6 rx_utilisation_quarter2_ratio=0.2"
              + " rx_utilisation_quarter3_ratio=0.1 rx_utilisation_quarter4_ratio=0.1",
          line.pick(
              "rx_utilisation_quarter1_ratio",
              "rx_utilisation_quarter2_ratio",
              "rx_utilisation_quarter3_ratio",
              "rx_utilisation_quarter4_ratio"));
      assertEquals(
          "rx_utilisation_ratio_min=0 rx_utilisation_ratio_mean=0.225 rx_utilisation_ratio_max=1",
          line.pick(
              "rx_utilisation_ratio_min", "rx_utilisation_ratio_mean", "rx_utilisation_ratio_max"));
      // the scale is the rate's, not the utilisation's
      assertEquals(800, line.number("rx_bytes_per_second_max"));
      assertEquals(180, line.number("rx_bytes_per_second_mean"));
    }
  }

  @Test
  void utilisationAboveTheCapacityIsInTheLastQuarter() {
    try (Scenario run =
        new Scenario()
            .module(Spec.of("net", 1), (number, into) -> into.counter(LINK, 500L * number, 100))) {
      run.run(10);
      assertEquals(1, run.lines("net").get(0).number("rx_utilisation_quarter4_ratio"));
      assertEquals(5, run.lines("net").get(0).number("rx_utilisation_ratio_mean"));
    }
  }

  @Test
  void changeOfTheCapacityWeighsTheMean() {
    try (Scenario run = new Scenario()) {
      // 100 a second throughout; the link has 200, then 1000
      run.module(
          Spec.of("net", 1),
          (number, into) -> into.counter(LINK, 100L * number, number <= 5 ? 200 : 1000));
      run.run(10);
      ReportLine line = run.lines("net").get(0);
      assertEquals(0.1, line.number("rx_utilisation_ratio_min"));
      assertEquals(0.5, line.number("rx_utilisation_ratio_max"));
      assertEquals(1000.0 / 6000, line.number("rx_utilisation_ratio_mean"), 1e-9);
    }
  }

  @Test
  void withoutACapacityThereIsNoUtilisation() {
    try (Scenario run =
        new Scenario()
            .module(Spec.of("net", 1), (number, into) -> into.counter(LINK, 100L * number))) {
      run.run(10);
      assertFalse(run.lines("net").get(0).text().contains("utilisation"));
      assertEquals(800, run.lines("net").get(0).number("rx_bytes_per_second_mean"));
    }
  }

  @Test
  void scaleAppliesToGaugesToo() {
    Series memory =
        new Series(Metric.gauge("free_bytes", Unit.BYTES, "Free.").scaledBy(1024), Instance.HOST);
    try (Scenario run =
        new Scenario().module(Spec.of("memory", 1), (number, into) -> into.gauge(memory, 3))) {
      run.run(10);
      assertEquals(
          List.of("free_bytes_min=3072 free_bytes_mean=3072"),
          run.picks("memory", "free_bytes_min", "free_bytes_mean"));
    }
  }
}
