package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Report;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** A limit splits the lines of each format, and loses nothing. */
class LineLimitTest {
  private static final int NO_LIMIT = Integer.MAX_VALUE;
  private static final Pattern CLASSIC =
      Pattern.compile("([a-z][A-Za-z0-9_]*)(?:=(\"[^\"]*\"|[^ \"]+))?(?: |$)");

  /**
   * A format with its limit, and a reader of its lines.
   *
   * @param limited makes the format
   * @param pairs the pairs of a line whose bytes are given as characters, head first; a pair for
   *     each text of an array
   * @param headPairs how many of them are the head of a line of the reports below
   */
  private record Subject(
      LimitedFormat limited,
      Function<String, List<Map.Entry<String, String>>> pairs,
      int headPairs) {
    List<String> lines(int maxBytes, Report report) {
      String text = new String(limited.within(maxBytes).bytes(report), StandardCharsets.ISO_8859_1);
      return text.isEmpty() ? List.of() : List.of(chopped(text).split("\n", -1));
    }

    List<Map.Entry<String, String>> head(String line) {
      return pairs.apply(line).subList(0, headPairs);
    }

    List<Map.Entry<String, String>> body(String line) {
      List<Map.Entry<String, String>> all = pairs.apply(line);
      return all.subList(headPairs, all.size());
    }

    /** Each pair behind its head, and each head without a pair. */
    List<List<Map.Entry<String, String>>> joined(List<String> lines) {
      List<List<Map.Entry<String, String>>> joined = new ArrayList<>();
      for (String line : lines) {
        List<Map.Entry<String, String>> body = body(line);
        if (body.isEmpty()) {
          joined.add(head(line));
        }
        for (Map.Entry<String, String> pair : body) {
          List<Map.Entry<String, String>> whole = new ArrayList<>(head(line));
          whole.add(pair);
          joined.add(whole);
        }
      }
      return joined;
    }
  }

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject(max -> new LogfmtFormat(max, NO_LIMIT), Logfmt::parse, 4),
          new Subject(JsonFormat::new, LineLimitTest::json, 4),
          new Subject(
              max -> new StructuredDataFormat("duologger@32473", max, NO_LIMIT),
              LineLimitTest::structured,
              4),
          new Subject(
              max -> new ClassicFormat(true, true, false, NO_LIMIT, max),
              LineLimitTest::classic,
              1),
          new Subject(
              max -> new ClassicFormat(false, true, true, 3, max), LineLimitTest::classic, 0));

  @Property(tries = 500)
  void partsKeepTheLimitTheHeadAndEveryPairOnceInOrder(
      @ForAll("limits") int maxBytes,
      @ForAll @Size(max = 20) List<Double> values,
      @ForAll("texts") List<String> infos,
      @ForAll("texts") List<String> events) {
    Report report =
        ReportFixture.report(
            ReportFixture.WHOLE,
            line("eth0", values, infos, List.of()),
            line("eth1", values, infos, events));
    for (Subject subject : SUBJECTS) {
      List<String> whole = subject.lines(NO_LIMIT, report);
      List<String> parts = subject.lines(maxBytes, report);
      assertEquals(subject.joined(whole), subject.joined(parts));
      for (String part : parts) {
        assertTrue(part.length() <= maxBytes || subject.body(part).size() <= 1, part);
      }
    }
  }

  @Property(tries = 300)
  void structuredDataSplitsByPairsAsLogfmtDoes(
      @ForAll @IntRange(min = 1, max = 12) int maxPairs,
      @ForAll @Size(max = 20) List<Double> values,
      @ForAll("texts") List<String> events) {
    Report report =
        ReportFixture.report(ReportFixture.WHOLE, line("eth0", values, List.of("i"), events));
    List<Integer> logfmt =
        lines(new LogfmtFormat(NO_LIMIT, maxPairs), report).stream()
            .map(line -> Logfmt.parse(line).size())
            .toList();
    List<Integer> structured =
        lines(new StructuredDataFormat("d@1", NO_LIMIT, maxPairs), report).stream()
            .map(line -> structured(line).size())
            .toList();
    assertEquals(logfmt, structured);
  }

  @Test
  void lineOfExactlyTheLimitIsNotSplit() {
    Report report =
        ReportFixture.report(
            ReportFixture.WHOLE, line("eth0", List.of(1.0, 2.0), List.of("\u00e4"), List.of()));
    for (Subject subject : SUBJECTS) {
      List<String> whole = subject.lines(NO_LIMIT, report);
      assertEquals(1, whole.size());
      int length = whole.get(0).length();
      assertEquals(whole, subject.lines(length, report));
      assertEquals(2, subject.lines(length - 1, report).size());
    }
  }

  @Test
  void aLimitBelowTheHeadLeavesOnePairALine() {
    Report report =
        ReportFixture.report(
            ReportFixture.WHOLE,
            line("eth0", List.of(1.0, 2.0), List.of("a"), List.of("b", "c")),
            line("eth1", List.of(), List.of(), List.of()));
    for (Subject subject : SUBJECTS) {
      List<String> lines = subject.lines(1, report);
      List<Integer> pairs = lines.stream().map(line -> subject.body(line).size()).toList();
      List<Integer> expected = new ArrayList<>(List.of(1, 1, 1, 1, 1));
      if (subject.headPairs() > 1) {
        expected.add(0);
      }
      assertEquals(expected, pairs);
    }
  }

  @Test
  void anArrayOfEventsIsSplitBetweenItsTexts() {
    Report report =
        ReportFixture.report(
            ReportFixture.WHOLE,
            line("eth0", List.of(1.0), List.of(), List.of("abc", "x".repeat(50), "d", "e", "f")));
    String head = "{\"xid\":1795429200,\"module\":\"wire\",\"device\":\"eth0\",\"window\":600,";
    assertEquals(
        List.of(
            head + "\"v0\":1,\"even\":[\"abc\"]}",
            head + "\"even\":[\"d\",\"f\"]}",
            head + "\"odd\":[\"" + "x".repeat(50) + "\"]}",
            head + "\"odd\":[\"e\"]}"),
        lines(new JsonFormat((head + "\"v0\":1,\"even\":[\"abc\"]}").length()), report));
  }

  @Test
  void limitsAreAboveZero() {
    for (Subject subject : SUBJECTS) {
      assertThrows(IllegalArgumentException.class, () -> subject.limited().within(0));
    }
    assertThrows(
        IllegalArgumentException.class, () -> new StructuredDataFormat("duologger@32473", 1, 0));
  }

  @Test
  void formatsWithALimitCanBeUsedAgain() {
    for (Subject subject : SUBJECTS) {
      Format format = subject.limited().within(300);
      byte[] first = format.bytes(ReportFixture.full());
      format.bytes(SensorFixture.dual());
      assertArrayEquals(first, format.bytes(ReportFixture.full()));
    }
  }

  @Provide
  Arbitrary<Integer> limits() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(1, 120), Arbitraries.integers().between(60, 1000));
  }

  @Provide
  Arbitrary<List<String>> texts() {
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            AnyTextTest.anyText(),
            Arbitraries.of("", "up", "\u20ac".repeat(60), "]".repeat(90), "x".repeat(41)));
    return texts.list().ofMaxSize(8);
  }

  private static Line line(
      String device, List<Double> values, List<String> infos, List<String> events) {
    List<Aggregate> aggregates = new ArrayList<>();
    for (double value : values) {
      aggregates.add(ReportFixture.value("v" + aggregates.size(), value));
    }
    Map<String, String> named = new LinkedHashMap<>();
    for (String info : infos) {
      named.put("i" + named.size(), info);
    }
    List<Line.Event> texts = new ArrayList<>();
    for (String event : events) {
      texts.add(new Line.Event(texts.size() % 2 == 0 ? "even" : "odd", event));
    }
    return new Line(
        "wire", Instance.of("device", device), Optional.empty(), aggregates, named, texts);
  }

  private static List<String> lines(Format format, Report report) {
    return new String(format.bytes(report), StandardCharsets.ISO_8859_1).lines().toList();
  }

  private static String chopped(String lines) {
    assertTrue(lines.endsWith("\n"));
    return lines.substring(0, lines.length() - 1);
  }

  private static List<Map.Entry<String, String>> json(String line) {
    List<Map.Entry<String, String>> pairs = new ArrayList<>();
    Json.parse(line)
        .forEach(
            (key, value) -> {
              if (value instanceof List<?> texts) {
                texts.forEach(text -> pairs.add(Map.entry(key, "[" + text)));
              } else {
                pairs.add(Map.entry(key, value.toString()));
              }
            });
    return pairs;
  }

  private static List<Map.Entry<String, String>> structured(String line) {
    List<StructuredData.Element> elements = StructuredData.parse(line);
    assertEquals(1, elements.size());
    return elements.get(0).params();
  }

  private static List<Map.Entry<String, String>> classic(String line) {
    List<Map.Entry<String, String>> pairs = new ArrayList<>();
    Matcher matcher = CLASSIC.matcher(line);
    for (int at = 0; at < line.length(); at = matcher.end()) {
      assertTrue(matcher.find(at) && matcher.start() == at, line);
      pairs.add(Map.entry(matcher.group(1), String.valueOf(matcher.group(2))));
    }
    return pairs;
  }
}
