package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.format.ClassicFormat;
import io.duologger.format.Format;
import io.duologger.format.JsonFormat;
import io.duologger.format.LogfmtFormat;
import io.duologger.format.ReportFixture;
import io.duologger.format.StructuredDataFormat;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Report;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whole messages, written by hand from the RFCs. */
class SyslogMessageTest {
  private static final long WALL = SyslogFixture.at("2026-11-03T23:05:06.789012345Z").wall();

  private static final Report REPORT =
      new Report(
          ReportFixture.WHOLE,
          "node7.example.org",
          List.of(
              new Line(
                  "link",
                  Instance.of("device", "eth0"),
                  Optional.empty(),
                  List.of(ReportFixture.value("speed", 1000)),
                  Map.of("driver", "a \"b\"\\c]\n\u00fc"),
                  List.of(new Line.Event("alert", "down")))),
          List.of());

  private static final String TEXT =
      "xid=1795429200 module=link device=eth0 window=600 speed=1000 driver=\"a 'b'/c] ?\"";
  private static final String EVENT =
      "xid=1795429200 module=link device=eth0 window=600 alert=down";

  @Test
  void rfc3164ForTheDaemonOnThisHost() {
    assertMessages(
        new Rfc3164(20, 6, "duologger", 4711, HostForm.NONE, ZoneId.of("Europe/Berlin")),
        new LogfmtFormat(),
        "<166>Nov  4 00:05:06 duologger[4711]: " + TEXT,
        "<166>Nov  4 00:05:06 duologger[4711]: " + EVENT);
  }

  @Test
  void rfc3164WithTheHostWithoutItsDomain() {
    assertMessages(
        new Rfc3164(0, 0, "t", 1, HostForm.SHORT, ZoneOffset.UTC),
        new LogfmtFormat(),
        "<0>Nov  3 23:05:06 node7 t[1]: " + TEXT,
        "<0>Nov  3 23:05:06 node7 t[1]: " + EVENT);
  }

  @Test
  void rfc3164WithTheWholeHost() {
    assertMessages(
        new Rfc3164(23, 7, "x.y_z-1", 4_194_304, HostForm.FULL, ZoneOffset.UTC),
        new ClassicFormat(true, true, false, 2, 60),
        "<191>Nov  3 23:05:06 node7.example.org x.y_z-1[4194304]:"
            + " xid=1795429200 link_eth0_speed=1000",
        "<191>Nov  3 23:05:06 node7.example.org x.y_z-1[4194304]:"
            + " xid=1795429200 link_eth0_driver=\"a 'b'/c] ?\"",
        "<191>Nov  3 23:05:06 node7.example.org x.y_z-1[4194304]:"
            + " xid=1795429200 link_eth0_alert=down");
  }

  @Test
  void rfc5424WithoutStructuredData() {
    assertMessages(
        new Rfc5424(20, 6, "duologger", 4711, "report", HostForm.FULL, false),
        new LogfmtFormat(),
        "<166>1 2026-11-03T23:05:06.789012Z node7.example.org duologger 4711 report - " + TEXT,
        "<166>1 2026-11-03T23:05:06.789012Z node7.example.org duologger 4711 report - " + EVENT);
  }

  @Test
  void rfc5424WithJson() {
    assertMessages(
        new Rfc5424(1, 5, "duologger", 4711, "-", HostForm.SHORT, false),
        new JsonFormat(),
        "<13>1 2026-11-03T23:05:06.789012Z node7 duologger 4711 - - "
            + "{\"xid\":1795429200,\"module\":\"link\",\"device\":\"eth0\",\"window\":600,"
            + "\"speed\":1000,\"driver\":\"a \\\"b\\\"\\\\c]\\u000a\\u00fc\",\"alert\":[\"down\"]}");
  }

  @Test
  void rfc5424WithStructuredData() {
    String head =
        "<166>1 2026-11-03T23:05:06.789012Z node7.example.org duologger 4711 report "
            + "[duologger@32473 xid=\"1795429200\" module=\"link\" device=\"eth0\" window=\"600\"";
    assertMessages(
        new Rfc5424(20, 6, "duologger", 4711, "report", HostForm.FULL, true),
        new StructuredDataFormat("duologger@32473", 2000, 50),
        head + " speed=\"1000\" driver=\"a \\\"b\\\"\\\\c\\] \u00fc\"]",
        head + " alert=\"down\"]");
  }

  private static void assertMessages(MessageHeader header, Format format, String... expected) {
    byte[] head = header.bytes(REPORT.host(), WALL);
    List<String> messages =
        new String(format.bytes(REPORT), StandardCharsets.UTF_8)
            .lines()
            .map(line -> new String(head, StandardCharsets.UTF_8) + line)
            .toList();
    assertEquals(List.of(expected), messages);
  }
}
