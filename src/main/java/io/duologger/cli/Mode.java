package io.duologger.cli;

import io.duologger.config.RecorderConfig;
import io.duologger.config.Rhythm;
import io.duologger.topology.Topologies;
import io.duologger.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of the things that the program can be: the first argument says which.
 *
 * @param name what it is called as
 * @param summary one sentence for people
 * @param rhythm what it makes of rates
 * @param options what it understands beyond the options of all modes
 */
public record Mode(String name, String summary, Rhythm rhythm, List<String> options) {
  private static final List<String> DAEMON =
      List.of(
          Options.HEARTBEAT,
          Options.DURATION,
          Options.ONCE,
          Options.DELAY,
          Options.ITERATIONS,
          Options.OUTPUT_TYPE,
          Options.FACILITY,
          Options.LOG_NAME,
          Options.FILE_NAME,
          Options.LOG_HOST,
          Options.LOG_PORT,
          Options.FOREGROUND);

  /** All modes. */
  public static final List<Mode> ALL =
      List.of(
          new Mode(
              "duologger",
              "Samples this host fast and reports each heartbeat what was in between.",
              Rhythm.TWO_RATES,
              DAEMON),
          new Mode(
              "dlogger",
              "Reads this host once a heartbeat and reports what it found.",
              Rhythm.ONE_RATE,
              DAEMON),
          new Mode(
              "cronlogger",
              "Reads this host once, reports what it found and ends; for cron.",
              Rhythm.ONE_SHOT,
              List.of(
                  Options.SETTLE,
                  Options.STATE,
                  Options.OUTPUT_TYPE,
                  Options.FACILITY,
                  Options.LOG_NAME,
                  Options.FILE_NAME)),
          new Mode(
              "qloadsensor",
              "Answers the requests of Grid Engine for this host's load.",
              Rhythm.ON_REQUEST,
              List.of(Options.HEARTBEAT, Options.DURATION, Options.COMPLEXES)),
          new Mode(
              "memrec",
              "Runs a command and records what it and this host do meanwhile.",
              Rhythm.JOB,
              List.of(
                  Options.HEARTBEAT,
                  Options.TIMEOUT,
                  Options.KILL_AFTER,
                  Options.PSS,
                  Options.SYSCALLS,
                  Options.CGROUP,
                  Options.LIVE,
                  Options.QUIET,
                  Options.DELAY,
                  Options.OUTPUT_TYPE)));

  /** Copies the options and puts those of all modes before them. */
  public Mode {
    List<String> all = new ArrayList<>();
    all.add(Options.CONFIG);
    all.add(Options.EVERY);
    all.add(Options.MODULES);
    all.add(Options.OUTPUT);
    all.add(Options.FORMAT);
    all.add(Options.VERBOSE);
    all.add(Options.VERY_VERBOSE);
    all.addAll(options);
    options = List.copyOf(all);
  }

  /** The mode of that name. */
  public static Optional<Mode> find(String name) {
    for (Mode mode : ALL) {
      if (mode.name().equals(name)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  /** What it makes of a configuration. */
  public Topology topology(RecorderConfig config) {
    return switch (rhythm) {
      case TWO_RATES -> Topologies.duologger(config);
      case ONE_RATE -> Topologies.dlogger(config);
      case ONE_SHOT -> Topologies.cronlogger(config);
      case ON_REQUEST -> Topologies.qloadsensor(config);
      case JOB -> Topologies.memrec(config);
    };
  }

  /** Whether a command to run follows the options. */
  boolean runsJob() {
    return rhythm == Rhythm.JOB;
  }

  /** The names of all modes, in a sentence. */
  static String names() {
    return "duologger, dlogger, cronlogger, qloadsensor or memrec";
  }

  /** The configuration file where none is given, relative to the program's folder. */
  String file() {
    return "conf/" + name + ".conf";
  }
}
