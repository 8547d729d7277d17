package io.duologger.collector;

import io.duologger.collector.MountTable.Mount;
import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures how full file systems are. A mount that does not answer is told with the age of its
 * question, and never asked a second one; the others are told in time.
 *
 * <ul>
 *   <li>Source: /proc/self/mountinfo; statvfs(3) of each mount
 *   <li>Unit: bytes, from blocks; inodes
 *   <li>Kind: gauges; an info
 *   <li>Since kernel: 2.6.26
 *   <li>Root needed: only below folders that others may not enter, but for mounts in folders that
 *       only root may enter
 *   <li>Threads: used by one at a time; a thread for each mount while it is asked
 * </ul>
 */
public final class DfCollector implements Collector {
  private static final String LABEL = "mount";
  private static final String TMPFS = "tmpfs";
  private static final String TYPES = "types";
  private static final String EXCLUDE_TYPES = "exclude-types";
  private static final String ANSWER_WITHIN = "answer-within";

  /** So many file systems are asked, at most. */
  private static final int MOST = 1_000;

  private static final Metric MOUNTS =
      Metric.gauge("mounts", Unit.COUNT, "File systems that are measured.");
  private static final Metric STUCK_MOUNTS =
      Metric.gauge("stuck_mounts", Unit.COUNT, "Those of them that do not answer.");
  private static final List<Metric> SIZES =
      List.of(
          Metric.gauge("size_bytes", Unit.BYTES, "Size of the file system."),
          Metric.gauge("free_bytes", Unit.BYTES, "What is free, for root."),
          Metric.gauge("available_bytes", Unit.BYTES, "What is free for others than root.")
              .formerly("*_free"),
          Metric.gauge("used_bytes", Unit.BYTES, "What is in use."),
          Metric.gauge(
              "used_ratio", Unit.RATIO, "Share in use of what others than root may ever use."));
  private static final List<Metric> INODES =
      List.of(
          Metric.gauge("inodes", Unit.COUNT, "Files that it has room for."),
          Metric.gauge("inodes_free", Unit.COUNT, "Files that it has room for still."),
          Metric.gauge("inodes_used_ratio", Unit.RATIO, "Share of the inodes that are in use."));
  private static final Metric STUCK =
      Metric.gauge("stuck_seconds", Unit.SECONDS, "How long it has been asked without an answer.");
  private static final Metric FAILURE = Metric.info("failure", "Why it has no numbers.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "df",
          "bytes and inodes of file systems",
          Optional.of(LABEL),
          metrics(),
          List.of("/proc/self/mountinfo", "statvfs of each mount"),
          "root (CAP_DAC_READ_SEARCH) for what is mounted in folders that others may not enter",
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          List.of(
              ModuleOption.flag(
                  TMPFS,
                  false,
                  "Whether file systems in memory are measured too, where include does not say."),
              ModuleOption.list(
                  TYPES,
                  List.of(),
                  "Patterns of the types that are measured; without any, all but virtual ones."),
              ModuleOption.list(
                  EXCLUDE_TYPES,
                  List.of(),
                  "Patterns of types that are not measured, whatever else says."),
              ModuleOption.duration(
                  ANSWER_WITHIN,
                  Duration.ofMillis(500),
                  "How long an answer is waited for before the mount is told to be stuck.")));

  private static final Series ALL = new Series(MOUNTS, Instance.HOST);
  private static final Series ALL_STUCK = new Series(STUCK_MOUNTS, Instance.HOST);

  private final Surroundings surroundings;
  private final FileSystemUsage.Question question;
  private final ModuleSettings settings;
  private final Globs types;
  private final boolean anyType;
  private final Duration patience;
  private final MountTable table;
  private Map<String, Measured> known = new LinkedHashMap<>();

  private static final class Measured {
    final MountProbe probe;
    final Series[] sizes;
    final Series[] inodes;
    final Series stuck;
    final Series failure;

    Measured(MountProbe probe, Instance instance) {
      this.probe = probe;
      sizes = Series.of(SIZES, instance);
      inodes = Series.of(INODES, instance);
      stuck = new Series(STUCK, instance);
      failure = new Series(FAILURE, instance);
    }
  }

  /** Reads the host of {@code surroundings}. */
  public DfCollector(Surroundings surroundings, ModuleSettings settings) {
    this(surroundings, settings, FileSystemUsage::of);
  }

  /**
   * @param question asks a mount
   */
  DfCollector(
      Surroundings surroundings, ModuleSettings settings, FileSystemUsage.Question question) {
    this.surroundings = surroundings;
    this.question = question;
    this.settings = settings;
    List<String> wanted = settings.options().list(TYPES);
    anyType = wanted.isEmpty();
    types = new Globs(anyType ? List.of("*") : wanted, settings.options().list(EXCLUDE_TYPES));
    patience = settings.options().duration(ANSWER_WITHIN);
    table = new MountTable(surroundings.root());
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    List<Mount> mounts = wanted(table.read());
    if (mounts.isEmpty()) {
      known.values().removeIf(each -> !each.probe.isStuck());
      throw new SourceAbsentException("no file system to measure");
    }
    SystemCalls.load();
    List<Measured> asked = ask(mounts);
    into.gauge(ALL, asked.size());
    int stuck = 0;
    for (Measured each : asked) {
      MountProbe.Outcome outcome = each.probe.outcome(patience);
      emit(each, outcome, into);
      stuck += outcome.stuck().isPresent() ? 1 : 0;
    }
    into.gauge(ALL_STUCK, stuck);
  }

  /** Of the mounts of one file system only the first, or the first of all of it. */
  private List<Mount> wanted(List<Mount> mounts) {
    Map<String, Mount> first = new LinkedHashMap<>();
    for (Mount mount : mounts) {
      if (isWanted(mount)) {
        Mount other = first.get(mount.device());
        boolean better = other != null && !isWhole(other) && isWhole(mount);
        if (better || other == null && first.size() < MOST) {
          first.put(mount.device(), mount);
        }
      }
    }
    return List.copyOf(first.values());
  }

  private static boolean isWhole(Mount mount) {
    return mount.top().equals("/");
  }

  private boolean isWanted(Mount mount) {
    if (mount.mountsWhenAsked()
        || !settings.instances().matches(mount.point())
        || !types.matches(mount.type())) {
      return false;
    }
    boolean usual = mount.inMemory() ? settings.flag(TMPFS) : !mount.virtual();
    return usual || settings.includeGiven() || !anyType;
  }

  /** Asks all before the first answer is waited for. */
  private List<Measured> ask(List<Mount> mounts) {
    Map<String, Measured> now = new LinkedHashMap<>();
    for (Mount mount : mounts) {
      Measured before = known.get(mount.point());
      now.put(mount.point(), before == null ? measured(mount) : before);
    }
    List<Measured> asked = List.copyOf(now.values());
    // One that went without an answer may come back, and is not to be asked again meanwhile.
    known.forEach(
        (point, each) -> {
          if (each.probe.isStuck()) {
            now.putIfAbsent(point, each);
          }
        });
    known = now;
    asked.forEach(each -> each.probe.ask());
    return asked;
  }

  private Measured measured(Mount mount) {
    return new Measured(
        new MountProbe(surroundings, question, mount.path()), Instance.of(LABEL, mount.point()));
  }

  private static void emit(Measured each, MountProbe.Outcome outcome, Readings into) {
    if (outcome.stuck().isPresent()) {
      into.gauge(each.stuck, outcome.stuck().get().toNanos() / 1e9);
    }
    if (outcome.refusal().isPresent()) {
      IOException refusal = outcome.refusal().get();
      String why = MountProbe.words(refusal);
      into.info(each.failure, why);
      if (MountProbe.isDenied(refusal)) {
        into.lacks(each.failure.instance().values().get(0) + ": " + why);
      }
    }
    if (outcome.usage().isPresent()) {
      FileSystemUsage usage = outcome.usage().get();
      bytes(each.sizes, usage, into);
      inodes(each.inodes, usage, into);
    }
  }

  /** A file system that has no size, or contradicts itself, has no numbers. */
  private static void bytes(Series[] series, FileSystemUsage usage, Readings into) {
    double unit = usage.blockBytes();
    if (usage.blocks() <= 0
        || unit <= 0
        || usage.free() < 0
        || usage.free() > usage.blocks()
        || usage.available() < 0) {
      return;
    }
    long used = usage.blocks() - usage.free();
    into.gauge(series[0], usage.blocks() * unit);
    into.gauge(series[1], usage.free() * unit);
    into.gauge(series[2], usage.available() * unit);
    into.gauge(series[3], used * unit);
    double usable = (double) used + usage.available();
    if (usable > 0) {
      into.gauge(series[4], used / usable);
    }
  }

  private static void inodes(Series[] series, FileSystemUsage usage, Readings into) {
    long all = usage.inodes();
    long free = usage.inodesFree();
    if (all > 0 && free >= 0 && free <= all) {
      into.gauge(series[0], all);
      into.gauge(series[1], free);
      into.gauge(series[2], (double) (all - free) / all);
    }
  }

  @Override
  public void close() throws IOException {
    table.close();
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(List.of(MOUNTS, STUCK_MOUNTS));
    all.addAll(SIZES);
    all.addAll(INODES);
    all.add(STUCK);
    all.add(FAILURE);
    return all;
  }
}
