package io.duologger.procfs;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What {@link ByteScanner} means, written down as plainly as can be: lines and tokens are texts of
 * one character a byte. To be compared with it.
 */
final class PlainScanner {
  private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private final String source;
  private final String text;
  private int line;
  private int next;
  private int start;
  private int end;
  private int position;
  private String token = "";

  PlainScanner(String source, byte[] content) {
    this.source = source;
    this.text = new String(content, StandardCharsets.ISO_8859_1);
  }

  boolean nextLine() {
    token = "";
    next = Math.min(next, text.length());
    start = next;
    position = next;
    if (next == text.length()) {
      end = next;
      return false;
    }
    int newline = text.indexOf('\n', next);
    end = newline < 0 ? text.length() : newline;
    next = end + 1;
    line++;
    return true;
  }

  int nextLineOf(char delimiter, List<String> keys) {
    while (nextLine()) {
      boolean found = delimiter == ' ' ? nextToken() : nextTokenUntil(delimiter);
      int key = found ? keys.indexOf(token) : -1;
      if (key >= 0) {
        return key;
      }
    }
    return -1;
  }

  boolean nextToken() {
    int from = skipBlanks(position, end);
    int to = from;
    while (to < end && !blank(text.charAt(to))) {
      to++;
    }
    token = from < to ? text.substring(from, to) : "";
    position = to;
    return !token.isEmpty();
  }

  boolean nextTokenUntil(char delimiter) {
    int at = text.indexOf(delimiter, position);
    return at >= 0 && at < end && tokenUpTo(at);
  }

  boolean nextTokenUntilLast(char delimiter) {
    int at = position < end ? text.lastIndexOf(delimiter, end - 1) : -1;
    return at >= position && tokenUpTo(at);
  }

  private boolean tokenUpTo(int at) {
    token = text.substring(skipBlanks(position, at), at);
    position = at + 1;
    return true;
  }

  private int skipBlanks(int from, int to) {
    int at = from;
    while (at < to && blank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
  }

  String token() {
    return token;
  }

  long nextUnsigned(String field) throws IOException {
    nextToken();
    return unsigned(field);
  }

  long unsigned(String field) throws IOException {
    if (token.isEmpty()) {
      throw malformed("missing " + field);
    }
    return unsigned(token, field);
  }

  private long unsigned(String digits, String field) throws IOException {
    // What comes first in the text decides what is wrong with it.
    BigInteger value = BigInteger.ZERO;
    for (char c : digits.toCharArray()) {
      if (c < '0' || c > '9') {
        throw malformed(field + " is no number");
      }
      value = value.multiply(BigInteger.TEN).add(BigInteger.valueOf(c - '0'));
      if (value.compareTo(LARGEST) > 0) {
        throw malformed(field + " does not fit 64 bits");
      }
    }
    return value.longValue();
  }

  int nextUnsigned(long[] into, int count, String field) throws IOException {
    int found = 0;
    while (found < count && nextToken()) {
      into[found++] = unsigned(field);
    }
    token = "";
    return found;
  }

  long nextSigned(String field) throws IOException {
    if (!nextToken()) {
      throw malformed("missing " + field);
    }
    boolean negative = token.startsWith("-");
    if (token.equals("-")) {
      throw malformed(field + " is no number");
    }
    long value = unsigned(negative ? token.substring(1) : token, field);
    if (value < 0) {
      throw malformed(field + " does not fit 64 bits");
    }
    return negative ? -value : value;
  }

  double nextDecimal(String field) throws IOException {
    if (!nextToken()) {
      throw malformed("missing " + field);
    }
    String digits = token.replaceFirst("^-", "");
    if (!digits.matches("[0-9]+(\\.[0-9]+)?") || digits.replace(".", "").length() > 40) {
      throw malformed(field + " is no number");
    }
    return Double.parseDouble(token);
  }

  IOException malformed(String problem) {
    byte[] shown =
        text.substring(start, Math.min(end, start + 80)).getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < shown.length; i++) {
      shown[i] = shown[i] >= ' ' && shown[i] <= '~' ? shown[i] : (byte) '?';
    }
    String clipped = new String(shown, StandardCharsets.US_ASCII) + (end - start > 80 ? "..." : "");
    return new IOException(source + " line " + line + ": " + problem + ": '" + clipped + "'");
  }
}
