package io.duologger.collector.file;

import io.duologger.collector.tool.KeyValues;
import io.duologger.collector.tool.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads Prometheus's text format: lines {@code name{label="value"} number}, and comments of which
 * {@code # TYPE name type} counts. Layout: "Exposition formats" of Prometheus's documentation,
 * version 0.0.4; lines of OpenMetrics that are alike are read as well.
 *
 * <p>Of a histogram the sum and the number of observations count, not the buckets; of a summary its
 * quantiles too. Times and exemplars are passed over.
 */
final class PrometheusText {
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_VALUE = 500;
  private static final int MOST_LABELS = 30;
  private static final int LONGEST_QUOTE = 60;
  private static final String COUNTER = "counter";
  private static final String TOTAL = "_total";
  private static final String BUCKET = "_bucket";
  private static final List<String> OBSERVED = List.of("histogram", "summary");

  private final String source;
  private final int most;
  private final Map<String, String> types = new HashMap<>();
  private final Set<List<Object>> seen = new HashSet<>();
  private final List<Item> items = new ArrayList<>();
  private String line = "";
  private int lineNumber;
  private int at;

  private PrometheusText(String source, int most) {
    this.source = source;
    this.most = most;
  }

  /**
   * The samples of {@code text} in its order; without those that are NaN or infinite.
   *
   * @param source where the text is from, for messages
   * @param most how many samples there may be
   * @throws IOException if anything else is in it, its last line has no end, a sample is there
   *     twice, or there are more; the message names source and line
   */
  static List<Item> parse(String source, String text, int most) throws IOException {
    PrometheusText parser = new PrometheusText(source, most);
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      parser.line = text.substring(start, end < 0 ? text.length() : end);
      parser.lineNumber++;
      if (end < 0) {
        throw parser.problem("a last line without its end, half written?");
      }
      parser.line();
      start = end + 1;
    }
    return List.copyOf(parser.items);
  }

  private void line() throws IOException {
    at = 0;
    skipBlanks();
    if (at == line.length()) {
      return;
    }
    if (line.charAt(at) == '#') {
      comment();
    } else {
      sample();
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

  private void comment() throws IOException {
    String[] words = line.strip().split("[ \t]+", 5);
    if (words.length >= 4 && words[0].equals("#") && words[1].equals("TYPE")) {
      if (types.size() > most) {
        throw problem("more than " + most + " types");
      }
      if (types.put(words[2], words[3]) != null) {
        throw problem("a second type of " + Words.printable(shortened(words[2])));
      }
    }
  }

  private void sample() throws IOException {
    String name = name(true);
    if (name.isEmpty()) {
      throw problem("not a sample");
    }
    skipBlanks();
    Map<String, String> labels = new TreeMap<>();
    if (at < line.length() && line.charAt(at) == '{') {
      at++;
      labels(labels);
    }
    skipBlanks();
    int start = at;
    while (at < line.length() && !isBlank(line.charAt(at))) {
      at++;
    }
    String value = line.substring(start, at);
    skipBlanks();
    String rest = line.substring(at).strip();
    if (!rest.isEmpty() && rest.charAt(0) != '#' && !isTime(rest)) {
      throw problem("neither a time nor the end after the value");
    }
    if (!seen.add(List.of(name, labels))) {
      throw problem("the same sample a second time");
    }
    if (seen.size() > most) {
      throw problem("more than " + most + " samples");
    }
    if (!KeyValues.isNoNumber(value)) {
      if (KeyValues.number(value).isEmpty()) {
        throw problem("not a number");
      }
      add(name, labels, value);
    }
  }

  private static boolean isTime(String rest) {
    int end = rest.indexOf(' ');
    return KeyValues.number(end < 0 ? rest : rest.substring(0, end)).isPresent();
  }

  private void add(String name, Map<String, String> labels, String value) {
    String family = name.replaceFirst("(_sum|_count|_bucket)$", "");
    boolean observed =
        !types.containsKey(name) && OBSERVED.contains(types.getOrDefault(family, ""));
    if (observed && name.endsWith(BUCKET)) {
      return;
    }
    String base = name.endsWith(TOTAL) ? name.substring(0, name.length() - TOTAL.length()) : name;
    boolean counter =
        observed && !name.equals(family)
            || COUNTER.equals(types.get(name))
            || !types.containsKey(name) && COUNTER.equals(types.get(base));
    items.add(new Item(name, labels, counter, value, KeyValues.number(value)));
  }

  /** A name from here on; empty if there is none. */
  private String name(boolean colons) throws IOException {
    int start = at;
    while (at < line.length() && isOfName(line.charAt(at), at == start, colons)) {
      at++;
    }
    if (at - start > LONGEST_NAME) {
      throw problem("a name longer than " + LONGEST_NAME + " characters");
    }
    return line.substring(start, at);
  }

  private static boolean isOfName(char c, boolean first, boolean colons) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c == '_'
        || colons && c == ':'
        || !first && c >= '0' && c <= '9';
  }

  private void labels(Map<String, String> into) throws IOException {
    for (skipBlanks(); !isNext('}'); skipBlanks()) {
      String label = name(false);
      skipBlanks();
      expect(!label.isEmpty() && isNext('='), "a label without a value");
      at++;
      skipBlanks();
      expect(isNext('"'), "a label without a value");
      String value = quoted();
      expect(into.put(label, value) == null, "the label " + label + " a second time");
      expect(into.size() <= MOST_LABELS, "more than " + MOST_LABELS + " labels");
      skipBlanks();
      if (isNext(',')) {
        at++;
      } else {
        expect(isNext('}'), "labels without their end");
      }
    }
    at++;
  }

  private boolean isNext(char c) {
    return at < line.length() && line.charAt(at) == c;
  }

  private void expect(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw problem(otherwise);
    }
  }

  private String quoted() throws IOException {
    StringBuilder value = new StringBuilder();
    for (at++; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        at++;
        expect(value.length() <= LONGEST_VALUE, "a label value longer than " + LONGEST_VALUE);
        return value.toString();
      }
      if (c == '\\' && at + 1 < line.length()) {
        c = line.charAt(++at);
        c = c == 'n' ? '\n' : c;
      }
      value.append(c);
    }
    throw problem("a quote without its end");
  }

  private IOException problem(String what) {
    String shown = Words.printable(shortened(line));
    return new IOException(source + " line " + lineNumber + ": " + what + ": '" + shown + "'");
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST_QUOTE));
  }
}
