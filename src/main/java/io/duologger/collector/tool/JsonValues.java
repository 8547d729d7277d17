package io.duologger.collector.tool;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.duologger.collector.tool.KeyValues.Pair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Reads one JSON object as pairs: a key is the path to its value with dots in between, such as
 * {@code disks.0.temperature}. True and false are the numbers 1 and 0.
 */
public final class JsonValues {
  private static final int DEEPEST = 16;
  private static final int LONGEST_KEY = 64;
  private static final int LONGEST_VALUE = 1000;

  private final String source;
  private final int most;
  private final JsonParser parser;
  private final List<Pair> pairs = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();

  private JsonValues(String source, int most, JsonParser parser) {
    this.source = source;
    this.most = most;
    this.parser = parser;
  }

  /**
   * The pairs of {@code json} in its order; without those that are null or an empty text. In keys
   * an underscore stands for what is neither letter nor digit nor one of {@code _ . : -}.
   *
   * @param source who printed it, for messages
   * @param most how many pairs there may be
   * @throws IOException if it is not one object, too deep, a key is there twice, or there are more
   */
  public static List<Pair> parse(String source, byte[] json, int most) throws IOException {
    try (JsonParser parser = JsonRecords.FACTORY.createParser(json)) {
      return new JsonValues(source, most, parser).document();
    } catch (JsonProcessingException bad) {
      throw JsonRecords.problem(source, bad);
    }
  }

  private List<Pair> document() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException(source + ": not a JSON object");
    }
    object("", 1);
    if (parser.nextToken() != null) {
      throw new IOException(source + ": more than one JSON value");
    }
    return List.copyOf(pairs);
  }

  private void object(String prefix, int depth) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = prefix + valid(parser.currentName());
      parser.nextToken();
      value(key, depth);
    }
  }

  private void list(String prefix, int depth) throws IOException {
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      value(prefix + i, depth);
    }
  }

  private void value(String key, int depth) throws IOException {
    JsonToken token = parser.currentToken();
    if (token.isStructStart()) {
      if (depth == DEEPEST) {
        throw new IOException(source + ": deeper than " + DEEPEST + " levels");
      }
      if (key.length() > LONGEST_KEY) {
        throw tooLong(key);
      }
      if (token == JsonToken.START_OBJECT) {
        object(key + ".", depth + 1);
      } else {
        list(key + ".", depth + 1);
      }
    } else {
      put(key, token);
    }
  }

  private void put(String key, JsonToken token) throws IOException {
    if (key.length() > LONGEST_KEY) {
      throw tooLong(key);
    }
    if (!keys.add(key)) {
      throw new IOException(source + ": the key " + key + " a second time");
    }
    if (keys.size() > most) {
      throw new IOException(source + ": more than " + most + " values");
    }
    if (token.isBoolean()) {
      int value = token == JsonToken.VALUE_TRUE ? 1 : 0;
      pairs.add(new Pair(key, Integer.toString(value), OptionalDouble.of(value)));
    } else if (token.isNumeric()) {
      OptionalDouble number = KeyValues.number(parser.getText());
      if (number.isEmpty()) {
        throw new IOException(source + ": the number of " + key + " is out of range");
      }
      pairs.add(new Pair(key, parser.getText(), number));
    } else if (token == JsonToken.VALUE_STRING && !parser.getText().isEmpty()) {
      if (parser.getText().length() > LONGEST_VALUE) {
        throw new IOException(
            source + ": the text of " + key + " is longer than " + LONGEST_VALUE + " characters");
      }
      pairs.add(new Pair(key, parser.getText(), OptionalDouble.empty()));
    }
  }

  private IOException tooLong(String key) {
    String start = key.substring(0, LONGEST_KEY);
    return new IOException(source + ": a key longer than " + LONGEST_KEY + ": " + start);
  }

  private static String valid(String name) {
    StringBuilder valid = new StringBuilder();
    name.chars().limit(LONGEST_KEY + 1).forEach(c -> valid.append(isOfKey(c) ? (char) c : '_'));
    return valid.toString();
  }

  private static boolean isOfKey(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || "_.:-".indexOf(c) >= 0;
  }
}
