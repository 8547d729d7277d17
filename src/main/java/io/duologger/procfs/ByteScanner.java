package io.duologger.procfs;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads lines, tokens and numbers from bytes without allocating: a cursor over the text of one
 * kernel file. A token is a run of bytes without blanks. Not safe for use by several threads.
 */
public final class ByteScanner {
  private static final int CLIP = 80;
  private static final int LONGEST_DECIMAL = 40;
  private static final long MAX_UNSIGNED_TENTH = Long.divideUnsigned(-1L, 10);
  private static final double[] POWERS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private String source = "";
  private byte[] bytes = new byte[0];
  private int limit;
  private int next;
  private int line;
  private int lineStart;
  private int lineEnd;
  private int position;
  private int tokenStart;
  private int tokenEnd;

  /** The bytes of a key to compare tokens with. */
  public static byte[] key(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Starts before the first line of other bytes, which are not copied.
   *
   * @param name what error messages call the bytes: the path of the file
   */
  public void reset(String name, byte[] content, int length) {
    source = name;
    bytes = content;
    limit = length;
    next = 0;
    line = 0;
    lineStart = 0;
    lineEnd = 0;
    position = 0;
    tokenStart = 0;
    tokenEnd = 0;
  }

  /** Moves to the start of the next line; false after the last. */
  public boolean nextLine() {
    lineStart = next;
    position = next;
    tokenStart = next;
    tokenEnd = next;
    if (next >= limit) {
      lineEnd = next;
      return false;
    }
    int end = next;
    while (end < limit && bytes[end] != '\n') {
      end++;
    }
    lineEnd = end;
    next = end + 1;
    line++;
    return true;
  }

  /** Moves to the next token of the line; false if there is none. */
  public boolean nextToken() {
    int start = position;
    while (start < lineEnd && blank(bytes[start])) {
      start++;
    }
    int end = start;
    while (end < lineEnd && !blank(bytes[end])) {
      end++;
    }
    tokenStart = start;
    tokenEnd = end;
    position = end;
    return end > start;
  }

  /**
   * Makes a token of what lies between the cursor and the next {@code delimiter} of the line, less
   * leading blanks, and moves behind the delimiter; false, without moving, if the line has none.
   */
  public boolean nextTokenUntil(char delimiter) {
    for (int end = position; end < lineEnd; end++) {
      if (bytes[end] == delimiter) {
        tokenEndsAt(end);
        return true;
      }
    }
    return false;
  }

  /** As {@link #nextTokenUntil}, but up to the last {@code delimiter} of the line. */
  public boolean nextTokenUntilLast(char delimiter) {
    for (int end = lineEnd - 1; end >= position; end--) {
      if (bytes[end] == delimiter) {
        tokenEndsAt(end);
        return true;
      }
    }
    return false;
  }

  private void tokenEndsAt(int end) {
    int start = position;
    while (start < end && blank(bytes[start])) {
      start++;
    }
    tokenStart = start;
    tokenEnd = end;
    position = end + 1;
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  /** The number of bytes of the token. */
  public int tokenLength() {
    return tokenEnd - tokenStart;
  }

  /** Whether the token is exactly {@code key}. */
  public boolean tokenIs(byte[] key) {
    return tokenEnd - tokenStart == key.length && tokenStartsWith(key);
  }

  /** Whether the token begins with {@code prefix}. */
  public boolean tokenStartsWith(byte[] prefix) {
    if (tokenEnd - tokenStart < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[tokenStart + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /** A copy of the token's bytes. */
  public byte[] tokenBytes() {
    return Arrays.copyOfRange(bytes, tokenStart, tokenEnd);
  }

  /** The token as a new String, see {@link #text}. */
  public String token() {
    return text(tokenBytes());
  }

  /** The text of {@code raw}: UTF-8, or Latin-1 where it is not that, so that none is lost. */
  public static String text(byte[] raw) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException notUtf8) {
      return new String(raw, StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * The next token as an unsigned 64-bit number.
   *
   * @param field its name, for the message if it is missing, no number or too large
   */
  public long nextUnsigned(String field) throws IOException {
    if (!nextToken()) {
      throw malformed("missing " + field);
    }
    return unsigned(tokenStart, field);
  }

  /** The token as an unsigned 64-bit number. */
  public long unsigned(String field) throws IOException {
    if (tokenStart == tokenEnd) {
      throw malformed("missing " + field);
    }
    return unsigned(tokenStart, field);
  }

  private long unsigned(int from, String field) throws IOException {
    long value = 0;
    for (int i = from; i < tokenEnd; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        throw malformed(field + " is no number");
      }
      if (i - from >= 18
          && (Long.compareUnsigned(value, MAX_UNSIGNED_TENTH) > 0
              || (value == MAX_UNSIGNED_TENTH && digit > 5))) {
        throw malformed(field + " does not fit 64 bits");
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** The next token as a signed 64-bit number. */
  public long nextSigned(String field) throws IOException {
    if (!nextToken()) {
      throw malformed("missing " + field);
    }
    boolean negative = bytes[tokenStart] == '-';
    if (negative && tokenEnd - tokenStart == 1) {
      throw malformed(field + " is no number");
    }
    long value = unsigned(negative ? tokenStart + 1 : tokenStart, field);
    if (value < 0) {
      throw malformed(field + " does not fit 64 bits");
    }
    return negative ? -value : value;
  }

  /** The next token as a decimal number without exponent, such as {@code 0.25}. */
  public double nextDecimal(String field) throws IOException {
    if (!nextToken()) {
      throw malformed("missing " + field);
    }
    int start = bytes[tokenStart] == '-' ? tokenStart + 1 : tokenStart;
    long mantissa = 0;
    int digits = 0;
    int point = -1;
    for (int i = start; i < tokenEnd; i++) {
      int digit = bytes[i] - '0';
      if (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digits++;
      } else if (bytes[i] == '.' && point < 0 && digits > 0) {
        point = digits;
      } else {
        throw malformed(field + " is no number");
      }
    }
    if (digits == 0 || digits == point || digits > LONGEST_DECIMAL) {
      throw malformed(field + " is no number");
    }
    double value =
        digits < POWERS.length
            ? mantissa / POWERS[point < 0 ? 0 : digits - point]
            : Double.parseDouble(
                new String(bytes, start, tokenEnd - start, StandardCharsets.US_ASCII));
    return start > tokenStart ? -value : value;
  }

  /** An exception that names the file, the line's number, the problem and the line's text. */
  public IOException malformed(String problem) {
    StringBuilder text = new StringBuilder(source).append(" line ").append(line);
    text.append(": ").append(problem).append(": '");
    int end = Math.min(lineEnd, lineStart + CLIP);
    for (int i = lineStart; i < end; i++) {
      text.append(bytes[i] >= ' ' && bytes[i] <= '~' ? (char) bytes[i] : '?');
    }
    return new IOException(text.append(end < lineEnd ? "...'" : "'").toString());
  }
}
