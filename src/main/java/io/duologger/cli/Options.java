package io.duologger.cli;

import java.util.Map;
import java.util.Set;

/** The names of options; where an option has several, the one that the program itself uses. */
final class Options {
  static final String CONFIG = "--config";
  static final String HEARTBEAT = "--heartbeat";
  static final String EVERY = "--every";
  static final String MODULES = "--modules";
  static final String OUTPUT = "--output";
  static final String FORMAT = "--format";
  static final String DURATION = "--duration";
  static final String ONCE = "--once";
  static final String SETTLE = "--settle";
  static final String STATE = "--state";
  static final String COMPLEXES = "--complexes";
  static final String TIMEOUT = "--timeout";
  static final String KILL_AFTER = "--kill-after";
  static final String PSS = "--pss";
  static final String SYSCALLS = "--syscalls";
  static final String CGROUP = "--cgroup";
  static final String LIVE = "--live";
  static final String QUIET = "--quiet";
  static final String VERBOSE = "--verbose";
  static final String MODE = "--mode";

  /** Those that the Perl tools had and that have no long name. */
  static final String DELAY = "-d";

  static final String ITERATIONS = "-i";
  static final String OUTPUT_TYPE = "-o";
  static final String FACILITY = "-l";
  static final String LOG_NAME = "-n";
  static final String FILE_NAME = "-F";
  static final String LOG_HOST = "-H";
  static final String LOG_PORT = "-P";
  static final String FOREGROUND = "-D";
  static final String VERY_VERBOSE = "-V";

  /** Short names of options that have a long one. */
  static final Map<String, String> SHORT =
      Map.of("-f", CONFIG, "-S", ONCE, "-v", VERBOSE, "-q", QUIET);

  /** Those without a value. */
  static final Set<String> FLAGS =
      Set.of(ONCE, COMPLEXES, PSS, SYSCALLS, LIVE, QUIET, VERBOSE, VERY_VERBOSE, FOREGROUND);

  /** Those that may be given several times. */
  static final Set<String> REPEATED = Set.of(EVERY, OUTPUT);

  /** Those that say nothing of what is measured, and are not for printing a topology. */
  static final Set<String> WITHOUT_TOPOLOGY =
      Set.of(COMPLEXES, TIMEOUT, KILL_AFTER, PSS, CGROUP, LIVE, QUIET);

  /** All that {@link Mode#runsJob} has. */
  static final Set<String> JOB =
      Set.of(
          CONFIG,
          EVERY,
          MODULES,
          OUTPUT,
          FORMAT,
          VERBOSE,
          VERY_VERBOSE,
          HEARTBEAT,
          TIMEOUT,
          KILL_AFTER,
          PSS,
          SYSCALLS,
          CGROUP,
          LIVE,
          QUIET,
          DELAY,
          OUTPUT_TYPE);

  private Options() {}
}
