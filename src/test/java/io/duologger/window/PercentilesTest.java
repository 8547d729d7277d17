package io.duologger.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Metric;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Percentiles are those of the nearest rank: exact, or within 0.1 % past the exact limit. */
class PercentilesTest {
  private static long rank(BigDecimal p, long n) {
    return p.multiply(BigDecimal.valueOf(n))
        .divide(BigDecimal.valueOf(100))
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }

  private static double percentile(ValueColumn column, String p) {
    double[] into = {Double.NaN};
    column.percentiles(new Percentiles(List.of(Stat.percentile(p))), into);
    return into[0];
  }

  private static ValueColumn column(int expected) {
    return new ValueColumn(new Chunks(expected));
  }

  /** Adds values in pieces of any length. */
  private static void add(ValueColumn column, double[] values, Random random) {
    int size;
    for (int from = 0; from < values.length; from += size) {
      size = Math.min(1 + random.nextInt(100), values.length - from);
      column.add(Arrays.copyOfRange(values, from, from + size), size);
    }
  }

  private static Statistics statistics(int expected, double[] values) {
    Statistics statistics = new Statistics(column(expected));
    statistics.add(values, values.length);
    return statistics;
  }

  private static double[] values(Statistics statistics, List<Stat> stats) {
    Metric metric = Metric.gauge("a", Unit.COUNT, "A.");
    return statistics.aggregate(metric, new Percentiles(stats), statistics.mean(), 0).values();
  }

  @Property
  void rankIsTheExactCeiling(
      @ForAll @LongRange(min = 1, max = 100_000_000) long millionths,
      @ForAll @LongRange(min = 1, max = 1L << 40) long n) {
    BigDecimal p = BigDecimal.valueOf(millionths, 6);
    assertEquals(rank(p, n), NearestRank.rank(millionths, n));
  }

  @Example
  void rankIsWhatDoublesGetWrong() {
    assertEquals(7, NearestRank.rank(28_000_000, 25));
    assertEquals(8, (long) Math.ceil(28 / 100.0 * 25), "in doubles");
    assertEquals(999, NearestRank.rank(99_900_000, 1000));
    assertEquals(1, NearestRank.rank(1, 4096));
    assertEquals(4096, NearestRank.rank(100_000_000, 4096));
    assertEquals(599, NearestRank.rank(99_800_000, 600));
  }

  @Property
  void upToTheLimitPercentilesAreValuesOfTheirRank(
      @ForAll @Size(min = 1, max = 200) List<@DoubleRange(min = -1e12, max = 1e12) Double> values,
      @ForAll @LongRange(min = 1, max = 100_000_000) long millionths,
      @ForAll @IntRange(min = 1, max = 300) int expected) {
    ValueColumn column = column(expected);
    add(column, values.stream().mapToDouble(Double::doubleValue).toArray(), new Random(expected));
    BigDecimal p = BigDecimal.valueOf(millionths, 6);
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    assertTrue(column.exact());
    assertEquals(sorted[(int) rank(p, sorted.length) - 1], percentile(column, p.toPlainString()));
  }

  @Example
  void everySizeUpToTheLimitIsExact() {
    Random random = new Random(7);
    for (int n = 1; n <= ValueColumn.EXACT_LIMIT; n += n < 130 ? 1 : 61) {
      assertExact(random, n);
    }
    assertExact(random, ValueColumn.EXACT_LIMIT);
  }

  private static void assertExact(Random random, int n) {
    ValueColumn column = column(1 + random.nextInt(5000));
    double[] values = random.doubles(n, -1e6, 1e6).toArray();
    add(column, values, random);
    Arrays.sort(values);
    assertTrue(column.exact());
    for (String p : List.of("0.1", "1", "5", "28", "50", "95", "99", "99.9", "99.999", "100")) {
      double expected = values[(int) rank(new BigDecimal(p), n) - 1];
      assertEquals(expected, percentile(column, p), "p" + p + " of " + n);
    }
  }

  /** How values of a column are drawn. */
  private enum Shape {
    POSITIVE {
      @Override
      double draw(Random random) {
        return Math.exp(random.nextGaussian() * 4);
      }
    },
    SIGNED {
      @Override
      double draw(Random random) {
        return random.nextGaussian() * 50;
      }
    },
    MOSTLY_ZERO {
      @Override
      double draw(Random random) {
        return random.nextInt(10) > 0 ? 0 : random.nextGaussian() * 1e9;
      }
    },
    NEGATIVE {
      @Override
      double draw(Random random) {
        return -random.nextDouble() * 1e-3;
      }
    },
    WIDE {
      @Override
      double draw(Random random) {
        return (random.nextBoolean() ? 1 : -1) * Math.exp((random.nextDouble() - 0.5) * 120);
      }
    },
    GROWING {
      private double last;

      @Override
      double draw(Random random) {
        last = last == 0 || last > 1e200 ? 1e-200 : last * 1.1;
        return last;
      }
    };

    abstract double draw(Random random);
  }

  @Property(tries = 30)
  void pastTheLimitPercentilesAreWithinAThousandth(
      @ForAll Shape shape, @ForAll long seed, @ForAll @IntRange(min = 4097, max = 6000) int n) {
    Random random = new Random(seed);
    ValueColumn column = column(n);
    double[] values = new double[n];
    double largest = 0;
    for (int i = 0; i < n; i++) {
      values[i] = shape.draw(random);
      largest = Math.max(largest, Math.abs(values[i]));
    }
    add(column, values, random);
    Arrays.sort(values);
    assertFalse(column.exact());
    for (String p : List.of("0.01", "1", "10", "28", "50", "75", "95", "99", "99.9", "100")) {
      double expected = values[(int) rank(new BigDecimal(p), n) - 1];
      double actual = percentile(column, p);
      // what is far smaller than the largest is less exact, more so where there are both signs
      double least = largest * (values[0] < 0 && values[n - 1] > 0 ? 0x1p-17 : 0x1p-30);
      double off = Math.abs(actual - expected);
      assertTrue(
          off <= Math.max(Math.abs(expected) * 0.001, least),
          () -> "p" + p + " of " + shape + ": " + actual + " for " + expected);
    }
  }

  @Example
  void constantPastTheLimitIsItself() {
    for (double constant : new double[] {0, 1, -1, 123456.789, -40.5, 1e-9, 1e15}) {
      double[] constants = new double[5000];
      Arrays.fill(constants, constant);
      Statistics statistics = statistics(10_000, constants);
      assertTrue(statistics.approximate());
      List<Stat> stats = List.of(Stat.MIN, Stat.MEAN, Stat.MAX, Stat.percentile("50"));
      double[] values = values(statistics, stats);
      for (double value : values) {
        assertEquals(constant, value);
      }
    }
  }

  @Example
  void countsBeyondAnyCounterAreExact() {
    ValueColumn column = column(10_000);
    double[] ones = new double[100];
    double[] twos = new double[100];
    Arrays.fill(ones, 1);
    Arrays.fill(twos, 2);
    for (int i = 0; i < 3000; i++) {
      column.add(ones, 100);
      column.add(twos, i < 1000 ? 100 : 0);
    }
    // A larger range is taken over with all counts.
    column.add(new double[] {1e6}, 1);
    ValueColumn copy = column.copy();
    for (ValueColumn each : List.of(column, copy)) {
      assertEquals(1, percentile(each, "74.9"), 0.001);
      assertEquals(2, percentile(each, "75.1"), 0.002);
      assertEquals(2, percentile(each, "99.999"), 0.002);
      assertEquals(1e6, percentile(each, "100"), 1e3);
    }
  }

  @Example
  void infinityIsTheLargestPastTheLimitToo() {
    double[] values = new double[5000];
    Arrays.fill(values, 7);
    values[4500] = Double.POSITIVE_INFINITY;
    double[] found =
        values(statistics(5000, values), List.of(Stat.MIN, Stat.percentile("50"), Stat.MAX));
    assertEquals(7, found[0]);
    assertTrue(found[1] >= 7, () -> Arrays.toString(found));
    assertEquals(Double.POSITIVE_INFINITY, found[2]);
  }

  @Property(tries = 200)
  void percentilesStayBetweenMinAndMaxAndDoNotFall(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6000) int n) {
    Random random = new Random(seed);
    double[] drawn = new double[n];
    Arrays.setAll(drawn, i -> random.nextGaussian() * 100);
    List<Stat> stats =
        List.of(
            Stat.MIN,
            Stat.percentile("1"),
            Stat.percentile("50"),
            Stat.percentile("99.9"),
            Stat.MAX);
    double[] values = values(statistics(n, drawn), stats);
    for (int i = 1; i < values.length; i++) {
      assertTrue(values[i - 1] <= values[i], () -> Arrays.toString(values));
    }
  }
}
