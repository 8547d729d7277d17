package io.duologger.collector.tool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads pairs {@code key=value}, one or several a line, as site scripts print them. A value with
 * blanks stands in double quotes, within which a backslash goes before a quote or a backslash, or
 * in single quotes. Lines that begin with {@code #} are comments.
 */
public final class KeyValues {
  private static final int LONGEST_KEY = 64;
  private static final int LONGEST_VALUE = 1000;
  private static final int LONGEST_QUOTE = 60;

  /** The form of {@link #number}, whose parts can be matched in one way only. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?");

  /** How programs print that there is no number: all of it means that the pair is absent. */
  private static final Pattern NO_NUMBER = Pattern.compile("(?i)[+-]?(?:nan|inf|infinity)");

  private final String source;
  private final int most;
  private final List<Pair> pairs = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();
  private String line = "";
  private int lineNumber;
  private int at;

  /**
   * One pair.
   *
   * @param key letters, digits and {@code _ . : -}, at most 64; does not begin with a digit, dot,
   *     colon or dash
   * @param text the value without its quotes; never empty
   * @param number the value, if it is a finite number without quotes
   */
  public record Pair(String key, String text, OptionalDouble number) {}

  private KeyValues(String source, int most) {
    this.source = source;
    this.most = most;
  }

  /**
   * The pairs of {@code text} in its order; without those whose value is empty, NaN or infinite,
   * which say that there is none.
   *
   * @param source where the text is from, for messages
   * @param most how many pairs there may be
   * @throws IOException if anything else is in it, a key is there twice, or there are more; the
   *     message names source and line
   */
  public static List<Pair> parse(String source, String text, int most) throws IOException {
    KeyValues parser = new KeyValues(source, most);
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      parser.line(text.substring(start, end));
      start = end + 1;
    }
    return List.copyOf(parser.pairs);
  }

  /** The number that {@code text} is: decimal, finite; anything else is none. */
  public static OptionalDouble number(String text) {
    if (text.length() > LONGEST_KEY || !NUMBER.matcher(text).matches()) {
      return OptionalDouble.empty();
    }
    double number = Double.parseDouble(text);
    return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  /** Whether {@code text} is how programs print that there is no number, or no finite one. */
  public static boolean isNoNumber(String text) {
    return NO_NUMBER.matcher(text).matches();
  }

  private void line(String content) throws IOException {
    line = content;
    lineNumber++;
    at = 0;
    skipBlanks();
    if (at < line.length() && line.charAt(at) == '#') {
      return;
    }
    while (at < line.length()) {
      pair();
      skipBlanks();
    }
  }

  private void skipBlanks() {
    while (at < line.length() && isBlank(line.charAt(at))) {
      at++;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
  }

  private void pair() throws IOException {
    String key = key();
    at++;
    char first = at < line.length() ? line.charAt(at) : ' ';
    boolean quoted = first == '"' || first == '\'';
    String value = quoted ? quoted(first) : plain();
    if (value.length() > LONGEST_VALUE) {
      throw problem("a value longer than " + LONGEST_VALUE + " characters");
    }
    if (!keys.add(key)) {
      throw problem("the key " + key + " a second time");
    }
    if (keys.size() > most) {
      throw problem("more than " + most + " pairs");
    }
    if (!value.isEmpty() && (quoted || !isNoNumber(value))) {
      pairs.add(new Pair(key, value, quoted ? OptionalDouble.empty() : number(value)));
    }
  }

  private String key() throws IOException {
    int start = at;
    while (at < line.length() && isOfKey(line.charAt(at), at == start)) {
      at++;
    }
    if (at == start || at == line.length() || line.charAt(at) != '=') {
      throw problem("not key=value");
    }
    if (at - start > LONGEST_KEY) {
      throw problem("a key longer than " + LONGEST_KEY + " characters");
    }
    return line.substring(start, at);
  }

  private static boolean isOfKey(char c, boolean first) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c == '_'
        || !first && (c >= '0' && c <= '9' || c == '.' || c == ':' || c == '-');
  }

  private String plain() {
    int start = at;
    while (at < line.length() && !isBlank(line.charAt(at))) {
      at++;
    }
    return line.substring(start, at);
  }

  private String quoted(char quote) throws IOException {
    StringBuilder value = new StringBuilder();
    for (at++; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == quote) {
        at++;
        if (at < line.length() && !isBlank(line.charAt(at))) {
          throw problem("no blank after a quoted value");
        }
        return value.toString();
      }
      if (c == '\\' && quote == '"' && at + 1 < line.length() && isEscaped(line.charAt(at + 1))) {
        c = line.charAt(++at);
      }
      value.append(c);
    }
    throw problem("a quote without its end");
  }

  private static boolean isEscaped(char c) {
    return c == '"' || c == '\\';
  }

  private IOException problem(String what) {
    String shown = Words.printable(line.substring(0, Math.min(line.length(), LONGEST_QUOTE)));
    return new IOException(source + " line " + lineNumber + ": " + what + ": '" + shown + "'");
  }
}
