package io.duologger.sink;

import io.duologger.model.RecorderClock;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What stands before the text of a syslog message as RFC 3164 describes it: priority, local time,
 * host, sender. Safe for use by any thread.
 *
 * @param facility its number, 0 to 23
 * @param severity its number, 0 to 7
 * @param tag the name of the sender, 1 to 32 letters, digits and {@code . _ -}
 * @param pid the process id of the sender
 * @param clock tells the time of the message
 * @param zone where that time is local
 */
public record Rfc3164(
    int facility, int severity, String tag, long pid, RecorderClock clock, ZoneId zone) {
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9._-]{1,32}");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
  private static final Pattern UNPRINTABLE = Pattern.compile("[^!-~]");

  /** Checks what the receiver would misread. */
  public Rfc3164 {
    if (facility < 0 || facility > 23 || severity < 0 || severity > 7) {
      throw new IllegalArgumentException(
          "facilities are 0 to 23, severities 0 to 7: " + facility + ", " + severity);
    }
    if (!TAG.matcher(tag).matches()) {
      throw new IllegalArgumentException("1 to 32 letters, digits and . _ - make a tag: " + tag);
    }
    if (pid < 1) {
      throw new IllegalArgumentException("not a process id: " + pid);
    }
    Objects.requireNonNull(clock);
    Objects.requireNonNull(zone);
  }

  /** The form for the daemon on this host, which knows where the message comes from. */
  byte[] local() {
    return bytes("");
  }

  /** The form for other hosts; {@code host} is given without its domain. */
  byte[] remote(String host) {
    return bytes(withoutDomain(host) + " ");
  }

  private byte[] bytes(String host) {
    Instant instant = Instant.ofEpochSecond(0, clock.wall());
    LocalDateTime now = LocalDateTime.ofInstant(instant, zone);
    int month = (now.getMonthValue() - 1) * 3;
    StringBuilder text = new StringBuilder();
    text.append('<').append(facility * 8 + severity).append('>');
    text.append(MONTHS, month, month + 3).append(' ');
    two(text, now.getDayOfMonth(), ' ').append(' ');
    two(text, now.getHour(), '0').append(':');
    two(text, now.getMinute(), '0').append(':');
    two(text, now.getSecond(), '0').append(' ');
    text.append(host).append(tag).append('[').append(pid).append("]: ");
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static StringBuilder two(StringBuilder text, int number, char padding) {
    return (number < 10 ? text.append(padding) : text).append(number);
  }

  private static String withoutDomain(String host) {
    int dot = host.indexOf('.');
    String name = dot < 0 || ADDRESS.matcher(host).matches() ? host : host.substring(0, dot);
    return name.isEmpty() ? "-" : UNPRINTABLE.matcher(name).replaceAll("_");
  }
}
