package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Report;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** No text from outside makes a line or a pair of the old tools, or breaks the rules of lines. */
class AnyClassicTextTest {
  private static final Pattern PAIR =
      Pattern.compile("([A-Za-z][A-Za-z0-9_]*)(?:=(\"[ !#-\\[\\]-~]*\"|[A-Za-z0-9._:/+@%,-]+))?");

  @Property(tries = 3000)
  void linesHoldEachPairOnce(
      @ForAll("texts") String label,
      @ForAll("texts") String info,
      @ForAll("events") List<String> events,
      @ForAll @IntRange(min = 1, max = 4) int pairs) {
    byte[] bytes = new ClassicFormat(true, true, false, pairs).bytes(report(label, info, events));
    List<List<String[]>> lines = parse(bytes);

    List<String> texts = new ArrayList<>(List.of("7", info));
    texts.addAll(events);
    List<String> values = new ArrayList<>();
    HashSet<String> keys = new HashSet<>();
    for (List<String[]> line : lines) {
      assertEquals("xid=1795429200", String.join("=", line.get(0)));
      List<String[]> rest = line.subList(1, line.size());
      assertTrue(!rest.isEmpty() && rest.size() <= pairs);
      for (String[] pair : rest) {
        assertTrue(keys.add(pair[0]), pair[0]);
        boolean isLong = texts.get(values.size()).length() > 40;
        assertTrue(!isLong || rest.size() == 1);
        values.add(pair[1]);
      }
    }
    assertEquals(texts.stream().map(AnyTextTest::replaced).toList(), values);
    assertTrue(keys.contains("disk_x_" + word(label) + "rotations"), keys.toString());
  }

  @Property(tries = 1000)
  void valuesAloneAreAsManyAsPairs(
      @ForAll("texts") String info, @ForAll("events") List<String> events) {
    byte[] bytes =
        new ClassicFormat(false, false, false, Integer.MAX_VALUE)
            .bytes(report("eth0", info, events));
    String text = new String(bytes, StandardCharsets.US_ASCII).replace('\n', ' ');
    Matcher values = Pattern.compile("(\"[^\"]*\"|[^ \"]+) ").matcher(text);
    int count = 0;
    int at = 0;
    for (; values.find() && values.start() == at; at = values.end()) {
      count++;
    }
    assertEquals(text.length(), at);
    assertEquals(2 + events.size(), count);
  }

  @Provide
  Arbitrary<String> texts() {
    return AnyTextTest.anyText().list().ofMaxSize(4).map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<List<String>> events() {
    return texts().list().ofMaxSize(4);
  }

  private static Report report(String label, String info, List<String> events) {
    List<Line.Event> named = new ArrayList<>();
    events.forEach(text -> named.add(new Line.Event("message", text)));
    Line line =
        new Line(
            "disk_x",
            Instance.of("device", label),
            Optional.empty(),
            List.of(ReportFixture.value("rotations", 7)),
            Map.of("model", info),
            named);
    return ReportFixture.report(ReportFixture.WHOLE, line);
  }

  /** Lines of pairs; a key alone has the value "". */
  private static List<List<String[]>> parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertTrue(text.endsWith("\n"));
    List<List<String[]>> lines = new ArrayList<>();
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      List<String[]> pairs = new ArrayList<>();
      Matcher matcher = PAIR.matcher(line);
      int at = 0;
      while (at <= line.length()) {
        assertTrue(matcher.find(at) && matcher.start() == at, line);
        String value = matcher.group(2) == null ? "" : matcher.group(2);
        pairs.add(new String[] {matcher.group(1), value.replace("\"", "")});
        at = matcher.end();
        assertTrue(at == line.length() || line.charAt(at) == ' ', line);
        at++;
      }
      lines.add(pairs);
    }
    return lines;
  }

  private static String word(String label) {
    StringBuilder word = new StringBuilder();
    label.codePoints().forEach(c -> word.append(c < 128 ? Character.toString(c) : "_"));
    return word.isEmpty() ? "" : word.toString().replaceAll("[^A-Za-z0-9_]", "_") + "_";
  }
}
