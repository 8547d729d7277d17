package io.duologger.collector.process;

import java.io.IOException;
import java.util.Arrays;

/**
 * What {@code /proc/PID/stat} says, proc(5). The name, field 2, is in parentheses and may hold any
 * bytes, parentheses and line feeds too: fields are counted from the last closing one. Used by one
 * thread at a time.
 */
final class ProcessStat {
  private static final int CLIP = 80;
  private static final int FIRST_NUMBER = 4;
  private static final int LAST_NUMBER = 24;

  /** So many digits fit 63 bits, whatever they are. */
  private static final int SAFE_DIGITS = 18;

  private static final String OTHER = "field ";
  private static final String[] NAMES = names();

  private String source = "";
  private byte[] bytes = new byte[0];
  private int length;
  private int nameStart;
  private int nameEnd;
  private char state;
  private final long[] numbers = new long[LAST_NUMBER + 1];

  private static String[] names() {
    String[] names = new String[LAST_NUMBER + 1];
    Arrays.setAll(names, i -> OTHER + i);
    names[4] = "ppid";
    names[9] = "flags";
    names[14] = "utime";
    names[15] = "stime";
    names[16] = "cutime";
    names[17] = "cstime";
    names[20] = "num_threads";
    names[22] = "starttime";
    names[24] = "rss";
    return names;
  }

  /**
   * Takes the text apart; the bytes must stay as they are while they are asked for.
   *
   * @param path what messages call it
   */
  void parse(String path, byte[] content, int count) throws IOException {
    source = path;
    bytes = content;
    length = count;
    int open = 0;
    while (open < count && content[open] != '(') {
      open++;
    }
    int close = count - 1;
    while (close > open && content[close] != ')') {
      close--;
    }
    if (close <= open) {
      throw malformed("no name in parentheses");
    }
    nameStart = open + 1;
    nameEnd = close;
    if (close + 3 >= count || content[close + 1] != ' ' || content[close + 3] != ' ') {
      throw malformed("missing state");
    }
    state = (char) (content[close + 2] & 0xff);
    int at = close + 4;
    for (int field = FIRST_NUMBER; field <= LAST_NUMBER; field++) {
      at = number(field, at);
    }
  }

  private int number(int field, int from) throws IOException {
    byte[] text = bytes;
    int at = from;
    boolean negative = at < length && text[at] == '-';
    if (negative) {
      at++;
    }
    int start = at;
    long value = 0;
    while (at < length && (char) (text[at] - '0') <= 9) {
      value = value * 10 + (text[at] - '0');
      at++;
    }
    if (at == start) {
      throw malformed(from < length ? NAMES[field] + " is no number" : "missing " + NAMES[field]);
    }
    if (at < length && text[at] != ' ' && text[at] != '\n') {
      throw malformed(NAMES[field] + " is no number");
    }
    // Some of the others may be negative, and none of them matters.
    boolean used = !NAMES[field].startsWith(OTHER);
    if (used && (negative || at - start > SAFE_DIGITS)) {
      throw malformed(NAMES[field] + " is out of range");
    }
    numbers[field] = value;
    return at + 1;
  }

  private IOException malformed(String problem) {
    int end = Math.min(length, CLIP);
    StringBuilder text = new StringBuilder(source).append(" line 1: ").append(problem);
    text.append(": '");
    for (int i = 0; i < end; i++) {
      text.append(bytes[i] >= ' ' && bytes[i] <= '~' ? (char) bytes[i] : '?');
    }
    return new IOException(text.append(end < length ? "...'" : "'").toString());
  }

  /** Whether the name is exactly {@code name}. */
  boolean nameIs(byte[] name) {
    return Arrays.equals(bytes, nameStart, nameEnd, name, 0, name.length);
  }

  /** A copy of the name. */
  byte[] name() {
    return Arrays.copyOfRange(bytes, nameStart, nameEnd);
  }

  /** R, S, D, Z and so on. */
  char state() {
    return state;
  }

  int parent() {
    return (int) numbers[4];
  }

  long flags() {
    return numbers[9];
  }

  /** User time, in ticks. */
  long user() {
    return numbers[14];
  }

  /** System time, in ticks. */
  long system() {
    return numbers[15];
  }

  /** User and system time of ended children that were waited for, and of theirs, in ticks. */
  long children() {
    return numbers[16] + numbers[17];
  }

  /** Number of threads; 0 of what has ended. */
  long threads() {
    return numbers[20];
  }

  /** When it started, in ticks since boot. */
  long start() {
    return numbers[22];
  }

  /** Resident pages. */
  long pages() {
    return numbers[24];
  }
}
