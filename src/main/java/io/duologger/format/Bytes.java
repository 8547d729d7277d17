package io.duologger.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a text that grow: ASCII, or UTF-8 by the code point. Used by one thread at a time. */
final class Bytes {
  private byte[] buffer;
  private int size;

  /** With space for a report. */
  Bytes() {
    this(8192);
  }

  /** With space for {@code expected} bytes. */
  Bytes(int expected) {
    buffer = new byte[expected];
  }

  /** The number of bytes so far. */
  int size() {
    return size;
  }

  /** Forgets the bytes and keeps the space. */
  void clear() {
    size = 0;
  }

  /** Forgets all but the first {@code kept} bytes. */
  void cut(int kept) {
    size = kept;
  }

  /** Appends one character below 128. */
  void put(char ascii) {
    reserve(1);
    buffer[size++] = (byte) ascii;
  }

  /**
   * Appends one code point as UTF-8 (RFC 3629).
   *
   * @param point any but a surrogate, which UTF-8 has no form for
   */
  void utf8(int point) {
    if (point < 0x80) {
      put((char) point);
      return;
    }
    int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    reserve(1 + more);
    buffer[size++] = (byte) (0xff00 >> more + 1 | point >> 6 * more);
    for (int shift = 6 * (more - 1); shift >= 0; shift -= 6) {
      buffer[size++] = (byte) (0x80 | point >> shift & 0x3f);
    }
  }

  /** Appends a text that is known to be ASCII. */
  void ascii(String text) {
    int length = text.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      buffer[size + i] = (byte) text.charAt(i);
    }
    size += length;
  }

  /** Appends {@code value}, taken as unsigned, with at least {@code width} digits. */
  void digits(long value, int width) {
    int count = width;
    for (long rest = value; rest != 0; rest = Long.divideUnsigned(rest, 10)) {
      count--;
    }
    int length = width - Math.min(count, 0);
    reserve(length);
    long rest = value;
    for (int i = size + length - 1; i >= size; i--) {
      long quotient = Long.divideUnsigned(rest, 10);
      buffer[i] = (byte) ('0' + (rest - quotient * 10));
      rest = quotient;
    }
    size += length;
  }

  /** Appends a copy of the {@code length} bytes that begin at {@code from}. */
  void repeat(int from, int length) {
    reserve(length);
    System.arraycopy(buffer, from, buffer, size, length);
    size += length;
  }

  /**
   * Moves what begins at {@code at} back, and fills the gap with {@code ending}, a line feed and a
   * copy of the {@code length} bytes that begin at {@code from}, all of which lie before {@code
   * at}.
   *
   * @param ending ASCII
   * @return where the copy begins
   */
  int breakLine(int at, String ending, int from, int length) {
    int begin = at + ending.length() + 1;
    int gap = begin - at + length;
    reserve(gap);
    System.arraycopy(buffer, at, buffer, at + gap, size - at);
    for (int i = 0; i < ending.length(); i++) {
      buffer[at + i] = (byte) ending.charAt(i);
    }
    buffer[begin - 1] = '\n';
    System.arraycopy(buffer, from, buffer, begin, length);
    size += gap;
    return begin;
  }

  /** A copy of the bytes so far. */
  byte[] toArray() {
    return Arrays.copyOf(buffer, size);
  }

  /** The bytes so far, all of them ASCII, as a text. */
  String text() {
    return new String(buffer, 0, size, StandardCharsets.US_ASCII);
  }

  private void reserve(int more) {
    if (more > buffer.length - size) {
      buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(size, more), 2 * buffer.length));
    }
  }
}
