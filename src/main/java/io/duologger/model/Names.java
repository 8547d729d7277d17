package io.duologger.model;

import java.util.Set;

/**
 * The rule for keys in every output: {@code [a-z][a-z0-9_]{0,63}}, and none that the head of a line
 * uses.
 */
public final class Names {
  private static final int LONGEST = 64;
  private static final Set<String> HEAD =
      Set.of(
          "xid",
          "module",
          "host",
          "window",
          "every",
          "n",
          "late",
          "missed",
          "seen",
          "rates",
          "covered",
          "resets",
          "exact",
          "partial",
          "clock_jump");

  private Names() {}

  /**
   * Returns {@code key} if it is a legal key.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static String key(String key) {
    if (!isKey(key)) {
      throw new IllegalArgumentException(
          "not a key of the form [a-z][a-z0-9_]{0,63}: '" + key + "'");
    }
    return key;
  }

  private static boolean isKey(String key) {
    if (key.isEmpty() || key.length() > LONGEST || !isLetter(key.charAt(0))) {
      return false;
    }
    for (int i = 1; i < key.length(); i++) {
      char c = key.charAt(i);
      if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '_') {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code key} is a legal key that no line's head uses. */
  public static boolean isFreeKey(String key) {
    return isKey(key) && !HEAD.contains(key);
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  /**
   * Returns {@code key} if it is a legal key that no line's head uses.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static String freeKey(String key) {
    if (HEAD.contains(key)) {
      throw new IllegalArgumentException("the key '" + key + "' belongs to the head of a line");
    }
    return key(key);
  }
}
