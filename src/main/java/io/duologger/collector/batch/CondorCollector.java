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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Counts the machines and processors of an HTCondor pool by the state of their slots, and the jobs
 * of a scheduler by theirs.
 *
 * <ul>
 *   <li>Source: condor_status -json, of which Machine, State and Cpus; condor_q -json -allusers, of
 *       which JobStatus, by the names and numbers of the ClassAd attributes in HTCondor's manual
 *   <li>Unit: numbers of machines, slots, processors and jobs
 *   <li>Kind: gauges
 *   <li>Since kernel: any
 *   <li>Root needed: no; jobs that a site hides from others are not counted
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>The processors are those of all slots: of a slot that is divided, what is left of it and its
 * parts. Each answer costs the collector of the pool some work: one host has to ask.
 */
public final class CondorCollector implements Collector {
  private static final String LABEL = "state";
  private static final String CONFIG = "config";
  private static final String STATUS = "condor_status";
  private static final String QUEUE = "condor_q";
  private static final String VARIABLE = "CONDOR_CONFIG";
  private static final String DEFAULT_CONFIG = "etc/condor/condor_config";

  private static final String MACHINE = "Machine";
  private static final String STATE = "State";
  private static final String CPUS = "Cpus";
  private static final String JOB_STATUS = "JobStatus";

  /** The job's states by their numbers from 1. */
  private static final List<String> JOB_STATES =
      List.of(
          "idle", "running", "removed", "completed", "held", "transferring_output", "suspended");

  private static final List<String> SLOT_STATES = List.of("claimed", "unclaimed", "owner");

  private static final Metric MACHINES =
      Metric.gauge("machines", Unit.COUNT, "Machines of the pool.").formerly("condor_machines");
  private static final Metric PROCESSORS =
      Metric.gauge("cpus", Unit.COUNT, "Processors of all slots.").formerly("condor_cpus");
  private static final Metric SLOTS =
      Metric.gauge("slots", Unit.COUNT, "Slots of the pool, and those of each state.");
  private static final List<Metric> SLOT_PROCESSORS =
      SLOT_STATES.stream()
          .map(
              state ->
                  Metric.gauge(
                      "cpus_" + state, Unit.COUNT, "Processors of slots that are " + state + "."))
          .toList();
  private static final List<Metric> SLOT_COUNTS =
      SLOT_STATES.stream()
          .map(
              state ->
                  Metric.gauge("slots_" + state, Unit.COUNT, "Slots that are " + state + ".")
                      .formerly("condor_" + state))
          .toList();
  private static final Metric JOBS =
      Metric.gauge("jobs", Unit.COUNT, "Jobs in the queue, and those of each state.");
  private static final List<Metric> JOB_COUNTS =
      List.of(
          Metric.gauge("jobs_running", Unit.COUNT, "Jobs that run.").formerly("condor_jobs_r"),
          Metric.gauge("jobs_idle", Unit.COUNT, "Jobs that wait.").formerly("condor_jobs_q"),
          Metric.gauge("jobs_suspended", Unit.COUNT, "Jobs that are suspended.")
              .formerly("condor_jobs_s"));
  private static final List<String> JOB_COUNT_STATES = List.of("running", "idle", "suspended");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "condor",
          "HTCondor: machines, processors and slots of the pool, jobs by state",
          Optional.of(LABEL),
          metrics(),
          List.of(STATUS, QUEUE),
          "",
          Duration.ofMinutes(1),
          Duration.ofSeconds(30),
          options());

  private final HostRoot root;
  private final Optional<Path> config;
  private final Tool status;
  private final Tool queue;
  private final Tally slots;
  private final Tally jobs;
  private final Series machines = new Series(MACHINES, Instance.HOST);
  private final Series processors = new Series(PROCESSORS, Instance.HOST);
  private final Series[] slotProcessors = Series.of(SLOT_PROCESSORS, Instance.HOST);
  private final Series[] slotCounts = Series.of(SLOT_COUNTS, Instance.HOST);
  private final Series[] jobCounts = Series.of(JOB_COUNTS, Instance.HOST);

  /** What the pool said. */
  private static final class Pool {
    final Set<String> machines = new HashSet<>();
    long processors;
    final long[] byState = new long[SLOT_STATES.size()];
  }

  /** Asks on the host of {@code surroundings}. */
  public CondorCollector(Surroundings surroundings, ModuleSettings settings) {
    root = surroundings.root();
    config =
        settings
            .options()
            .given(CONFIG)
            .or(() -> Optional.ofNullable(System.getenv(VARIABLE)))
            .map(Path::of);
    Map<String, String> environment =
        config.map(path -> Map.of(VARIABLE, path.toString())).orElse(Map.of());
    status =
        new Tool(
            surroundings,
            settings.options(),
            STATUS,
            List.of("-json", "-attributes", MACHINE + "," + STATE + "," + CPUS),
            environment);
    queue =
        new Tool(
            surroundings,
            settings.options(),
            QUEUE,
            List.of("-json", "-allusers", "-attributes", JOB_STATUS),
            environment);
    slots = new Tally(SLOTS, LABEL, settings);
    jobs = new Tally(JOBS, LABEL, settings);
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    boolean configured =
        Files.isReadable(config.orElseGet(() -> root.root().resolve(DEFAULT_CONFIG)));
    boolean asksPool = configured && Program.find(status.name()).isPresent();
    boolean asksQueue = configured && Program.find(queue.name()).isPresent();
    if (!asksPool && !asksQueue) {
      throw new SourceAbsentException(
          configured ? "no program condor_status or condor_q" : "no condor_config");
    }
    Pool pool = new Pool();
    if (asksPool) {
      parsePool(status.name(), status.output(), slots, pool);
    }
    if (asksQueue) {
      parseQueue(queue.name(), queue.output(), jobs);
    }
    if (asksPool) {
      into.gauge(machines, pool.machines.size());
      into.gauge(processors, pool.processors);
      for (int i = 0; i < slotProcessors.length; i++) {
        into.gauge(slotProcessors[i], pool.byState[i]);
        into.gauge(slotCounts[i], slots.of(SLOT_STATES.get(i)));
      }
      slots.emit(into);
    }
    if (asksQueue) {
      jobs.emit(into);
      for (int i = 0; i < jobCounts.length; i++) {
        into.gauge(jobCounts[i], jobs.of(JOB_COUNT_STATES.get(i)));
      }
    }
  }

  /** Both parsers on one text, for tests. */
  static void parse(byte[] json, ModuleSettings settings) throws IOException {
    parsePool(STATUS, json, new Tally(SLOTS, LABEL, settings), new Pool());
    parseQueue(QUEUE, json, new Tally(JOBS, LABEL, settings));
  }

  private static void parsePool(String source, byte[] json, Tally slots, Pool pool)
      throws IOException {
    slots.begin();
    read(
        source,
        json,
        Set.of(MACHINE, STATE, CPUS),
        slot -> {
          String state = Words.state(slot.text(STATE));
          long processors = slot.number(CPUS).orElse(0);
          slots.add(state, 1);
          pool.machines.add(slot.text(MACHINE));
          pool.processors += processors;
          int which = SLOT_STATES.indexOf(state);
          if (which >= 0) {
            pool.byState[which] += processors;
          }
        });
  }

  private static void parseQueue(String source, byte[] json, Tally jobs) throws IOException {
    jobs.begin();
    read(
        source,
        json,
        Set.of(JOB_STATUS),
        job -> {
          long number = job.number(JOB_STATUS).orElse(0);
          boolean known = number >= 1 && number <= JOB_STATES.size();
          jobs.add(known ? JOB_STATES.get((int) number - 1) : Words.OTHER, 1);
        });
  }

  /** A list of objects; without any of them the programs print nothing at all. */
  private static void read(
      String source, byte[] json, Set<String> paths, Consumer<JsonRecords.Fields> taker)
      throws IOException {
    if (isBlank(json)) {
      return;
    }
    if (!JsonRecords.read(
        source, json, Set.of(""), paths, (list, fields) -> taker.accept(fields))) {
      throw new IOException(source + ": no list");
    }
  }

  private static boolean isBlank(byte[] text) {
    for (byte b : text) {
      if (b < 0 || b > ' ') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    status.close();
    queue.close();
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(List.of(MACHINES, PROCESSORS));
    all.addAll(SLOT_PROCESSORS);
    all.addAll(SLOT_COUNTS);
    all.addAll(List.of(SLOTS, JOBS));
    all.addAll(JOB_COUNTS);
    return all;
  }

  private static List<ModuleOption> options() {
    List<ModuleOption> options =
        new ArrayList<>(
            List.of(
                ModuleOption.text(
                    CONFIG,
                    "",
                    "The condor_config; CONDOR_CONFIG or the one of this host by default."),
                Tool.option(STATUS),
                Tool.option(QUEUE)));
    options.addAll(Tool.limits());
    return options;
  }
}
