package io.duologger.format;

/**
 * Texts as values of {@code key=value} lines: quoted unless they consist of {@code A-Z a-z 0-9 . _
 * : / + @ % -} only, and without anything that would need an escape.
 */
final class LogfmtText {
  private LogfmtText() {}

  /** Appends {@code value}, quoted if it must be. */
  static void append(Bytes out, String value) {
    if (isBare(value, '_')) {
      out.ascii(value);
    } else {
      quote(out, value);
    }
  }

  /** Like {@link #append}, but a comma needs no quotes: a list stays as the Perl tools print it. */
  static void appendList(Bytes out, String value) {
    if (isBare(value, ',')) {
      out.ascii(value);
    } else {
      quote(out, value);
    }
  }

  private static void quote(Bytes out, String value) {
    out.put('"');
    for (int i = 0; i < value.length(); ) {
      int point = value.codePointAt(i);
      out.put(replaced(point));
      i += Character.charCount(point);
    }
    out.put('"');
  }

  private static char replaced(int point) {
    if (Character.isISOControl(point)) {
      return ' ';
    }
    switch (point) {
      case '"':
        return '\'';
      case '\\':
        return '/';
      default:
        return point > '~' ? '?' : (char) point;
    }
  }

  private static boolean isBare(String value, char also) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean bare =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '-' && c <= ':'
              || c == '_'
              || c == '+'
              || c == '@'
              || c == '%'
              || c == also;
      if (!bare) {
        return false;
      }
    }
    return !value.isEmpty();
  }
}
