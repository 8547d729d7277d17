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
 * @param options the module's own options, each with a value
 */
public record ModuleSettings(
    Globs instances, boolean includeGiven, Duration every, Options options) {
  /** With options that are one value each. */
  public ModuleSettings(
      Globs instances, boolean includeGiven, Duration every, Map<String, String> options) {
    this(instances, includeGiven, every, Options.of(options));
  }

  /** The defaults of a module, sampled each {@code every}. */
  public static ModuleSettings defaults(ModuleDescriptor module, Duration every) {
    return new ModuleSettings(Globs.ALL, false, every, Options.defaults(module.options()));
  }

  /** The same with other options. */
  public ModuleSettings with(Options others) {
    return new ModuleSettings(instances, includeGiven, every, others);
  }

  /** Whether the option {@code key} is {@code true}. */
  public boolean flag(String key) {
    return options.flag(key);
  }

  /** The value of the option {@code key}. */
  public String option(String key) {
    return options.text(key);
  }
}
