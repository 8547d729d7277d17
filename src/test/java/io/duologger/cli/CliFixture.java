package io.duologger.cli;

import io.duologger.config.ConfigException;
import io.duologger.config.RecorderConfig;
import io.duologger.topology.Topology;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A command line whose runs are only noted. Used by one thread. */
final class CliFixture {
  final List<Topology> ran = new ArrayList<>();
  final List<String> warnings = new ArrayList<>();
  final List<JobPlan> jobs = new ArrayList<>();
  final List<Topology> complexes = new ArrayList<>();
  Optional<Runner.Reread> reread = Optional.empty();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Cli cli;

  CliFixture(Path home, Map<String, String> environment) {
    Runner runner =
        new Runner() {
          @Override
          public int run(Topology topology, Reread again) {
            ran.add(topology);
            reread = Optional.of(again);
            return 42;
          }

          @Override
          public void warn(String warning) {
            warnings.add(warning);
          }

          @Override
          public int complexes(Topology topology) {
            complexes.add(topology);
            return 43;
          }

          @Override
          public int record(JobPlan job) {
            jobs.add(job);
            return 44;
          }
        };
    cli = new Cli(home, "1.2", runner, environment, print(out), print(err));
  }

  /** With the program's own configuration files. */
  static CliFixture plain() {
    return new CliFixture(Path.of("."), Map.of());
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  /** Runs a command line that has blanks between its words only. */
  int run(String line) {
    return cli.run(line.isEmpty() ? new String[0] : line.split(" "));
  }

  /** The configuration that a command line, the mode's name first, leads to. */
  RecorderConfig config(String line) throws ConfigException, UsageException {
    String[] words = line.split(" ");
    return cli.config(
        CommandLines.parse(
                Mode.find(words[0]).orElseThrow(),
                "1.2",
                Arrays.copyOfRange(words, 1, words.length),
                print(out))
            .orElseThrow());
  }

  /** What was printed to standard output. */
  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What was printed to standard error. */
  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
