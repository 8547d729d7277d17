package io.duologger.collector.job;

import io.duologger.procfs.ByteScanner;
import java.util.Arrays;

/** A process of the job, from the first read that saw it until it is gone. One thread at a time. */
final class Member {
  private static final int SETTLED = 8;

  /** Its number and, in ticks since boot, its start: together they say which process it is. */
  final int pid;

  final long start;

  /** Its parent, if that is a member too; else null. */
  Member parent;

  /**
   * The same at the read before, or when it began to owe something: the new parent is among the
   * ancestors of the former one.
   */
  Member formerParent;

  /** The number of its parent. */
  int parentPid;

  byte[] name;

  /** The name as text; null until it is asked for: most candidates are other programs' children. */
  private String command;

  char state;
  int threads;
  long residentPages;

  /** Whether a read of its stat succeeded since it is a member. */
  boolean read;

  /** Whether it was not there any more at the latest read. */
  boolean gone;

  /** How many reads have seen it. */
  long sights;

  /** Ticks until it is read again, and how many that were at first. */
  private int wait = 1;

  private int pause = 1;

  /** Whether it is read at the next tick in any case. */
  boolean due;

  /** Whether somebody above it has inherited or was found gone in the tick under way. */
  boolean stirred;

  /** Whether it is not read in the tick under way. */
  boolean resting;

  /** At which choice of new members it became one, and was found to be there. */
  long joined;

  long checked;

  /** Whether its I/O was told ever, and at the latest read. */
  boolean ioKnown;

  boolean ioRefused;

  /** The part of {@link #total} that it used itself; I/O is not told apart. */
  final long[] own = new long[Amounts.FROM_STAT];

  /** What its waited-for children had used: now, and at the read before. */
  final long[] waited = new long[Amounts.FROM_STAT];

  /**
   * By how much {@link #waited} and I/O have grown at the latest read, less what was paid of it,
   * see {@link Inheritance}.
   */
  final long[] growth = new long[Amounts.COUNT];

  /** Whether {@link #waited} has grown at the latest read, and at the one before. */
  boolean inherited;

  boolean inheritedBefore;

  /** All that the kernel counts for it, by {@link Amounts}. */
  final long[] total = new long[Amounts.COUNT];

  /** What members that vanished have used and this one may have inherited; null until needed. */
  Inheritance inheritance;

  /** What is known of it besides, for {@link ProcessDetails}. */
  final ProcessDetails details = new ProcessDetails();

  /** Processor time that it used itself: at the last choice of lines, and since the one before. */
  long timeAtChoice;

  long recentTime;

  /** What it uses of graphics processors, see {@link JobGpus}; null until it uses one. */
  GpuUse gpu;

  /** Handles for {@link ProcFolder}; null while there are none. */
  ProcFolder.Handles handles;

  /** A process whose parent is not known to be a member. */
  Member(Stat stat) {
    pid = stat.pid;
    start = stat.start;
    parentPid = stat.parent;
    name = stat.nameBytes();
    state = stat.state;
    threads = stat.threads;
  }

  /** The name as text. */
  String command() {
    if (command == null) {
      command = ByteScanner.text(name);
    }
    return command;
  }

  /** Whether it has ended, but nobody has waited for it. */
  boolean ended() {
    // The first thread may end before the others: the process goes on.
    return Stat.isEnded(state) && threads <= 1;
  }

  /** Whether it has been there for a while: most that come and go never have. */
  boolean settled() {
    return sights >= SETTLED;
  }

  /** Whether it is to be read in the tick under way. */
  boolean isDue() {
    return due || wait <= 1;
  }

  /** Lets a tick pass without a read. */
  void rest() {
    wait--;
    inheritedBefore = inherited;
    inherited = false;
    Arrays.fill(growth, 0);
  }

  /**
   * Plans the next read: at the next tick, or later if it has not run since the last, as then it
   * uses no more memory either.
   *
   * @param longest how many ticks at most
   */
  private void plan(boolean changed, int longest) {
    pause = changed ? 1 : Math.min(2 * pause, longest);
    wait = pause;
    due = false;
  }

  /** Takes its first stat. */
  void take(Stat stat) {
    take(stat, 1);
  }

  /**
   * Takes a read of stat.
   *
   * @param longestPause after how many ticks it is to be read again at the latest
   */
  void take(Stat stat, int longestPause) {
    inheritedBefore = inherited;
    inherited = false;
    boolean changed = state != stat.state || residentPages != stat.residentPages;
    Arrays.fill(growth, 0);
    for (int i = 0; i < Amounts.FROM_STAT; i++) {
      // The kernel has been seen to let these go back a little.
      long handedDown = Math.max(waited[i], stat.waited[i]);
      growth[i] = read ? handedDown - waited[i] : 0;
      inherited |= growth[i] > 0;
      waited[i] = handedDown;
      changed |= growth[i] > 0 || stat.own[i] > own[i];
      own[i] = Math.max(own[i], stat.own[i]);
      total[i] = own[i] + handedDown;
    }
    plan(changed, longestPause);
    state = stat.state;
    parentPid = stat.parent;
    threads = stat.threads;
    residentPages = stat.residentPages;
    read = true;
    sights++;
    if (!stat.nameIs(name)) {
      name = stat.nameBytes();
      command = null;
    }
  }

  /**
   * Takes a read of io, once that of stat at the same tick is taken.
   *
   * @param told whether anything was told, which {@code said} is
   */
  void takeIo(boolean told, long[] said) {
    ioKnown |= told;
    ioRefused = !told;
    for (int i = Amounts.FROM_STAT; told && i < Amounts.COUNT; i++) {
      long now = Math.max(total[i], said[i]);
      growth[i] = now - total[i];
      total[i] = now;
      if (growth[i] > 0) {
        plan(true, 1);
      }
    }
  }

  /**
   * Its memory in RAM. Counts of stat may be many pages wrong where there are many processors;
   * those of status are not: it is what status said, plus by how much that of stat has changed
   * since.
   */
  long residentBytes(int pageSize) {
    if (ended()) {
      return 0;
    }
    long since = (residentPages - details.residentPagesThen) * pageSize;
    return details.residentKnown ? Math.max(0, details.resident + since) : residentPages * pageSize;
  }

  /** Adds what it is and what it used itself. */
  void addTo(Values values, int pageSize) {
    boolean there = !ended();
    values.add(Value.PROCESSES, there ? 1 : 0);
    values.add(Value.THREADS, there ? threads : 0);
    values.add(Value.RESIDENT, residentBytes(pageSize));
    values.add(Value.CPU, own[Amounts.USER] + own[Amounts.SYSTEM]);
    values.add(Value.USER, own[Amounts.USER]);
    values.add(Value.SYSTEM, own[Amounts.SYSTEM]);
    values.add(Value.MINOR_FAULTS, own[Amounts.MINOR_FAULTS]);
    values.add(Value.MAJOR_FAULTS, own[Amounts.MAJOR_FAULTS]);
    details.addTo(values);
    if (gpu != null) {
      gpu.addTo(values);
    }
  }

  /** What this one has to account for: the amounts of a vanished member. */
  Inheritance inheritance() {
    if (inheritance == null) {
      inheritance = new Inheritance();
    }
    return inheritance;
  }
}
