package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Instance;
import io.duologger.model.Line;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** No text from outside makes a line, a pair or a parser error. */
public class AnyTextTest {
  @Property(tries = 3000)
  void logfmtKeepsLinesAndPairs(
      @ForAll("texts") String label,
      @ForAll("texts") String info,
      @ForAll("events") List<String> events) {
    List<String> lines = lines(new LogfmtFormat(Integer.MAX_VALUE, 50), label, info, events);
    Map<String, String> head = new LinkedHashMap<>();
    head.put("xid", "1795429200");
    head.put("module", "net");
    head.put("device", replaced(label));
    head.put("window", "600");
    List<Map<String, String>> expected = new ArrayList<>();
    if (!info.isEmpty() || events.isEmpty()) {
      expected.add(with(head, info.isEmpty() ? Map.of() : Map.of("driver", replaced(info))));
    }
    for (int i = 0; i < events.size(); i++) {
      expected.add(with(head, Map.of(i % 2 == 0 ? "even" : "odd", replaced(events.get(i)))));
    }
    assertEquals(expected.size(), lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertEquals(List.copyOf(expected.get(i).entrySet()), Logfmt.parse(lines.get(i)));
    }
  }

  @Property(tries = 3000)
  void jsonKeepsTextsAsTheyAre(
      @ForAll("texts") String label,
      @ForAll("texts") String info,
      @ForAll("events") List<String> events) {
    List<String> lines = lines(new JsonFormat(), label, info, events);
    assertEquals(1, lines.size());
    Map<String, Object> object = Json.parse(lines.get(0));
    assertEquals(label, object.remove("device"));
    assertEquals(info, object.remove("driver"));
    List<Object> even = new ArrayList<>();
    List<Object> odd = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      (i % 2 == 0 ? even : odd).add(events.get(i));
    }
    assertEquals(even, object.getOrDefault("even", List.of()));
    assertEquals(odd, object.getOrDefault("odd", List.of()));
    object.remove("even");
    object.remove("odd");
    assertEquals(List.of("xid", "module", "window"), List.copyOf(object.keySet()));
  }

  @Provide
  Arbitrary<String> texts() {
    return anyText();
  }

  /** Texts with much of what has a meaning somewhere. */
  public static Arbitrary<String> anyText() {
    Arbitrary<Character> troublesome =
        Arbitraries.of(
            '\n', '\r', '\t', '\0', ' ', '"', '\'', '\\', '/', '=', ',', '{', '}', '\u007f',
            '\u0085', '\u00a0', '\u2028', '\ufeff', '\uffff', '\ud83d', '\ude00');
    Arbitrary<Character> any =
        Arbitraries.integers().between(0, 0xffff).map(unit -> (char) (int) unit);
    Arbitrary<Character> plain = Arbitraries.chars().range('!', '~');
    return Arbitraries.oneOf(troublesome, any, plain).list().ofMaxSize(20).map(AnyTextTest::joined);
  }

  @Provide
  Arbitrary<List<String>> events() {
    return texts().list().ofMaxSize(4);
  }

  private static String joined(List<Character> characters) {
    StringBuilder text = new StringBuilder();
    characters.forEach(text::append);
    return text.toString();
  }

  private static List<String> lines(Format format, String label, String info, List<String> events) {
    List<Line.Event> named = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      named.add(new Line.Event(i % 2 == 0 ? "even" : "odd", events.get(i)));
    }
    Line line =
        new Line(
            "net",
            Instance.of("device", label),
            Optional.empty(),
            List.of(),
            Map.of("driver", info),
            named);
    byte[] bytes = format.bytes(ReportFixture.report(ReportFixture.WHOLE, line));
    for (byte b : bytes) {
      assertTrue(b == '\n' || b >= ' ' && b <= '~', "not printable ASCII: " + b);
    }
    String text = new String(bytes, StandardCharsets.US_ASCII);
    assertTrue(text.endsWith("\n"));
    return List.of(text.substring(0, text.length() - 1).split("\n", -1));
  }

  private static Map<String, String> with(Map<String, String> head, Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(head);
    all.putAll(more);
    return all;
  }

  /** What the documentation says of a text in logfmt. */
  public static String replaced(String text) {
    StringBuilder replaced = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (point < 32 || point >= 127 && point < 160) {
                replaced.append(' ');
              } else if (point >= 160) {
                replaced.append('?');
              } else {
                replaced.append(Character.toString(point).replace('"', '\'').replace('\\', '/'));
              }
            });
    return replaced.toString();
  }
}
