package io.duologger.sink;

/** What the headers of RFC 3164 and RFC 5424 have in common. */
final class HeaderText {
  private HeaderText() {}

  /** Checks the numbers that both write. */
  static void check(int facility, int severity, long pid) {
    if (facility < 0 || facility > 23 || severity < 0 || severity > 7) {
      throw new IllegalArgumentException(
          "facilities are 0 to 23, severities 0 to 7: " + facility + ", " + severity);
    }
    if (pid < 1) {
      throw new IllegalArgumentException("not a process id: " + pid);
    }
  }

  /** Begins a header with its priority. */
  static StringBuilder begin(int facility, int severity) {
    return new StringBuilder(64).append('<').append(facility * 8 + severity).append('>');
  }

  /** Appends {@code number} with {@code padding} before it if it has one digit. */
  static StringBuilder two(StringBuilder text, int number, char padding) {
    return (number < 10 ? text.append(padding) : text).append(number);
  }
}
