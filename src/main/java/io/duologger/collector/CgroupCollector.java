package io.duologger.collector;

import io.duologger.collector.CgroupFiles.Value;
import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.SmallFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures what services, users, containers and batch jobs use, each in its control group.
 *
 * <ul>
 *   <li>Source: cgroup v2: {@code memory.current}, {@code memory.peak}, {@code memory.max}, {@code
 *       memory.swap.current}, {@code memory.stat}, {@code memory.events}, {@code cpu.stat}, {@code
 *       io.stat}, {@code pids.current}, {@code pids.max}, {@code *.pressure}; where controllers are
 *       mounted as v1 {@code memory.usage_in_bytes}, {@code cpuacct.usage} and their like
 *   <li>Unit: bytes, seconds per second (so many processors), tasks
 *   <li>Kind: gauges and counters
 *   <li>Since kernel: 3.2 (v1), 4.5 (v2), 4.20 (pressure), 5.19 (memory.peak)
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>A group is named by its path below the root of its tree, and what it uses holds what the
 * groups in it use. By default those of two levels count (slices and their services), and what
 * looks like a batch job or a pod at any level; with {@code include} those that match it, at any
 * level. What the kernel's configuration or the group's controllers do not count is left out, and
 * so is a group without tasks.
 */
public final class CgroupCollector implements Collector {
  private static final String LABEL = "cgroup";
  private static final String DEPTH = "depth";
  private static final String ALSO = "also";
  private static final String MOST = "most";
  private static final double MICRO = 1e-6;

  /** How often new groups are looked for. */
  private static final long LOOK_NANOS = Duration.ofSeconds(10).toNanos();

  private static final Map<Value, Metric> METRICS = metrics();
  private static final Metric USED =
      Metric.gauge("memory_limit_used_ratio", Unit.RATIO, "Memory as a share of its limit.");
  private static final Metric GROUPS =
      Metric.gauge("cgroups", Unit.COUNT, "Control groups that are included and have tasks.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "cgroup",
          "control groups: memory, processor time, I/O, tasks and pressure of services and jobs",
          Optional.of(LABEL),
          all(),
          List.of("/proc/self/mountinfo", "/sys/fs/cgroup"),
          "",
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          List.of(
              ModuleOption.integer(
                  DEPTH, 2, 0, CgroupTree.DEEPEST, "How many levels count without an include."),
              ModuleOption.list(
                  ALSO,
                  List.of("job_*", "job.*", "jobid", "condor_*", "kubepods-*pod*", "docker-*"),
                  "Patterns of names of groups that count at any level without an include."),
              ModuleOption.integer(MOST, 500, 1, 10_000, "How many groups are measured.")));

  private final CgroupTree tree;
  private final ModuleSettings settings;
  private final int depth;
  private final Globs also;
  private final int most;
  private final long ticksPerLook;
  private final SmallFile reader = new SmallFile();
  private final CgroupFiles.Values values = new CgroupFiles.Values();
  private final Series groupCount = new Series(GROUPS, Instance.HOST);
  private Map<String, Group> groups = Map.of();
  private long ticksToLook;

  /** One file of a group. */
  private record Part(File file, CgroupFiles.Parser parser) {}

  /** One group: the files that it has, and its series. */
  private static final class Group {
    private final List<Part> parts = new ArrayList<>();
    private final Map<Value, Series> series = new LinkedHashMap<>();
    private final Series used;

    Group(String path, Map<Path, List<CgroupFiles.Source>> folders) {
      Instance instance = Instance.of(LABEL, path);
      METRICS.forEach((value, metric) -> series.put(value, new Series(metric, instance)));
      used = new Series(USED, instance);
      folders.forEach(
          (folder, sources) -> {
            for (CgroupFiles.Source source : sources) {
              File file = folder.resolve(source.file()).toFile();
              if (file.exists()) {
                parts.add(new Part(file, source.parser()));
              }
            }
          });
    }
  }

  /** Reads the host {@code root}. */
  public CgroupCollector(HostRoot root, ModuleSettings settings) {
    tree = new CgroupTree(root);
    this.settings = settings;
    depth = settings.options().integer(DEPTH);
    also = new Globs(settings.options().list(ALSO), List.of());
    most = settings.options().integer(MOST);
    ticksPerLook = Math.max(1, LOOK_NANOS / settings.every().toNanos());
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    if (--ticksToLook <= 0) {
      ticksToLook = 0;
      look();
      ticksToLook = ticksPerLook;
    }
    int count = 0;
    for (Group group : groups.values()) {
      if (read(group) && !(values.has(Value.TASKS) && values.get(Value.TASKS) == 0)) {
        emit(group, into);
        count++;
      }
    }
    into.gauge(groupCount, count);
  }

  private void look() throws IOException {
    Map<String, Group> now = new LinkedHashMap<>();
    tree.groups(this::isWanted, most)
        .forEach(
            (path, folders) -> {
              Group before = groups.get(path);
              now.put(path, before == null ? new Group(path, folders) : before);
            });
    groups = now;
  }

  private boolean isWanted(String path, int level) {
    boolean counts =
        settings.includeGiven()
            || level <= depth
            || also.matches(path.substring(path.lastIndexOf('/') + 1));
    return counts && settings.instances().matches(path);
  }

  /** Reads what there is of a group; false if it is gone. */
  private boolean read(Group group) throws IOException {
    values.clear();
    int missing = 0;
    for (Part part : group.parts) {
      ByteScanner in;
      try {
        in = reader.readWhole(part.file());
      } catch (IOException refused) {
        // Removed since, or what the kernel was started without: what can be had is told.
        missing++;
        continue;
      }
      part.parser().parse(in, values);
    }
    return missing < group.parts.size();
  }

  private void emit(Group group, Readings into) {
    group.series.forEach(
        (value, series) -> {
          if (values.has(value)) {
            if (isCounter(value)) {
              into.counter(series, values.get(value));
            } else {
              into.gauge(series, values.get(value));
            }
          }
        });
    if (values.has(Value.MEMORY) && values.has(Value.LIMIT) && values.get(Value.LIMIT) > 0) {
      into.gauge(group.used, (double) values.get(Value.MEMORY) / values.get(Value.LIMIT));
    }
  }

  private static boolean isCounter(Value value) {
    return value.compareTo(Value.CPU) >= 0;
  }

  @Override
  public void close() throws IOException {
    tree.close();
  }

  private static Metric time(String name, String help) {
    return Metric.counter(name + "_ratio", Unit.RATIO, help).scaledBy(MICRO);
  }

  private static Metric bytes(String name, String help) {
    return Metric.gauge(name + "_bytes", Unit.BYTES, help);
  }

  private static Metric events(String name, String help) {
    return Metric.counter(name + "_per_second", Unit.PER_SECOND, help);
  }

  private static Map<Value, Metric> metrics() {
    Map<Value, Metric> all = new LinkedHashMap<>();
    all.put(Value.MEMORY, bytes("memory", "Memory in use, page cache included."));
    all.put(Value.PEAK, bytes("memory_peak", "The most memory that was in use since it exists."));
    all.put(Value.LIMIT, bytes("memory_limit", "Its own limit of memory, if it has one."));
    all.put(Value.SWAP, bytes("swap", "Swap space in use."));
    all.put(Value.ANON, bytes("anon", "Anonymous memory."));
    all.put(Value.FILE, bytes("file", "Page cache, shared memory included."));
    all.put(Value.SHARED, bytes("shmem", "Shared memory and tmpfs."));
    all.put(Value.KERNEL, bytes("kernel", "Memory of the kernel on its behalf."));
    all.put(Value.TASKS, Metric.gauge("tasks", Unit.COUNT, "Processes and threads."));
    all.put(Value.TASK_LIMIT, Metric.gauge("tasks_limit", Unit.COUNT, "Its own limit of tasks."));
    all.put(Value.CPU, time("cpu", "Processor time over time: 1 is one processor."));
    all.put(Value.USER, time("user", "The part of it in programs."));
    all.put(Value.SYSTEM, time("system", "The part of it in the kernel."));
    all.put(Value.THROTTLED, time("throttled", "Time held back by its quota, of all processors."));
    all.put(Value.THROTTLINGS, events("throttled_periods", "Periods in which it was held back."));
    all.put(
        Value.READ_BYTES,
        Metric.counter("read_bytes_per_second", Unit.BYTES_PER_SECOND, "Read from devices."));
    all.put(
        Value.WRITTEN_BYTES,
        Metric.counter("write_bytes_per_second", Unit.BYTES_PER_SECOND, "Written to devices."));
    all.put(Value.READS, events("reads", "Reads of devices."));
    all.put(Value.WRITES, events("writes", "Writes to devices."));
    all.put(Value.MAJOR_FAULTS, events("major_faults", "Page faults that read."));
    all.put(Value.LIMIT_HITS, events("memory_limit_hits", "Times that memory met its limit."));
    all.put(Value.OOM_KILLS, events("oom_kills", "Processes killed for want of memory."));
    all.put(Value.CPU_PRESSURE, time("cpu_pressure", "Share of time that some task waited."));
    all.put(
        Value.MEMORY_PRESSURE,
        time("memory_pressure", "Share of time that some task waited for memory."));
    all.put(Value.IO_PRESSURE, time("io_pressure", "Share of time that some task waited for I/O."));
    return all;
  }

  private static List<Metric> all() {
    List<Metric> all = new ArrayList<>(METRICS.values());
    all.add(USED);
    all.add(GROUPS);
    return all;
  }
}
