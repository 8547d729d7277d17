package io.duologger.collector;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The sessions in which the programs of this process run, see {@link Program}: what tells its
 * helpers from the processes of a job that it watches. The latest are remembered, as what a program
 * leaves behind goes on in its session. Safe for use by any thread.
 */
public final class OwnSessions {
  private static final int MOST = 1024;

  /** In the order in which they began. */
  private static final Set<Long> SESSIONS = new LinkedHashSet<>();

  private static int starting;

  private OwnSessions() {}

  /** A program is about to be started: until {@link #started} its process has no number yet. */
  static synchronized void starting() {
    starting++;
  }

  /** The program that was about to be started leads the session {@code pid}. */
  static synchronized void started(long pid) {
    starting--;
    SESSIONS.remove(pid);
    SESSIONS.add(pid);
    if (SESSIONS.size() > MOST) {
      SESSIONS.remove(SESSIONS.iterator().next());
    }
  }

  /** The program that was about to be started could not be. */
  static synchronized void notStarted() {
    starting--;
  }

  /**
   * Whether a process that is a child of this one belongs to a program of it. While one is being
   * started any child may be its process, and counts as such: ask again.
   *
   * @param pid the process
   * @param session the session it is in
   */
  public static synchronized boolean contains(long pid, long session) {
    return starting > 0 || SESSIONS.contains(pid) || SESSIONS.contains(session);
  }
}
