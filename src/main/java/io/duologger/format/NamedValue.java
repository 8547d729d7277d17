package io.duologger.format;

/**
 * A value under a name that no other value of its report has.
 *
 * @param name made of {@code A-Z a-z 0-9 _}
 * @param quantity the name of what was measured, without device and statistic
 * @param type what Grid Engine takes the value for
 * @param text the value; of a text as it was, of a number in plain decimal form
 */
record NamedValue(String name, String quantity, Type type, String text) {
  /** Grid Engine's types, complex(5). */
  enum Type {
    INT,
    DOUBLE,
    /** Bytes. */
    MEMORY,
    STRING
  }
}
