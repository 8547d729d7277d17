package io.duologger.cli;

import io.duologger.config.ConfigException;
import io.duologger.config.ConfigReader;
import io.duologger.config.Overrides;
import io.duologger.config.Problem;
import io.duologger.config.RecorderConfig;
import io.duologger.topology.Catalogue;
import io.duologger.topology.Topologies;
import io.duologger.topology.Topology;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Understands the command line and does what it says. */
public final class Cli {
  private final Path home;
  private final String version;
  private final Runner runner;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * @param home where the folder conf is
   * @param version what --version prints
   * @param runner runs topologies
   * @param out where answers go
   * @param err where problems go
   */
  public Cli(Path home, String version, Runner runner, PrintStream out, PrintStream err) {
    this.home = home;
    this.version = version;
    this.runner = runner;
    this.out = out;
    this.err = err;
  }

  /**
   * Does what the arguments say.
   *
   * @param arguments the mode, then its options
   * @return an {@link ExitStatus}
   */
  public int run(String... arguments) {
    if (arguments.length == 0 || !arguments[0].equals(CommandLines.DUOLOGGER)) {
      err.println("duologger: error: the first argument must be the mode: duologger");
      return ExitStatus.USAGE;
    }
    String[] options = Arrays.copyOfRange(arguments, 1, arguments.length);
    try {
      // without options there is nothing to parse, and the parser need not be loaded
      return options.length == 0 ? record(Request.DEFAULT) : parseAndRun(options);
    } catch (ConfigException bad) {
      bad.problems().forEach(err::println);
      return ExitStatus.USAGE;
    }
  }

  private int parseAndRun(String[] options) throws ConfigException {
    CommandLine line = CommandLines.duologger(version);
    ParseResult parsed;
    try {
      parsed = line.parseArgs(options);
    } catch (CommandLine.ParameterException wrong) {
      err.println("duologger: error: " + wrong.getMessage());
      err.println("Try 'duologger --help'.");
      return ExitStatus.USAGE;
    }
    if (CommandLine.printHelpIfRequested(parsed)) {
      return ExitStatus.OK;
    }
    if (!parsed.hasSubcommand()) {
      return record(request(parsed));
    }
    ParseResult sub = parsed.subcommand();
    return switch (sub.commandSpec().name()) {
      case CommandLines.CHECK_CONFIG -> check(Path.of(sub.matchedPositionalValue(0, "")));
      case CommandLines.MODULES -> {
        out.print(ModuleTable.text(Catalogue.modules()));
        yield ExitStatus.OK;
      }
      default -> {
        out.print(topology(request(sub)).describe());
        yield ExitStatus.OK;
      }
    };
  }

  private int check(Path file) throws ConfigException {
    RecorderConfig config = ConfigReader.read(file, Catalogue.modules(), Overrides.NONE);
    warn(config);
    out.println(file + ": no problems, " + config.modules().size() + " modules");
    return ExitStatus.OK;
  }

  private int record(Request request) throws ConfigException {
    return runner.run(topology(request), () -> topology(request));
  }

  private Topology topology(Request request) throws ConfigException {
    Path file = request.config().orElse(home.resolve("conf/duologger.conf"));
    RecorderConfig config = ConfigReader.read(file, Catalogue.modules(), request.overrides());
    warn(config);
    return Topologies.duologger(config);
  }

  private void warn(RecorderConfig config) {
    config.warnings().forEach(warning -> err.println("duologger: warn: " + warning));
  }

  /**
   * What a command line asks for.
   *
   * @param config the file to read; empty for the default one
   * @param overrides what it says instead of the file
   */
  private record Request(Optional<Path> config, Overrides overrides) {
    static final Request DEFAULT = new Request(Optional.empty(), Overrides.NONE);
  }

  private static Request request(ParseResult parsed) {
    List<Problem> problems = new ArrayList<>();
    Map<String, String> every = new LinkedHashMap<>();
    for (String text : values(parsed, CommandLines.EVERY)) {
      every.putAll(Overrides.parseEvery(text, problems));
    }
    Overrides overrides =
        new Overrides(
            value(parsed, CommandLines.HEARTBEAT),
            value(parsed, CommandLines.DURATION),
            every,
            value(parsed, CommandLines.MODULES_OPTION).map(Overrides::parseModules),
            values(parsed, CommandLines.OUTPUT),
            value(parsed, CommandLines.FORMAT),
            problems);
    return new Request(value(parsed, CommandLines.CONFIG).map(Path::of), overrides);
  }

  private static Optional<String> value(ParseResult parsed, String option) {
    String none = null;
    return Optional.ofNullable(parsed.matchedOptionValue(option, none));
  }

  private static List<String> values(ParseResult parsed, String option) {
    return parsed.matchedOptionValue(option, List.of());
  }
}
