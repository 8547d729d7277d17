package io.duologger.sink;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.function.IntConsumer;
import java.util.zip.CRC32C;

/**
 * Finds the records in a file of a spool, whatever else is in it: after bytes that are no record it
 * looks for the next place where a whole one begins. It reads through a window, so that neither a
 * large file nor a wrong length takes memory. Used by one thread, for one file.
 */
final class SpoolScan {
  /** How large a window is; it may be used for one file after the other. */
  static final int WINDOW_BYTES = 64 * 1024;

  /** Wrong checksums may make it read a file so many times: a file can be made to take for ever. */
  private static final int MOST_READS = 16;

  private final RandomAccessFile file;
  private final int size;
  private final byte[] window;
  private int from;
  private int to;
  private long wasted;
  private byte state;

  /** For the first {@code size} bytes of {@code file}. */
  SpoolScan(RandomAccessFile file, int size, byte[] window) {
    this.file = file;
    this.size = size;
    this.window = window;
  }

  /** Whether the file begins with these bytes. */
  boolean startsWith(byte[] start) throws IOException {
    if (!holds(0, start.length)) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if (window[i - from] != start[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Looks through the file.
   *
   * @param start where the first record should be
   * @param waiting is told where each record is that is not delivered
   * @return how many runs of bytes are no records
   */
  int records(int start, IntConsumer waiting) throws IOException {
    int garbage = 0;
    boolean inGarbage = false;
    int position = start;
    while (position < size) {
      int length = recordAt(position);
      if (length > 0) {
        if (state != SpoolRecord.DELIVERED) {
          waiting.accept(position);
        }
        position += length;
      } else {
        garbage += inGarbage ? 0 : 1;
        position = wasted > (long) MOST_READS * size ? size : candidate(position + 1);
      }
      inGarbage = length == 0;
    }
    return garbage;
  }

  /** How long the record is that begins here; 0 if none does. Notes its state. */
  private int recordAt(int position) throws IOException {
    if (!holds(position, SpoolRecord.HEAD_BYTES)) {
      return 0;
    }
    int length = SpoolRecord.length(window, position - from, size - position);
    if (length == 0) {
      return 0;
    }
    int expected = SpoolRecord.sum(window, position - from);
    state = window[position - from + SpoolRecord.STATE_AT];
    CRC32C sum = new CRC32C();
    int end = position + length;
    int at = position + SpoolRecord.SUMMED_FROM;
    while (at < end && holds(at, 1)) {
      int part = Math.min(to, end) - at;
      sum.update(window, at - from, part);
      at += part;
    }
    if (at == end && (int) sum.getValue() == expected) {
      return length;
    }
    wasted += length;
    return 0;
  }

  /** The next place where a record may begin, or the end. */
  private int candidate(int start) throws IOException {
    int position = start;
    while (holds(position, 1)) {
      for (int i = position - from; i < to - from; i++) {
        if (window[i] == SpoolRecord.FIRST) {
          return from + i;
        }
      }
      position = to;
    }
    return size;
  }

  /** Moves the window, if it has to, so that it has these bytes; false if the file has not. */
  private boolean holds(int position, int length) throws IOException {
    if (size - position < length) {
      return false;
    }
    if (position < from || position + length > to) {
      file.seek(position);
      from = position;
      to = position;
      int most = Math.min(window.length, size - position);
      int count = 0;
      while (to - from < most && count >= 0) {
        count = file.read(window, to - from, most - (to - from));
        to += Math.max(count, 0);
      }
    }
    return position + length <= to;
  }
}
