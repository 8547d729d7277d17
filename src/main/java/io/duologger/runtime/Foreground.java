package io.duologger.runtime;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whose turn it is at the terminal, in the way of job control: that of the job or of this process,
 * where the job has a process group of its own, as shells have. Any thread.
 */
final class Foreground {
  /** In which time whoever stops a whole group has stopped this process too. */
  private static final long STOPPED_MILLIS = 100;

  private static final Path PROC = Path.of("/proc");

  private final int job;
  private int group;

  Foreground(int job) {
    this.job = job;
  }

  /**
   * What {@code /proc/PID/stat} says of job control.
   *
   * @param state T is stopped
   * @param group the process group
   * @param terminal the number of the controlling terminal; 0 if there is none
   * @param foreground that terminal's foreground group; -1 if there is no terminal
   */
  record Control(String state, int group, int terminal, int foreground) {
    static Optional<Control> of(String pid) {
      try {
        String stat = HostFiles.text(PROC.resolve(pid).resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Optional.of(
            new Control(
                fields[0],
                Integer.parseInt(fields[2]),
                Integer.parseInt(fields[4]),
                Integer.parseInt(fields[5])));
      } catch (IOException gone) {
        return Optional.empty();
      }
    }

    boolean isForeground() {
      return group == foreground;
    }
  }

  /** Whether this process may write where its user types, as far as is known. */
  static boolean isOurs() {
    Optional<Control> own = Control.of("self");
    return own.isEmpty() || own.get().foreground() <= 0 || own.get().isForeground();
  }

  /**
   * Whether the job, in the foreground, has stopped and this process has not, as happens if it
   * stops itself. The shell that started both would wait for ever.
   */
  boolean isStoppedAlone() {
    try {
      Thread.sleep(STOPPED_MILLIS);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return false;
    }
    Optional<Control> own = Control.of("self");
    Optional<Control> its = Control.of(Integer.toString(job));
    boolean alone =
        own.isPresent()
            && its.isPresent()
            && its.get().state().equals("T")
            && its.get().isForeground()
            && its.get().terminal() == own.get().terminal();
    synchronized (this) {
      group = alone && its.get().group() != own.get().group() ? its.get().group() : 0;
    }
    return alone;
  }

  /** Gives the terminal to the job's group if it had it when it stopped, and this one has it. */
  synchronized void giveBack() {
    if (group == 0 || !isOurs()) {
      return;
    }
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
      try {
        Posix.Libc.tcsetpgrp(descriptor, group);
        break;
      } catch (LastErrorException noTerminal) {
        continue;
      }
    }
    group = 0;
  }
}
