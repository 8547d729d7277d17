package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Rfc3164Test {
  private static final String TIME = "2026-01-02T03:04:05Z";
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void localFormHasNoHost() {
    assertEquals("<166>Nov 23 21:05:09 duologger[4711]: ", local("2026-11-23T20:05:09.999Z"));
  }

  @Test
  void daysOfOneDigitArePaddedWithABlank() {
    assertEquals("<166>Mar  1 00:30:00 duologger[4711]: ", local("2026-02-28T23:30:00Z"));
  }

  @Test
  void timeIsLocalAndFollowsDaylightSaving() {
    assertEquals("<166>Mar 29 01:59:59 duologger[4711]: ", local("2026-03-29T00:59:59Z"));
    assertEquals("<166>Mar 29 03:00:00 duologger[4711]: ", local("2026-03-29T01:00:00Z"));
  }

  @Test
  void monthsAreEnglish() {
    List<String> months =
        List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    for (int month = 1; month <= 12; month++) {
      String time = "2026-%02d-15T12:00:00Z".formatted(month);
      assertEquals(months.get(month - 1), local(time).substring(5, 8));
    }
  }

  @Test
  void remoteFormHasTheHostWithoutItsDomain() {
    Map<String, String> written =
        Map.of(
            "node7", "node7",
            "node7.example.org", "node7",
            "10.1.2.3", "10.1.2.3",
            "fd00::7.8.9.10", "fd00::7.8.9.10",
            "a b\nc", "a_b_c",
            "fd00\n::1.2", "fd00_::1.2",
            "\u00e4", "_",
            "", "-",
            ".example.org", "-");
    Rfc3164 header = new Rfc3164(0, 0, "t", 1, HostForm.SHORT, ZoneOffset.UTC);
    written.forEach(
        (host, expected) ->
            assertEquals("<0>Jan  2 03:04:05 " + expected + " t[1]: ", text(header, host, TIME)));
  }

  @Test
  void fullFormHasTheHostAsItIsCalled() {
    Map<String, String> written =
        Map.of(
            "node7", "node7",
            "node7.example.org", "node7.example.org",
            "10.1.2.3", "10.1.2.3",
            "a b\nc.\u00e4", "a_b_c._",
            "", "-");
    Rfc3164 header = new Rfc3164(0, 0, "t", 1, HostForm.FULL, ZoneOffset.UTC);
    written.forEach(
        (host, expected) ->
            assertEquals("<0>Jan  2 03:04:05 " + expected + " t[1]: ", text(header, host, TIME)));
  }

  @Test
  void priorityIsOfFacilityAndSeverity() {
    Rfc3164 header = new Rfc3164(23, 7, "t", 1, HostForm.NONE, ZoneOffset.UTC);
    assertEquals("<191>", text(header, "", TIME).substring(0, 5));
  }

  @Test
  void timesBefore1970AreTimesToo() {
    Rfc3164 header = new Rfc3164(0, 0, "t", 1, HostForm.NONE, ZoneOffset.UTC);
    byte[] bytes = header.bytes("", -1);
    assertEquals("<0>Dec 31 23:59:59 t[1]: ", new String(bytes, StandardCharsets.US_ASCII));
  }

  @Test
  void whatReceiversWouldMisreadIsRefused() {
    assertRefused(-1, 0, "t", 1);
    assertRefused(24, 0, "t", 1);
    assertRefused(0, -1, "t", 1);
    assertRefused(0, 8, "t", 1);
    assertRefused(0, 0, "", 1);
    assertRefused(0, 0, "a b", 1);
    assertRefused(0, 0, "a:", 1);
    assertRefused(0, 0, "a\n", 1);
    assertRefused(0, 0, "x".repeat(33), 1);
    assertRefused(0, 0, "t", 0);
  }

  private static void assertRefused(int facility, int severity, String tag, long pid) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Rfc3164(facility, severity, tag, pid, HostForm.NONE, ZoneOffset.UTC));
  }

  private static String local(String time) {
    return text(new Rfc3164(20, 6, "duologger", 4711, HostForm.NONE, BERLIN), "node7", time);
  }

  private static String text(MessageHeader header, String host, String time) {
    byte[] bytes = header.bytes(host, SyslogFixture.at(time).wall());
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
