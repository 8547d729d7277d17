package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.format.AnyTextTest;
import io.duologger.format.ClassicFormat;
import io.duologger.format.Format;
import io.duologger.format.GridEngineFormat;
import io.duologger.format.Json;
import io.duologger.format.JsonFormat;
import io.duologger.format.Logfmt;
import io.duologger.format.LogfmtFormat;
import io.duologger.format.ReportFixture;
import io.duologger.format.StructuredData;
import io.duologger.format.StructuredDataFormat;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Report;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Nothing from outside makes a message more or less, or one that the RFCs' grammars refuse. */
class AnySyslogMessageTest {
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  /**
   * Texts from outside, and when they are sent.
   *
   * @param wall nanoseconds since the epoch
   */
  record Told(String host, String label, String info, List<String> events, long wall) {
    Report report() {
      Line line =
          new Line(
              "link",
              Instance.of("device", label),
              Optional.empty(),
              List.of(ReportFixture.value("speed", 1000)),
              Map.of("driver", info),
              events.stream().map(text -> new Line.Event("alert", text)).toList());
      return new Report(ReportFixture.WHOLE, host, List.of(line), List.of());
    }
  }

  @Property(tries = 500)
  void messagesOfRfc3164HaveItsGrammar(
      @ForAll("told") Told told,
      @ForAll("tags") String tag,
      @ForAll HostForm form,
      @ForAll @IntRange(max = 191) int priority,
      @ForAll @IntRange(min = 1, max = 2000) int maxBytes) {
    MessageHeader header = new Rfc3164(priority / 8, priority % 8, tag, 4711, form, ZONE);
    for (Format format : formats(maxBytes)) {
      List<String> lines = lines(format, told.report());
      List<byte[]> messages = messages(header, told, lines);
      assertFramesHold(messages);
      for (int i = 0; i < lines.size(); i++) {
        SyslogGrammar.Message message =
            SyslogGrammar.rfc3164(messages.get(i), form != HostForm.NONE);
        assertEquals(priority, message.priority());
        assertEquals(writtenHost(form, told.host(), Integer.MAX_VALUE), message.host());
        assertEquals(tag, message.sender());
        assertEquals("4711", message.process());
        assertEquals(lines.get(i), message.text());
      }
    }
  }

  @Property(tries = 500)
  void messagesOfRfc5424HaveItsGrammar(
      @ForAll("told") Told told,
      @ForAll("names") String name,
      @ForAll("kinds") String kind,
      @ForAll("forms") HostForm form,
      @ForAll @IntRange(max = 191) int priority,
      @ForAll @IntRange(min = 1, max = 2000) int maxBytes) {
    MessageHeader header = new Rfc5424(priority / 8, priority % 8, name, 4711, kind, form, false);
    for (Format format : formats(maxBytes)) {
      List<String> lines = lines(format, told.report());
      List<byte[]> messages = messages(header, told, lines);
      assertFramesHold(messages);
      for (int i = 0; i < lines.size(); i++) {
        SyslogGrammar.Message message = SyslogGrammar.rfc5424(messages.get(i));
        assertEquals(priority, message.priority());
        assertEquals(writtenHost(form, told.host(), 255), message.host());
        assertEquals(name, message.sender());
        assertEquals("4711", message.process());
        assertEquals(kind, message.kind());
        assertEquals(List.of(), message.data());
        assertEquals(lines.get(i), message.text());
      }
    }
  }

  @Property(tries = 1000)
  void structuredDataArrivesCleaned(
      @ForAll("told") Told told,
      @ForAll("forms") HostForm form,
      @ForAll @IntRange(min = 1, max = 600) int maxBytes) {
    MessageHeader header = new Rfc5424(16, 6, "duologger", 4711, "report", form, true);
    Format format = new StructuredDataFormat("duologger@32473", maxBytes, 50);
    List<byte[]> messages = messages(header, told, lines(format, told.report()));
    assertFramesHold(messages);
    List<Map.Entry<String, String>> head =
        List.of(
            Map.entry("xid", "1795429200"),
            Map.entry("module", "link"),
            Map.entry("device", StructuredData.cleaned(told.label())),
            Map.entry("window", "600"));
    List<Map.Entry<String, String>> pairs = new ArrayList<>();
    for (byte[] bytes : messages) {
      SyslogGrammar.Message message = SyslogGrammar.rfc5424(bytes);
      assertEquals(writtenHost(form, told.host(), 255), message.host());
      assertEquals("", message.text());
      assertEquals(1, message.data().size());
      assertEquals("duologger@32473", message.data().get(0).id());
      List<Map.Entry<String, String>> params = message.data().get(0).params();
      assertEquals(head, params.subList(0, 4));
      pairs.addAll(params.subList(4, params.size()));
    }
    List<Map.Entry<String, String>> expected = new ArrayList<>();
    expected.add(Map.entry("speed", "1000"));
    if (!told.info().isEmpty()) {
      expected.add(Map.entry("driver", StructuredData.cleaned(told.info())));
    }
    told.events().forEach(text -> expected.add(Map.entry("alert", StructuredData.cleaned(text))));
    assertEquals(expected, pairs);
  }

  @Property(tries = 500)
  void textsArriveInLogfmtAndJson(@ForAll("told") Told told) {
    MessageHeader header = new Rfc3164(16, 6, "duologger", 4711, HostForm.SHORT, ZONE);
    List<Map.Entry<String, String>> pairs = new ArrayList<>();
    for (String line : sent(header, told, new LogfmtFormat(1, 50))) {
      List<Map.Entry<String, String>> all = Logfmt.parse(line);
      assertEquals(Map.entry("device", AnyTextTest.replaced(told.label())), all.get(2));
      pairs.addAll(all.subList(4, all.size()));
    }
    List<Map.Entry<String, String>> expected = new ArrayList<>();
    expected.add(Map.entry("speed", "1000"));
    if (!told.info().isEmpty()) {
      expected.add(Map.entry("driver", AnyTextTest.replaced(told.info())));
    }
    told.events().forEach(text -> expected.add(Map.entry("alert", AnyTextTest.replaced(text))));
    assertEquals(expected, pairs);

    List<Object> events = new ArrayList<>();
    for (String line : sent(header, told, new JsonFormat(1))) {
      Map<String, Object> object = Json.parse(line);
      assertEquals(told.label(), object.get("device"));
      assertEquals(told.info(), object.getOrDefault("driver", told.info()));
      events.addAll((List<?>) object.getOrDefault("alert", List.of()));
    }
    assertEquals(told.events(), events);
  }

  @Provide
  Arbitrary<Told> told() {
    Arbitrary<String> texts = texts();
    return Combinators.combine(
            hosts(), texts, texts, texts.list().ofMaxSize(3), Arbitraries.longs())
        .as(Told::new);
  }

  /** All of Unicode, and much of what has a meaning in a header, a frame or an element. */
  private static Arbitrary<String> texts() {
    Arbitrary<String> points =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT)
            .map(Character::toString)
            .list()
            .ofMaxSize(8)
            .map(parts -> String.join("", parts));
    Arbitrary<String> forged =
        Arbitraries.of(
            "\n<0>1 - - - - - -",
            "\0<0>Jan  1 00:00:00 x[1]: ",
            "\"] [a@1 b=\"",
            "12 <0>1 ",
            "\\",
            "\\\"",
            "\\]",
            "]",
            "\u2028",
            "\u2029",
            "\u0085",
            "\u009b",
            "\ufeff",
            "\ud83d",
            "\r\n");
    return Arbitraries.oneOf(AnyTextTest.anyText(), points, forged)
        .list()
        .ofMaxSize(3)
        .map(parts -> String.join("", parts));
  }

  private static Arbitrary<String> hosts() {
    return Arbitraries.oneOf(
        texts(),
        Arbitraries.of("node7", "node7.example.org", "10.1.2.3", "fd00::1.2", "h".repeat(300)));
  }

  @Provide
  Arbitrary<String> tags() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('A', 'Z')
        .numeric()
        .withChars("._-")
        .ofMinLength(1)
        .ofMaxLength(32);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(48);
  }

  @Provide
  Arbitrary<String> kinds() {
    return Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(32);
  }

  @Provide
  Arbitrary<HostForm> forms() {
    return Arbitraries.of(HostForm.SHORT, HostForm.FULL);
  }

  private static List<Format> formats(int maxBytes) {
    return List.of(
        new LogfmtFormat(maxBytes, 50),
        new JsonFormat(maxBytes),
        new JsonFormat(),
        new ClassicFormat(true, true, false, 5, maxBytes),
        new ClassicFormat(false, false, true, 5),
        new GridEngineFormat(true));
  }

  /** The lines, a character for each byte. */
  private static List<String> lines(Format format, Report report) {
    String text = new String(format.bytes(report), StandardCharsets.ISO_8859_1);
    assertTrue(text.endsWith("\n"));
    return List.of(text.substring(0, text.length() - 1).split("\n", -1));
  }

  private static List<byte[]> messages(MessageHeader header, Told told, List<String> lines) {
    String head = new String(header.bytes(told.host(), told.wall()), StandardCharsets.ISO_8859_1);
    return lines.stream().map(line -> (head + line).getBytes(StandardCharsets.ISO_8859_1)).toList();
  }

  /** The texts of the messages as they arrive. */
  private static List<String> sent(MessageHeader header, Told told, Format format) {
    return messages(header, told, lines(format, told.report())).stream()
        .map(message -> SyslogGrammar.rfc3164(message, true).text())
        .toList();
  }

  /** Neither a receiver that counts nor one that looks for an end finds other messages. */
  private static void assertFramesHold(List<byte[]> messages) {
    ByteArrayOutputStream counted = new ByteArrayOutputStream();
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    ByteArrayOutputStream zeros = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      for (byte b : message) {
        assertTrue((b & 0xff) >= 0x20 && b != 0x7f, () -> Arrays.toString(message));
      }
      counted.writeBytes((message.length + " ").getBytes(StandardCharsets.US_ASCII));
      counted.writeBytes(message);
      lines.writeBytes(message);
      lines.write('\n');
      zeros.writeBytes(message);
      zeros.write(0);
    }
    assertSame(messages, SyslogGrammar.counted(counted.toByteArray()));
    assertSame(messages, SyslogGrammar.ended(lines.toByteArray(), '\n'));
    assertSame(messages, SyslogGrammar.ended(zeros.toByteArray(), 0));
  }

  private static void assertSame(List<byte[]> expected, List<byte[]> frames) {
    assertArrayEquals(expected.toArray(), frames.toArray());
  }

  /** What the documentation says of a host's name. */
  private static String writtenHost(HostForm form, String host, int max) {
    if (form == HostForm.NONE) {
      return "";
    }
    boolean isAddress = host.matches("[0-9.]+") || host.contains(":");
    String name = host;
    if (form == HostForm.SHORT && !isAddress && host.contains(".")) {
      name = host.substring(0, host.indexOf('.'));
    }
    StringBuilder written = new StringBuilder();
    name.codePoints().forEach(c -> written.append(c > 32 && c < 127 ? (char) c : '_'));
    String all = written.isEmpty() ? "-" : written.toString();
    return all.substring(0, Math.min(all.length(), max));
  }
}
