package io.duologger.collector;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The processes of a program that was started as the leader of a session: those of the session,
 * whatever descends from one of them, and those that have left both (setsid, and a parent that has
 * ended) but still have the mark in their environment. What got rid of that too, or belongs to
 * another user, is out of reach. Any thread.
 */
final class ProcessFamily {
  /** The variable that marks the processes of a program. */
  static final String MARK = "DUOLOGGER_RUN";

  /** More of an environment is not looked at. */
  private static final int MOST_ENVIRONMENT = 1 << 20;

  /** How often it is looked for processes that started while others were being killed. */
  private static final int ROUNDS = 5;

  /** Looking for processes costs the more, the more there are: one that stays is no hurry. */
  private static final int LONGEST_PAUSE_MILLIS = 5_000;

  private static final Stat GONE = new Stat('X', -1, -1, 0);
  private static final long SELF = ProcessHandle.current().pid();

  private final Process leader;
  private final String mark;
  private final long start;
  private final Set<ProcessHandle> known = new HashSet<>();

  /**
   * What the kernel says of a process: fields 3, 4, 6 and 22 of /proc/PID/stat, proc(5).
   *
   * @param start when it was started, in ticks since the boot
   */
  record Stat(char state, long parent, long session, long start) {
    /** Reads the content of the file; the name in it may hold blanks and parentheses. */
    static Stat parse(String text) {
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", 21);
      return new Stat(
          fields[0].charAt(0),
          Long.parseLong(fields[1]),
          Long.parseLong(fields[3]),
          Long.parseLong(fields[19]));
    }

    /** Whether it has not ended. */
    boolean isAlive() {
      return state != 'Z' && state != 'X';
    }
  }

  /**
   * @param leader the program, just started
   * @param mark the value of {@link #MARK} in its environment, which no other program has
   */
  ProcessFamily(Process leader, String mark) {
    this.leader = leader;
    this.mark = MARK + "=" + mark;
    // 0 if it has ended already: then all processes may be younger.
    this.start = stat(leader.pid()).start();
  }

  /** Kills what there is, and what those start meanwhile, as far as that goes without waiting. */
  void kill() {
    boolean left = true;
    for (int round = 0; round < ROUNDS && left; round++) {
      left = killOnce();
    }
  }

  /** Kills until none is left; if one can't be killed, as its disk does not answer, for ever. */
  void exterminate() throws InterruptedException {
    int pause = 1;
    while (killOnce()) {
      new CountDownLatch(1).await(pause, TimeUnit.MILLISECONDS);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  /** Whether any was left. */
  private synchronized boolean killOnce() {
    Map<Long, Stat> all = all();
    known.removeIf(each -> !all.getOrDefault(each.pid(), GONE).isAlive());
    Set<Long> family = new HashSet<>();
    known.forEach(each -> family.add(each.pid()));
    if (leader.isAlive()) {
      family.add(leader.pid());
    }
    all.forEach(
        (pid, stat) -> {
          if (stat.session() == leader.pid() || hasMark(pid, stat)) {
            family.add(pid);
          }
        });
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Map.Entry<Long, Stat> each : all.entrySet()) {
        grown |= family.contains(each.getValue().parent()) && family.add(each.getKey());
      }
    }
    for (long pid : family) {
      ProcessHandle.of(pid).ifPresent(known::add);
    }
    known.forEach(ProcessHandle::destroyForcibly);
    leader.destroyForcibly();
    return !family.isEmpty();
  }

  /** Those that are alive and not older than the program, but for this one. */
  private Map<Long, Stat> all() {
    Map<Long, Stat> all = new HashMap<>();
    try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
      processes
          .mapToLong(ProcessHandle::pid)
          .filter(pid -> pid != SELF)
          .forEach(
              pid -> {
                Stat stat = stat(pid);
                if (stat.isAlive() && stat.start() >= start) {
                  all.put(pid, stat);
                }
              });
    }
    return all;
  }

  /** What the kernel says of a process now. */
  static Stat stat(long pid) {
    try {
      return Stat.parse(
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1));
    } catch (IOException | RuntimeException gone) {
      return GONE;
    }
  }

  /** One that waits for a disk is not looked at: that might have to wait as well. */
  private boolean hasMark(long pid, Stat stat) {
    if (stat.state() == 'D') {
      return false;
    }
    try (InputStream in = Files.newInputStream(Path.of("/proc/" + pid + "/environ"))) {
      String environment = new String(in.readNBytes(MOST_ENVIRONMENT), StandardCharsets.ISO_8859_1);
      return ("\0" + environment).contains("\0" + mark + "\0");
    } catch (IOException goneOrForeign) {
      return false;
    }
  }
}
