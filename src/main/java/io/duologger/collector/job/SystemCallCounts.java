package io.duologger.collector.job;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what strace prints of system calls: lines such as {@code 42 read(0x3, 0x7ff, 0x1) = 0x1}
 * or {@code [pid 42] openat(0x3) = -1 ENOENT (No such file or directory)}. A call that other
 * processes' lines interrupt is two lines, {@code read(0x3, <unfinished ...>} and {@code <... read
 * resumed>) = 0x1}: it is counted once, when it begins. All else, such as signals and exits, is
 * passed over. Bytes are taken by one thread at a time; any other may ask for the counts.
 */
final class SystemCallCounts {
  /** What calls are counted as that come after as many names as any kernel has. */
  static final String OTHER = "other";

  /** Linux has fewer than 400 on any architecture. */
  private static final int MOST_NAMES = 500;

  private static final int LONGEST_NAME = 32;

  /** What of a line is looked at; the rest of a longer one is passed over. */
  private static final int LONGEST_LINE = 4096;

  private static final String RESUMED = "<... ";
  private static final String FAILED = ") = -1 ";

  private final byte[] line = new byte[LONGEST_LINE];
  private int length;

  private final Map<String, Count> counts = new TreeMap<>();
  private long calls;
  private long errors;

  /** How often a call was made, and how often it failed. */
  private static final class Count {
    private long calls;
    private long errors;
  }

  /** Takes the counts of one call. */
  @FunctionalInterface
  interface Taker {
    void take(String name, long calls, long errors);
  }

  /** Takes the next bytes. */
  void add(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        line(new String(line, 0, length, StandardCharsets.ISO_8859_1));
        length = 0;
      } else if (length < line.length) {
        line[length++] = bytes[i];
      }
    }
  }

  private void line(String text) {
    int at = afterProcess(text);
    boolean resumed = text.startsWith(RESUMED, at);
    int start = resumed ? at + RESUMED.length() : at;
    int end = start;
    while (end < text.length() && isName(text.charAt(end))) {
      end++;
    }
    boolean named = end > start && end - start <= LONGEST_NAME && text.charAt(start) > '9';
    boolean call =
        resumed
            ? text.startsWith(" resumed>", end)
            : end < text.length() && text.charAt(end) == '(';
    if (named && call) {
      count(text.substring(start, end), !resumed, failed(text));
    }
  }

  /** Past "42 " or "[pid 42] ", with which lines begin. */
  private static int afterProcess(String text) {
    int at = text.startsWith("[pid") ? "[pid".length() : 0;
    while (at < text.length() && (text.charAt(at) == ' ' || isDigit(text.charAt(at)))) {
      at++;
    }
    return text.startsWith("] ", at) ? at + 2 : at;
  }

  /** "= -1 ENOENT (...)", or "= -1 (errno 600)"; a call that is to be restarted has "= ?". */
  private static boolean failed(String text) {
    int at = text.lastIndexOf(FAILED);
    int next = at + FAILED.length();
    return at >= 0
        && next < text.length()
        && (text.charAt(next) == 'E' || text.charAt(next) == '(');
  }

  private static boolean isName(char c) {
    return c >= 'a' && c <= 'z' || isDigit(c) || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private synchronized void count(String name, boolean begins, boolean failed) {
    boolean room = counts.containsKey(name) || counts.size() < MOST_NAMES;
    Count count = counts.computeIfAbsent(room ? name : OTHER, key -> new Count());
    if (begins) {
      count.calls++;
      calls++;
    }
    if (failed) {
      count.errors++;
      errors++;
    }
  }

  /** Hands over the totals, under an empty name, and then each call by its name. */
  synchronized void each(Taker taker) {
    taker.take("", calls, errors);
    counts.forEach((name, count) -> taker.take(name, count.calls, count.errors));
  }
}
