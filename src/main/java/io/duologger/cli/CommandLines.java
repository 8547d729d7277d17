package io.duologger.cli;

import io.duologger.config.Rhythm;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * What can be typed. Built through picocli's programmatic interface: its annotations cost several
 * times as much at start.
 */
final class CommandLines {
  static final String CHECK_CONFIG = "check-config";
  static final String MODULES = "modules";
  static final String TOPOLOGY = "topology";
  private static final String NEWLINE = "%n";

  private CommandLines() {}

  /**
   * What {@code words} ask for; empty if that was help or the version, which is printed.
   *
   * @param mode what the program was called as
   * @throws UsageException if they can't be understood
   */
  static Optional<Request> parse(Mode mode, String version, String[] words, PrintStream out)
      throws UsageException {
    Mode meant = meant(mode, words);
    CommandLine line = line(mode, meant, version);
    line.setOut(new PrintWriter(out, true));
    ParseResult parsed;
    try {
      parsed = line.parseArgs(words);
    } catch (CommandLine.ParameterException wrong) {
      throw new UsageException(wrong.getMessage());
    }
    if (CommandLine.printHelpIfRequested(parsed)) {
      return Optional.empty();
    }
    ParseResult last = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
    if (last != parsed && !parsed.matchedOptions().isEmpty()) {
      String option = parsed.matchedOptions().get(0).longestName();
      throw new UsageException("expected " + option + " behind " + last.commandSpec().name());
    }
    return Optional.of(new Request(command(last), meant, typed(last)));
  }

  /** The mode that --mode names: it decides which options there are. */
  private static Mode meant(Mode calledAs, String[] words) throws UsageException {
    Mode meant = calledAs;
    for (int i = 0; i < words.length; i++) {
      String name = "";
      if (words[i].startsWith(Options.MODE + "=")) {
        name = words[i].substring(Options.MODE.length() + 1);
      } else if (words[i].equals(Options.MODE) && i + 1 < words.length) {
        name = words[i + 1];
      } else {
        continue;
      }
      String given = name;
      meant =
          Mode.find(name)
              .orElseThrow(
                  () -> new UsageException("no mode '" + given + "': expected " + Mode.names()));
    }
    return meant;
  }

  private static Request.Command command(ParseResult parsed) {
    return switch (parsed.commandSpec().name()) {
      case CHECK_CONFIG -> Request.Command.CHECK_CONFIG;
      case MODULES -> Request.Command.MODULES;
      case TOPOLOGY -> Request.Command.TOPOLOGY;
      default -> Request.Command.RUN;
    };
  }

  private static Map<String, List<String>> typed(ParseResult parsed) throws UsageException {
    Map<String, List<String>> typed = new LinkedHashMap<>();
    for (OptionSpec option : parsed.matchedOptions()) {
      // picocli looks after this itself, but not for options in groups
      boolean single = option.arity().max() == 1 && !option.typeInfo().isCollection();
      if (single && option.originalStringValues().size() > 1) {
        throw new UsageException(
            "option '%s' (%s) should be specified only once"
                .formatted(option.names()[0], option.paramLabel()));
      }
      typed.put(option.names()[0], List.copyOf(option.originalStringValues()));
    }
    if (parsed.hasMatchedPositional(0)) {
      typed.put(Request.FILE, List.of(parsed.matchedPositionalValue(0, "")));
    }
    return typed;
  }

  private static CommandLine line(Mode mode, Mode meant, String version) {
    CommandSpec spec = command(mode.name(), mode.summary());
    if (mode.runsJob()) {
      spec.usageMessage()
          .customSynopsis("memrec [OPTIONS] [--] COMMAND [ARGUMENTS...]")
          .exitCodeList(statuses(ExitStatus.JOB));
    }
    spec.version(mode.name() + " " + version);
    spec.addOption(
        OptionSpec.builder("--version")
            .versionHelp(true)
            .type(boolean.class)
            .description("Print the version and exit.")
            .build());
    addOptions(spec, mode, mode.options());
    if (!mode.runsJob()) {
      addSubcommands(spec, meant);
    }
    CommandLine line = new CommandLine(spec);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    return line;
  }

  private static void addSubcommands(CommandSpec spec, Mode meant) {
    spec.addSubcommand(CHECK_CONFIG, checkConfig());
    spec.addSubcommand(MODULES, command(MODULES, "List what can be measured."));
    CommandSpec topology = command(TOPOLOGY, "Print what would run, and run nothing.");
    topology.addOption(modeOption());
    List<String> options = new ArrayList<>(meant.options());
    options.removeAll(Options.WITHOUT_TOPOLOGY);
    addOptions(topology, meant, options);
    spec.addSubcommand(TOPOLOGY, topology);
  }

  private static CommandSpec checkConfig() {
    CommandSpec check = command(CHECK_CONFIG, "Check a configuration file and name every problem.");
    check.addOption(modeOption());
    check.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("FILE")
            .type(String.class)
            .index("0")
            .arity("1")
            .required(true)
            .description("The file to check.")
            .build());
    return check;
  }

  private static CommandSpec command(String name, String description) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage()
        .abbreviateSynopsis(true)
        .description(description)
        .sortOptions(false)
        .exitCodeListHeading(NEWLINE + "Exit status:" + NEWLINE)
        .exitCodeList(statuses(ExitStatus.ALL));
    spec.addOption(
        OptionSpec.builder("--help", "-h")
            .usageHelp(true)
            .type(boolean.class)
            .description("Print this help and exit.")
            .build());
    return spec;
  }

  private static Map<String, String> statuses(List<ExitStatus.Meaning> meanings) {
    Map<String, String> statuses = new LinkedHashMap<>();
    for (ExitStatus.Meaning status : meanings) {
      statuses.put(String.valueOf(status.status()), status.meaning());
    }
    return statuses;
  }

  /** The options of a mode; those that have only the Perl tools' name in a group of their own. */
  private static void addOptions(CommandSpec spec, Mode mode, List<String> names) {
    ArgGroupSpec.Builder old =
        ArgGroupSpec.builder()
            .exclusive(false)
            .validate(false)
            .heading(NEWLINE + "As the Perl tools had them:" + NEWLINE);
    boolean any = false;
    for (String name : names) {
      OptionSpec option = option(mode, name);
      if (name.startsWith("--") || name.equals(Options.VERY_VERBOSE)) {
        spec.addOption(option);
      } else {
        old.addArg(option);
        any = true;
      }
    }
    if (any) {
      spec.addArgGroup(old.build());
    }
  }

  private static OptionSpec option(Mode mode, String name) {
    return switch (name) {
      case Options.CONFIG ->
          text("FILE", "Configuration file; without it " + mode.file() + ".", name, "-f");
      case Options.HEARTBEAT -> text("DURATION", "How often to report, such as 10s or 10m.", name);
      case Options.EVERY ->
          texts(
              "MODULE=DURATION,...",
              "How often to sample modules, such as net=1s,cpu=500ms. Also switches them on.",
              name);
      case Options.MODULES -> text("MODULE,...", "Run these modules only.", name);
      case Options.OUTPUT ->
          texts(
              "TYPE[:PLACE][,KEY=VALUE...]",
              "Where to report: stdout, file:PATH, syslog, syslog:SOCKET, syslog:SERVER or http,"
                  + " with format=json, transport=tls, tls.ca=FILE and the like. May be given"
                  + " several times; replaces the file's outputs.",
              name);
      case Options.FORMAT ->
          text(
              "FORMAT",
              "logfmt, json, classic, grid-engine or structured-data, for outputs that name none.",
              name);
      case Options.DURATION -> text("DURATION", "End the run after this time.", name);
      case Options.ONCE -> flag("End the run after one whole window.", name, "-S");
      case Options.SETTLE ->
          text(
              "DURATION",
              "How long after the first read to read counters again, for their rates; 0 compares with"
                  + " the last run.",
              name);
      case Options.STATE -> text("FILE", "Where the counters of the last run are kept.", name);
      case Options.COMPLEXES ->
          flag("Print the lines that Grid Engine's configuration needs (qconf -mc).", name);
      case Options.TIMEOUT ->
          text("DURATION", "End the job (TERM) if it takes longer; the status is 124 then.", name);
      case Options.KILL_AFTER ->
          text(
              "DURATION", "Kill it if it has not ended so long after that; 10 s by default.", name);
      case Options.PSS -> flag("Sum shares of memory too (PSS), which costs the job time.", name);
      case Options.SYSCALLS ->
          flag("Count system calls by strace, which makes calls many times as slow.", name);
      case Options.CGROUP ->
          text(
              "WHICH",
              "Whose peak of memory is told: own, a control group made for the job; scope, one that"
                  + " systemd makes; job, the batch job's; none; or auto, the first there is.",
              name);
      case Options.LIVE -> flag("Show on the terminal how the job is.", name);
      case Options.QUIET -> flag("Print no summary at the end.", name, "-q");
      case Options.VERBOSE -> flag("Say more on standard error.", name, "-v");
      case Options.VERY_VERBOSE -> flag("Say everything on standard error.", name);
      case Options.DELAY -> text("SECONDS", delay(mode), name);
      case Options.ITERATIONS -> text("NUMBER", iterations(mode), name);
      case Options.OUTPUT_TYPE ->
          mode.runsJob()
              ? text("FILE", "The record, instead of memrec-COMMAND-PID.jsonl here.", name)
              : text(
                  "TYPE",
                  "Where to report instead of the file's outputs: syslog, file (see -F), stdout or net"
                      + " (syslog over UDP).",
                  name);
      case Options.FACILITY -> text("localN", "Syslog facility, local0 to local7.", name);
      case Options.LOG_NAME -> text("NAME", "The sender's name in syslog messages.", name);
      case Options.FILE_NAME ->
          text(
              "FILE",
              "The file for -o file, by default logfile.txt, or of the configuration's output of"
                  + " type file.",
              name);
      case Options.LOG_HOST -> text("HOST", "The host for -o net, by default localhost.", name);
      case Options.LOG_PORT -> text("PORT", "The port for -o net, by default 514.", name);
      default -> flag("Stay in the foreground, as is the default.", name);
    };
  }

  private static String delay(Mode mode) {
    if (mode.runsJob()) {
      return "The interval of all modules that the file samples faster than its heartbeat; those of"
          + " the host go down to 0.1 s with it.";
    }
    return mode.rhythm() == Rhythm.ONE_RATE
        ? "The heartbeat, by default 600; with -i the heartbeat is -i times this."
        : "The interval of all modules that the file samples faster than its heartbeat, by default"
            + " 60; the heartbeat is -i times this.";
  }

  private static String iterations(Mode mode) {
    return "How many times -d the heartbeat is, by default "
        + (mode.rhythm() == Rhythm.ONE_RATE ? "1." : "10.");
  }

  private static OptionSpec modeOption() {
    return text("MODE", Mode.names() + "; without it the one that it is called as.", Options.MODE);
  }

  private static OptionSpec text(String label, String description, String... names) {
    return option(label, description, names).type(String.class).build();
  }

  private static OptionSpec texts(String label, String description, String... names) {
    return option(label, description, names).type(List.class).auxiliaryTypes(String.class).build();
  }

  private static OptionSpec.Builder option(String label, String description, String... names) {
    return OptionSpec.builder(names).paramLabel(label).arity("1").description(description);
  }

  private static OptionSpec flag(String description, String... names) {
    return OptionSpec.builder(names).type(boolean.class).description(description).build();
  }
}
