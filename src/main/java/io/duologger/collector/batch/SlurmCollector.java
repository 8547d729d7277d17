package io.duologger.collector.batch;

import io.duologger.collector.Collector;
import io.duologger.collector.Program;
import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.Surroundings;
import io.duologger.collector.tool.JsonRecords;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the jobs, nodes and processors of a Slurm cluster by state, and the jobs on this host.
 *
 * <ul>
 *   <li>Source: squeue --json and sinfo --Node --json, of Slurm 22.05 (plain numbers, a list of
 *       nodes) and of 23.02 and later (numbers as objects of set, infinite and number; a line for
 *       each node in each partition, of which a node's first counts); the titles of slurmstepd
 *       processes in /proc
 *   <li>Unit: numbers of jobs, job steps, nodes and processors
 *   <li>Kind: gauges; infos with names
 *   <li>Since kernel: any
 *   <li>Root needed: only where /proc is mounted with hidepid; jobs that a site hides from others
 *       (PrivateData) are not counted
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>An array of jobs that waits is one job, as it is one line of squeue. Each answer costs the
 * controller of the cluster some work: one host has to ask, the others set {@code cluster} to
 * false.
 */
public final class SlurmCollector implements Collector {
  private static final String LABEL = "state";
  private static final String CLUSTER = "cluster";
  private static final String CONFIG = "config";
  private static final String SQUEUE = "squeue";
  private static final String SINFO = "sinfo";
  private static final String NAMES = "names";
  private static final String VARIABLE = "SLURM_CONF";
  private static final String COMMAND = "slurmstepd";

  /** Where a configuration is by default, or is kept by who fetched it. */
  private static final List<String> CONFIGS =
      List.of(
          "etc/slurm/slurm.conf",
          "etc/slurm-llnl/slurm.conf",
          "run/slurm/conf/slurm.conf",
          "usr/local/etc/slurm.conf");

  private static final String JOB_STATE = "job_state";
  private static final String CPUS = "cpus";
  private static final Set<String> JOB_PATHS =
      Set.of(JOB_STATE, CPUS, CPUS + ".set", CPUS + ".infinite", CPUS + ".number");
  private static final String JOBS_LIST = "jobs";
  private static final String NODES_LIST = "nodes";
  private static final Set<String> NODE_LISTS = Set.of(NODES_LIST, "sinfo");
  private static final Set<String> NODE_PATHS =
      Set.of(
          "name",
          LABEL,
          "state_flags",
          CPUS,
          "alloc_cpus",
          "idle_cpus",
          "node.state",
          "nodes.nodes",
          "cpus.allocated",
          "cpus.idle",
          "cpus.other",
          "cpus.total");

  private static final Set<String> WELL =
      Set.of("idle", "allocated", "mixed", "completing", "reserved", "planned");

  /** Nodes that no job can be started on: their idle processors count as other ones. */
  private static final Set<String> CLOSED =
      Set.of("down", "drained", "draining", "fail", "failing", "error", "unknown", "future");

  private static final Pattern STEP = Pattern.compile("slurmstepd: \\[([0-9]{1,10})\\.[^\\]]*\\]");

  private static final Metric JOBS =
      Metric.gauge(JOBS_LIST, Unit.COUNT, "Jobs in the queue, and those of each state.");
  private static final Metric PENDING =
      Metric.gauge("jobs_pending", Unit.COUNT, "Jobs that wait to be started.");
  private static final Metric RUNNING =
      Metric.gauge("jobs_running", Unit.COUNT, "Jobs that have been started.");
  private static final Metric WANTED =
      Metric.gauge("cpus_pending", Unit.COUNT, "Processors that pending jobs ask for.");
  private static final Metric NODES =
      Metric.gauge(NODES_LIST, Unit.COUNT, "Nodes of the cluster, and those of each state.");
  private static final List<Metric> PROCESSORS =
      List.of(
          Metric.gauge("cpus_allocated", Unit.COUNT, "Processors that jobs have."),
          Metric.gauge("cpus_idle", Unit.COUNT, "Processors that jobs could have."),
          Metric.gauge("cpus_other", Unit.COUNT, "Processors of nodes that are out of use."),
          Metric.gauge(CPUS, Unit.COUNT, "Processors of the cluster."));
  private static final Metric NODE_NAMES =
      Metric.info("node_names", "The nodes of a state in which nodes do not work.");
  private static final Metric HERE =
      Metric.gauge("host_jobs", Unit.COUNT, "Jobs that have a step on this host.");
  private static final Metric STEPS =
      Metric.gauge("host_steps", Unit.COUNT, "Job steps on this host.");
  private static final Metric JOB_LIST =
      Metric.info("host_job_list", "The numbers of the jobs on this host.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "slurm",
          "Slurm: jobs, nodes and processors of the cluster by state, jobs on this host",
          Optional.of(LABEL),
          metrics(),
          List.of(SQUEUE, SINFO, "/proc/PID/cmdline"),
          Titles.PRIVILEGE,
          Duration.ofMinutes(1),
          Duration.ofSeconds(30),
          options());

  private final HostRoot root;
  private final ModuleSettings settings;
  private final Optional<Path> config;
  private final Tool squeue;
  private final Tool sinfo;
  private final Tally jobs;
  private final Tally nodes;
  private final int mostNames;
  private final Series pending = new Series(PENDING, Instance.HOST);
  private final Series running = new Series(RUNNING, Instance.HOST);
  private final Series wanted = new Series(WANTED, Instance.HOST);
  private final Series[] processors = Series.of(PROCESSORS, Instance.HOST);
  private final Series here = new Series(HERE, Instance.HOST);
  private final Series steps = new Series(STEPS, Instance.HOST);
  private final Series jobList = new Series(JOB_LIST, Instance.HOST);
  private final Map<String, Series> names = new HashMap<>();

  /** What the cluster's programs said in one go. */
  private static final class Said {
    boolean jobs;
    long wanted;
    boolean nodes;
    boolean processorsKnown = true;
    final long[] processors = new long[PROCESSORS.size()];
    final Set<String> seen = new HashSet<>();
    final Map<String, List<String>> names = new TreeMap<>();
  }

  /** Asks on the host of {@code surroundings}. */
  public SlurmCollector(Surroundings surroundings, ModuleSettings settings) {
    this.root = surroundings.root();
    this.settings = settings;
    config =
        settings
            .options()
            .given(CONFIG)
            .or(() -> Optional.ofNullable(System.getenv(VARIABLE)))
            .map(Path::of);
    Map<String, String> environment =
        config.map(path -> Map.of(VARIABLE, path.toString())).orElse(Map.of());
    squeue =
        new Tool(surroundings, settings.options(), SQUEUE, List.of("--all", "--json"), environment);
    sinfo =
        new Tool(
            surroundings,
            settings.options(),
            SINFO,
            List.of("--all", "--Node", "--json"),
            environment);
    jobs = new Tally(JOBS, LABEL, settings);
    nodes = new Tally(NODES, LABEL, settings);
    mostNames = settings.options().integer(NAMES);
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    List<String> titles = Titles.of(root, COMMAND);
    boolean cluster = settings.flag(CLUSTER) && configured();
    Said said = new Said();
    if (cluster) {
      askJobs(said);
      askNodes(said);
    }
    if (!said.jobs && !said.nodes && titles.isEmpty()) {
      throw new SourceAbsentException(
          cluster ? "no program squeue or sinfo" : "no slurm.conf and no job on this host");
    }
    emit(said, into);
    if (Titles.areHidden(root)) {
      into.lacks(Titles.HIDDEN);
    } else {
      emitHere(titles, into);
    }
  }

  /** Without a configuration the programs look for one in the network's name service. */
  private boolean configured() {
    return config.isPresent()
        ? Files.isReadable(config.get())
        : CONFIGS.stream().anyMatch(path -> Files.isReadable(root.root().resolve(path)));
  }

  private void askJobs(Said said) throws IOException {
    if (Program.find(squeue.name()).isEmpty()) {
      return;
    }
    parseJobs(squeue.name(), squeue.output(), jobs, said);
    said.jobs = true;
  }

  private void askNodes(Said said) throws IOException {
    if (Program.find(sinfo.name()).isEmpty()) {
      return;
    }
    parseNodes(sinfo.name(), sinfo.output(), nodes, said);
    said.nodes = true;
  }

  /** Both parsers on one text, for tests. */
  static void parse(byte[] json, ModuleSettings settings) throws IOException {
    Said said = new Said();
    parseJobs(SQUEUE, json, new Tally(JOBS, LABEL, settings), said);
    parseNodes(SINFO, json, new Tally(NODES, LABEL, settings), said);
  }

  private static void parseJobs(String source, byte[] json, Tally jobs, Said said)
      throws IOException {
    jobs.begin();
    boolean found =
        JsonRecords.read(
            source,
            json,
            Set.of(JOBS_LIST),
            JOB_PATHS,
            (list, job) -> {
              String state = Words.state(job.text(JOB_STATE));
              jobs.add(state, 1);
              if (state.equals("pending")) {
                said.wanted += job.number(CPUS).orElse(0);
              }
            });
    if (!found) {
      throw new IOException(source + ": no list of jobs");
    }
  }

  private static void parseNodes(String source, byte[] json, Tally nodes, Said said)
      throws IOException {
    nodes.begin();
    boolean found =
        JsonRecords.read(
            source,
            json,
            NODE_LISTS,
            NODE_PATHS,
            (list, node) -> {
              if (list.equals(NODES_LIST)) {
                plainNode(node, nodes, said);
              } else {
                grouped(node, nodes, said);
              }
            });
    if (!found) {
      throw new IOException(source + ": no list of nodes");
    }
  }

  /** A node of Slurm 22.05, whose idle processors are counted whatever its state is. */
  private static void plainNode(JsonRecords.Fields node, Tally nodes, Said said) {
    if (!said.seen.add(node.text("name"))) {
      return;
    }
    List<String> words = new ArrayList<>(node.list(LABEL));
    words.addAll(node.list("state_flags"));
    String state = stateOf(words);
    note(state, List.of(node.text("name")), nodes, said);
    if (node.number(CPUS).isEmpty() || node.number("alloc_cpus").isEmpty()) {
      said.processorsKnown = false;
      return;
    }
    long all = node.number(CPUS).getAsLong();
    long allocated = node.number("alloc_cpus").getAsLong();
    long free = node.number("idle_cpus").orElse(Math.max(0, all - allocated));
    long idle = CLOSED.contains(state) ? 0 : free;
    count(said, allocated, idle, Math.max(0, all - allocated - idle), all);
  }

  /**
   * Nodes that are alike in a partition, of Slurm 23.02 and later. One that is in other partitions
   * too stands there again; where only some of a group do, nobody knows whose the processors are.
   */
  private static void grouped(JsonRecords.Fields group, Tally nodes, Said said) {
    List<String> all = group.list("nodes.nodes");
    List<String> fresh = all.stream().filter(said.seen::add).toList();
    if (fresh.isEmpty()) {
      return;
    }
    note(stateOf(group.list("node.state")), fresh, nodes, said);
    if (fresh.size() < all.size()
        || group.number("cpus.allocated").isEmpty()
        || group.number("cpus.total").isEmpty()) {
      said.processorsKnown = false;
      return;
    }
    count(
        said,
        group.number("cpus.allocated").getAsLong(),
        group.number("cpus.idle").orElse(0),
        group.number("cpus.other").orElse(0),
        group.number("cpus.total").getAsLong());
  }

  private static void count(Said said, long allocated, long idle, long other, long all) {
    said.processors[0] += allocated;
    said.processors[1] += idle;
    said.processors[2] += other;
    said.processors[3] += all;
  }

  private static void note(String state, List<String> which, Tally nodes, Said said) {
    nodes.add(state, which.size());
    if (!WELL.contains(state)) {
      said.names.computeIfAbsent(state, key -> new ArrayList<>()).addAll(which);
    }
  }

  /** The first word is the state, the others are flags; draining is drained with jobs left. */
  private static String stateOf(List<String> words) {
    List<String> all = words.stream().map(Words::state).toList();
    String base = all.isEmpty() ? Words.OTHER : all.get(0);
    if (all.contains("drain")) {
      boolean busy = base.equals("allocated") || base.equals("mixed") || all.contains("completing");
      return busy ? "draining" : "drained";
    }
    return base.equals("idle") && all.contains("completing") ? "completing" : base;
  }

  private void emit(Said said, Readings into) {
    if (said.jobs) {
      jobs.emit(into);
      into.gauge(pending, jobs.of("pending"));
      into.gauge(running, jobs.of("running"));
      into.gauge(wanted, said.wanted);
    }
    if (said.nodes) {
      nodes.emit(into);
      for (int i = 0; i < processors.length && said.processorsKnown; i++) {
        into.gauge(processors[i], said.processors[i]);
      }
      names.keySet().retainAll(said.names.keySet());
      said.names.forEach(
          (state, which) -> {
            if (settings.instances().matches(state)) {
              into.info(
                  names.computeIfAbsent(
                      state, key -> new Series(NODE_NAMES, Instance.of(LABEL, key))),
                  Words.list(which, mostNames));
            }
          });
    }
  }

  private void emitHere(List<String> titles, Readings into) {
    Set<Long> numbers = new TreeSet<>();
    int found = 0;
    for (String title : titles) {
      Matcher step = STEP.matcher(title);
      if (step.lookingAt()) {
        numbers.add(Long.parseLong(step.group(1)));
        found++;
      }
    }
    into.gauge(here, numbers.size());
    into.gauge(steps, found);
    if (!numbers.isEmpty()) {
      into.info(jobList, Words.list(numbers.stream().map(String::valueOf).toList(), mostNames));
    }
  }

  @Override
  public void close() {
    squeue.close();
    sinfo.close();
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(List.of(JOBS, PENDING, RUNNING, WANTED, NODES));
    all.addAll(PROCESSORS);
    all.addAll(List.of(NODE_NAMES, HERE, STEPS, JOB_LIST));
    return all;
  }

  private static List<ModuleOption> options() {
    List<ModuleOption> options =
        new ArrayList<>(
            List.of(
                ModuleOption.flag(
                    CLUSTER, true, "Whether the cluster is asked, beside jobs on this host."),
                ModuleOption.text(
                    CONFIG, "", "The slurm.conf; SLURM_CONF or that of this host by default."),
                Tool.option(SQUEUE),
                Tool.option(SINFO),
                ModuleOption.integer(
                    NAMES, 20, 1, 1000, "How many nodes or jobs are listed by name.")));
    options.addAll(Tool.limits());
    return options;
  }
}
