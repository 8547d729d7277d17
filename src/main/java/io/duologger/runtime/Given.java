package io.duologger.runtime;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What this process was given and a job is to have as it was: environment, open files, signals that
 * were ignored or blocked. Used by one thread at a time.
 */
public final class Given {
  private static final int INT = 2;
  private static final int QUIT = 3;
  private static final int CHLD = 17;
  private static final int TTOU = 22;

  /**
   * What is handled here even if it was ignored, by the JVM for itself or to be passed on, and can
   * be done without for a moment.
   */
  private static final int[] HANDLED = {
    13 /* PIPE */, 25 /* XFSZ */, 12 /* USR2 */, 10 /* USR1 */, 18 /* CONT */, 28 /* WINCH */
  };

  /** Those of the C library, which has them ignored in what it spawns, unless it is told not to. */
  private static final int[] LIBRARYS = {32, 33};

  private static final Pointer DEFAULT = Pointer.NULL;
  private static final Pointer IGNORE = new Pointer(1);

  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final short POSIX_SPAWN_SETSIGDEF = 4;
  private static final short POSIX_SPAWN_SETSIGMASK = 8;
  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;

  private final HandedOver handed;
  private final long restored;
  private final long ignored;
  private final long blocked;

  /**
   * @param restored the bits of those signals that are ignored here but were not
   * @param ignored the bits of those that were ignored when this process started
   * @param blocked the bits of those that were blocked then
   */
  private Given(HandedOver handed, long restored, long ignored, long blocked) {
    this.handed = handed;
    this.restored = restored;
    this.ignored = ignored;
    this.blocked = blocked;
  }

  /**
   * Prepares this process: INT and QUIT, which a terminal sends to the job as well, end it no more,
   * nor does TTOU stop it when the job has taken the terminal for itself; and it adopts orphans.
   *
   * @return what the job is to have as it was, for {@link JobProcess#start}
   * @throws IOException if native calls are not possible
   */
  public static Given prepare() throws IOException {
    Posix.load();
    HandedOver handed = HandedOver.of(System.getenv(), System::getProperty);
    long ignored = handed.ignored().isPresent() ? handed.ignored().getAsLong() : mask("SigIgn:");
    long blocked = mask("SigBlk:");
    long restored = 0;
    for (int signal : new int[] {INT, QUIT, TTOU}) {
      if ((ignored & bit(signal)) == 0) {
        restored |= bit(signal);
      }
      Posix.Libc.signal(signal, IGNORE);
    }
    for (int signal : LIBRARYS) {
      restored |= bit(signal) & ~ignored;
    }
    // Where it is ignored, children leave no trace.
    Posix.Libc.signal(CHLD, DEFAULT);
    NativeLong none = new NativeLong(0);
    try {
      Posix.Libc.prctl(PR_SET_CHILD_SUBREAPER, new NativeLong(1), none, none, none);
    } catch (LastErrorException old) {
      throw new IOException(
          "cannot adopt orphans: " + Posix.Libc.strerror(old.getErrorCode()), old);
    }
    return new Given(handed, restored, ignored, blocked);
  }

  /** The job's signals, for posix_spawn(3). */
  Memory attributes() {
    Memory attributes = new Memory(512);
    Posix.Libc.posix_spawnattr_init(attributes);
    Posix.Libc.posix_spawnattr_setsigdefault(attributes, Posix.signals(restored));
    Posix.Libc.posix_spawnattr_setsigmask(attributes, Posix.signals(blocked));
    Posix.Libc.posix_spawnattr_setflags(
        attributes, (short) (POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
    return attributes;
  }

  /** The job's environment, for posix_spawn(3). */
  Pointer environment() {
    return handed.environment().isPresent()
        ? Posix.strings(handed.environment().get())
        : Posix.environment();
  }

  /** Closes for the job all files but those that were given: Java leaves its own open for it. */
  void closeOthers() {
    if (handed.files().isEmpty()) {
      return;
    }
    Set<String> given = handed.files().get();
    String[] open = new File("/proc/self/fd").list();
    if (open == null) {
      return;
    }
    for (String number : open) {
      if (!given.contains(number)) {
        try {
          Posix.Libc.fcntl(Integer.parseInt(number), F_SETFD, new NativeLong(FD_CLOEXEC));
        } catch (LastErrorException closed) {
          // That of the list itself.
          continue;
        }
      }
    }
  }

  /**
   * Ignores signals that are handled here, as the job can't have them ignored otherwise.
   *
   * @return how they were handled, to be put back when the job has started
   */
  Map<Integer, Memory> ignore() {
    Map<Integer, Memory> handlers = new HashMap<>();
    for (int signal : HANDLED) {
      if ((ignored & bit(signal)) != 0) {
        Memory handler = new Memory(256);
        Posix.Libc.sigaction(signal, Pointer.NULL, handler);
        Posix.Libc.signal(signal, IGNORE);
        handlers.put(signal, handler);
      }
    }
    return handlers;
  }

  /** A mask of the process's first thread, which the JVM leaves as the process got it. */
  private static long mask(String key) throws IOException {
    return Long.parseUnsignedLong(JobProcess.status(key), 16);
  }

  private static long bit(int signal) {
    return 1L << signal - 1;
  }
}
