package io.duologger.collector.process;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** A process, from the first read that saw it until it is gone. Used by one thread at a time. */
final class KnownProcess {
  /** PF_KTHREAD of the kernel's include/linux/sched.h. */
  private static final long KERNEL_THREAD = 0x0020_0000;

  /** Its number. */
  final int pid;

  /** Its folder in /proc. */
  final File folder;

  /** Its stat. */
  final File stat;

  /** The same, if it is kept open; else null. */
  FileChannel open;

  /** When it started, in ticks since boot: with the number it says which process it is. */
  long start = -1;

  /** What it calls itself. */
  byte[] name = {};

  /** Whether it is a thread of the kernel's. */
  boolean kernel;

  /** How many reads have seen it. */
  long sights;

  /** Whether it calls itself otherwise than at the read before. */
  boolean renamed;

  /** The number of its parent. */
  int parent;

  /** R, S, D, Z and so on. */
  char state;

  long threads;
  long pages;

  /** Whether its groups are known. */
  boolean classified;

  /** Whether anything of it has been counted. */
  boolean accounted;

  /** Whether it was not there yet at the read before the first that saw it. */
  boolean fromStart;

  /** What the latest read said: user and system time, system time, that of ended children. */
  long time;

  long system;
  long childTime;

  /** What of it has been counted. */
  long timeCounted;

  long systemCounted;
  long childTimeCounted;

  /** Its I/O, once that was asked for; else null. */
  File io;

  /** Bytes read from and written to devices, those of ended children included, as counted. */
  long readBytes;

  long writtenBytes;

  /** Whether that was asked for. */
  boolean ioKnown;

  /** Whether its I/O may be told, as far as is known. */
  boolean ioAllowed = true;

  /** Whether its I/O is to be asked for. */
  boolean ioDue = true;

  /** What of its ended children is known already; null until one ends. */
  Heritage heritage;

  /** Whether its parent knows of its end. */
  boolean handedDown;

  /** The groups that it counts in; none if it counts in none. */
  Group[] groups = {};

  /**
   * @param proc where the folders of processes are
   */
  KnownProcess(File proc, int pid) {
    this.pid = pid;
    this.folder = new File(proc, Integer.toString(pid));
    this.stat = new File(folder, "stat");
  }

  /** Whether nothing but its exit status is left of it. */
  boolean isZombie() {
    return state == 'Z';
  }

  /** Takes what a read of it said. */
  void take(ProcessStat said) {
    sights++;
    renamed = !said.nameIs(name);
    if (renamed) {
      name = said.name();
    }
    start = said.start();
    kernel = (said.flags() & KERNEL_THREAD) != 0;
    parent = said.parent();
    state = said.state();
    threads = said.threads();
    pages = said.pages();
    time = said.user() + said.system();
    system = said.system();
    childTime = said.children();
  }

  /** Gives its open file back. */
  void close() throws IOException {
    FileChannel channel = open;
    open = null;
    if (channel != null) {
      channel.close();
    }
  }
}
