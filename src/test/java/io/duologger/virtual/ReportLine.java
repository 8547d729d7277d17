package io.duologger.virtual;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A printed logfmt line, as a test reads it.
 *
 * @param text the line
 * @param pairs its pairs
 */
public record ReportLine(String text, Map<String, String> pairs) {
  private static final Pattern PAIR = Pattern.compile("(\\S+?)=(\"[^\"]*\"|\\S+)(?: |$)");

  /** Reads a line. */
  public static ReportLine parse(String line) {
    Map<String, String> pairs = new LinkedHashMap<>();
    Matcher matcher = PAIR.matcher(line);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      String value = matcher.group(2);
      pairs.put(
          matcher.group(1),
          value.startsWith("\"") ? value.substring(1, value.length() - 1) : value);
      end = matcher.end();
    }
    if (end != line.length()) {
      throw new AssertionError("not logfmt: " + line);
    }
    return new ReportLine(line, pairs);
  }

  /** Whether the line has {@code key}. */
  public boolean has(String key) {
    return pairs.containsKey(key);
  }

  /** The value of {@code key}; empty if the line does not have it. */
  public String text(String key) {
    return pairs.getOrDefault(key, "");
  }

  /** The value of {@code key}, which the line must have, as a number. */
  public double number(String key) {
    if (!has(key)) {
      throw new AssertionError("no " + key + " in: " + text);
    }
    return Double.parseDouble(pairs.get(key));
  }

  /** Why the window is partial; empty if it is not. */
  public String partial() {
    return text("partial");
  }

  /** The given pairs as they would stand in a line, blank where there is none. */
  public String pick(String... keys) {
    StringBuilder picked = new StringBuilder();
    for (String key : keys) {
      picked.append(picked.isEmpty() ? "" : " ").append(key).append('=').append(text(key));
    }
    return picked.toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
