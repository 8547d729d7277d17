package io.duologger.procfs;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads lines, tokens and numbers from bytes without allocating: a cursor over the text of one
 * kernel file. A token is a run of bytes without blanks. Not safe for use by several threads.
 *
 * <p>Each byte is looked at once where that can be: where a line ends is found out only when the
 * next one is asked for, and the loops run on local variables, which is what the first compiler and
 * the interpreter are good at. A number in the usual form (a few digits, then a blank or the end of
 * the line) is read in one loop; whatever else comes is read anew, as a token, byte by byte.
 */
public final class ByteScanner {
  private static final int CLIP = 80;
  private static final int LONGEST_DECIMAL = 40;

  /** So many digits fit 63 bits, whatever they are. */
  private static final int SAFE_DIGITS = 18;

  private static final long MAX_UNSIGNED_TENTH = Long.divideUnsigned(-1L, 10);
  private static final double[] POWERS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  /** Where the next line starts is not known yet. */
  private static final int UNKNOWN = -1;

  private Object source = "";
  private byte[] bytes = new byte[0];
  private int limit;
  private int next;
  private int line;
  private int lineStart;

  /** Holds only if {@link #next} is known. */
  private int lineEnd;

  /** Never beyond the end of the line, except before the first line. */
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
   * @param name what error messages call the bytes: the path of the file, or what has that as its
   *     text
   */
  public void reset(Object name, byte[] content, int length) {
    source = name;
    bytes = content;
    limit = length;
    next = 0;
    line = 0;
    lineStart = 0;
    lineEnd = 0;
    position = length;
    tokenStart = 0;
    tokenEnd = 0;
  }

  /** Moves to the start of the next line; false after the last. */
  public boolean nextLine() {
    int start = next;
    if (start == UNKNOWN) {
      start = endOfLine(bytes, position, limit) + 1;
    }
    lineStart = start;
    position = start;
    tokenStart = start;
    tokenEnd = start;
    if (start >= limit) {
      next = start;
      lineEnd = start;
      return false;
    }
    next = UNKNOWN;
    line++;
    return true;
  }

  /** A method of its own, as it is called for every line and so compiled after a few ticks. */
  private static int endOfLine(byte[] text, int from, int limit) {
    int end = from;
    while (end < limit && text[end] != '\n') {
      end++;
    }
    return end;
  }

  /** Where the line ends. */
  private int end() {
    if (next == UNKNOWN) {
      lineEnd = endOfLine(bytes, position, limit);
      next = lineEnd + 1;
    }
    return lineEnd;
  }

  /**
   * Moves to the next line of which the first token is one of {@code keys}, and behind that token
   * and its delimiter.
   *
   * @return the key's index; or -1 after the last line
   */
  public int nextLineOf(LineKeys keys) {
    while (nextLine()) {
      int key = keyOfLine(keys);
      if (key >= 0) {
        return key;
      }
    }
    return -1;
  }

  /** What the bytes at the start of the line rule out needs no token. */
  private int keyOfLine(LineKeys keys) {
    int start = position;
    int candidate = keys.candidate(bytes, start, limit);
    if (candidate < 0) {
      return candidate == LineKeys.UNSURE ? keyOfToken(keys) : -1;
    }
    tokenStart = start;
    tokenEnd = start + keys.length(candidate);
    position = tokenEnd + 1;
    return candidate;
  }

  private int keyOfToken(LineKeys keys) {
    boolean token = keys.delimiter() == ' ' ? nextToken() : nextTokenUntil(keys.delimiter());
    return token ? keys.find(this) : -1;
  }

  /** Moves to the next token of the line; false if there is none. */
  public boolean nextToken() {
    byte[] text = bytes;
    int stop = limit;
    int at = position;
    while (at < stop && blank(text[at])) {
      at++;
    }
    tokenStart = at;
    while (at < stop) {
      byte b = text[at];
      if (b <= ' ' && (b == '\n' || blank(b))) {
        break;
      }
      at++;
    }
    tokenEnd = at;
    position = at;
    return at > tokenStart;
  }

  /**
   * Makes a token of what lies between the cursor and the next {@code delimiter} of the line, less
   * leading blanks, and moves behind the delimiter; false, without moving, if the line has none.
   */
  public boolean nextTokenUntil(char delimiter) {
    byte[] text = bytes;
    int stop = limit;
    for (int end = position; end < stop; end++) {
      byte b = text[end];
      if (b == delimiter) {
        tokenEndsAt(end);
        return true;
      }
      if (b == '\n') {
        return false;
      }
    }
    return false;
  }

  /** As {@link #nextTokenUntil}, but up to the last {@code delimiter} of the line. */
  public boolean nextTokenUntilLast(char delimiter) {
    byte[] text = bytes;
    int stop = limit;
    int last = -1;
    int end = position;
    while (end < stop && text[end] != '\n') {
      if (text[end] == delimiter) {
        last = end;
      }
      end++;
    }
    if (next == UNKNOWN) {
      lineEnd = end;
      next = end + 1;
    }
    if (last < 0) {
      return false;
    }
    tokenEndsAt(last);
    return true;
  }

  private void tokenEndsAt(int end) {
    byte[] text = bytes;
    int start = position;
    while (start < end && blank(text[start])) {
      start++;
    }
    tokenStart = start;
    tokenEnd = end;
    position = end + 1;
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  /** Whether a token ends before {@code b}. */
  private static boolean ends(byte b) {
    return b == ' ' || b == '\n' || b == '\t' || b == '\r';
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
    byte[] text = bytes;
    int start = tokenStart;
    for (int i = 0; i < prefix.length; i++) {
      if (text[start + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where the token is, for {@link #tokenAt}. */
  public long tokenPlace() {
    return (long) tokenStart << Integer.SIZE | tokenEnd;
  }

  /** Makes what was the token at {@code place} the token again; reading goes on where it was. */
  public void tokenAt(long place) {
    tokenStart = (int) (place >>> Integer.SIZE);
    tokenEnd = (int) place;
  }

  /** Whether the rest of the line is exactly {@code text}; if so, moves to the end of the line. */
  public boolean restIs(byte[] text) {
    int stop = position + text.length;
    if (stop > limit
        || stop < limit && bytes[stop] != '\n'
        || !Arrays.equals(bytes, position, stop, text, 0, text.length)) {
      return false;
    }
    position = stop;
    return true;
  }

  /** A copy of the rest of the line. */
  public byte[] rest() {
    int start = Math.min(position, limit);
    return Arrays.copyOfRange(bytes, start, Math.max(start, Math.min(end(), limit)));
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
    byte[] text = bytes;
    int stop = limit;
    int at = position;
    while (at < stop && text[at] == ' ') {
      at++;
    }
    int start = at;
    long value = 0;
    while (at < stop && (char) (text[at] - '0') <= 9) {
      value = value * 10 + (text[at] - '0');
      at++;
    }
    if (at == start || at - start > SAFE_DIGITS || (at < stop && !ends(text[at]))) {
      return tokenAsUnsigned(field);
    }
    tokenStart = start;
    tokenEnd = at;
    position = at;
    return value;
  }

  private long tokenAsUnsigned(String field) throws IOException {
    if (!nextToken()) {
      throw malformed("missing " + field);
    }
    return unsigned(tokenStart, field);
  }

  /**
   * The next tokens of the line as unsigned 64-bit numbers, at most {@code count} of them. The
   * token is empty then.
   *
   * @param into takes them, from its start on
   * @param field what messages call each of them
   * @return how many there were
   */
  public int nextUnsigned(long[] into, int count, String field) throws IOException {
    byte[] text = bytes;
    int stop = limit;
    int at = position;
    int found = 0;
    while (found < count) {
      while (at < stop && text[at] == ' ') {
        at++;
      }
      int start = at;
      long value = 0;
      while (at < stop && (char) (text[at] - '0') <= 9) {
        value = value * 10 + (text[at] - '0');
        at++;
      }
      if (at == start || at - start > SAFE_DIGITS || (at < stop && !ends(text[at]))) {
        position = start;
        if (!nextToken()) {
          return found;
        }
        value = unsigned(tokenStart, field);
        at = tokenEnd;
      }
      into[found++] = value;
    }
    tokenStart = at;
    tokenEnd = at;
    position = at;
    return found;
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
      if (i - from >= SAFE_DIGITS
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
    byte[] text = bytes;
    int stop = limit;
    int at = position;
    while (at < stop && text[at] == ' ') {
      at++;
    }
    int start = at;
    long mantissa = 0;
    while (at < stop && (char) (text[at] - '0') <= 9) {
      mantissa = mantissa * 10 + (text[at] - '0');
      at++;
    }
    int point = at;
    if (at > start && at < stop && text[at] == '.') {
      at++;
      while (at < stop && (char) (text[at] - '0') <= 9) {
        mantissa = mantissa * 10 + (text[at] - '0');
        at++;
      }
    }
    int decimals = at - point - 1;
    // Without digits on both sides of a point it is nothing usual either.
    if (decimals <= 0 || at - start > POWERS.length || (at < stop && !ends(text[at]))) {
      return tokenAsDecimal(field);
    }
    tokenStart = start;
    tokenEnd = at;
    position = at;
    return mantissa / POWERS[decimals];
  }

  private double tokenAsDecimal(String field) throws IOException {
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
    StringBuilder text = new StringBuilder().append(source).append(" line ").append(line);
    text.append(": ").append(problem).append(": '");
    int last = end();
    int end = Math.min(last, lineStart + CLIP);
    for (int i = lineStart; i < end; i++) {
      text.append(bytes[i] >= ' ' && bytes[i] <= '~' ? (char) bytes[i] : '?');
    }
    return new IOException(text.append(end < last ? "...'" : "'").toString());
  }
}
