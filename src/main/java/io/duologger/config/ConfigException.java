package io.duologger.config;

import java.util.List;
import java.util.stream.Collectors;

/** Says that a configuration can't be run, with everything that is wrong with it. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * @param problems at least one, in the order in which to print them
   */
  public ConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Everything that is wrong, in file order, then what the command line has wrong. */
  public List<Problem> problems() {
    return problems;
  }
}
