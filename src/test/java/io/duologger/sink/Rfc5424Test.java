package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class Rfc5424Test {
  private static final long TIME = SyslogFixture.at("2026-01-02T03:04:05Z").wall();
  private static final Rfc5424 HEADER =
      new Rfc5424(20, 6, "duologger", 4711, "load", HostForm.FULL, false);

  @Test
  void aHeaderHasAllFieldsAndNoStructuredData() {
    assertEquals(
        "<166>1 2026-01-02T03:04:05.000000Z node7.example.org duologger 4711 load - ",
        text(HEADER, "node7.example.org", TIME));
  }

  @Test
  void aHeaderLeavesStructuredDataToTheText() {
    assertEquals(
        "<0>1 2026-01-02T03:04:05.000000Z node7 t 1 - ",
        text(new Rfc5424(0, 0, "t", 1, "-", HostForm.SHORT, true), "node7.example.org", TIME));
  }

  @Test
  void timeIsInWholeMicrosecondsOfTheSecondInWhichItIs() {
    Map<Long, String> written =
        Map.of(
            0L,
            "1970-01-01T00:00:00.000000Z",
            999L,
            "1970-01-01T00:00:00.000000Z",
            1_000L,
            "1970-01-01T00:00:00.000001Z",
            999_999_999L,
            "1970-01-01T00:00:00.999999Z",
            -1L,
            "1969-12-31T23:59:59.999999Z",
            -1_000L,
            "1969-12-31T23:59:59.999999Z",
            -1_001L,
            "1969-12-31T23:59:59.999998Z",
            -1_000_000_000L,
            "1969-12-31T23:59:59.000000Z",
            Long.MAX_VALUE,
            "2262-04-11T23:47:16.854775Z",
            Long.MIN_VALUE,
            "1677-09-21T00:12:43.145224Z");
    written.forEach((wall, expected) -> assertEquals(expected, time(wall)));
  }

  @Property
  void timeIsWhatItWasWithoutItsNanoseconds(@ForAll long wall) {
    Instant read = Instant.parse(time(wall));
    assertEquals(
        Math.floorDiv(wall, 1000L),
        read.getEpochSecond() * 1_000_000 + read.getNano() / 1000,
        time(wall));
  }

  @Test
  void hostsAreOneFieldOfAtMost255Characters() {
    Map<String, String> written =
        Map.of(
            "fd00::1",
            "fd00::1",
            "a b\n\u00e4\ud83d\ude00.c",
            "a_b___.c",
            "",
            "-",
            "h".repeat(255),
            "h".repeat(255),
            "h".repeat(256),
            "h".repeat(255));
    written.forEach(
        (host, expected) ->
            assertEquals(expected, List.of(text(HEADER, host, TIME).split(" ", -1)).get(2)));
  }

  @Test
  void fieldsBeyondTheLimitsOfTheGrammarAreRefused() {
    assertRefused(-1, 0, "t", 1, "-", HostForm.FULL);
    assertRefused(24, 0, "t", 1, "-", HostForm.FULL);
    assertRefused(0, -1, "t", 1, "-", HostForm.FULL);
    assertRefused(0, 8, "t", 1, "-", HostForm.FULL);
    assertRefused(0, 0, "", 1, "-", HostForm.FULL);
    assertRefused(0, 0, "a b", 1, "-", HostForm.FULL);
    assertRefused(0, 0, "\u00e4", 1, "-", HostForm.FULL);
    assertRefused(0, 0, "a\n", 1, "-", HostForm.FULL);
    assertRefused(0, 0, "x".repeat(49), 1, "-", HostForm.FULL);
    assertRefused(0, 0, "t", 0, "-", HostForm.FULL);
    assertRefused(0, 0, "t", 1, "", HostForm.FULL);
    assertRefused(0, 0, "t", 1, "a b", HostForm.FULL);
    assertRefused(0, 0, "t", 1, "x".repeat(33), HostForm.FULL);
    assertRefused(0, 0, "t", 1, "-", HostForm.NONE);
  }

  @Test
  void fieldsMayBeAsLongAsTheGrammarAllows() {
    String name = "n".repeat(48);
    String kind = "k".repeat(32);
    String host = "h".repeat(255);
    assertEquals(
        "<191>1 2026-01-02T03:04:05.000000Z "
            + host
            + " "
            + name
            + " 9223372036854775807 "
            + kind
            + " - ",
        text(new Rfc5424(23, 7, name, Long.MAX_VALUE, kind, HostForm.FULL, false), host, TIME));
  }

  private static void assertRefused(
      int facility, int severity, String name, long pid, String kind, HostForm host) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Rfc5424(facility, severity, name, pid, kind, host, true));
  }

  private static String time(long wall) {
    return text(HEADER, "h", wall).split(" ", -1)[1];
  }

  private static String text(MessageHeader header, String host, long wall) {
    return new String(header.bytes(host, wall), StandardCharsets.ISO_8859_1);
  }
}
