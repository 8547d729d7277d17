package io.duologger.collector.job;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A kernel with a few processes, in which anything may happen before each single answer: processes
 * work, fork, end, wait for children or ignore them, start sessions; numbers are used anew soon. It
 * keeps the books: who waits inherits, as wait_task_zombie of kernel/exit.c has it.
 */
final class SimulatedKernel implements Processes, Orphans {
  static final int ROOT = 10;
  private static final int INIT = 1;
  private static final int RECORDER = 5;
  private static final int LOWEST = 20;
  private static final int HIGHEST = 70;
  private static final int HELPERS_SESSION = 7;
  private static final int MOST = 25;

  /** What may happen. */
  enum Manners {
    /** Everybody waits for children, orphans are adopted. */
    WAITING,
    /** The first process ignores SIGCHLD and nobody else forks. */
    FIRST_IGNORES,
    /** Some ignore SIGCHLD, some are subreapers. */
    MIXED,
    /** As mixed, and orphans are init's. */
    UNADOPTED
  }

  /** A process. */
  private static final class Proc {
    private final int pid;
    private final long start;
    private final boolean job;
    private final boolean ignores;
    private final boolean subreaper;
    private Proc parent;
    private int session;
    private boolean zombie;
    private final long[] own = new long[Amounts.COUNT];
    private final long[] waited = new long[Amounts.COUNT];

    /** What of it was read last. */
    private final long[] sampled = new long[Amounts.COUNT];

    /** What of its I/O was read, but not yet its stat. */
    private final long[] read = new long[Amounts.COUNT];

    Proc(int pid, long start, Proc parent, boolean job, boolean ignores, boolean subreaper) {
      this.pid = pid;
      this.start = start;
      this.parent = parent;
      this.job = job;
      this.ignores = ignores;
      this.subreaper = subreaper;
    }
  }

  private final Random random;
  private final Manners manners;
  private final int haste;
  private final Map<Integer, Proc> procs = new HashMap<>();
  private long starts = 1;

  /** Whether it tells of the number that was given last, and that number. */
  private final boolean told;

  private int latest = LOWEST;
  private boolean quiet;

  /** Nobody forks any more. */
  private boolean closing;

  /** What the job has used in truth. */
  final long[] truth = new long[Amounts.COUNT];

  /** The last amounts of those that nobody waited for, and how much of them was never sampled. */
  final long[] unwaited = new long[Amounts.COUNT];

  final long[] unwaitedUnsampled = new long[Amounts.COUNT];

  /** How many of the job's there were, were waited for and ended unwaited. */
  int forked;

  int inherited;
  int ignored;

  /** How often stat and I/O of members were read that had not been there for a while. */
  int statOfYoung;

  int ioOfYoung;

  int reaped;

  SimulatedKernel(long seed, Manners manners) {
    random = new Random(seed);
    this.manners = manners;
    haste = 1 + random.nextInt(6);
    told = random.nextBoolean();
    Proc init = new Proc(INIT, 0, null, false, false, true);
    Proc recorder = new Proc(RECORDER, 0, init, false, false, manners != Manners.UNADOPTED);
    boolean ignores = manners == Manners.FIRST_IGNORES || (loose() && random.nextBoolean());
    Proc root = new Proc(ROOT, starts++, recorder, true, ignores, false);
    for (Proc proc : List.of(init, recorder, root)) {
      procs.put(proc.pid, proc);
    }
  }

  private boolean loose() {
    return manners == Manners.MIXED || manners == Manners.UNADOPTED;
  }

  private void happen() {
    int events = quiet ? 0 : random.nextInt(haste);
    for (int i = 0; i < events; i++) {
      Proc any = pick();
      int what = random.nextInt(10);
      if (what < 3) {
        work(any);
      } else if (what < 6) {
        fork(any);
      } else if (what < 7) {
        any.session = any.pid;
      } else if (what < 8 && any.pid >= LOWEST) {
        exit(any);
      } else {
        waitFor(any);
      }
    }
  }

  private Proc pick() {
    List<Proc> all = new ArrayList<>(procs.values());
    all.sort(Comparator.comparingInt(proc -> proc.pid));
    return all.get(random.nextInt(all.size()));
  }

  private void work(Proc proc) {
    if (!proc.zombie) {
      for (int i = 0; i < Amounts.COUNT; i++) {
        long more = random.nextInt(4) == 0 ? random.nextInt(20_000) : 0;
        proc.own[i] += more;
        truth[i] += proc.job ? more : 0;
      }
    }
  }

  private void fork(Proc parent) {
    if (parent.zombie
        || closing
        || procs.size() > MOST
        || (manners == Manners.FIRST_IGNORES && parent.job && parent.pid != ROOT)) {
      return;
    }
    if (!told) {
      latest = LOWEST + random.nextInt(HIGHEST - LOWEST);
    }
    do {
      latest = latest + 1 < HIGHEST ? latest + 1 : LOWEST;
    } while (procs.containsKey(latest));
    int pid = latest;
    boolean ignores = loose() && random.nextInt(3) == 0;
    boolean subreaper = loose() && random.nextInt(4) == 0;
    Proc child = new Proc(pid, starts++, parent, parent.job, ignores, subreaper);
    child.session = parent.pid == RECORDER ? HELPERS_SESSION : parent.session;
    procs.put(pid, child);
    child.own[Amounts.MINOR_FAULTS]++;
    if (child.job) {
      truth[Amounts.MINOR_FAULTS]++;
      forked++;
    }
  }

  private void exit(Proc proc) {
    if (proc.zombie) {
      return;
    }
    proc.zombie = true;
    Proc reaper = proc.parent;
    while (reaper.zombie || !reaper.subreaper) {
      reaper = reaper.parent;
    }
    for (Proc child : List.copyOf(procs.values())) {
      if (child.parent == proc) {
        child.parent = reaper;
        if (child.zombie && reaper.ignores) {
          unwaited(child);
        }
      }
    }
    if (proc.parent.ignores) {
      unwaited(proc);
    }
  }

  private void waitFor(Proc parent) {
    if (parent.zombie || parent.pid == RECORDER) {
      return;
    }
    for (Proc child : List.copyOf(procs.values())) {
      if (child.parent == parent && child.zombie && random.nextBoolean()) {
        if (child.job && !parent.job) {
          unwaited(child);
          continue;
        }
        procs.remove(child.pid);
        inherited += child.job ? 1 : 0;
        for (int i = 0; i < Amounts.COUNT; i++) {
          parent.waited[i] += child.own[i] + child.waited[i];
        }
      }
    }
  }

  /** It goes and nobody of the job inherits. */
  private void unwaited(Proc proc) {
    procs.remove(proc.pid);
    if (proc.job) {
      ignored++;
      for (int i = 0; i < Amounts.COUNT; i++) {
        long last = proc.own[i] + proc.waited[i];
        unwaited[i] += last;
        unwaitedUnsampled[i] += last - proc.sampled[i];
      }
    }
  }

  /** All but the first process ends by and by. */
  boolean closeDown() {
    closing = true;
    for (Proc proc : List.copyOf(procs.values())) {
      if (proc.job && proc.pid != ROOT && procs.containsKey(proc.pid)) {
        if (!proc.zombie && random.nextInt(3) == 0) {
          exit(proc);
        } else if (proc.zombie && procs.get(proc.parent.pid) == proc.parent) {
          waitFor(proc.parent);
        }
      }
    }
    return procs.values().stream().noneMatch(proc -> proc.job && proc.pid != ROOT);
  }

  /** The first process ends, and nothing happens any more. */
  void end() {
    procs.get(ROOT).zombie = true;
    quiet = true;
  }

  @Override
  public void list(Pids into) {
    happen();
    procs.keySet().stream().sorted().forEach(into::add);
  }

  @Override
  public boolean children(Member of, Pids into) {
    return children(of.pid, into);
  }

  @Override
  public boolean children(int pid, Pids into) {
    happen();
    for (Proc proc : List.copyOf(procs.values())) {
      // A hint only: the kernel may leave some out.
      if (proc.parent != null && proc.parent.pid == pid && random.nextInt(5) > 0) {
        into.add(proc.pid);
      }
    }
    return procs.containsKey(pid);
  }

  @Override
  public int latest() {
    happen();
    return told ? latest : -1;
  }

  @Override
  public boolean isThere(Member of) {
    happen();
    Proc proc = procs.get(of.pid);
    return proc != null && proc.start == of.start;
  }

  @Override
  public boolean stat(int pid, Stat into) {
    happen();
    Proc proc = procs.get(pid);
    if (proc == null) {
      return false;
    }
    into.pid = pid;
    byte[] name = ("p" + proc.start).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, into.name, 0, name.length);
    into.nameLength = name.length;
    into.state = proc.zombie ? 'Z' : 'S';
    into.parent = proc.parent == null ? 0 : proc.parent.pid;
    into.session = proc.session;
    into.threads = 1;
    into.start = proc.start;
    for (int i = 0; i < Amounts.FROM_STAT; i++) {
      into.own[i] = told(i, proc.own[i]);
      into.waited[i] = told(i, proc.waited[i]);
    }
    return true;
  }

  private static long told(int amount, long exact) {
    boolean time = amount == Amounts.USER || amount == Amounts.SYSTEM;
    return time ? exact - exact % Amounts.MICROS_PER_TICK : exact;
  }

  @Override
  public boolean stat(Member of, Stat into) {
    statOfYoung += of.settled() ? 0 : 1;
    if (!stat(of.pid, into) || into.start != of.start) {
      return false;
    }
    Proc proc = procs.get(of.pid);
    if (!proc.job) {
      throw new AssertionError("process " + of.pid + " is not of the job");
    }
    for (int i = 0; i < Amounts.FROM_STAT; i++) {
      proc.sampled[i] = into.own[i] + into.waited[i];
    }
    System.arraycopy(
        proc.read,
        Amounts.FROM_STAT,
        proc.sampled,
        Amounts.FROM_STAT,
        Amounts.COUNT - Amounts.FROM_STAT);
    return true;
  }

  @Override
  public boolean io(Member of, long[] into) {
    happen();
    ioOfYoung += of.settled() ? 0 : 1;
    Proc proc = procs.get(of.pid);
    if (proc == null) {
      return false;
    }
    for (int i = Amounts.FROM_STAT; i < Amounts.COUNT; i++) {
      into[i] = proc.own[i] + proc.waited[i];
      if (proc.start == of.start) {
        proc.read[i] = into[i];
      }
    }
    return true;
  }

  @Override
  public void keep(Member of) {}

  @Override
  public void release(Member of) {}

  @Override
  public void close() {}

  @Override
  public long parent() {
    return manners == Manners.UNADOPTED ? 0 : RECORDER;
  }

  @Override
  public boolean isOurs(long pid, long session) {
    Proc proc = procs.get((int) pid);
    return session == HELPERS_SESSION || (proc != null && !proc.job);
  }

  @Override
  public Optional<Usage> reap(long pid) {
    happen();
    Proc proc = procs.get((int) pid);
    if (proc == null || !proc.zombie || proc.parent.pid != RECORDER) {
      return Optional.empty();
    }
    if (!proc.job) {
      throw new AssertionError("process " + pid + " is not of the job");
    }
    procs.remove(proc.pid);
    reaped++;
    return Optional.of(
        new Usage(
            proc.own[0] + proc.waited[0],
            proc.own[1] + proc.waited[1],
            proc.own[2] + proc.waited[2],
            proc.own[3] + proc.waited[3]));
  }
}
