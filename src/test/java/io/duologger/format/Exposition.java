package io.duologger.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads Prometheus's text format, version 0.0.4, by its documentation, and is stricter: each sample
 * stands below the HELP and TYPE of its family, no family comes twice, no label is empty or twice,
 * no sample is twice.
 */
public final class Exposition {
  /**
   * A number.
   *
   * @param labels in the order in which they stand there
   */
  public record Sample(String name, Map<String, String> labels, double value) {}

  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, String> helps = new LinkedHashMap<>();
  private final Map<String, String> units = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private String family = "";
  private boolean typed;
  private String line = "";
  private int at;

  private Exposition() {}

  /** Reads a page. */
  public static Exposition parse(byte[] page) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(page)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not UTF-8", e);
    }
    Exposition read = new Exposition();
    if (!text.isEmpty() && !text.endsWith("\n")) {
      throw new IllegalArgumentException("no line feed at the end");
    }
    for (String line : text.isEmpty() ? new String[0] : text.split("\n")) {
      read.line = line;
      read.at = 0;
      if (line.startsWith("#")) {
        read.comment();
      } else {
        read.sample();
      }
    }
    return read;
  }

  /** All samples, in order. */
  public List<Sample> samples() {
    return samples;
  }

  /** The help text of each family, in order. */
  public Map<String, String> helps() {
    return helps;
  }

  /** The unit of each family that has one. */
  public Map<String, String> units() {
    return units;
  }

  /** The samples of a family. */
  public List<Sample> of(String name) {
    return samples.stream().filter(sample -> sample.name().equals(name)).toList();
  }

  /** The value of a sample; NaN if there is none. */
  public double value(String name, Map<String, String> labels) {
    return of(name).stream()
        .filter(sample -> sample.labels().equals(labels))
        .mapToDouble(Sample::value)
        .findFirst()
        .orElse(Double.NaN);
  }

  private void comment() {
    String[] words = line.split(" ", 4);
    if (words.length != 4 || !words[0].equals("#")) {
      throw error("neither HELP nor TYPE nor UNIT");
    }
    switch (words[1]) {
      case "HELP" -> {
        family = name(words[2]);
        typed = false;
        if (helps.put(family, words[3].replace("\\n", "\n").replace("\\\\", "\\")) != null) {
          throw error("family twice");
        }
      }
      case "TYPE" -> {
        if (!words[2].equals(family) || typed || !words[3].equals("gauge")) {
          throw error("not the type of the family above");
        }
        typed = true;
      }
      case "UNIT" -> {
        if (!words[2].equals(family) || !family.endsWith("_" + words[3])) {
          throw error("not the unit of the family above");
        }
        units.put(family, words[3]);
      }
      default -> throw error("neither HELP nor TYPE nor UNIT");
    }
  }

  private String name(String text) {
    if (!text.matches("[a-zA-Z_:][a-zA-Z0-9_:]*")) {
      throw error("not a metric name");
    }
    return text;
  }

  private void sample() {
    while (at < line.length() && line.charAt(at) != '{' && line.charAt(at) != ' ') {
      at++;
    }
    String name = name(line.substring(0, at));
    if (!name.equals(family) || !typed) {
      throw error("not of the family above");
    }
    Map<String, String> labels = new LinkedHashMap<>();
    if (at < line.length() && line.charAt(at) == '{') {
      do {
        at++;
        label(labels);
      } while (at < line.length() && line.charAt(at) == ',');
      if (at == line.length() || line.charAt(at++) != '}') {
        throw error("labels do not end");
      }
    }
    if (at == line.length() || line.charAt(at++) != ' ') {
      throw error("no blank before the value");
    }
    String value = line.substring(at);
    if (!value.matches("-?[0-9]+(\\.[0-9]+)?")) {
      throw error("not a number");
    }
    // The order of labels means nothing.
    if (!seen.add(name + new TreeMap<>(labels))) {
      throw error("sample twice");
    }
    samples.add(new Sample(name, labels, Double.parseDouble(value)));
  }

  private void label(Map<String, String> into) {
    int start = at;
    while (at < line.length() && line.charAt(at) != '=') {
      at++;
    }
    String name = line.substring(start, at);
    if (!name.matches("[a-zA-Z_][a-zA-Z0-9_]*")) {
      throw error("not a label name");
    }
    if (!line.startsWith("=\"", at)) {
      throw error("no value of a label");
    }
    at += 2;
    StringBuilder value = new StringBuilder();
    while (at < line.length() && line.charAt(at) != '"') {
      char c = line.charAt(at++);
      if (c == '\\') {
        char escaped = at < line.length() ? line.charAt(at++) : ' ';
        switch (escaped) {
          case '\\', '"' -> value.append(escaped);
          case 'n' -> value.append('\n');
          default -> throw error("not an escape");
        }
      } else {
        value.append(c);
      }
    }
    if (at == line.length()) {
      throw error("a label's value does not end");
    }
    at++;
    if (value.length() == 0 || into.put(name, value.toString()) != null) {
      throw error("a label that is empty or twice");
    }
  }

  private IllegalArgumentException error(String what) {
    return new IllegalArgumentException(what + " at " + at + " of " + line);
  }
}
