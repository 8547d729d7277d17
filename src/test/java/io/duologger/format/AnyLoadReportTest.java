package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Report;
import io.duologger.model.Stat;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever a report says, Grid Engine reads one report of it, with the values that it has. */
class AnyLoadReportTest {
  @Property(tries = 3000)
  void isReadAsItWasMeant(
      @ForAll("hosts") String host,
      @ForAll("texts") String label,
      @ForAll("texts") String info,
      @ForAll("texts") String event,
      @ForAll double number,
      @ForAll boolean oldNames) {
    Line line =
        new Line(
            "other",
            Instance.of("device", label),
            Optional.empty(),
            List.of(
                new Aggregate(
                    SensorFixture.metric("size_bytes"),
                    List.of(Stat.VALUE, Stat.MAX),
                    new double[] {number, Double.NaN}),
                SensorFixture.number("load", List.of(Stat.LAST), number)),
            Map.of("model", info),
            List.of(new Line.Event("message", "first"), new Line.Event("message", event)));
    Report report = new Report(ReportFixture.WHOLE, host, List.of(line), List.of());
    Map<String, String> values = read(host, new GridEngineFormat(oldNames).bytes(report));

    boolean plainHost = host.matches("[!-9;-~]{1,999}");
    List<String> expected = new ArrayList<>();
    if (plainHost) {
      expected.add("1795429200");
    }
    if (plainHost && label.length() < 900) {
      expected.add(new BigDecimal(number).setScale(0, RoundingMode.HALF_EVEN).toPlainString());
      Bytes plain = new Bytes();
      Numbers.value(plain, number);
      expected.add(plain.text());
      List.of(info, event).forEach(text -> visible(text).ifPresent(expected::add));
    }
    assertEquals(expected, List.copyOf(values.values()));
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> longOnes = Arbitraries.of("x", "\u00e4 ", ":").map(text -> text.repeat(1000));
    return Arbitraries.frequencyOf(Tuple.of(20, AnyTextTest.anyText()), Tuple.of(1, longOnes));
  }

  @Provide
  Arbitrary<String> hosts() {
    return Arbitraries.oneOf(
        Arbitraries.of("node1", "node1.example.org", "h".repeat(999), "h".repeat(1000), "", "a:b"),
        AnyTextTest.anyText());
  }

  /** What the documentation says of a text in a load report. */
  private static Optional<String> visible(String text) {
    StringBuilder visible = new StringBuilder();
    text.codePoints().forEach(c -> visible.append(c > 32 && c < 127 ? (char) c : '_'));
    String cut = visible.substring(0, Math.min(visible.length(), 999));
    return cut.isEmpty() ? Optional.empty() : Optional.of(cut);
  }

  /**
   * Reads as execd does: {@code %[^\n]\n} for a line, after which all white space is skipped, and
   * {@code %[^:]:%[^:]:%[^\n]} within it. Fails where execd would, or where its buffers end.
   */
  private static Map<String, String> read(String host, byte[] bytes) {
    for (byte b : bytes) {
      assertTrue(b == '\n' || b > ' ' && b <= '~', "not visible ASCII: " + b);
    }
    String text = new String(bytes, StandardCharsets.US_ASCII);
    List<String> lines = List.of(text.split("[\\n \\t\\x0b\\f\\r]+"));
    assertEquals(text, String.join("\n", lines) + "\n");
    assertEquals("begin", lines.get(0));
    assertEquals("end", lines.get(lines.size() - 1));
    Map<String, String> values = new LinkedHashMap<>();
    HashSet<String> names = new HashSet<>();
    for (String line : lines.subList(1, lines.size() - 1)) {
      int first = line.indexOf(':');
      int second = line.indexOf(':', first + 1);
      assertTrue(first > 0 && second > first + 1 && second < line.length() - 1, line);
      String name = line.substring(first + 1, second);
      String value = line.substring(second + 1);
      assertEquals(host, line.substring(0, first));
      assertTrue(name.matches("[A-Za-z][A-Za-z0-9_]*"), name);
      assertTrue(first < 1000 && name.length() < 1000 && value.length() < 1000, line);
      assertTrue(names.add(name), name);
      values.put(name, value);
    }
    return values;
  }
}
