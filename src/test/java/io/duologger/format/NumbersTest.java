package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  private static final MathContext NINE = new MathContext(9, RoundingMode.HALF_EVEN);

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "1, 1",
    "-17, -17",
    "9007199254740991, 9007199254740991",
    "9007199254740992, 9007199250000000",
    "0.1, 0.1",
    "0.5, 0.5",
    "1234.5678, 1234.5678",
    "12345678.96, 12345679",
    "99999999.96, 100000000",
    "1234567894.5, 1234567890",
    "1234567895.5, 1234567900",
    "-0.000001, -0.000001",
    "1e-12, 0.000000000001",
    "0.00000000123456789012, 0.00000000123456789"
  })
  void writesPlainDecimals(double value, String expected) {
    assertEquals(expected, written(out -> Numbers.value(out, value)));
  }

  @ParameterizedTest
  @CsvSource({
    "600, 600.0",
    "0, 0.0",
    "599.25, 599.25",
    "599.9999999999, 600.0",
    "0.123456789, 0.123456789",
    "1e-12, 0.0",
    "12345678901.5, 12345678901.5",
    "1e17, 100000000000000000.0"
  })
  void writesCoveredWithAtLeastOneDecimal(double value, String expected) {
    assertEquals(expected, written(out -> Numbers.covered(out, value)));
  }

  @ParameterizedTest
  @CsvSource({
    "1795429200000000000, 3, 1795429200",
    "1795429200500000000, 3, 1795429200.5",
    "1795429199999999999, 3, 1795429200",
    "250000000, 9, 0.25",
    "-90000000001, 9, -90.000000001",
    "-1, 9, -0.000000001",
    "599999999500, 6, 600",
    "0, 6, 0"
  })
  void writesNanosecondsAsSeconds(long nanos, int decimals, String expected) {
    assertEquals(expected, written(out -> Numbers.seconds(out, nanos, decimals)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "0.5, 0",
    "1.5, 2",
    "-1.5, -2",
    "9007199254740993, 9007199254740992",
    "1e19, 10000000000000000000"
  })
  void writesIntegersHalfToEven(double value, String expected) {
    assertEquals(expected, written(out -> Numbers.whole(out, value)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "0.004, 0",
    "0.125, 0.13",
    "0.375, 0.38",
    "1.115, 1.12",
    "12.5, 12.5",
    "99.999, 100",
    "125000123.456, 125000123.46",
    "90071992547409.5, 90071992547409.5",
    "1e19, 10000000000000000000",
    "-1.25, -1.25"
  })
  void writesHundredthsHalfUp(double value, String expected) {
    assertEquals(expected, written(out -> Numbers.hundredths(out, value)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.009999, 0",
    "0.29, 29",
    "0.57, 57",
    "0.5799999, 57",
    "1, 100",
    "-0.019, -1"
  })
  void writesPercentagesCut(double ratio, String expected) {
    assertEquals(expected, written(out -> Numbers.percent(out, ratio)));
  }

  /** As a tool computes it that has the ticks: 100 - 100 * idle / all. */
  @Property
  void percentagesOfTicksAreThoseOfIntegers(
      @ForAll @IntRange(max = 1_000_000) int part, @ForAll @IntRange(max = 1_000_000) int rest) {
    long all = 1L + part + rest;
    assertEquals(
        Long.toString(100L * part / all),
        written(out -> Numbers.percent(out, (double) part / all)));
  }

  @Property(tries = 20_000)
  void hundredthsAgreeWithBigDecimalToWithinAHundredth(@ForAll("doubles") double value) {
    BigDecimal exact = new BigDecimal(value);
    String written = written(out -> Numbers.hundredths(out, value));
    BigDecimal error = new BigDecimal(written).subtract(exact).abs();
    assertTrue(error.compareTo(new BigDecimal("0.005001")) <= 0, written);
    assertTrue(written.matches("-?[0-9]+(\\.[0-9]?[1-9])?"), written);
  }

  @Property(tries = 20_000)
  void agreesWithBigDecimal(@ForAll("doubles") double value) {
    assertEquals(expected(value), written(out -> Numbers.value(out, value)));
  }

  @Property(tries = 20_000)
  void coveredAgreesWithBigDecimal(@ForAll("doubles") double value) {
    BigDecimal rounded = new BigDecimal(value).setScale(9, RoundingMode.HALF_EVEN);
    String written = written(out -> Numbers.covered(out, value));
    assertEquals(0, rounded.compareTo(new BigDecimal(written)), written);
    assertTrue(written.matches("-?[0-9]+\\.([0-9]|[0-9]{1,8}[1-9])"), written);
  }

  @Property
  void integersAgreeWithLong(@ForAll long value) {
    assertEquals(Long.toString(value), written(out -> Numbers.integer(out, value)));
  }

  @Property
  void secondsAgreeWithBigDecimal(
      @ForAll @LongRange(min = Long.MIN_VALUE) long nanos,
      @ForAll @IntRange(max = 9) int decimals) {
    BigDecimal exact = BigDecimal.valueOf(nanos, 9);
    String written = written(out -> Numbers.seconds(out, nanos, decimals));
    BigDecimal error = new BigDecimal(written).subtract(exact).abs();
    assertTrue(error.compareTo(new BigDecimal("0.5").movePointLeft(decimals)) <= 0, written);
    assertTrue(written.matches("-?[0-9]+(\\.[0-9]{0,8}[1-9])?"), written);
  }

  @Test
  void ordinaryNumbersTakeNoMemory() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Bytes out = new Bytes();
    writeMany(out);
    long before = threads.getCurrentThreadAllocatedBytes();
    writeMany(out);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 10_000, allocated + " bytes for 100,000 numbers");
  }

  private static void writeMany(Bytes out) {
    for (int i = 0; i < 100_000; i++) {
      out.clear();
      Numbers.value(out, i * 1234.56789);
    }
  }

  @Provide
  Arbitrary<Double> doubles() {
    Arbitrary<Double> anyBits =
        Arbitraries.randomValue(random -> Double.longBitsToDouble(random.nextLong()))
            .filter(Double::isFinite);
    Arbitrary<Double> decimals =
        Combinators.combine(Arbitraries.longs(), Arbitraries.integers().between(0, 30))
            .as((digits, scale) -> BigDecimal.valueOf(digits, scale).doubleValue());
    Arbitrary<Double> nearTens =
        Combinators.combine(
                Arbitraries.integers().between(-20, 20), Arbitraries.integers().between(-3, 3))
            .as(
                (exponent, steps) -> {
                  double value = Double.parseDouble("1e" + exponent);
                  return Double.longBitsToDouble(Double.doubleToLongBits(value) + steps);
                });
    Arbitrary<Double> nearNines =
        Combinators.combine(
                Arbitraries.longs().between(9_999_999_970L, 10_000_000_030L),
                Arbitraries.integers().between(0, 22))
            .as((digits, scale) -> BigDecimal.valueOf(digits, scale).doubleValue());
    Arbitrary<Double> ties =
        Combinators.combine(
                Arbitraries.longs().between(-(1L << 53), 1L << 53),
                Arbitraries.integers().between(1, 40))
            .as((mantissa, shift) -> Math.scalb((double) mantissa, -shift));
    return Arbitraries.oneOf(anyBits, decimals, nearTens, nearNines, ties, Arbitraries.doubles());
  }

  private static String expected(double value) {
    BigDecimal exact = new BigDecimal(value);
    if (Math.abs(value) < 0x1p53 && value == Math.rint(value)) {
      return exact.toBigInteger().toString();
    }
    return exact.round(NINE).stripTrailingZeros().toPlainString();
  }

  private static String written(Consumer<Bytes> writer) {
    Bytes out = new Bytes();
    writer.accept(out);
    return new String(out.toArray(), StandardCharsets.ISO_8859_1);
  }
}
