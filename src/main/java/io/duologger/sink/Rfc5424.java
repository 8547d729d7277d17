package io.duologger.sink;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What stands before the text of a syslog message as RFC 5424, section 6, describes it: priority,
 * version 1, time, host, sender, process id, kind of message and, unless the text brings it, the
 * sign that there is no structured data. The time is UTC with microseconds; nothing marks the text
 * as UTF-8. Safe for use by any thread.
 *
 * @param facility its number, 0 to 23
 * @param severity its number, 0 to 7
 * @param appName the name of the sender, 1 to 48 printable ASCII characters
 * @param pid the process id of the sender
 * @param msgId the kind of message, 1 to 32 printable ASCII characters; {@code -} for none
 * @param hostForm how the host is named, which it must be
 * @param structured whether the text that follows begins with structured data
 */
public record Rfc5424(
    int facility,
    int severity,
    String appName,
    long pid,
    String msgId,
    HostForm hostForm,
    boolean structured)
    implements MessageHeader {
  private static final int MAX_HOST = 255;
  private static final Pattern APP_NAME = Pattern.compile("[!-~]{1,48}");
  private static final Pattern MSG_ID = Pattern.compile("[!-~]{1,32}");
  private static final int NANOS_PER_MICRO = 1000;
  private static final int FIRST_OF_SEVEN_DIGITS = 1_000_000;

  /**
   * Checks the fields' limits. That of the process id, 128 characters, no number of 64 bits
   * exceeds.
   */
  public Rfc5424 {
    HeaderText.check(facility, severity, pid);
    if (!APP_NAME.matcher(appName).matches()) {
      throw new IllegalArgumentException(
          "1 to 48 printable ASCII characters make the name of a sender: " + appName);
    }
    if (!MSG_ID.matcher(msgId).matches()) {
      throw new IllegalArgumentException(
          "1 to 32 printable ASCII characters make the kind of a message: " + msgId);
    }
    if (Objects.requireNonNull(hostForm) == HostForm.NONE) {
      throw new IllegalArgumentException("a message of RFC 5424 names its host");
    }
  }

  @Override
  public byte[] bytes(String host, long wallNanos) {
    String name = hostForm.of(host);
    StringBuilder text = HeaderText.begin(facility, severity).append("1 ");
    time(text, wallNanos).append(' ');
    text.append(name, 0, Math.min(name.length(), MAX_HOST)).append(' ');
    text.append(appName).append(' ').append(pid).append(' ').append(msgId).append(' ');
    if (!structured) {
      text.append("- ");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Appends a time of section 6.2.3. What 64 bits of nanoseconds hold are years of 4 digits. */
  private static StringBuilder time(StringBuilder text, long wallNanos) {
    LocalDateTime time =
        LocalDateTime.ofInstant(Instant.ofEpochSecond(0, wallNanos), ZoneOffset.UTC);
    text.append(time.getYear()).append('-');
    HeaderText.two(text, time.getMonthValue(), '0').append('-');
    HeaderText.two(text, time.getDayOfMonth(), '0').append('T');
    HeaderText.two(text, time.getHour(), '0').append(':');
    HeaderText.two(text, time.getMinute(), '0').append(':');
    HeaderText.two(text, time.getSecond(), '0');
    int dot = text.length();
    text.append(FIRST_OF_SEVEN_DIGITS + time.getNano() / NANOS_PER_MICRO).append('Z');
    text.setCharAt(dot, '.');
    return text;
  }
}
