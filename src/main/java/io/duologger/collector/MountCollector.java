package io.duologger.collector;

import io.duologger.collector.MountTable.Mount;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Watches mounts: those of network file systems, and those that the host is meant to have. One that
 * does not answer in time is hung, and is not asked again before it has answered.
 *
 * <ul>
 *   <li>Source: /proc/self/mountinfo, /etc/fstab; statvfs(3) of each mount, which the server of a
 *       network file system has to answer, where stat(2) may be answered from memory
 *   <li>Unit: yes or no; seconds
 *   <li>Kind: gauges; infos
 *   <li>Since kernel: 2.6.26
 *   <li>Root needed: only below folders that others may not enter, but for mounts in folders that
 *       only root may enter
 *   <li>Threads: used by one at a time; a thread for each mount while it is asked
 * </ul>
 */
public final class MountCollector implements Collector {
  private static final String LABEL = "mount";
  private static final String EXPECTED = "expected";
  private static final String FSTAB = "fstab";
  private static final String ANSWER_WITHIN = "answer-within";

  /** So many mounts are watched, at most. */
  private static final int MOST = 1_000;

  /** Types that can't be written to. */
  private static final Set<String> NEVER_WRITTEN = Set.of("cramfs", "erofs", "iso9660", "squashfs");

  private static final Metric MOUNTS =
      Metric.gauge("mounts", Unit.COUNT, "Mounts that are watched.");
  private static final Metric MOUNTS_UP =
      Metric.gauge("mounts_up", Unit.COUNT, "Those of them that are there and answer.");
  private static final Metric UP =
      Metric.gauge("up", Unit.COUNT, "Whether it is there and answers: 1 or 0.");
  private static final Metric VERDICT =
      Metric.gauge(
              "verdict",
              Unit.COUNT,
              "What is known of it: 1 if it is up, -1 if it is down, 0 if it does not say.")
          .formerly("mnt_*");
  private static final Metric READ_ONLY =
      Metric.gauge("read_only", Unit.COUNT, "Whether it can't be written to: 1 or 0.");
  private static final Metric ANSWER =
      Metric.gauge("answer_seconds", Unit.SECONDS, "How long it took to answer.");
  private static final Metric STUCK =
      Metric.gauge("stuck_seconds", Unit.SECONDS, "How long it has been asked without an answer.");
  private static final Metric STATE =
      Metric.info(
          "state",
          "One of up, read-only (against its configuration), hung, stale, failed, missing, idle"
              + " (an automounter's) and denied (this user may not look).");
  private static final Metric FAILURE =
      Metric.info("failure", "Why it is stale, failed or denied.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "mount",
          "whether mounts are there, answer and can be written to",
          Optional.of(LABEL),
          List.of(MOUNTS, MOUNTS_UP, UP, VERDICT, READ_ONLY, ANSWER, STUCK, STATE, FAILURE),
          List.of("/proc/self/mountinfo", "/etc/fstab", "statvfs of each mount"),
          "root (CAP_DAC_READ_SEARCH) for what is mounted in folders that others may not enter",
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          List.of(
              ModuleOption.list(
                  EXPECTED, List.of(), "Mount points that are missing if they are not mounted."),
              ModuleOption.flag(
                  FSTAB, true, "Whether those in /etc/fstab that are not noauto are expected too."),
              ModuleOption.duration(
                  ANSWER_WITHIN,
                  Duration.ofSeconds(1),
                  "How long an answer is waited for before the mount is hung.")));

  private static final Series ALL = new Series(MOUNTS, Instance.HOST);
  private static final Series ALL_UP = new Series(MOUNTS_UP, Instance.HOST);

  private final Surroundings surroundings;
  private final FileSystemUsage.Question question;
  private final ModuleSettings settings;
  private final List<String> expected;
  private final Duration patience;
  private final MountTable table;
  private final Path fstab;
  private Map<String, Watched> known = new LinkedHashMap<>();

  /** What a mount can be in. */
  private enum State {
    UP("up", 1),
    READ_ONLY("read-only", 1),
    HUNG("hung", 0),
    IDLE("idle", 0),
    DENIED("denied", 0),
    STALE("stale", -1),
    FAILED("failed", -1),
    MISSING("missing", -1);

    private final String text;
    private final int verdict;

    State(String text, int verdict) {
      this.text = text;
      this.verdict = verdict;
    }
  }

  /** A mount point. */
  private static final class Watched {
    final Series up;
    final Series verdict;
    final Series readOnly;
    final Series answer;
    final Series stuck;
    final Series state;
    final Series failure;

    /** Null until there was a mount at the point. */
    MountProbe probe;

    /** Null while there is none. */
    Mount mount;

    /** Whether it was read-only when it was first seen. */
    boolean bornReadOnly;

    Watched(Instance instance) {
      up = new Series(UP, instance);
      verdict = new Series(VERDICT, instance);
      readOnly = new Series(READ_ONLY, instance);
      answer = new Series(ANSWER, instance);
      stuck = new Series(STUCK, instance);
      state = new Series(STATE, instance);
      failure = new Series(FAILURE, instance);
    }

    void becomes(Mount now) {
      if (now != null && (mount == null || mount.id() != now.id())) {
        // After an error a file system is frozen below a mount that still says otherwise.
        bornReadOnly = now.readOnly();
      }
      mount = now;
    }

    boolean isAsked() {
      return mount != null && !mount.mountsWhenAsked();
    }

    boolean isReadOnly() {
      return mount.readOnly() || mount.frozen();
    }

    boolean isStuck() {
      return probe != null && probe.isStuck();
    }
  }

  /** Reads the host of {@code surroundings}. */
  public MountCollector(Surroundings surroundings, ModuleSettings settings) {
    this(surroundings, settings, FileSystemUsage::of);
  }

  /**
   * @param question asks a mount
   */
  MountCollector(
      Surroundings surroundings, ModuleSettings settings, FileSystemUsage.Question question) {
    this.surroundings = surroundings;
    this.question = question;
    this.settings = settings;
    expected =
        settings.options().list(EXPECTED).stream().map(FileSystemTable::plain).distinct().toList();
    patience = settings.options().duration(ANSWER_WITHIN);
    table = new MountTable(surroundings.root());
    fstab = surroundings.root().root().resolve("etc/fstab");
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    Map<String, Mount> mounted = new LinkedHashMap<>();
    table.read().forEach(mount -> mounted.put(mount.point(), mount));
    Map<String, Boolean> configured = settings.flag(FSTAB) ? FileSystemTable.read(fstab) : Map.of();
    List<String> points = points(mounted, configured);
    Map<String, Watched> watched = watch(points, mounted);
    if (points.isEmpty()) {
      throw new SourceAbsentException("no mount to watch");
    }
    SystemCalls.load();
    watched.values().stream().filter(Watched::isAsked).forEach(each -> each.probe.ask());
    into.gauge(ALL, points.size());
    int up = 0;
    for (Map.Entry<String, Watched> each : watched.entrySet()) {
      State state = emit(each.getValue(), Optional.ofNullable(configured.get(each.getKey())), into);
      up += state.verdict > 0 ? 1 : 0;
    }
    into.gauge(ALL_UP, up);
  }

  /** What is expected comes first. */
  private List<String> points(Map<String, Mount> mounted, Map<String, Boolean> configured) {
    Set<String> all = new LinkedHashSet<>(configured.keySet());
    all.addAll(expected);
    for (Mount mount : mounted.values()) {
      if (mount.remote() || settings.includeGiven() && !mount.mountsWhenAsked()) {
        all.add(mount.point());
      }
    }
    return all.stream().filter(settings.instances()::matches).limit(MOST).toList();
  }

  private Map<String, Watched> watch(List<String> points, Map<String, Mount> mounted) {
    Map<String, Watched> watched = new LinkedHashMap<>();
    for (String point : points) {
      Watched before = known.get(point);
      Watched each = before == null ? new Watched(Instance.of(LABEL, point)) : before;
      each.becomes(mounted.get(point));
      if (each.isAsked() && each.probe == null) {
        each.probe = new MountProbe(surroundings, question, each.mount.path());
      }
      watched.put(point, each);
    }
    // One that went without an answer may come back, and is not to be asked again meanwhile.
    Map<String, Watched> kept = new HashMap<>(watched);
    known.forEach(
        (point, each) -> {
          if (each.isStuck()) {
            kept.putIfAbsent(point, each);
          }
        });
    known = kept;
    return watched;
  }

  /**
   * @param meant whether it is meant to be read-only, where that is configured
   */
  private State emit(Watched each, Optional<Boolean> meant, Readings into) throws IOException {
    State state = State.MISSING;
    if (each.mount != null) {
      state = each.isAsked() ? answered(each, meant, into) : State.IDLE;
      if (each.isAsked()) {
        into.gauge(each.readOnly, each.isReadOnly() ? 1 : 0);
      }
    }
    if (state != State.IDLE && state != State.DENIED) {
      into.gauge(each.up, state.verdict > 0 ? 1 : 0);
    }
    into.gauge(each.verdict, state.verdict);
    into.info(each.state, state.text);
    return state;
  }

  private State answered(Watched each, Optional<Boolean> meant, Readings into) throws IOException {
    MountProbe.Outcome outcome = each.probe.outcome(patience);
    if (outcome.stuck().isPresent()) {
      into.gauge(each.stuck, outcome.stuck().get().toNanos() / 1e9);
      return State.HUNG;
    }
    if (outcome.refusal().isPresent()) {
      IOException refusal = outcome.refusal().get();
      into.info(each.failure, MountProbe.words(refusal));
      if (MountProbe.isDenied(refusal)) {
        into.lacks(each.mount.point() + ": " + MountProbe.words(refusal));
        return State.DENIED;
      }
      return refusal instanceof SystemCallException call
              && call.number() == SystemCallException.ESTALE
          ? State.STALE
          : State.FAILED;
    }
    into.gauge(each.answer, outcome.took().toNanos() / 1e9);
    boolean intended = NEVER_WRITTEN.contains(each.mount.type()) || meant.orElse(each.bornReadOnly);
    return each.isReadOnly() && !intended ? State.READ_ONLY : State.UP;
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
