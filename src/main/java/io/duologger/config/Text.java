package io.duologger.config;

import java.util.Optional;

/** How problems cite what they found, and guess what was meant. */
final class Text {
  /** Characters of a value that are cited. */
  static final int LIMIT = 60;

  private static final int LONGEST_GUESS = 40;

  private Text() {}

  /** In quotes, on one line and not too long. */
  static String quoted(String text) {
    return '"' + clean(text, LIMIT).replace("\"", "\\\"") + '"';
  }

  /** A part of a key path, in quotes where it needs them. */
  static String segment(String key) {
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9')
          && c != '-'
          && c != '_') {
        return quoted(key);
      }
    }
    return key.isEmpty() || key.length() > LIMIT ? quoted(key) : key;
  }

  /** Without control characters and line separators, cut after {@code limit} characters. */
  static String clean(String text, int limit) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length() && i < limit) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      int type = Character.getType(c);
      if (type == Character.CONTROL
          || type == Character.FORMAT
          || type == Character.SURROGATE
          || type == Character.LINE_SEPARATOR
          || type == Character.PARAGRAPH_SEPARATOR) {
        out.append(String.format("\\u%04x", c));
      } else {
        out.appendCodePoint(c);
      }
    }
    return i < text.length() ? out.append("...").toString() : out.toString();
  }

  /** The candidate nearest to {@code word} by edits, if it is near enough to be what was meant. */
  static Optional<String> nearest(String word, Iterable<String> candidates) {
    Optional<String> best = Optional.empty();
    if (word.length() > LONGEST_GUESS) {
      return best;
    }
    int least = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int distance = distance(word, candidate);
      if (distance < least && distance <= Math.max(1, candidate.length() / 3)) {
        least = distance;
        best = Optional.of(candidate);
      }
    }
    return best;
  }

  /**
   * Insertions, deletions, replacements and swaps of neighbours that make {@code b} of {@code a}.
   */
  private static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        row[j] = Math.min(above[j - 1] + (same ? 0 : 1), Math.min(above[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = above;
      above = row;
    }
    return above[b.length()];
  }
}
