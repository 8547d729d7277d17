package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a report, as another program would read it.
 *
 * @param text the line
 * @param pairs its pairs in their order
 */
record Logfmt(String text, Map<String, String> pairs) {
  private static final Pattern PAIR =
      Pattern.compile("([a-z][a-z0-9_]{0,63})=(\"[^\"]*\"|[A-Za-z0-9._:/+@%-]+)(?: |$)");

  /** Reads a line; fails the test if it is anything but pairs with one space between them. */
  static Logfmt parse(String line) {
    Map<String, String> pairs = new LinkedHashMap<>();
    Matcher matcher = PAIR.matcher(line);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      String value = matcher.group(2);
      String bare = value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
      assertTrue(pairs.put(matcher.group(1), bare) == null, () -> "a key stands twice: " + line);
      end = matcher.end();
    }
    assertTrue(end == line.length() && !line.endsWith(" "), () -> "not logfmt: " + line);
    return new Logfmt(line, pairs);
  }

  /** The module. */
  String module() {
    return text("module");
  }

  /** The end of the window in seconds since the epoch. */
  long xid() {
    return integer("xid");
  }

  /** Why the window is partial; empty if it is a whole one. */
  String partial() {
    return pairs.getOrDefault("partial", "");
  }

  /** The value of {@code key}. */
  String text(String key) {
    String value = pairs.get(key);
    assertNotNull(value, () -> "no " + key + " in: " + text);
    return value;
  }

  /** The value of {@code key} as an integer. */
  long integer(String key) {
    return Long.parseLong(text(key));
  }

  /** The value of {@code key} as a number. */
  double number(String key) {
    return Double.parseDouble(text(key));
  }
}
