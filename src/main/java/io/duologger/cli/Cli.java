package io.duologger.cli;

import io.duologger.config.ConfigException;
import io.duologger.config.ConfigReader;
import io.duologger.config.Defaults;
import io.duologger.config.HostName;
import io.duologger.config.OutputSpec;
import io.duologger.config.Overrides;
import io.duologger.config.Problem;
import io.duologger.config.RecorderConfig;
import io.duologger.config.Rhythm;
import io.duologger.runtime.LogbackSetup;
import io.duologger.topology.Catalogue;
import io.duologger.topology.Topology;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Understands the command line and does what it says. */
public final class Cli {
  /** The system property that is true where the process has no standard output. */
  static final String DAEMON = "duologger.daemon";

  private static final int LONGEST_NAME = 64;
  private static final Duration KILL_AFTER = Duration.ofSeconds(10);
  private static final String QLOADSENSOR_CFG = "QLOADSENSOR_CFG";

  private static final List<String> OLD =
      List.of(
          Options.DELAY,
          Options.ITERATIONS,
          Options.OUTPUT_TYPE,
          Options.FACILITY,
          Options.LOG_NAME,
          Options.FILE_NAME,
          Options.LOG_HOST,
          Options.LOG_PORT);

  private final Path home;
  private final String version;
  private final Runner runner;
  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * @param home where the folder conf is
   * @param version what --version prints
   * @param runner runs topologies
   * @param environment the process's environment variables
   * @param out where answers go
   * @param err where problems go that keep it from running; a run's own go to its log
   */
  public Cli(
      Path home,
      String version,
      Runner runner,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    this.home = home;
    this.version = version;
    this.runner = runner;
    this.environment = Map.copyOf(environment);
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
    Optional<Mode> mode = arguments.length == 0 ? Optional.empty() : Mode.find(arguments[0]);
    if (mode.isEmpty()) {
      err.println("duologger: error: the first argument must be the mode: " + Mode.names());
      return ExitStatus.USAGE;
    }
    String name = mode.get().name();
    System.setProperty(LogbackSetup.NAME, name);
    String[] words = Arrays.copyOfRange(arguments, 1, arguments.length);
    int usage = mode.get().runsJob() ? ExitStatus.NOT_STARTED : ExitStatus.USAGE;
    try {
      Optional<Request> request = request(mode.get(), words);
      return request.isEmpty() ? ExitStatus.OK : answer(request.get());
    } catch (UsageException wrong) {
      err.println(name + ": error: " + wrong.getMessage());
      err.println("Try '" + name + " --help'.");
      return usage;
    } catch (ConfigException bad) {
      bad.problems().forEach(err::println);
      return usage;
    }
  }

  private Optional<Request> request(Mode mode, String[] words) throws UsageException {
    if (!mode.runsJob()) {
      return parsed(mode, words);
    }
    JobWords divided = JobWords.of(words);
    Optional<Request> request = parsed(mode, divided.own());
    if (request.isPresent() && divided.command().isEmpty()) {
      throw new UsageException("expected a command to run");
    }
    return request.isPresent()
        ? Optional.of(request.get().with(divided.command()))
        : Optional.empty();
  }

  private Optional<Request> parsed(Mode mode, String[] words) throws UsageException {
    Optional<Request> plain = PlainWords.parse(mode, words);
    return plain.isPresent() ? plain : CommandLines.parse(mode, version, words, out);
  }

  private int answer(Request request) throws ConfigException {
    if (request.has(Options.VERBOSE) || request.has(Options.VERY_VERBOSE)) {
      String level = request.has(Options.VERY_VERBOSE) ? "trace" : "debug";
      System.setProperty(LogbackSetup.LEVEL, level);
    }
    switch (request.command()) {
      case CHECK_CONFIG -> {
        Path file = Path.of(request.one(Request.FILE).get());
        int modules = read(file, request).modules().size();
        out.println(file + ": no problems, " + modules + " modules");
      }
      case MODULES -> out.print(ModuleTable.text(Catalogue.modules()));
      case TOPOLOGY -> out.print(topology(request).describe());
      default -> {
        if (request.mode().runsJob()) {
          return runner.record(job(request));
        }
        return request.has(Options.COMPLEXES)
            ? runner.complexes(topology(request))
            : runner.run(topology(request), () -> request.mode().topology(config(request)));
      }
    }
    return ExitStatus.OK;
  }

  private JobPlan job(Request request) throws ConfigException {
    List<Problem> problems = new ArrayList<>();
    Optional<Duration> timeout = span(request, Options.TIMEOUT, problems);
    Optional<Duration> killAfter = span(request, Options.KILL_AFTER, problems);
    JobPlan.Group group = JobPlan.Group.AUTO;
    Optional<String> typed = request.one(Options.CGROUP);
    if (typed.isPresent()) {
      String name = typed.get();
      Optional<JobPlan.Group> found =
          Arrays.stream(JobPlan.Group.values())
              .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(name))
              .findFirst();
      if (found.isEmpty()) {
        problems.add(
            new Problem(
                Problem.COMMAND_LINE, "cgroup", "", "expected auto, own, scope, job or none"));
      }
      group = found.orElse(group);
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    Topology topology = topology(request);
    return new JobPlan(
        request.has(Options.PSS) ? topology.with("job", "pss", "true") : topology,
        request.job(),
        version,
        timeout,
        killAfter.orElse(KILL_AFTER),
        group,
        !request.has(Options.QUIET),
        request.has(Options.LIVE));
  }

  private static Optional<Duration> span(Request request, String option, List<Problem> problems) {
    Optional<String> typed = request.one(option);
    return typed.isPresent()
        ? Overrides.parseSpan(option.substring(2), typed.get(), problems)
        : Optional.empty();
  }

  private Topology topology(Request request) throws ConfigException {
    RecorderConfig config = config(request);
    if (request.mode().rhythm() == Rhythm.ON_REQUEST && config.host().isEmpty()) {
      Optional<String> name = GridEngineHost.name(environment);
      if (name.isPresent()) {
        String own = name.get();
        config = config.withHost(config.shortHost() ? HostName.shortened(own) : own);
      }
    }
    return request.mode().topology(config);
  }

  /** The configuration of something that is to run. */
  RecorderConfig config(Request request) throws ConfigException {
    Path file = file(request);
    RecorderConfig config = read(file, request);
    if (Boolean.getBoolean(DAEMON) && config.outputs().stream().anyMatch(OutputSpec::isStdout)) {
      boolean typed = request.has(Options.OUTPUT) || request.has(Options.OUTPUT_TYPE);
      throw new ConfigException(
          List.of(
              new Problem(
                  typed ? Problem.COMMAND_LINE : file.toString(),
                  "outputs",
                  "",
                  "expected outputs of type file or syslog, as a daemon has no standard output")));
    }
    return config;
  }

  private Path file(Request request) {
    Optional<String> typed = request.one(Options.CONFIG);
    if (typed.isPresent()) {
      return Path.of(typed.get());
    }
    String named = environment.getOrDefault(QLOADSENSOR_CFG, "");
    return request.mode().rhythm() == Rhythm.ON_REQUEST && !named.isEmpty()
        ? Path.of(named)
        : home.resolve(request.mode().file());
  }

  private RecorderConfig read(Path file, Request request) throws ConfigException {
    RecorderConfig config =
        ConfigReader.read(file, Catalogue.modules(), request.mode().rhythm(), overrides(request));
    boolean runs = request.command() == Request.Command.RUN && !request.has(Options.COMPLEXES);
    for (Problem warning : config.warnings()) {
      if (runs) {
        runner.warn(warning.toString());
      } else {
        err.println(request.mode().name() + ": warn: " + warning);
      }
    }
    return config;
  }

  private Overrides overrides(Request request) {
    List<Problem> problems = new ArrayList<>();
    Map<String, String> every = new LinkedHashMap<>();
    for (String text : request.all(Options.EVERY)) {
      every.putAll(Overrides.parseEvery(text, problems));
    }
    if (request.has(Options.SYSCALLS)) {
      every.putIfAbsent("syscalls", "1s");
    }
    Map<String, String> old = new LinkedHashMap<>();
    boolean job = request.mode().runsJob();
    for (String option : OLD) {
      // Of a job's record the option names the file.
      if (request.has(option) && !(job && option.equals(Options.OUTPUT_TYPE))) {
        old.put(option, request.all(option).get(0));
      }
    }
    Overrides.Builder words =
        Overrides.builder()
            .once(request.has(Options.ONCE))
            .every(every)
            .outputs(outputs(request))
            .old(old)
            .defaults(defaults(request))
            .problems(problems);
    // Plainly, as each lambda is linked at each start, given or not.
    if (request.has(Options.HEARTBEAT)) {
      words.heartbeat(request.all(Options.HEARTBEAT).get(0));
    }
    if (request.has(Options.DURATION)) {
      words.duration(request.all(Options.DURATION).get(0));
    }
    if (request.has(Options.SETTLE)) {
      words.settle(request.all(Options.SETTLE).get(0));
    }
    if (request.has(Options.STATE)) {
      words.state(request.all(Options.STATE).get(0));
    }
    if (request.has(Options.MODULES)) {
      words.modules(Overrides.parseModules(request.all(Options.MODULES).get(0)));
    }
    if (request.has(Options.FORMAT)) {
      words.format(request.all(Options.FORMAT).get(0));
    }
    return words.build();
  }

  private static List<String> outputs(Request request) {
    if (!request.mode().runsJob() || !request.has(Options.OUTPUT_TYPE)) {
      return request.all(Options.OUTPUT);
    }
    List<String> outputs = new ArrayList<>(request.all(Options.OUTPUT));
    outputs.add("file:" + request.all(Options.OUTPUT_TYPE).get(0));
    return outputs;
  }

  private Defaults defaults(Request request) {
    Mode mode = request.mode();
    String user = System.getProperty("user.name", "");
    String folder = System.getProperty("user.home", "");
    StatePlace place = StatePlace.of(user, folder, environment);
    return new Defaults(
        mode.name(), place.counters(mode.name()), place.spools(mode.name()), record(request));
  }

  /** The record's name: that of the command, as far as it is fit for a file's, and the process. */
  private static String record(Request request) {
    if (request.job().isEmpty()) {
      return request.mode().name() + "-COMMAND-PID";
    }
    String command = request.job().get(0);
    String name = command.substring(command.lastIndexOf('/') + 1);
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < Math.min(name.length(), LONGEST_NAME); i++) {
      char c = name.charAt(i);
      safe.append(Character.isLetterOrDigit(c) && c < 128 || "._-+@".indexOf(c) >= 0 ? c : '_');
    }
    return request.mode().name() + "-" + safe + "-" + ProcessHandle.current().pid();
  }
}
