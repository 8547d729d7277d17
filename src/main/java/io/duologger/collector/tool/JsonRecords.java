package io.duologger.collector.tool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Reads lists of objects out of JSON as a stream, so that a list of any length costs the memory of
 * one object: of each only the wanted values are kept, by their path, such as {@code cpus.total}.
 */
public final class JsonRecords {
  private static final int DEEPEST = 64;
  private static final int LONGEST_STRING = 1 << 20;
  private static final int LONGEST_NAME = 1000;
  private static final int LONGEST_NUMBER = 100;
  private static final int MOST_VALUES = 1 << 16;

  /** Names are not kept beyond a document: they are whatever somebody printed. */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(LONGEST_STRING)
                  .maxNameLength(LONGEST_NAME)
                  .maxNumberLength(LONGEST_NUMBER)
                  .build())
          .build();

  private final String source;
  private final Set<String> paths;
  private final JsonParser parser;

  /** The wanted values of one object; a list yields several of one path. */
  public static final class Fields {
    private final Map<String, List<String>> values = new HashMap<>();
    private int count;

    /** The first value of {@code path}, or an empty text. */
    public String text(String path) {
      List<String> all = list(path);
      return all.isEmpty() ? "" : all.get(0);
    }

    /** All values of {@code path}. */
    public List<String> list(String path) {
      return values.getOrDefault(path, List.of());
    }

    /** Whether there is a value of {@code path}. */
    public boolean has(String path) {
      return values.containsKey(path);
    }

    /**
     * The whole number, not below 0, that {@code path} is: by itself, or by its parts set, infinite
     * and number.
     */
    public OptionalLong number(String path) {
      if (!has(path)
          && text(path + ".set").equals("true")
          && !text(path + ".infinite").equals("true")) {
        return whole(text(path + ".number"));
      }
      return whole(text(path));
    }

    private static OptionalLong whole(String text) {
      return text.matches("[0-9]{1,18}")
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    }
  }

  private JsonRecords(String source, Set<String> paths, JsonParser parser) {
    this.source = source;
    this.paths = paths;
    this.parser = parser;
  }

  /**
   * Hands each object of the lists {@code lists} of the outermost object to {@code taker}, with the
   * list's name; the name is empty if the document itself is a list.
   *
   * @param source who printed it, for messages
   * @return whether there was such a list
   */
  public static boolean read(
      String source,
      byte[] json,
      Set<String> lists,
      Set<String> paths,
      BiConsumer<String, Fields> taker)
      throws IOException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      return new JsonRecords(source, paths, parser).document(lists, taker);
    } catch (JsonProcessingException bad) {
      throw problem(source, bad);
    }
  }

  /**
   * The wanted values of the outermost object; those of objects in a list are in the list's order.
   *
   * @param source who printed it, for messages
   */
  public static Fields object(String source, byte[] json, Set<String> paths) throws IOException {
    Fields fields = new Fields();
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException(source + ": no JSON object");
      }
      JsonRecords records = new JsonRecords(source, paths, parser);
      records.object("", fields);
      if (parser.nextToken() != null) {
        throw new IOException(source + ": more than one JSON value");
      }
      return fields;
    } catch (JsonProcessingException bad) {
      throw problem(source, bad);
    }
  }

  /** What is wrong with {@code source}'s JSON, and where. */
  static IOException problem(String source, JsonProcessingException bad) {
    String where =
        bad.getLocation() == null
            ? ""
            : " at line "
                + bad.getLocation().getLineNr()
                + ", column "
                + bad.getLocation().getColumnNr();
    return new IOException(source + ": not JSON" + where, bad);
  }

  private boolean document(Set<String> lists, BiConsumer<String, Fields> taker) throws IOException {
    boolean found = false;
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_ARRAY && lists.contains("")) {
      list("", taker);
      found = true;
    } else if (first == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.START_ARRAY && lists.contains(name)) {
          list(name, taker);
          found = true;
        } else {
          parser.skipChildren();
        }
      }
    } else {
      throw new IOException(source + ": neither a JSON object nor a list");
    }
    if (parser.nextToken() != null) {
      throw new IOException(source + ": more than one JSON value");
    }
    return found;
  }

  private void list(String name, BiConsumer<String, Fields> taker) throws IOException {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token == JsonToken.START_OBJECT) {
        Fields fields = new Fields();
        object("", fields);
        taker.accept(name, fields);
      } else {
        parser.skipChildren();
      }
    }
  }

  /** Depth is bounded by the parser. */
  private void object(String prefix, Fields into) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String path = prefix + parser.currentName();
      parser.nextToken();
      value(path, into);
    }
  }

  private void value(String path, Fields into) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT && leadsOn(path)) {
      object(path + ".", into);
    } else if (token == JsonToken.START_ARRAY && paths.contains(path)) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        value(path, into);
      }
    } else if (token.isStructStart()) {
      parser.skipChildren();
    } else if (token != JsonToken.VALUE_NULL && paths.contains(path)) {
      if (++into.count > MOST_VALUES) {
        throw new IOException(source + ": more than " + MOST_VALUES + " values in an object");
      }
      into.values.computeIfAbsent(path, key -> new ArrayList<>(1)).add(parser.getText());
    }
  }

  private boolean leadsOn(String path) {
    for (String wanted : paths) {
      if (wanted.startsWith(path) && wanted.startsWith(".", path.length())) {
        return true;
      }
    }
    return false;
  }
}
