package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Report;
import io.duologger.model.StructuredDataId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StructuredDataFormatTest {
  private static final String ID = "duologger@32473";

  @Test
  void pairsAreThoseOfLogfmt() {
    List<String> logfmt = lines(new LogfmtFormat(2000, 20), ReportFixture.full());
    List<String> structured = lines(new StructuredDataFormat(ID, 4000, 20), ReportFixture.full());
    assertEquals(logfmt.size(), structured.size());
    for (int i = 0; i < logfmt.size(); i++) {
      assertEquals(
          Logfmt.parse(logfmt.get(i)).stream().map(Map.Entry::getKey).toList(),
          params(structured.get(i)).stream().map(Map.Entry::getKey).toList());
    }
  }

  @Property(tries = 2000)
  void textsArriveCleaned(
      @ForAll("texts") String label,
      @ForAll("texts") String info,
      @ForAll("events") List<String> events) {
    List<String> lines =
        lines(new StructuredDataFormat(ID, Integer.MAX_VALUE, 50), report(label, info, events));
    Map<String, String> head = new LinkedHashMap<>();
    head.put("xid", "1795429200");
    head.put("module", "net");
    head.put("device", StructuredData.cleaned(label));
    head.put("window", "600");
    List<List<Map.Entry<String, String>>> expected = new ArrayList<>();
    if (!info.isEmpty() || events.isEmpty()) {
      String text = StructuredData.cleaned(info);
      expected.add(with(head, info.isEmpty() ? Map.of() : Map.of("driver", text)));
    }
    for (String event : events) {
      expected.add(with(head, Map.of("message", StructuredData.cleaned(event))));
    }
    assertEquals(expected, lines.stream().map(StructuredDataFormatTest::params).toList());
  }

  @Test
  void everyCodePointIsWrittenAsUtf8() {
    StringBuilder all = new StringBuilder();
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      all.appendCodePoint(point);
      if (Character.isBmpCodePoint(point) && Character.isSurrogate((char) point)) {
        all.append(' ');
      }
    }
    String text = all.toString();
    List<String> lines =
        lines(new StructuredDataFormat(ID, Integer.MAX_VALUE, 50), report("eth0", text, List.of()));
    assertEquals(StructuredData.cleaned(text), params(lines.get(0)).get(4).getValue());
  }

  @Test
  void onlyWhatHasAMeaningInAValueIsEscaped() {
    assertEquals(
        List.of(
            "[d@1 xid=\"1795429200\" module=\"net\" device=\"[a=b\\]\" window=\"600\""
                + " driver=\"\\\"\\\\' / ?\"]"),
        lines(
            new StructuredDataFormat("d@1", 2000, 50),
            report("[a=b]", "\"\\'\n/\u0085\ud83d", List.of())));
  }

  @Test
  void shortenedNamesStayUniqueWithinALine() {
    String longName = "rx_multicast_packets_per_second_per_queue_of_the_device";
    String shortName = ParamNames.of(longName);
    Map<String, String> infos = new LinkedHashMap<>();
    infos.put(longName, "");
    infos.put(shortName, "b");
    infos.put("rx_broadcast_packets_abc_per_second", "c");
    infos.put("rx_broadcast_packets_abc_ps", "d");
    Line line = new Line("net", Instance.HOST, Optional.empty(), List.of(), infos, List.of());
    List<Map.Entry<String, String>> params =
        params(
            lines(
                    new StructuredDataFormat("d@1", 2000, 50),
                    ReportFixture.report(ReportFixture.WHOLE, line))
                .get(0));
    assertEquals(
        List.of(
            Map.entry(ParamNames.of(shortName + "_2"), "b"),
            Map.entry("rx_broadcast_packets_abc_ps", "c"),
            Map.entry("rx_broadcast_packets_abc_ps_2", "d")),
        params.subList(3, params.size()));
  }

  @Test
  void anElementHasTheNameOfAnEnterprise() {
    for (String id : List.of("duologger@32473", "d@1", "{a}[@32473.1.2", "x".repeat(30) + "@1")) {
      assertTrue(StructuredDataId.isLegal(id), id);
      String line = lines(new StructuredDataFormat(id, 2000, 50), report("", "", List.of())).get(0);
      assertEquals(id, StructuredData.parse(line).get(0).id());
    }
    List<String> illegal =
        List.of(
            "",
            "duologger",
            "origin",
            "@1",
            "a@",
            "a@b",
            "a@1.",
            "a@.1",
            "a@1@2",
            "a b@1",
            "a=@1",
            "a]@1",
            "a\"@1",
            "\u00e4@1",
            "a\u007f@1",
            "a\n@1",
            "a@1\n",
            "a@\u0661",
            "x".repeat(31) + "@1");
    for (String id : illegal) {
      assertFalse(StructuredDataId.isLegal(id), id);
      assertThrows(
          IllegalArgumentException.class, () -> new StructuredDataFormat(id, 2000, 50), id);
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return AnyTextTest.anyText();
  }

  @Provide
  Arbitrary<List<String>> events() {
    return texts().list().ofMaxSize(4);
  }

  private static Report report(String label, String info, List<String> events) {
    Line line =
        new Line(
            "net",
            Instance.of("device", label),
            Optional.empty(),
            List.of(),
            Map.of("driver", info),
            events.stream().map(text -> new Line.Event("message", text)).toList());
    return ReportFixture.report(ReportFixture.WHOLE, line);
  }

  private static List<Map.Entry<String, String>> params(String line) {
    List<StructuredData.Element> elements = StructuredData.parse(line);
    assertEquals(1, elements.size());
    return elements.get(0).params();
  }

  private static List<Map.Entry<String, String>> with(
      Map<String, String> head, Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(head);
    all.putAll(more);
    return List.copyOf(all.entrySet());
  }

  /** A character for each byte. */
  private static List<String> lines(Format format, Report report) {
    String text = new String(format.bytes(report), StandardCharsets.ISO_8859_1);
    return List.of(text.split("\n", -1))
        .subList(0, (int) text.chars().filter(c -> c == 10).count());
  }
}
