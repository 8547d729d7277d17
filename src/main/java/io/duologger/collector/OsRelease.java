package io.duologger.collector;

import java.util.LinkedHashMap;
import java.util.Map;

/** The file os-release: assignments of shell words, os-release(5). */
final class OsRelease {
  private static final int LONGEST_VALUE = 256;

  private OsRelease() {}

  /** The values by key, without quotes; what is no assignment is passed over. */
  static Map<String, String> parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    text.lines()
        .map(String::strip)
        .forEach(
            line -> {
              int equals = line.indexOf('=');
              if (equals > 0 && line.charAt(0) != '#') {
                String value = unquoted(line.substring(equals + 1));
                values.put(
                    line.substring(0, equals),
                    value.substring(0, Math.min(LONGEST_VALUE, value.length())));
              }
            });
    return values;
  }

  /** Within double quotes a backslash takes the meaning of what follows; single ones are plain. */
  private static String unquoted(String word) {
    int end = word.length() - 1;
    boolean quoted =
        end > 0
            && (word.charAt(0) == '"' || word.charAt(0) == '\'')
            && word.charAt(0) == word.charAt(end);
    String inner = quoted ? word.substring(1, end) : word;
    return quoted && word.charAt(0) == '\'' ? inner : inner.replaceAll("\\\\(.)", "$1");
  }
}
