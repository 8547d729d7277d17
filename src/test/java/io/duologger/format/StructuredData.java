package io.duologger.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads structured data by the grammar of RFC 5424, section 6.3, and is stricter where it allows
 * what senders should not do: a backslash stands only where it must, and values have no control
 * characters.
 */
public final class StructuredData {
  private static final String SD_NAME = "[!-~&&[^=\\]\"]]{1,32}";
  private static final Pattern START = Pattern.compile("\\[(" + SD_NAME + ")");
  private static final Pattern PARAM = Pattern.compile(" (" + SD_NAME + ")=\"");

  private final String bytes;
  private int at;

  private StructuredData(String bytes) {
    this.bytes = bytes;
  }

  /**
   * An SD-ELEMENT.
   *
   * @param id its SD-ID
   * @param params PARAM-NAME to decoded PARAM-VALUE, in order
   */
  public record Element(String id, List<Map.Entry<String, String>> params) {}

  /**
   * Reads one or more elements that follow each other.
   *
   * @param bytes a character for each byte
   */
  public static List<Element> parse(String bytes) {
    StructuredData data = new StructuredData(bytes);
    List<Element> elements = new ArrayList<>();
    do {
      elements.add(data.element());
    } while (data.at < bytes.length());
    return elements;
  }

  private Element element() {
    String id = match(START);
    List<Map.Entry<String, String>> params = new ArrayList<>();
    while (next() == ' ') {
      String name = match(PARAM);
      params.add(Map.entry(name, decoded(value())));
    }
    if (next() != ']') {
      throw error("the element does not end");
    }
    at++;
    return new Element(id, params);
  }

  private String value() {
    StringBuilder value = new StringBuilder();
    while (next() != '"') {
      char c = next();
      at++;
      if (c == '\\') {
        c = next();
        at++;
        if (c != '"' && c != '\\' && c != ']') {
          throw error("nothing to escape");
        }
      } else if (c == ']' || c < ' ' || c == 127) {
        throw error("not a character of a value");
      }
      value.append(c);
    }
    at++;
    return value.toString();
  }

  private String decoded(String value) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      throw error("not UTF-8: " + e);
    }
  }

  private String match(Pattern pattern) {
    Matcher matcher = pattern.matcher(bytes).region(at, bytes.length());
    if (!matcher.lookingAt()) {
      throw error("no " + pattern);
    }
    at = matcher.end();
    return matcher.group(1);
  }

  private char next() {
    if (at == bytes.length()) {
      throw error("an early end");
    }
    return bytes.charAt(at);
  }

  private IllegalArgumentException error(String what) {
    return new IllegalArgumentException(what + " at " + at + " of " + bytes);
  }

  /** What the documentation says of a text. */
  public static String cleaned(String text) {
    StringBuilder cleaned = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              boolean blank = point < 32 || point >= 127 && point < 160 || point >> 1 == 0x1014;
              boolean lone = point >= 0xd800 && point < 0xe000;
              cleaned.appendCodePoint(blank ? ' ' : lone ? '?' : point);
            });
    return cleaned.toString();
  }
}
