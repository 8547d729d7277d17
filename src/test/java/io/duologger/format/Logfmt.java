package io.duologger.format;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads logfmt by go-logfmt's rules, and is stricter where other parsers are: an unquoted value has
 * neither an equals sign nor a quote, a quoted one no escape, and no key occurs twice.
 */
public final class Logfmt {
  private final String line;
  private int at;

  private Logfmt(String line) {
    this.line = line;
  }

  /** The pairs of a line, in order. */
  public static List<Map.Entry<String, String>> parse(String line) {
    return new Logfmt(line).pairs();
  }

  private List<Map.Entry<String, String>> pairs() {
    List<Map.Entry<String, String>> pairs = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    while (true) {
      String key = key();
      if (!keys.add(key)) {
        throw error("key twice");
      }
      pairs.add(Map.entry(key, at < line.length() && line.charAt(at) == '"' ? quoted() : bare()));
      if (at == line.length()) {
        return pairs;
      }
      if (line.charAt(at++) != ' ') {
        throw error("no blank after a value");
      }
    }
  }

  private String key() {
    int start = at;
    while (at < line.length() && line.charAt(at) != '=') {
      char c = line.charAt(at++);
      if (c <= ' ' || c == '"' || c > '~') {
        throw error("not a character of a key");
      }
    }
    if (at == start || at == line.length()) {
      throw error("no key");
    }
    return line.substring(start, at++);
  }

  private String bare() {
    int start = at;
    while (at < line.length() && line.charAt(at) > ' ') {
      char c = line.charAt(at++);
      if (c == '=' || c == '"' || c == '\\' || c > '~') {
        throw error("not a character of an unquoted value");
      }
    }
    if (at == start) {
      throw error("no value");
    }
    return line.substring(start, at);
  }

  private String quoted() {
    int start = ++at;
    while (at < line.length() && line.charAt(at) != '"') {
      char c = line.charAt(at++);
      if (c < ' ' || c == '\\' || c > '~') {
        throw error("not a character of a quoted value");
      }
    }
    if (at == line.length()) {
      throw error("the quote does not end");
    }
    return line.substring(start, at++);
  }

  private IllegalArgumentException error(String what) {
    return new IllegalArgumentException(what + " at " + at + " of " + line);
  }
}
