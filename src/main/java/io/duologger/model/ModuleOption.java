package io.duologger.model;

import java.util.List;

/**
 * A configuration key of one module only, beside those that every module has.
 *
 * @param key the key, lower case with dashes
 * @param type what its value must be
 * @param fallback the value, as text, where the key is not given
 * @param choices for {@link Type#CHOICE}: the legal values
 * @param help one sentence for people
 */
public record ModuleOption(
    String key, Type type, String fallback, List<String> choices, String help) {
  /** What a value must be. */
  public enum Type {
    BOOLEAN,
    DURATION,
    CHOICE
  }

  /** Copies the choices. */
  public ModuleOption {
    choices = List.copyOf(choices);
  }

  /** An option that is true or false. */
  public static ModuleOption flag(String key, boolean fallback, String help) {
    return new ModuleOption(
        key, Type.BOOLEAN, Boolean.toString(fallback), List.of("true", "false"), help);
  }

  /** An option with a fixed set of values. */
  public static ModuleOption choice(
      String key, String fallback, List<String> choices, String help) {
    return new ModuleOption(key, Type.CHOICE, fallback, choices, help);
  }
}
