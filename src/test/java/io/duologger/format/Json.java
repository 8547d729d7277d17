package io.duologger.format;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads RFC 8259 text without blanks: objects, arrays, strings and numbers; no key twice. */
public final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** The members of an object, in order: String, BigDecimal, List or Map. */
  public static Map<String, Object> parse(String text) {
    Json json = new Json(text);
    Map<String, Object> object = json.object();
    if (json.at != text.length()) {
      throw json.error("something follows the object");
    }
    return object;
  }

  private Map<String, Object> object() {
    Map<String, Object> members = new LinkedHashMap<>();
    expect('{');
    do {
      String key = string();
      expect(':');
      if (members.put(key, value()) != null) {
        throw error("key twice");
      }
    } while (accept(','));
    expect('}');
    return members;
  }

  private Object value() {
    switch (text.charAt(at)) {
      case '"':
        return string();
      case '[':
        return array();
      case '{':
        return object();
      default:
        return number();
    }
  }

  private List<Object> array() {
    List<Object> elements = new ArrayList<>();
    expect('[');
    do {
      elements.add(value());
    } while (accept(','));
    expect(']');
    return elements;
  }

  private BigDecimal number() {
    int start = at;
    while ("-+.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(start, at);
    if (!number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
      throw error("not a number: " + number);
    }
    return new BigDecimal(number);
  }

  private String string() {
    StringBuilder string = new StringBuilder();
    expect('"');
    while (text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c < ' ' || c > '~') {
        throw error("not an ASCII character that may stand in a string");
      }
      string.append(c == '\\' ? escape() : c);
    }
    at++;
    return string.toString();
  }

  private char escape() {
    char c = text.charAt(at++);
    int simple = "\"\\/bfnrt".indexOf(c);
    if (simple >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(simple);
    }
    if (c != 'u') {
      throw error("not an escape");
    }
    at += 4;
    return (char) Integer.parseInt(text.substring(at - 4, at), 16);
  }

  private boolean accept(char c) {
    boolean there = text.charAt(at) == c;
    if (there) {
      at++;
    }
    return there;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw error("no " + c);
    }
  }

  private IllegalArgumentException error(String what) {
    return new IllegalArgumentException(what + " at " + at + " of " + text);
  }
}
