package io.duologger.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** ASCII bytes that grow. Used by one thread at a time. */
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

  /** Appends one character below 128. */
  void put(char ascii) {
    reserve(1);
    buffer[size++] = (byte) ascii;
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
   * Moves what begins at {@code at} back, and fills the gap with a line feed and a copy of the
   * {@code length} bytes that begin at {@code from}, all of which lie before {@code at}.
   */
  void breakLine(int at, int from, int length) {
    reserve(length + 1);
    System.arraycopy(buffer, at, buffer, at + 1 + length, size - at);
    buffer[at] = '\n';
    System.arraycopy(buffer, from, buffer, at + 1, length);
    size += length + 1;
  }

  /** A copy of the bytes so far. */
  byte[] toArray() {
    return Arrays.copyOf(buffer, size);
  }

  /** The bytes so far as a text. */
  String text() {
    return new String(buffer, 0, size, StandardCharsets.US_ASCII);
  }

  private void reserve(int more) {
    if (more > buffer.length - size) {
      buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(size, more), 2 * buffer.length));
    }
  }
}
