package io.duologger.procfs;

import java.util.Arrays;
import java.util.List;

/**
 * The keys that are wanted of a file of "key value" lines. Looks at the first three bytes of a line
 * to rule a key out, so that a line that nobody wants costs next to nothing. Immutable.
 */
public final class LineKeys {
  /** What {@link #candidate} answers if the line starts with none of the keys. */
  static final int NONE = -1;

  /** What {@link #candidate} answers if the start of the line does not decide it. */
  static final int UNSURE = -2;

  private static final int PREFIX = 3;
  private static final int SLOTS = 256;

  private final char delimiter;
  private final byte[][] keys;

  /** By prefix: the first key that has it, or -1. */
  private final byte[] first = new byte[SLOTS];

  /** By key: the next one in the same slot, or -1. */
  private final byte[] following;

  /**
   * Lines in which {@code delimiter} ends the key; a blank stands for blanks of any kind.
   *
   * @param keys different ones, of at least three characters each, without blanks or delimiters;
   *     less than 128
   */
  public LineKeys(char delimiter, List<String> keys) {
    this.delimiter = delimiter;
    this.keys = new byte[keys.size()][];
    for (int i = 0; i < this.keys.length; i++) {
      this.keys[i] = ByteScanner.key(keys.get(i));
    }
    this.following = new byte[this.keys.length];
    Arrays.fill(first, (byte) NONE);
    for (byte i = 0; i < this.keys.length; i++) {
      int slot = slot(this.keys[i], 0);
      following[i] = first[slot];
      first[slot] = i;
    }
  }

  char delimiter() {
    return delimiter;
  }

  int length(int key) {
    return keys[key].length;
  }

  private static int slot(byte[] text, int at) {
    return (text[at] + 7 * text[at + 1] + 31 * text[at + 2]) & (SLOTS - 1);
  }

  /**
   * The key that stands, with the delimiter behind it, at {@code start}, where a line begins; or
   * {@link #NONE} or {@link #UNSURE}.
   */
  int candidate(byte[] text, int start, int limit) {
    if (start + PREFIX > limit || text[start] <= ' ') {
      return UNSURE;
    }
    int key = first[slot(text, start)];
    while (key >= 0) {
      byte[] bytes = keys[key];
      int end = start + bytes.length;
      if (end <= limit && Arrays.equals(text, start, end, bytes, 0, bytes.length)) {
        return end < limit && text[end] == delimiter ? key : UNSURE;
      }
      key = following[key];
    }
    return NONE;
  }

  /** The index of the key that the scanner's token is, or -1. */
  public int find(ByteScanner in) {
    for (int i = 0; i < keys.length; i++) {
      if (in.tokenIs(keys[i])) {
        return i;
      }
    }
    return NONE;
  }
}
