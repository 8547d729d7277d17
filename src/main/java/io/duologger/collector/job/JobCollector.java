package io.duologger.collector.job;

import io.duologger.collector.Collector;
import io.duologger.collector.NvidiaMonitor;
import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.Surroundings;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.procfs.NativeFiles;
import io.duologger.procfs.PageSize;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Measures what the tree of processes of a job does: of all together, of the first and of the
 * others, and of those that use most.
 *
 * <ul>
 *   <li>Source: {@code /proc/PID/stat} and {@code io}, below 50 ms not at each sample of who rests,
 *       and the latter not of who is new; {@code loadavg} for the numbers of new processes, or
 *       {@code task/PID/children}; at most ten times a second {@code status} and {@code fd}; {@code
 *       task/TID/status} and the list of all processes once a second; {@code smaps_rollup} on
 *       request; {@code memory.*} of a control group; {@code nvidia-smi pmon}, which runs on, or
 *       {@code nvidia-smi --query-compute-apps}
 *   <li>Needs: native calls, see {@link NativeFiles}
 *   <li>Unit: bytes, seconds per second (so many processors), events per second
 *   <li>Kind: gauges and counters
 *   <li>Since kernel: 3.2; 4.5 (kinds of memory), 4.14 (shared memory shared out)
 *   <li>Root needed: no, for one's own processes; else CAP_SYS_PTRACE for their I/O, open files and
 *       shared memory
 *   <li>Threads: used by one at a time, but for {@link #tally}, which any may call
 * </ul>
 *
 * <p>Counters of the tree hold what has ended: a process hands down what it used to who waits for
 * it, and what nobody waited for is kept from its last sample. Only what was neither sampled nor
 * waited for is missing; and of context switches, which the kernel does not hand down in /proc,
 * those of processes that lived between two samples.
 */
public final class JobCollector implements Collector {
  private static final String PID = "pid";
  private static final String PSS = "pss";
  private static final String PROCESSES = "processes";
  private static final String CGROUP = "cgroup";
  private static final String OPEN_FILES = "open-files";
  private static final String GPU = "gpu";
  private static final String AUTO = "auto";
  private static final String SMI = "nvidia-smi";

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "job",
          "a job's processes: memory, processor time, I/O, faults, threads, open files and GPU use of"
              + " its tree",
          Optional.of("command"),
          Value.metrics(),
          List.of("/proc/PID", "/sys/fs/cgroup", SMI),
          "for processes of others CAP_SYS_PTRACE, else without their I/O and open files",
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          List.of(
              ModuleOption.integer(
                  PID, 0, 0, 1 << 22, "The job's first process; memrec fills it in, 0 is none."),
              ModuleOption.flag(PSS, false, "Whether shared memory is shared out: costs more."),
              ModuleOption.integer(
                  PROCESSES, 20, 0, 1000, "How many processes get lines of their own."),
              ModuleOption.text(
                  CGROUP, "", "The job's control group, a folder below the host's root."),
              ModuleOption.flag(OPEN_FILES, true, "Whether open files are counted."),
              ModuleOption.choice(
                  GPU,
                  AUTO,
                  List.of(AUTO, "off"),
                  "Whether the use of NVIDIA's cards is told, where there is nvidia-smi (auto)."),
              ModuleOption.text(
                  SMI, SMI, "The program to ask for it, a name on the PATH or a path.")));

  private static final double DETAIL_NANOS = 100e6;
  private static final double SECOND_NANOS = 1e9;

  /** How long who has not run is not read. */
  private static final double PAUSE_NANOS = 50e6;

  /** The share of the time that may go into shared memory: one part in so many. */
  private static final long SHARE = 20;

  private final Surroundings surroundings;
  private final boolean pss;
  private final boolean openFiles;
  private final ProcFolder processes;
  private final JobTree tree;
  private final DetailFiles files;
  private final Totals totals = new Totals();
  private final Peaks peaks = new Peaks();
  private final ProcessLines lines;
  private final Optional<JobCgroup> group;
  private final Optional<JobGpus> gpus;
  private final int pid;
  private final long every;
  private final long ticksPerDetail;
  private final long ticksPerSecond;
  private int pageSize;
  private long tick;
  private long nextProportional;
  private volatile JobTally tally = JobTally.NONE;

  /** Reads a tree whose orphans nobody adopts. */
  public JobCollector(Surroundings surroundings, ModuleSettings settings) {
    this(surroundings, settings, Orphans.NONE);
  }

  /** Reads a tree whose orphans become children of {@code orphans.parent()}. */
  public JobCollector(Surroundings surroundings, ModuleSettings settings, Orphans orphans) {
    this.surroundings = surroundings;
    File proc = surroundings.root().proc().toFile();
    every = settings.every().toNanos();
    pid = settings.options().integer(PID);
    pss = settings.flag(PSS);
    openFiles = settings.flag(OPEN_FILES);
    ticksPerDetail = Math.max(1, Math.round(DETAIL_NANOS / every));
    ticksPerSecond = Math.max(1, Math.round(SECOND_NANOS / every));
    NativeFiles shared = new NativeFiles(proc);
    processes = new ProcFolder(proc, shared);
    int pause = (int) Math.max(1, Math.round(PAUSE_NANOS / every));
    tree = new JobTree(processes, orphans, pid, pause);
    files = new DetailFiles(proc, shared);
    lines =
        new ProcessLines(
            settings.options().integer(PROCESSES),
            settings.instances(),
            settings.every().multipliedBy(ticksPerDetail));
    group = settings.options().given(CGROUP).map(path -> new JobCgroup(surroundings.root(), path));
    gpus =
        settings.options().text(GPU).equals(AUTO)
                && settings.every().compareTo(NvidiaMonitor.LONGEST_EVERY) <= 0
            ? Optional.of(
                new JobGpus(
                    new NvidiaMonitor(
                        surroundings, settings.options().text(SMI), settings.every())))
            : Optional.empty();
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  /** What the job used up to the last sample. Any thread. */
  public JobTally tally() {
    return tally;
  }

  @Override
  public void collect(Readings into) throws IOException {
    if (pid == 0) {
      throw new SourceAbsentException("no job: no pid is given");
    }
    if (pageSize == 0) {
      pageSize = PageSize.of(surroundings.root());
    }
    boolean thorough = tick % ticksPerDetail == 0;
    boolean second = tick % ticksPerSecond == 0;
    try {
      tree.read(second, thorough);
      details(thorough, second);
    } catch (SourceAbsentException none) {
      if (tree.seen() > 0) {
        publish();
      }
      throw none;
    }
    tick++;
    if (thorough) {
      lines.choose(tree.members());
    }
    publish();
    totals.emit(into);
    lines.emit(pageSize, into);
    if (gpus.isPresent()) {
      gpus.get().emit(into);
    }
  }

  private void details(boolean thorough, boolean threads) throws IOException {
    long now = surroundings.clock().monotonicNanos();
    boolean proportional = pss && (nextProportional == 0 || now - nextProportional >= 0);
    List<Member> members = tree.members();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      if (member.ended()) {
        member.details.end();
        continue;
      }
      if (thorough) {
        files.status(member);
        if (openFiles) {
          files.openFiles(member);
        }
      }
      if (threads && member.threads > 1) {
        files.threads(member);
      }
      if (proportional || (pss && member.sights == 1)) {
        files.proportional(member);
      }
    }
    if (proportional) {
      long after = surroundings.clock().monotonicNanos();
      long pause = SHARE * (after - now);
      nextProportional = pause > every ? after + pause : after;
    }
    if (thorough && group.isPresent()) {
      group.get().read();
    }
  }

  private void publish() {
    peaks.look(tree.members(), pageSize);
    if (gpus.isPresent()) {
      gpus.get().take(tree);
    }
    totals.take(tree, pageSize);
    if (gpus.isPresent()) {
      gpus.get().addTo(totals);
    }
    Values all = totals.tree();
    if (peaks.largestBytes() > 0) {
      all.set(Value.LARGEST, peaks.largestBytes());
    }
    OptionalLong groupPeak = OptionalLong.empty();
    if (group.isPresent()) {
      group.get().addTo(all);
      groupPeak = group.get().highest();
    }
    tally = peaks.tally(surroundings.clock().monotonicNanos(), all, tree, groupPeak);
  }

  @Override
  public void close() throws IOException {
    gpus.ifPresent(JobGpus::close);
    if (group.isPresent()) {
      group.get().close();
    }
    tree.close();
  }
}
