package io.duologger.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reports as one JSON object a line (RFC 8259), in ASCII, never split. Texts arrive as they were:
 * what is not printable ASCII is written as {@code \}{@code uXXXX}, lone surrogates included. The
 * events of a name are an array of texts, in order.
 *
 * <p>Used by one thread at a time.
 */
public final class JsonFormat extends LineFormat {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final Map<String, List<String>> events = new LinkedHashMap<>();
  private boolean first;

  @Override
  void beginLine() {
    events.clear();
    first = true;
    out.put('{');
  }

  @Override
  void endHead() {}

  @Override
  void beginPair(String key) {
    if (!first) {
      out.put(',');
    }
    first = false;
    out.put('"');
    out.ascii(key);
    out.ascii("\":");
  }

  @Override
  void text(String value) {
    out.put('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.put('\\');
        out.put(c);
      } else if (c >= ' ' && c <= '~') {
        out.put(c);
      } else {
        out.ascii("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.put(HEX[c >> shift & 0xf]);
        }
      }
    }
    out.put('"');
  }

  @Override
  void endPair() {}

  @Override
  void info(String key, String text) {
    beginPair(key);
    text(text);
  }

  @Override
  void event(String key, String text) {
    events.computeIfAbsent(key, k -> new ArrayList<>()).add(text);
  }

  @Override
  void endLine() {
    events.forEach(
        (key, texts) -> {
          beginPair(key);
          char separator = '[';
          for (String text : texts) {
            out.put(separator);
            text(text);
            separator = ',';
          }
          out.put(']');
        });
    out.ascii("}\n");
  }
}
