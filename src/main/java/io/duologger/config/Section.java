package io.duologger.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object of a configuration with its path. A key that is null counts as not given, which lets a
 * file undo what it included. Optionals are taken apart without lambdas: each of those would be
 * linked at each start. Used by one thread.
 */
final class Section {
  private final Source source;
  private final Problems problems;
  private final Place place;
  private final String path;
  private final Map<String, ConfigValue> values;

  private Section(
      Source source, Problems problems, Place place, String path, Map<String, ConfigValue> values) {
    this.source = source;
    this.problems = problems;
    this.place = place;
    this.path = path;
    this.values = values;
  }

  /** The whole file. */
  static Section root(Source source, Problems problems, ConfigObject values) {
    return new Section(source, problems, source.start(values), "", values);
  }

  /** A section at {@code path} in which nothing is given, but on the command line. */
  static Section absent(Source source, Problems problems, String path) {
    return new Section(source, problems, Place.COMMAND_LINE, path, Map.of());
  }

  /** The section {@code name} in which nothing is given. */
  Section without(String name) {
    return new Section(source, problems, place, path(name), Map.of());
  }

  Place place() {
    return place;
  }

  String path() {
    return path;
  }

  /** The names of the keys that are given. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (String name : values.keySet()) {
      if (has(name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** The path of a key in this section. */
  String path(String name) {
    return path.isEmpty() ? Text.segment(name) : path + "." + Text.segment(name);
  }

  boolean has(String name) {
    ConfigValue value = values.get(name);
    return value != null && !(isPlain(value) && value.valueType() == ConfigValueType.NULL);
  }

  /** The value of {@code name} to be checked; empty, and a problem told, for a substitution. */
  Optional<Field> field(String name) {
    return has(name) ? field(path(name), values.get(name)) : Optional.empty();
  }

  private Optional<Field> field(String key, ConfigValue value) {
    if (!isPlain(value)) {
      problems.add(
          source.place(value.origin()),
          key,
          "",
          "expected a plain value: substitutions, ${...} and +=, are not supported");
      return Optional.empty();
    }
    Place at = source.start(value);
    switch (value.valueType()) {
      case STRING:
        String text = (String) value.unwrapped();
        return Optional.of(new Field(at, key, Text.quoted(text), Optional.of(text)));
      case NUMBER, BOOLEAN:
        // The only way to a number as it was written.
        String plain = value.atKey("it").getString("it");
        return Optional.of(new Field(at, key, Text.clean(plain, Text.LIMIT), Optional.of(plain)));
      case NULL:
        return Optional.of(new Field(at, key, "null", Optional.empty()));
      case LIST:
        return Optional.of(new Field(at, key, "[...]", Optional.empty()));
      default:
        return Optional.of(new Field(at, key, "{...}", Optional.empty()));
    }
  }

  /** Whether nothing had to be looked up elsewhere to know the value. */
  private static boolean isPlain(ConfigValue value) {
    try {
      return value.valueType() != ConfigValueType.OBJECT || ((ConfigObject) value).size() >= 0;
    } catch (ConfigException.NotResolved substitution) {
      return false;
    }
  }

  Optional<Duration> duration(String name, Duration min, Duration max) {
    Optional<Field> field = field(name);
    return field.isEmpty() ? Optional.empty() : problems.duration(field.get(), min, max, "");
  }

  Optional<Long> size(String name, long min, long max) {
    Optional<Field> field = field(name);
    return field.isEmpty() ? Optional.empty() : problems.size(field.get(), min, max);
  }

  Optional<Integer> integer(String name, int min, int max) {
    Optional<Field> field = field(name);
    return field.isEmpty() ? Optional.empty() : problems.integer(field.get(), min, max);
  }

  Optional<Boolean> flag(String name) {
    Optional<Field> field = field(name);
    return field.isEmpty() ? Optional.empty() : problems.flag(field.get());
  }

  Optional<String> choice(String name, List<String> choices) {
    Optional<Field> field = field(name);
    return field.isEmpty() ? Optional.empty() : problems.choice(field.get(), choices);
  }

  /** The object {@code name}; {@code example} shows one. */
  Optional<Section> section(String name, String example) {
    Optional<Field> field = field(name);
    return field.isEmpty() ? Optional.empty() : section(field.get(), values.get(name), example);
  }

  private Optional<Section> section(Field field, ConfigValue value, String example) {
    if (value instanceof ConfigObject object) {
      return Optional.of(new Section(source, problems, field.place(), field.key(), object));
    }
    problems.add(field, "expected an object such as " + example);
    return Optional.empty();
  }

  /** The list {@code name}, its elements as they are. */
  private Optional<List<ConfigValue>> list(String name, String example) {
    Optional<Field> field = field(name);
    if (field.isEmpty()) {
      return Optional.empty();
    }
    if (values.get(name) instanceof ConfigList list) {
      return Optional.of(list);
    }
    problems.add(field.get(), "expected a list such as " + example);
    return Optional.empty();
  }

  /** The elements of the list {@code name}, to be checked; {@code example} shows such a list. */
  Optional<List<Field>> fields(String name, String example) {
    Optional<List<ConfigValue>> list = list(name, example);
    if (list.isEmpty()) {
      return Optional.empty();
    }
    List<Field> fields = new ArrayList<>();
    for (ConfigValue value : list.get()) {
      Optional<Field> field = field(path(name), value);
      if (field.isPresent()) {
        fields.add(field.get());
      }
    }
    return Optional.of(fields);
  }

  /** The objects in the list {@code name}, at least one, their paths counted from 1. */
  Optional<List<Section>> sections(String name, String example) {
    Optional<List<ConfigValue>> list = list(name, "[" + example + "]");
    if (list.isEmpty()) {
      return Optional.empty();
    }
    if (list.get().isEmpty()) {
      problems.add(source.start(values.get(name)), path(name), "[]", "expected at least one");
    }
    List<Section> sections = new ArrayList<>();
    int number = 0;
    for (ConfigValue value : list.get()) {
      Optional<Field> field = field(path(name) + "[" + ++number + "]", value);
      if (field.isPresent()) {
        Optional<Section> section = section(field.get(), value, example);
        if (section.isPresent()) {
          sections.add(section.get());
        }
      }
    }
    return Optional.of(sections);
  }

  /** The objects in this one by their names, as they are written; {@code example} shows one. */
  Map<String, Section> entries(String example) {
    Map<String, Section> found = new HashMap<>();
    for (String name : names()) {
      Optional<Section> section = section(name, example);
      if (section.isPresent()) {
        found.put(name, section.get());
      }
    }
    List<Map.Entry<String, Section>> ordered = new ArrayList<>(found.entrySet());
    ordered.sort(this::compare);
    Map<String, Section> entries = new LinkedHashMap<>();
    for (Map.Entry<String, Section> entry : ordered) {
      entries.put(entry.getKey(), entry.getValue());
    }
    return entries;
  }

  private int compare(Map.Entry<String, Section> one, Map.Entry<String, Section> other) {
    Place place = one.getValue().place();
    int byPlace = place.compareTo(other.getValue().place());
    return byPlace != 0
        ? byPlace
        : Integer.compare(source.column(place, one.getKey()), source.column(place, other.getKey()));
  }

  /** Complains about keys that are not known. */
  void checkNames(List<String> known) {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        ConfigValue value = values.get(name);
        String shown = isPlain(value) ? field(path(name), value).map(Field::shown).orElse("") : "";
        problems.unknown(source.start(value), path(name), shown, "key", name, known);
      }
    }
  }
}
