package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.format.StructuredData;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads syslog messages by the grammars of the RFCs, and streams of them. Shares no code. */
final class SyslogGrammar {
  private static final String PRI = "<(0|[1-9][0-9]{0,2})>";

  // RFC 5424, section 6.
  private static final String VERSION = "([1-9][0-9]{0,2})";
  private static final String FULL_DATE = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
  private static final String HOUR_MINUTE = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";
  private static final String FULL_TIME =
      HOUR_MINUTE + ":[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+-]" + HOUR_MINUTE + ")";
  private static final String TIMESTAMP = "(-|" + FULL_DATE + "T" + FULL_TIME + ")";
  private static final Pattern RFC_5424 =
      Pattern.compile(
          PRI
              + VERSION
              + " "
              + TIMESTAMP
              + " ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128})"
              + " ([!-~]{1,32}) (?s:(.*))");

  // RFC 3164, section 4.1, with the process id of section 5.3.
  private static final String MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
  private static final String TIME_OF_YEAR =
      "(" + MONTH + " (?: [1-9]|[12][0-9]|3[01]) " + HOUR_MINUTE + ":[0-5][0-9])";
  private static final String CONTENT = "([A-Za-z0-9._-]{1,32})\\[([1-9][0-9]*)\\]: (?s:(.*))";
  private static final Pattern RFC_3164_LOCAL =
      Pattern.compile(PRI + TIME_OF_YEAR + "() " + CONTENT);
  private static final Pattern RFC_3164 =
      Pattern.compile(PRI + TIME_OF_YEAR + " ([!-~]+) " + CONTENT);

  private SyslogGrammar() {}

  /**
   * A message.
   *
   * @param priority 0 to 191
   * @param time as it is written
   * @param host empty if it is not written
   * @param sender APP-NAME or TAG
   * @param process PROCID or what stands in brackets
   * @param kind MSGID; empty in RFC 3164
   * @param data the structured data; empty if there is none
   * @param text the rest, a character for each byte; empty if there is none
   */
  record Message(
      int priority,
      String time,
      String host,
      String sender,
      String process,
      String kind,
      List<StructuredData.Element> data,
      String text) {
    Message {
      assertTrue(priority <= 191, "priority " + priority);
    }
  }

  /** {@code HEADER SP STRUCTURED-DATA [SP MSG]}. */
  static Message rfc5424(byte[] bytes) {
    Matcher matcher = matched(RFC_5424, bytes);
    assertEquals("1", matcher.group(2));
    String rest = matcher.group(8);
    boolean none = rest.equals("-") || rest.startsWith("- ");
    return new Message(
        Integer.parseInt(matcher.group(1)),
        matcher.group(3),
        matcher.group(4),
        matcher.group(5),
        matcher.group(6),
        matcher.group(7),
        none ? List.of() : StructuredData.parse(rest),
        none ? rest.substring(Math.min(2, rest.length())) : "");
  }

  /** {@code PRI HEADER MSG}; the C library leaves the host out. */
  static Message rfc3164(byte[] bytes, boolean withHost) {
    Matcher matcher = matched(withHost ? RFC_3164 : RFC_3164_LOCAL, bytes);
    return new Message(
        Integer.parseInt(matcher.group(1)),
        matcher.group(2),
        matcher.group(3),
        matcher.group(4),
        matcher.group(5),
        "",
        List.of(),
        matcher.group(6));
  }

  /** The frames of {@code MSG-LEN SP SYSLOG-MSG} (RFC 6587, section 3.4.1; RFC 5425, 4.3). */
  static List<byte[]> counted(byte[] stream) {
    List<byte[]> frames = new ArrayList<>();
    for (int at = 0; at < stream.length; ) {
      assertTrue(stream[at] >= '1' && stream[at] <= '9', "no length at " + at);
      int length = 0;
      for (; stream[at] != ' '; at++) {
        assertTrue(stream[at] >= '0' && stream[at] <= '9', "no length at " + at);
        length = length * 10 + stream[at] - '0';
      }
      at++;
      assertTrue(length <= stream.length - at, "an early end");
      frames.add(Arrays.copyOfRange(stream, at, at + length));
      at += length;
    }
    return frames;
  }

  /** The frames that end with {@code trailer} (RFC 6587, section 3.4.2). */
  static List<byte[]> ended(byte[] stream, int trailer) {
    List<byte[]> frames = new ArrayList<>();
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    for (byte b : stream) {
      if (b == trailer) {
        frames.add(frame.toByteArray());
        frame.reset();
      } else {
        frame.write(b);
      }
    }
    assertEquals(0, frame.size());
    return frames;
  }

  private static Matcher matched(Pattern pattern, byte[] bytes) {
    String message = new String(bytes, StandardCharsets.ISO_8859_1);
    Matcher matcher = pattern.matcher(message);
    assertTrue(matcher.matches(), message);
    return matcher;
  }
}
