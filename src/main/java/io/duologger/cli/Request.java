package io.duologger.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command line asks for, as plain data: where nothing is to be parsed, the parser need not
 * be loaded.
 *
 * @param command what is to be done
 * @param mode with which mode
 * @param typed the options that were given, by their names in {@link Options}, and {@link #FILE},
 *     each with its values in order
 * @param job the command to run, if the mode runs one
 */
record Request(Command command, Mode mode, Map<String, List<String>> typed, List<String> job) {
  /** Without a job. */
  Request(Command command, Mode mode, Map<String, List<String>> typed) {
    this(command, mode, typed, List.of());
  }

  /** The key of the argument of check-config. */
  static final String FILE = "FILE";

  /** What can be done. */
  enum Command {
    RUN,
    CHECK_CONFIG,
    MODULES,
    TOPOLOGY
  }

  boolean has(String option) {
    return typed.containsKey(option);
  }

  /** All values of an option. */
  List<String> all(String option) {
    return typed.getOrDefault(option, List.of());
  }

  /** The value of an option that is given once. */
  Optional<String> one(String option) {
    List<String> values = all(option);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  /** The same with a command to run. */
  Request with(List<String> command) {
    return new Request(this.command, mode, typed, command);
  }
}
