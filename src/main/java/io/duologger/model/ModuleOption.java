package io.duologger.model;

import java.time.Duration;
import java.util.List;

/**
 * A configuration key of one module only, beside those that every module has.
 *
 * @param key the key, lower case with dashes
 * @param type what its value must be
 * @param fallback the value, as text, where the key is not given; a duration in ISO form
 * @param choices of a {@link Type#CHOICE} the legal values, of an {@link Type#INTEGER} the least
 *     and the greatest, of a {@link Type#LIST} the default
 * @param keys of {@link Type#ENTRIES} the keys of each
 * @param required whether there is no default: a {@link Type#TEXT}, {@link Type#EXPRESSION} or
 *     {@link Type#LIST} of an entry that must be given, or {@link Type#ENTRIES} of which there must
 *     be one
 * @param help one sentence for people
 */
public record ModuleOption(
    String key,
    Type type,
    String fallback,
    List<String> choices,
    List<ModuleOption> keys,
    boolean required,
    String help) {
  /** What a value must be. */
  public enum Type {
    BOOLEAN,
    DURATION,
    CHOICE,
    INTEGER,
    /** Any text but an empty one. */
    TEXT,
    /** A regular expression, as {@link java.util.regex.Pattern} has them. */
    EXPRESSION,
    /** Texts. */
    LIST,
    /** Objects by name, each with the same keys. */
    ENTRIES
  }

  /** Copies the lists. */
  public ModuleOption {
    choices = List.copyOf(choices);
    keys = List.copyOf(keys);
  }

  /** An option that is true or false. */
  public static ModuleOption flag(String key, boolean fallback, String help) {
    String text = Boolean.toString(fallback);
    return new ModuleOption(
        key, Type.BOOLEAN, text, List.of("true", "false"), List.of(), false, help);
  }

  /** An option with a fixed set of values. */
  public static ModuleOption choice(
      String key, String fallback, List<String> choices, String help) {
    return new ModuleOption(key, Type.CHOICE, fallback, choices, List.of(), false, help);
  }

  /** A span of time, from 1 ms to 1 day. */
  public static ModuleOption duration(String key, Duration fallback, String help) {
    return new ModuleOption(
        key, Type.DURATION, fallback.toString(), List.of(), List.of(), false, help);
  }

  /** A whole number. */
  public static ModuleOption integer(
      String key, int fallback, int least, int greatest, String help) {
    List<String> range = List.of(Integer.toString(least), Integer.toString(greatest));
    return new ModuleOption(
        key, Type.INTEGER, Integer.toString(fallback), range, List.of(), false, help);
  }

  /** A text; an empty fallback means none. */
  public static ModuleOption text(String key, String fallback, String help) {
    return new ModuleOption(key, Type.TEXT, fallback, List.of(), List.of(), false, help);
  }

  /** A regular expression; an empty fallback means none. */
  public static ModuleOption expression(String key, String fallback, String help) {
    return new ModuleOption(key, Type.EXPRESSION, fallback, List.of(), List.of(), false, help);
  }

  /** A list of texts. */
  public static ModuleOption list(String key, List<String> fallback, String help) {
    return new ModuleOption(key, Type.LIST, "", fallback, List.of(), false, help);
  }

  /** Objects by name. */
  public static ModuleOption entries(String key, List<ModuleOption> keys, String help) {
    return new ModuleOption(key, Type.ENTRIES, "", List.of(), keys, false, help);
  }

  /** The same, but it must be given. */
  public ModuleOption asRequired() {
    return new ModuleOption(key, type, fallback, choices, keys, true, help);
  }
}
