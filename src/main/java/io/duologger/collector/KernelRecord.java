package io.duologger.collector;

import io.duologger.collector.tool.Words;
import io.duologger.procfs.ByteScanner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One record of /dev/kmsg: {@code priority,sequence,microseconds,flags;text}, then lines {@code
 * KEY=value} with a blank before them, which are passed over. In a text {@code \xNN} is a byte that
 * is not printable, or a backslash. Linux: Documentation/ABI/testing/dev-kmsg.
 *
 * @param level how grave it is: 0 is the gravest, 7 the least
 * @param facility who says it: 0 is the kernel
 * @param sequence its number since the kernel started
 * @param text what it says, of any characters but no line feed
 */
record KernelRecord(int level, int facility, long sequence, String text) {
  private static final int LEVELS = 8;
  private static final int LONGEST_TEXT = 1000;
  private static final int LONGEST_HEAD = 200;
  private static final int LONGEST_QUOTE = 60;
  private static final int LONGEST_NUMBER = 19;

  /**
   * The records in {@code bytes}.
   *
   * @param source where they are from, for messages
   * @throws IOException if one is malformed; none of them is told then
   */
  static List<KernelRecord> parse(String source, byte[] bytes, int length) throws IOException {
    List<KernelRecord> records = new ArrayList<>(1);
    for (int start = 0; start < length; ) {
      int end = start;
      while (end < length && bytes[end] != '\n') {
        end++;
      }
      if (bytes[start] != ' ') {
        records.add(record(source, bytes, start, end));
      }
      start = end + 1;
    }
    return records;
  }

  private static KernelRecord record(String source, byte[] bytes, int start, int end)
      throws IOException {
    int semicolon = start;
    while (semicolon < end && bytes[semicolon] != ';') {
      semicolon++;
    }
    String[] head =
        printable(bytes, start, Math.min(semicolon, start + LONGEST_HEAD)).split(",", 4);
    if (semicolon == end || head.length < 4 || !isNumber(head[0]) || !isNumber(head[1])) {
      String shown = printable(bytes, start, Math.min(end, start + LONGEST_QUOTE));
      throw new IOException(source + ": not a record of the kernel: '" + shown + "'");
    }
    long priority = Long.parseUnsignedLong(head[0]);
    return new KernelRecord(
        (int) (priority % LEVELS),
        (int) Math.min(priority / LEVELS, Integer.MAX_VALUE),
        Long.parseUnsignedLong(head[1]),
        text(bytes, semicolon + 1, end));
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() < LONGEST_NUMBER
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Line feeds and other controls within become blanks. */
  private static String text(byte[] bytes, int start, int end) {
    ByteArrayOutputStream text = new ByteArrayOutputStream(end - start);
    int at = start;
    while (at < end) {
      int c = bytes[at++];
      if (c == '\\' && at + 2 < end && bytes[at] == 'x') {
        int high = Character.digit(bytes[at + 1], 16);
        int low = Character.digit(bytes[at + 2], 16);
        if (high >= 0 && low >= 0) {
          c = high << 4 | low;
          at += 3;
        }
      }
      text.write(c >= 0 && c < ' ' ? ' ' : c);
    }
    String whole = ByteScanner.text(text.toByteArray());
    return whole.substring(0, Math.min(whole.length(), LONGEST_TEXT));
  }

  private static String printable(byte[] bytes, int start, int end) {
    return Words.printable(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1));
  }
}
