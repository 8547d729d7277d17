package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LogfmtFormatTest {
  private static final int HEAD_PAIRS = 10;

  @Property
  void partsKeepTheLimitsTheHeadAndEveryPairOnce(
      @ForAll @IntRange(min = 1, max = 400) int maxBytes,
      @ForAll @IntRange(min = 1, max = 30) int maxPairs,
      @ForAll @Size(max = 40) List<Double> values,
      @ForAll @Size(max = 10) List<@StringLength(max = 300) String> texts) {
    List<Aggregate> aggregates = new ArrayList<>();
    for (double value : values) {
      aggregates.add(ReportFixture.value("v" + aggregates.size(), value));
    }
    Map<String, String> infos = new LinkedHashMap<>();
    for (String text : texts) {
      infos.put("i" + infos.size(), text);
    }
    Line line =
        new Line(
            "net",
            Instance.of("device", "eth0"),
            Optional.of(new Line.Head(1, 600, 0, 0, -1, -1, Double.NaN, 0, Optional.of(true))),
            aggregates,
            infos,
            List.of());
    List<String> whole = lines(new LogfmtFormat(Integer.MAX_VALUE, Integer.MAX_VALUE), line);
    assertEquals(1, whole.size());
    List<Map.Entry<String, String>> expected = Logfmt.parse(whole.get(0));

    List<String> parts = lines(new LogfmtFormat(maxBytes, maxPairs), line);
    List<Map.Entry<String, String>> seen = new ArrayList<>(expected.subList(0, HEAD_PAIRS));
    for (String part : parts) {
      List<Map.Entry<String, String>> pairs = Logfmt.parse(part);
      assertEquals(expected.subList(0, HEAD_PAIRS), pairs.subList(0, HEAD_PAIRS));
      assertTrue(
          pairs.size() <= HEAD_PAIRS + 1 || part.length() <= maxBytes && pairs.size() <= maxPairs,
          part);
      assertTrue(pairs.size() > HEAD_PAIRS || parts.size() == 1, part);
      seen.addAll(pairs.subList(HEAD_PAIRS, pairs.size()));
    }
    assertEquals(expected, seen);
    for (int i = 1; i < parts.size(); i++) {
      assertTrue(mustBreak(parts.get(i - 1), parts.get(i), maxBytes, maxPairs), parts.get(i));
    }
  }

  @Test
  void lineWithoutValuesIsPrintedOnce() {
    assertEquals(
        List.of(
            "xid=1795429200 module=net device=eth0 window=600 every=1 n=600 late=0 missed=0"
                + " covered=600.0 resets=0 exact=1"),
        lines(new LogfmtFormat(10, 3), ReportFixture.line(List.of())));
  }

  @Test
  void lineOfExactlyTheLimitIsNotSplit() {
    Line line =
        ReportFixture.line(List.of(ReportFixture.value("a", 1), ReportFixture.value("b", 2)));
    int length = lines(new LogfmtFormat(), line).get(0).length();
    assertEquals(1, lines(new LogfmtFormat(length, 13), line).size());
    assertEquals(2, lines(new LogfmtFormat(length - 1, 13), line).size());
    assertEquals(2, lines(new LogfmtFormat(length, 12), line).size());
  }

  @Test
  void absentNumberKeepsItsName() {
    Line line =
        new Line(
            "net",
            Instance.HOST,
            Optional.empty(),
            List.of(ReportFixture.value("speed", Double.NaN)),
            Map.of("speed", "unknown"),
            List.of(new Line.Event("speed_2", "x"), new Line.Event("speed_2", "y")));
    assertEquals(
        List.of(
            "xid=1795429200 module=net window=600 speed_2=unknown",
            "xid=1795429200 module=net window=600 speed_2_2=x",
            "xid=1795429200 module=net window=600 speed_2_2=y"),
        lines(new LogfmtFormat(), line));
  }

  @Test
  void labelWithoutTextStays() {
    Line line =
        new Line(
            "net", Instance.of("device", ""), Optional.empty(), List.of(), Map.of(), List.of());
    assertEquals(
        List.of("xid=1795429200 module=net device=\"\" window=600"),
        lines(new LogfmtFormat(), line));
  }

  @Test
  void limitsMustBePositive() {
    assertThrows(IllegalArgumentException.class, () -> new LogfmtFormat(0, 50));
    assertThrows(IllegalArgumentException.class, () -> new LogfmtFormat(2000, 0));
  }

  @Test
  void formatCanBeUsedAgain() {
    Format format = new LogfmtFormat(300, 20);
    byte[] first = format.bytes(ReportFixture.full());
    format.bytes(ReportFixture.report(ReportFixture.WHOLE));
    assertEquals(
        new String(first, StandardCharsets.US_ASCII),
        new String(format.bytes(ReportFixture.full()), StandardCharsets.US_ASCII));
  }

  /** Whether the first pair of a part had no room on the part before. */
  private static boolean mustBreak(String before, String after, int maxBytes, int maxPairs) {
    List<Map.Entry<String, String>> pairs = Logfmt.parse(after);
    int rest = 0;
    for (Map.Entry<String, String> pair : pairs.subList(HEAD_PAIRS + 1, pairs.size())) {
      rest += written(pair);
    }
    int head = head(pairs);
    int first = after.length() - head - rest;
    return before.length() + first > maxBytes || Logfmt.parse(before).size() + 1 > maxPairs;
  }

  private static int head(List<Map.Entry<String, String>> pairs) {
    int length = -1;
    for (Map.Entry<String, String> pair : pairs.subList(0, HEAD_PAIRS)) {
      length += written(pair);
    }
    return length;
  }

  /** The bytes of a pair with the blank before it. */
  private static int written(Map.Entry<String, String> pair) {
    int quotes = pair.getValue().matches("[A-Za-z0-9._:/+@%-]+") ? 0 : 2;
    return pair.getKey().length() + 2 + quotes + pair.getValue().length();
  }

  private static List<String> lines(Format format, Line line) {
    String text =
        new String(
            format.bytes(ReportFixture.report(ReportFixture.WHOLE, line)),
            StandardCharsets.US_ASCII);
    assertTrue(text.endsWith("\n"));
    return List.of(text.substring(0, text.length() - 1).split("\n", -1));
  }
}
