package io.duologger.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What can be typed. Built through picocli's programmatic interface: its annotations cost several
 * times as much at start.
 */
final class CommandLines {
  static final String DUOLOGGER = "duologger";
  static final String CHECK_CONFIG = "check-config";
  static final String MODULES = "modules";
  static final String TOPOLOGY = "topology";

  static final String CONFIG = "--config";
  static final String HEARTBEAT = "--heartbeat";
  static final String EVERY = "--every";
  static final String MODULES_OPTION = "--modules";
  static final String OUTPUT = "--output";
  static final String FORMAT = "--format";
  static final String DURATION = "--duration";

  private CommandLines() {}

  static CommandLine duologger(String version) {
    CommandSpec duologger = recording(DUOLOGGER);
    duologger.version("duologger " + version);
    duologger.addOption(
        OptionSpec.builder("--version")
            .versionHelp(true)
            .type(boolean.class)
            .description("Print the version and exit.")
            .build());
    duologger
        .usageMessage()
        .description("Samples this host fast and reports each heartbeat what was in between.");
    duologger.addSubcommand(CHECK_CONFIG, checkConfig());
    duologger.addSubcommand(MODULES, command(MODULES, "List what can be measured."));
    CommandSpec topology = recording(TOPOLOGY);
    topology.usageMessage().description("Print what would run, and run nothing.");
    duologger.addSubcommand(TOPOLOGY, topology);
    CommandLine line = new CommandLine(duologger);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    return line;
  }

  private static CommandSpec checkConfig() {
    CommandSpec check = command(CHECK_CONFIG, "Check a configuration file and name every problem.");
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
    spec.usageMessage().description(description);
    spec.addOption(
        OptionSpec.builder("--help")
            .usageHelp(true)
            .type(boolean.class)
            .description("Print this help and exit.")
            .build());
    return spec;
  }

  private static CommandSpec recording(String name) {
    CommandSpec spec = command(name, "");
    add(spec, CONFIG, "FILE", "Configuration file; without it conf/duologger.conf.");
    add(spec, HEARTBEAT, "DURATION", "How often to report, such as 10s or 10m.");
    addMany(
        spec,
        EVERY,
        "MODULE=DURATION,...",
        "How often to sample modules, such as net=1s,cpu=500ms. Also switches them on.");
    add(spec, MODULES_OPTION, "MODULE,...", "Run these modules only.");
    addMany(
        spec,
        OUTPUT,
        "TYPE[:PATH][,KEY=VALUE...]",
        "Where to report: stdout or file:PATH, with format=json and the like."
            + " May be given several times; replaces the file's outputs.");
    add(spec, FORMAT, "FORMAT", "logfmt or json, for outputs that name none.");
    add(spec, DURATION, "DURATION", "End the run after this time.");
    return spec;
  }

  private static void add(CommandSpec spec, String name, String label, String description) {
    spec.addOption(option(name, label, description).type(String.class).build());
  }

  private static void addMany(CommandSpec spec, String name, String label, String description) {
    spec.addOption(
        option(name, label, description).type(List.class).auxiliaryTypes(String.class).build());
  }

  private static OptionSpec.Builder option(String name, String label, String description) {
    return OptionSpec.builder(name).paramLabel(label).arity("1").description(description);
  }
}
