package io.duologger.sink;

import static io.duologger.sink.SinkFixture.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.format.LimitedFormat;
import io.duologger.model.Aggregate;
import io.duologger.peer.LocalReceiver;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reports to receivers of the test. */
@Timeout(30)
class SyslogSinkTest {
  private static final LimitedFormat FORMATS = maxBytes -> SinkFixture.FORMAT;
  private static final SyslogSink.Pace PACE =
      new SyslogSink.Pace(Duration.ofMillis(1), Duration.ofMillis(100));

  @TempDir private Path folder;
  private final HeardLog log = new HeardLog();

  /** Tells the host and the second, so that the test sees what it was asked with. */
  private static byte[] header(String host, long wall) {
    String first = host.lines().findFirst().orElse("").split("=")[0];
    return ("<" + first + " " + wall / 1_000_000_000 + "> ").getBytes(StandardCharsets.US_ASCII);
  }

  private SyslogSink sink(SyslogSink.Receiver receiver, LimitedFormat formats, int messageBytes) {
    return new SyslogSink(
        receiver,
        SyslogSinkTest::header,
        formats,
        messageBytes,
        new SyslogSink.Waiting(
            Optional.of(folder.resolve("spool")), 1 << 20, Duration.ofDays(1), 10),
        PACE,
        SyslogFixture.CLOCK,
        log);
  }

  private SyslogSink local() {
    return sink(SyslogSink.Receiver.local(folder.resolve("log")), FORMATS, 2048);
  }

  private static Map<String, Double> measures(SyslogSink sink) {
    Map<String, Double> values = new HashMap<>();
    for (Aggregate aggregate : sink.measures()) {
      values.put(aggregate.metric().name(), aggregate.values()[0]);
    }
    return values;
  }

  @Test
  void eachLineIsAMessage() throws Exception {
    try (LocalReceiver receiver = new LocalReceiver(folder.resolve("log"))) {
      SyslogSink sink = local();
      sink.open();
      sink.write(report("a=1 b=2\n\nc=3\n"));
      sink.write(report(""));
      sink.write(report("d=4\n"));
      sink.close();
      String head = "<a 1793678706> ";
      assertEquals(
          List.of(head + "a=1 b=2", head, head + "c=3", "<d 1793678706> d=4"), receiver.received());
      Map<String, Double> measures = measures(sink);
      assertEquals(2, measures.get("reports_delivered"));
      assertEquals(0, measures.get("reports_waiting"));
      assertEquals(0, measures.get("spool_bytes"));
      assertEquals(0, measures.get("down_seconds"));
      assertEquals(List.of(), log.said());
    }
  }

  @Test
  void theHeaderCountsAsPartOfTheMessage() throws Exception {
    List<Integer> limits = new ArrayList<>();
    LimitedFormat formats =
        maxBytes -> {
          limits.add(maxBytes);
          return SinkFixture.FORMAT;
        };
    try (LocalReceiver receiver = new LocalReceiver(folder.resolve("log"))) {
      SyslogSink sink = sink(SyslogSink.Receiver.local(folder.resolve("log")), formats, 200);
      sink.open();
      sink.write(report("a=1\n"));
      sink.write(report("b=1\n"));
      sink.write(report("x".repeat(90) + "=1\n"));
      sink.close();
      int head = "<a 1793678706> ".length();
      assertEquals(
          List.of(200 - head, 100), limits, "a new one only if the header's length changes");
      assertEquals(List.of(), log.said());
      assertEquals(3, receiver.received().size());
    }
  }

  @Test
  void udpGetsThemToo() throws Exception {
    try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      SyslogSink sink =
          sink(SyslogSink.Receiver.udp("localhost", receiver.getLocalPort()), FORMATS, 1400);
      sink.open();
      sink.write(report("a=1\nb=2\n"));
      DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
      for (String expected : List.of("<a 1793678706> a=1", "<a 1793678706> b=2")) {
        receiver.receive(packet);
        assertEquals(
            expected,
            new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII));
      }
      sink.close();
    }
  }

  @Test
  void whatIsNotDeliveredGoesOutWithTheNextStart() throws Exception {
    SyslogSink first = local();
    first.open();
    first.write(report("a=1\nb=2\n"));
    first.write(report("c=3\n"));
    first.close();
    List<String> said = log.said();
    assertEquals(2, said.size(), said::toString);
    assertTrue(said.get(0).endsWith("/log: no such file or directory"), said::toString);
    assertEquals("info: 2 reports are kept for the next start", said.get(1));
    assertEquals(2, measures(first).get("reports_waiting"));
    try (LocalReceiver receiver = new LocalReceiver(folder.resolve("log"))) {
      SyslogSink second = local();
      second.open();
      second.write(report("d=4\n"));
      second.close();
      String head = "<a 1793678706> ";
      assertEquals(
          List.of(head + "a=1", head + "b=2", "<c 1793678706> c=3", "<d 1793678706> d=4"),
          receiver.received());
      assertEquals(List.of(), log.said());
    }
  }

  @Test
  void closingASinkThatWasNeverOpenedIsFine() throws Exception {
    local().close();
    assertEquals(List.of(), log.said());
  }
}
