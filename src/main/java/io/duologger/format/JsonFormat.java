package io.duologger.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reports as one JSON object a line (RFC 8259), in ASCII. Texts arrive as they were: what is not
 * printable ASCII is written as {@code \}{@code uXXXX}, lone surrogates included. The events of a
 * name are an array of texts, in order.
 *
 * <p>Lines are not split if no limit is given. A line that would exceed one is split between pairs
 * into several objects with the same head, and an array of events between its texts. What is too
 * long for an object of its own, a pair or one text of an array, goes out whole nonetheless.
 *
 * <p>Used by one thread at a time.
 */
public final class JsonFormat extends SplitFormat {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final Map<String, List<String>> events = new LinkedHashMap<>();

  /** Without a limit. */
  public JsonFormat() {
    this(Integer.MAX_VALUE);
  }

  /**
   * With a limit.
   *
   * @param maxBytes the number of bytes of a line, its line feed not counted
   */
  public JsonFormat(int maxBytes) {
    super("{", "}", maxBytes, Integer.MAX_VALUE);
  }

  @Override
  void beginLine() {
    events.clear();
    super.beginLine();
  }

  @Override
  void beginPair(String key, boolean first) {
    if (!first) {
      out.put(',');
    }
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
  void closePair() {}

  @Override
  void info(String key, String text) {
    pair(key, text);
  }

  @Override
  void event(String key, String text) {
    events.computeIfAbsent(key, k -> new ArrayList<>()).add(text);
  }

  @Override
  void endLine() {
    events.forEach(this::array);
    super.endLine();
  }

  private void array(String key, List<String> texts) {
    boolean open = false;
    for (String text : texts) {
      if (!open || !append(text)) {
        beginPair(key);
        out.put('[');
        text(text);
        out.put(']');
        endPair();
      }
      open = true;
    }
  }

  /**
   * Adds {@code text} to the array that has just been written, unless the line would be too long.
   * If so, the array's pair is too, and gets an object of its own.
   */
  private boolean append(String text) {
    int end = out.size() - 1;
    out.cut(end);
    out.put(',');
    text(text);
    out.put(']');
    boolean tooLong = isTooLong();
    if (tooLong) {
      out.cut(end);
      out.put(']');
    }
    return !tooLong;
  }
}
