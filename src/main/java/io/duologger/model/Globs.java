package io.duologger.model;

import java.util.List;

/**
 * Which names are wanted: those that match an include pattern and no exclude pattern. {@code *}
 * stands for any text, {@code ?} for one character; everything else for itself.
 *
 * @param include patterns of which one must match
 * @param exclude patterns of which none may match
 */
public record Globs(List<String> include, List<String> exclude) {
  /** Everything. */
  public static final Globs ALL = new Globs(List.of("*"), List.of());

  /** Copies the lists. */
  public Globs {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
  }

  /** Whether {@code name} is wanted. */
  public boolean matches(String name) {
    return anyMatches(include, name) && !anyMatches(exclude, name);
  }

  private static boolean anyMatches(List<String> patterns, String name) {
    for (String pattern : patterns) {
      if (matches(pattern, name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Backtracks to the last star only, so that no pattern takes more than pattern times name steps.
   */
  private static boolean matches(String pattern, String name) {
    int p = 0;
    int star = -1;
    int resume = 0;
    for (int n = 0; n < name.length(); ) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
