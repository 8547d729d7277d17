package io.duologger.format;

import io.duologger.model.StructuredDataId;

/**
 * Reports as structured data of syslog messages (RFC 5424, section 6.3): each line is one element
 * {@code [ID name="value" ...]}. The pairs are those of {@link LogfmtFormat} in the same order,
 * lines are split by the same limits, and each event has a line of its own. A name of more than 32
 * characters is shortened ({@link ParamNames}).
 *
 * <p>Texts are UTF-8. A double quote, a backslash and a closing bracket have a backslash before
 * them; a control character and what Unicode calls a line or paragraph separator become a blank, a
 * lone surrogate a question mark. A label or an event without text is {@code key=""}; an info
 * without text is left out.
 *
 * <p>Used by one thread at a time.
 */
public final class StructuredDataFormat extends SplitFormat {
  private static final int LINE_SEPARATOR = 0x2028;
  private static final int PARAGRAPH_SEPARATOR = 0x2029;

  /**
   * With limits.
   *
   * @param id the name of the elements, see {@link StructuredDataId}
   * @param maxBytes the number of bytes of a line, its line feed not counted
   * @param maxPairs the number of pairs of a line, its head's included
   */
  public StructuredDataFormat(String id, int maxBytes, int maxPairs) {
    super("[" + checked(id), "]", maxBytes, maxPairs);
  }

  @Override
  String written(String wanted) {
    return ParamNames.of(wanted);
  }

  @Override
  void beginPair(String key, boolean first) {
    out.put(' ');
    out.ascii(key);
    out.ascii("=\"");
  }

  @Override
  void text(String value) {
    for (int i = 0; i < value.length(); ) {
      int point = value.codePointAt(i);
      i += Character.charCount(point);
      if (point == '"' || point == '\\' || point == ']') {
        out.put('\\');
      }
      out.utf8(cleaned(point));
    }
  }

  @Override
  void closePair() {
    out.put('"');
  }

  private static int cleaned(int point) {
    if (Character.isISOControl(point) || point == LINE_SEPARATOR || point == PARAGRAPH_SEPARATOR) {
      return ' ';
    }
    boolean lone = Character.isBmpCodePoint(point) && Character.isSurrogate((char) point);
    return lone ? '?' : point;
  }

  private static String checked(String id) {
    if (!StructuredDataId.isLegal(id)) {
      throw new IllegalArgumentException(
          "not a name of structured data: '" + id + "', expected " + StructuredDataId.EXPECTED);
    }
    return id;
  }
}
