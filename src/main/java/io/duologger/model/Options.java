package io.duologger.model;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of {@link ModuleOption}s, each present and legal.
 *
 * @param texts those that are one value, as text; empty where there is none
 * @param lists those of type LIST
 * @param entries those of type ENTRIES: by name, in the order of the configuration
 */
public record Options(
    Map<String, String> texts,
    Map<String, List<String>> lists,
    Map<String, Map<String, Options>> entries) {
  /** No options. */
  public static final Options NONE = new Options(Map.of(), Map.of(), Map.of());

  /** Copies the maps; keeps the order of the entries. */
  public Options {
    texts = Map.copyOf(texts);
    lists = Map.copyOf(lists);
    Map<String, Map<String, Options>> ordered = new LinkedHashMap<>();
    entries.forEach(
        (key, named) -> ordered.put(key, Collections.unmodifiableMap(new LinkedHashMap<>(named))));
    entries = Collections.unmodifiableMap(ordered);
  }

  /** Options that are one value each. */
  public static Options of(Map<String, String> texts) {
    return new Options(texts, Map.of(), Map.of());
  }

  /** What holds where a configuration says nothing. */
  public static Options defaults(List<ModuleOption> options) {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, List<String>> lists = new LinkedHashMap<>();
    Map<String, Map<String, Options>> entries = new LinkedHashMap<>();
    for (ModuleOption option : options) {
      switch (option.type()) {
        case LIST -> lists.put(option.key(), option.choices());
        case ENTRIES -> entries.put(option.key(), Map.of());
        default -> texts.put(option.key(), option.fallback());
      }
    }
    return new Options(texts, lists, entries);
  }

  /** The same but for one value. */
  public Options with(String key, String value) {
    Map<String, String> changed = new LinkedHashMap<>(texts);
    changed.put(key, value);
    return new Options(changed, lists, entries);
  }

  /** The same but for one list. */
  public Options with(String key, List<String> value) {
    Map<String, List<String>> changed = new LinkedHashMap<>(lists);
    changed.put(key, List.copyOf(value));
    return new Options(texts, changed, entries);
  }

  /** The same but for one set of entries. */
  public Options with(String key, Map<String, Options> value) {
    Map<String, Map<String, Options>> changed = new LinkedHashMap<>(entries);
    changed.put(key, value);
    return new Options(texts, lists, changed);
  }

  /** The value of {@code key}; empty for a TEXT that is not given. */
  public String text(String key) {
    return known(texts, key);
  }

  /** The TEXT {@code key}, if it is given. */
  public Optional<String> given(String key) {
    String text = text(key);
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** Whether the BOOLEAN {@code key} is true. */
  public boolean flag(String key) {
    return Boolean.parseBoolean(text(key));
  }

  /** The INTEGER {@code key}. */
  public int integer(String key) {
    return Integer.parseInt(text(key));
  }

  /** The DURATION {@code key}. */
  public Duration duration(String key) {
    return Duration.parse(text(key));
  }

  /** The LIST {@code key}. */
  public List<String> list(String key) {
    return known(lists, key);
  }

  /** The ENTRIES {@code key}. */
  public Map<String, Options> entries(String key) {
    return known(entries, key);
  }

  private static <T> T known(Map<String, T> values, String key) {
    T value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no such option: " + key);
    }
    return value;
  }
}
