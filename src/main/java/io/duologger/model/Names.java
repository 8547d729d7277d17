package io.duologger.model;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rule for keys in every output: {@code [a-z][a-z0-9_]{0,63}}, and none that the head of a line
 * uses.
 */
public final class Names {
  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]{0,63}");
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
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "not a key of the form [a-z][a-z0-9_]{0,63}: '" + key + "'");
    }
    return key;
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
