package io.duologger.collector.batch;

import io.duologger.collector.Collector;
import io.duologger.collector.Program;
import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.Surroundings;
import io.duologger.collector.tool.NewLines;
import io.duologger.collector.tool.Tool;
import io.duologger.collector.tool.Words;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.HostRoot;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Counts the jobs of a Grid Engine cluster by state and priority, its hosts and slots, and the jobs
 * on this host; tells what the execution daemon logs.
 *
 * <ul>
 *   <li>Source: qstat -pri -u * -xml and qhost -q -xml; sge_shepherd processes in /proc; of the
 *       execution daemon's spool directory the folders active_jobs/JOB.TASK with their file config,
 *       and the file messages
 *   <li>Unit: numbers of jobs, tasks, hosts, processors and slots
 *   <li>Kind: gauges; an info; events
 *   <li>Since kernel: any
 *   <li>Root needed: only where /proc is mounted with hidepid; a spool directory may be closed to
 *       others by the site
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>An array of jobs that waits is one job, as it is one line of qstat. A job is of low priority
 * if its user gave it one below 0; on this host, if its queue runs it with a nice value above 0.
 * Each answer costs the master some work: one host has to ask, the others set {@code cluster} to
 * false.
 */
public final class GridEngineCollector implements Collector {
  private static final String LABEL = "state";
  private static final String CLUSTER = "cluster";
  private static final String ROOT = "root";
  private static final String CELL = "cell";
  private static final String SPOOL = "spool";
  private static final String QSTAT = "qstat";
  private static final String QHOST = "qhost";
  private static final String NAMES = "names";
  private static final String COMMAND = "sge_shepherd";
  private static final String DEFAULT_ROOT = "/var/lib/gridengine";

  private static final String JOB_LIST = "job_list";
  private static final String HOST = "host";
  private static final String QUEUE = "queue";
  private static final String RUNNING = "running";
  private static final String PENDING = "pending";
  private static final String ERROR = "error";

  /** States of queue instances in which no job is started: qstat(1). */
  private static final String CLOSED = "uaAdDEsScCo";

  private static final int LONGEST_CONFIG = 64 << 10;
  private static final int LONGEST_MESSAGE = 500;

  /** The bytes of messages that are read at once. */
  private static final int MOST_MESSAGES = 64 << 10;

  /** So many reads without anything new end the interest in a file that was moved away. */
  private static final int IDLE_READS = 3;

  private static final Metric JOBS =
      Metric.gauge("jobs", Unit.COUNT, "Jobs of all users, and those of each state.");
  private static final List<String> STATES = List.of(PENDING, RUNNING, ERROR);
  private static final List<Metric> LOW = priorities("low", "lo");
  private static final List<Metric> HIGH = priorities("high", "hi");
  private static final Metric HOSTS =
      Metric.gauge("hosts", Unit.COUNT, "Execution hosts of the cluster.");
  private static final Metric SILENT =
      Metric.gauge("hosts_silent", Unit.COUNT, "Execution hosts that report no load.");
  private static final Metric PROCESSORS =
      Metric.gauge("cpus", Unit.COUNT, "Processors of the hosts that report.");
  private static final Metric SLOTS = Metric.gauge("slots", Unit.COUNT, "Slots of all queues.");
  private static final Metric USED =
      Metric.gauge("slots_used", Unit.COUNT, "Slots of all queues that jobs have.");
  private static final Metric SHUT =
      Metric.gauge("slots_closed", Unit.COUNT, "Slots of queue instances that start no jobs.");
  private static final Metric SHEPHERDS =
      Metric.gauge("host_shepherds", Unit.COUNT, "Jobs and tasks that run on this host.")
          .formerly("jobs");
  private static final Metric HERE =
      Metric.gauge("host_jobs", Unit.COUNT, "Jobs and tasks in this host's spool directory.")
          .formerly("num_jobs");
  private static final Metric HERE_LOW =
      Metric.gauge("host_jobs_low", Unit.COUNT, "Those of queues with a nice value above 0.")
          .formerly("num_lowprio");
  private static final Metric HERE_HIGH =
      Metric.gauge("host_jobs_high", Unit.COUNT, "Those of all other queues.")
          .formerly("num_highprio");
  private static final Metric HERE_LIST =
      Metric.info("host_job_list", "The jobs and tasks in this host's spool directory.");
  private static final Metric MESSAGE =
      Metric.event("message", "A line that this host's execution daemon logged.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "gridengine",
          "Grid Engine: jobs, hosts and slots of the cluster, jobs and messages of this host",
          Optional.of(LABEL),
          metrics(),
          List.of(QSTAT, QHOST, "/proc/PID/cmdline", "SPOOL/active_jobs", "SPOOL/messages"),
          Titles.PRIVILEGE,
          Duration.ofMinutes(1),
          Duration.ofSeconds(30),
          options());

  private final HostRoot root;
  private final ModuleSettings settings;
  private final Path sgeRoot;
  private final String cell;
  private final Tool qstat;
  private final Tool qhost;
  private final Tally jobs;
  private final int mostNames;
  private final Series[] low = Series.of(LOW, Instance.HOST);
  private final Series[] high = Series.of(HIGH, Instance.HOST);
  private final Series hosts = new Series(HOSTS, Instance.HOST);
  private final Series silent = new Series(SILENT, Instance.HOST);
  private final Series processors = new Series(PROCESSORS, Instance.HOST);
  private final Series slots = new Series(SLOTS, Instance.HOST);
  private final Series used = new Series(USED, Instance.HOST);
  private final Series shut = new Series(SHUT, Instance.HOST);
  private final Series shepherds = new Series(SHEPHERDS, Instance.HOST);
  private final Series here = new Series(HERE, Instance.HOST);
  private final Series hereLow = new Series(HERE_LOW, Instance.HOST);
  private final Series hereHigh = new Series(HERE_HIGH, Instance.HOST);
  private final Series hereList = new Series(HERE_LIST, Instance.HOST);
  private final Series message = new Series(MESSAGE, Instance.HOST);

  /** Of the spool directory there is; null before there is one. */
  private NewLines messages;

  /** What the cluster's programs said in one go. */
  private static final class Said {
    boolean jobs;
    final int[] low = new int[STATES.size()];
    final int[] high = new int[STATES.size()];
    boolean hosts;
    int all;
    int silent;
    long processors;
    long slots;
    long used;
    long shut;
  }

  /** Asks on the host of {@code surroundings}. */
  public GridEngineCollector(Surroundings surroundings, ModuleSettings settings) {
    this.root = surroundings.root();
    this.settings = settings;
    sgeRoot = Path.of(given(ROOT, "SGE_ROOT", DEFAULT_ROOT));
    cell = given(CELL, "SGE_CELL", "default");
    Map<String, String> environment = Map.of("SGE_ROOT", sgeRoot.toString(), "SGE_CELL", cell);
    qstat =
        new Tool(
            surroundings,
            settings.options(),
            QSTAT,
            List.of("-pri", "-u", "*", "-xml"),
            environment);
    qhost = new Tool(surroundings, settings.options(), QHOST, List.of("-q", "-xml"), environment);
    jobs = new Tally(JOBS, LABEL, settings);
    mostNames = settings.options().integer(NAMES);
  }

  private String given(String option, String variable, String fallback) {
    String environment = System.getenv(variable);
    return settings
        .options()
        .given(option)
        .orElse(environment == null || environment.isEmpty() ? fallback : environment);
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    int running = Titles.of(root, COMMAND).size();
    boolean configured =
        Files.isReadable(root.file(sgeRoot).resolve(cell).resolve("common").resolve("act_qmaster"));
    Optional<Path> spool = spool();
    Said said = new Said();
    if (configured && settings.flag(CLUSTER)) {
      askJobs(said);
      askHosts(said);
    }
    if (!said.jobs && !said.hosts && spool.isEmpty() && running == 0) {
      throw new SourceAbsentException(
          "no Grid Engine: neither programs with a master in "
              + sgeRoot
              + " nor a spool directory nor a job");
    }
    emit(said, into);
    if (Titles.areHidden(root)) {
      into.lacks(Titles.HIDDEN);
    } else {
      into.gauge(shepherds, running);
    }
    if (spool.isPresent()) {
      emitActive(spool.get().resolve("active_jobs"), into);
      emitMessages(spool.get().resolve("messages"), into);
    }
  }

  private void emitMessages(Path file, Readings into) throws IOException {
    if (messages == null || !messages.file().equals(file)) {
      closeMessages();
      messages = new NewLines(file, false, MOST_MESSAGES, IDLE_READS);
    }
    messages.read(
        line -> {
          if (!line.isBlank()) {
            into.event(
                message,
                Words.printable(line.substring(0, Math.min(line.length(), LONGEST_MESSAGE))));
          }
        });
  }

  /** The execution daemon's folder, which has the host's name, with or without the domain. */
  private Optional<Path> spool() throws IOException {
    Optional<String> given = settings.options().given(SPOOL);
    if (given.isPresent()) {
      return Optional.of(root.file(Path.of(given.get()))).filter(Files::isDirectory);
    }
    Path file = root.proc().resolve("sys/kernel/hostname");
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    String host = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    String bare = host.replaceFirst("\\..*", "");
    if (host.contains("/") || bare.isEmpty()) {
      return Optional.empty();
    }
    return Stream.of(
            sgeRoot.resolve(cell).resolve("spool"),
            Path.of("/var/spool/gridengine/execd"),
            Path.of("/var/spool/sge"))
        .flatMap(folder -> Stream.of(folder.resolve(bare), folder.resolve(host)))
        .map(root::file)
        .filter(folder -> Files.isDirectory(folder.resolve("active_jobs")))
        .findFirst();
  }

  private void askJobs(Said said) throws IOException {
    if (Program.find(qstat.name()).isPresent()) {
      parseJobs(qstat.name(), qstat.output(), jobs, said);
      said.jobs = true;
    }
  }

  private void askHosts(Said said) throws IOException {
    if (Program.find(qhost.name()).isPresent()) {
      parseHosts(qhost.name(), qhost.output(), said);
      said.hosts = true;
    }
  }

  /** One of the parsers on a text, for tests. */
  static void parse(byte[] xml, boolean ofJobs, ModuleSettings settings) throws IOException {
    if (ofJobs) {
      parseJobs(QSTAT, xml, new Tally(JOBS, LABEL, settings), new Said());
    } else {
      parseHosts(QHOST, xml, new Said());
    }
  }

  private static void parseJobs(String source, byte[] xml, Tally jobs, Said said)
      throws IOException {
    jobs.begin();
    XmlRecords.read(
        source,
        xml,
        "job_info",
        Set.of(JOB_LIST),
        (element, job) -> {
          String state = stateOf(job.getOrDefault(LABEL, ""));
          jobs.add(state, 1);
          int which = STATES.indexOf(state);
          if (which >= 0) {
            boolean below = job.getOrDefault("JB_priority", "").startsWith("-");
            (below ? said.low : said.high)[which]++;
          }
        });
  }

  /** The letters of qstat(1), the gravest first. */
  private static String stateOf(String letters) {
    if (letters.contains("E")) {
      return ERROR;
    }
    if (letters.contains("d")) {
      return "deleting";
    }
    if (letters.matches(".*[sST].*")) {
      return "suspended";
    }
    if (letters.matches(".*[rt].*")) {
      return RUNNING;
    }
    if (letters.contains("h")) {
      return "held";
    }
    return letters.matches(".*[qw].*") ? PENDING : Words.OTHER;
  }

  private static void parseHosts(String source, byte[] xml, Said said) throws IOException {
    XmlRecords.read(
        source,
        xml,
        QHOST,
        Set.of(HOST, QUEUE),
        (element, values) -> {
          if (element.equals(QUEUE)) {
            OptionalLong all = number(values, "slots");
            said.slots += all.orElse(0);
            said.used += number(values, "slots_used").orElse(0);
            String state = values.getOrDefault("state_string", "");
            if (state.chars().anyMatch(letter -> CLOSED.indexOf(letter) >= 0)) {
              said.shut += all.orElse(0);
            }
          } else if (!values.getOrDefault("@name", "").equals("global")) {
            said.all++;
            said.processors += number(values, "num_proc").orElse(0);
            if (!values.getOrDefault("load_avg", "").matches("[0-9.]+")) {
              said.silent++;
            }
          }
        });
  }

  private static OptionalLong number(Map<String, String> values, String key) {
    String text = values.getOrDefault(key, "");
    return text.matches("[0-9]{1,9}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  private void emit(Said said, Readings into) {
    if (said.jobs) {
      jobs.emit(into);
      for (int i = 0; i < low.length; i++) {
        into.gauge(low[i], said.low[i]);
        into.gauge(high[i], said.high[i]);
      }
    }
    if (said.hosts) {
      into.gauge(hosts, said.all);
      into.gauge(silent, said.silent);
      into.gauge(processors, said.processors);
      into.gauge(slots, said.slots);
      into.gauge(used, said.used);
      into.gauge(shut, said.shut);
    }
  }

  private void emitActive(Path folder, Readings into) throws IOException {
    Set<String> active = new TreeSet<>();
    int nice = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(folder, "[0-9]*.[0-9]*")) {
      for (Path task : tasks) {
        active.add(String.valueOf(task.getFileName()));
        nice += isNice(task.resolve("config")) ? 1 : 0;
      }
    }
    into.gauge(here, active.size());
    into.gauge(hereLow, nice);
    into.gauge(hereHigh, active.size() - nice);
    if (!active.isEmpty()) {
      into.info(hereList, Words.list(active, mostNames));
    }
  }

  private static boolean isNice(Path config) {
    try (InputStream in = new FileInputStream(config.toFile())) {
      return new String(in.readNBytes(LONGEST_CONFIG), StandardCharsets.ISO_8859_1)
          .lines()
          .anyMatch(line -> line.matches("priority=0*[1-9][0-9]{0,2}"));
    } catch (IOException justEnded) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    qstat.close();
    qhost.close();
    closeMessages();
  }

  private void closeMessages() throws IOException {
    NewLines open = messages;
    messages = null;
    if (open != null) {
      open.close();
    }
  }

  private static List<Metric> priorities(String name, String old) {
    List<Metric> metrics = new ArrayList<>();
    for (String state : STATES) {
      metrics.add(
          Metric.gauge(
                  "jobs_" + state + "_" + name,
                  Unit.COUNT,
                  "Jobs of "
                      + name
                      + " priority that "
                      + (state.equals(ERROR) ? "are in an error state." : "are " + state + "."))
              .formerly("sge_" + old + "_" + (state.equals(PENDING) ? "q" : state.charAt(0))));
    }
    return metrics;
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(List.of(JOBS));
    all.addAll(LOW);
    all.addAll(HIGH);
    all.addAll(List.of(HOSTS, SILENT, PROCESSORS, SLOTS, USED, SHUT, SHEPHERDS));
    all.addAll(List.of(HERE, HERE_LOW, HERE_HIGH, HERE_LIST, MESSAGE));
    return all;
  }

  private static List<ModuleOption> options() {
    List<ModuleOption> options =
        new ArrayList<>(
            List.of(
                ModuleOption.flag(
                    CLUSTER, true, "Whether the cluster is asked, beside jobs on this host."),
                ModuleOption.text(
                    ROOT, "", "SGE_ROOT; by default that of the environment, or Debian's."),
                ModuleOption.text(
                    CELL, "", "SGE_CELL; by default that of the environment, or default."),
                ModuleOption.text(
                    SPOOL, "", "The execution daemon's spool directory; usual places by default."),
                Tool.option(QSTAT),
                Tool.option(QHOST),
                ModuleOption.integer(NAMES, 20, 1, 1000, "How many jobs are listed by name.")));
    options.addAll(Tool.limits());
    return options;
  }
}
