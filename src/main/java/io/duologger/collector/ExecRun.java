package io.duologger.collector;

import io.duologger.model.ModuleOption;
import io.duologger.model.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What module exec runs: a program, or what stands for one in tests. */
interface ExecRun {
  /** How long a program may run. */
  String LIMIT = "limit";

  /** Makes a run from what is configured. */
  @FunctionalInterface
  interface Factory {
    /** A run with the given options. */
    ExecRun of(Surroundings surroundings, Options options);
  }

  /** Runs it once, for as long as that takes. */
  Program.Result result() throws IOException;

  /** Kills what runs, and starts nothing more. Any thread. */
  void close();

  /** A run of a program. */
  static ExecRun of(Surroundings surroundings, Options options) {
    Map<String, String> environment = new HashMap<>();
    Optional<String> wrong = Optional.empty();
    for (String each : options.list("env")) {
      int end = each.indexOf('=');
      if (end > 0 && each.indexOf('\0') < 0) {
        environment.put(each.substring(0, end), each.substring(end + 1));
      } else {
        wrong = Optional.of("not NAME=VALUE in env: '" + each + "'");
      }
    }
    Program program =
        new Program(
            surroundings,
            options.list("argv"),
            environment,
            options.duration(LIMIT),
            options.integer("output-kibibytes") << 10);
    return new Configured(program, wrong);
  }

  /**
   * A program that is configured.
   *
   * @param wrong what is wrong with its configuration
   */
  record Configured(Program program, Optional<String> wrong) implements ExecRun {
    @Override
    public Program.Result result() throws IOException {
      if (wrong.isPresent()) {
        throw new IOException(wrong.get());
      }
      return program.run();
    }

    @Override
    public void close() {
      program.close();
    }
  }

  /** What can be configured of a run. */
  static List<ModuleOption> options() {
    return List.of(
        ModuleOption.list(
                "argv", List.of(), "The program, a path or a name on the PATH, and its arguments.")
            .asRequired(),
        ModuleOption.list("env", List.of(), "Further variables of its environment, as NAME=VALUE."),
        ModuleOption.duration(
            LIMIT,
            Duration.ofSeconds(30),
            "How long it may run; then it is killed with all its processes."),
        ModuleOption.integer(
            "output-kibibytes", 64, 1, 16 << 10, "How much it may print, in kibibytes."));
  }
}
