package io.duologger.sink;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What stands before the text of a syslog message as RFC 3164, section 4.1, describes it: priority,
 * local time, host, sender. Safe for use by any thread.
 *
 * @param facility its number, 0 to 23
 * @param severity its number, 0 to 7
 * @param tag the name of the sender, 1 to 32 letters, digits and {@code . _ -}
 * @param pid the process id of the sender
 * @param hostForm how the host is named; not at all for the daemon on this host, as the C library
 *     does it
 * @param zone where the time is local
 */
public record Rfc3164(
    int facility, int severity, String tag, long pid, HostForm hostForm, ZoneId zone)
    implements MessageHeader {
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9._-]{1,32}");

  /** Checks what the receiver would misread. */
  public Rfc3164 {
    HeaderText.check(facility, severity, pid);
    if (!TAG.matcher(tag).matches()) {
      throw new IllegalArgumentException("1 to 32 letters, digits and . _ - make a tag: " + tag);
    }
    Objects.requireNonNull(hostForm);
    Objects.requireNonNull(zone);
  }

  @Override
  public byte[] bytes(String host, long wallNanos) {
    LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochSecond(0, wallNanos), zone);
    int month = (time.getMonthValue() - 1) * 3;
    StringBuilder text = HeaderText.begin(facility, severity);
    text.append(MONTHS, month, month + 3).append(' ');
    HeaderText.two(text, time.getDayOfMonth(), ' ').append(' ');
    HeaderText.two(text, time.getHour(), '0').append(':');
    HeaderText.two(text, time.getMinute(), '0').append(':');
    HeaderText.two(text, time.getSecond(), '0').append(' ');
    if (hostForm != HostForm.NONE) {
      text.append(hostForm.of(host)).append(' ');
    }
    text.append(tag).append('[').append(pid).append("]: ");
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
