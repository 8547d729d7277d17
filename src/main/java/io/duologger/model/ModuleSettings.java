package io.duologger.model;

import java.time.Duration;
import java.util.Map;

/**
 * What a collector is told of its configuration.
 *
 * @param instances which instances are wanted
 * @param includeGiven whether the user named what to include; if not, collectors leave virtual
 *     devices out
 * @param every the sample interval
 * @param options the module's own options, each with a value, see {@link ModuleOption}
 */
public record ModuleSettings(
    Globs instances, boolean includeGiven, Duration every, Map<String, String> options) {
  /** Copies the options. */
  public ModuleSettings {
    options = Map.copyOf(options);
  }

  /** The defaults of a module, sampled each {@code every}. */
  public static ModuleSettings defaults(ModuleDescriptor module, Duration every) {
    Map<String, String> options = new java.util.HashMap<>();
    module.options().forEach(option -> options.put(option.key(), option.fallback()));
    return new ModuleSettings(Globs.ALL, false, every, options);
  }

  /** Whether the option {@code key} is {@code true}. */
  public boolean flag(String key) {
    return Boolean.parseBoolean(option(key));
  }

  /** The value of the option {@code key}. */
  public String option(String key) {
    String value = options.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no such option: " + key);
    }
    return value;
  }
}
