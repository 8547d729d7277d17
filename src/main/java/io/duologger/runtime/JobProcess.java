package io.duologger.runtime;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.duologger.model.JobEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A child process that has all that this one was given: standard input, output and error, the
 * terminal, other open files, environment, signals that were ignored or blocked; in its process
 * group and session. Java's own way gives it no other files, and takes its exit status at once,
 * with which the kernel's account of the process would be gone.
 *
 * <p>Descendants that lose their parent become children of this process (a subreaper, prctl(2)),
 * and are to be given to {@link #reap} when they have ended.
 *
 * <p>Safe for use by any thread.
 */
public final class JobProcess {
  /** The numbers of signals, as all Linux systems that Java runs on have them. */
  private static final List<String> SIGNALS =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private static final int KILL = 9;
  private static final long LOOK_MILLIS = 10;
  private static final int MOST_LOOKS = 200;
  private static final int INT = 2;
  private static final int STOP = 19;
  private static final Pointer DEFAULT = Pointer.NULL;
  private static final int P_PID = 1;
  private static final int WNOHANG = 1;
  private static final int WSTOPPED = 2;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x01000000;
  private static final int CODE = 8;
  private static final int CLD_STOPPED = 5;
  private static final int SIGNALLED = 128;
  private static final int NOT_FOUND = 127;
  private static final int NOT_EXECUTABLE = 126;
  private static final int OWN_FAILURE = 125;

  /** What the kernel's counts of memory may be off by. */
  private static final long DOUBT = 1 << 20;

  private static final byte[] SHELL = "/bin/sh".getBytes(StandardCharsets.US_ASCII);

  private final int pid;
  private final long ownPeak;
  private final Foreground foreground;
  private final CompletableFuture<Void> exited = new CompletableFuture<>();
  private JobEnd end;

  /** Why a job is not there. */
  public static final class NotStartedException extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;

    NotStartedException(int status, String message) {
      super(message);
      this.status = status;
    }

    /** What a shell would exit with: 127 not found, 126 not executable, 125 any other reason. */
    public int status() {
      return status;
    }
  }

  private JobProcess(int pid, long ownPeak) {
    this.pid = pid;
    this.ownPeak = ownPeak;
    foreground = new Foreground(pid);
  }

  /**
   * Starts a program as execvp(3) does: looked for on the PATH unless its name has a slash, and a
   * script without an interpreter's name is one of the shell.
   *
   * @param words the program and its arguments, byte for byte
   * @throws NotStartedException if it can't be
   */
  public static JobProcess start(List<byte[]> words, Given given) throws NotStartedException {
    given.closeOthers();
    Memory attributes = given.attributes();
    Memory pid = new Memory(Integer.BYTES);
    Pointer environment = given.environment();
    Map<Integer, Memory> handlers = given.ignore();
    int error;
    try {
      error = spawn(pid, words, attributes, environment);
    } finally {
      handlers.forEach((signal, handler) -> Posix.Libc.sigaction(signal, handler, Pointer.NULL));
    }
    if (error != 0) {
      throw notStarted(new String(words.get(0), StandardCharsets.UTF_8), error);
    }
    JobProcess job = new JobProcess(pid.getInt(0), peak());
    Threads.daemon("job", job::awaitExit).start();
    return job;
  }

  private static int spawn(Memory pid, List<byte[]> words, Memory attributes, Pointer environment) {
    Memory argv = Posix.strings(words);
    int error =
        Posix.Libc.posix_spawnp(
            pid, argv.getPointer(0), Pointer.NULL, attributes, argv, environment);
    if (error != Posix.ENOEXEC) {
      return error;
    }
    List<byte[]> script = new ArrayList<>(words);
    script.set(0, found(words.get(0)));
    script.add(0, SHELL);
    Memory shell = Posix.strings(script);
    return Posix.Libc.posix_spawn(
        pid, shell.getPointer(0), Pointer.NULL, attributes, shell, environment);
  }

  /** Whether there is a program of that name that can be run. */
  public static boolean isThere(byte[] name) {
    return Files.isExecutable(Path.of(new String(found(name), StandardCharsets.UTF_8)));
  }

  /** The path that the PATH has for a name. */
  private static byte[] found(byte[] name) {
    String text = new String(name, StandardCharsets.ISO_8859_1);
    String path = System.getenv("PATH");
    if (text.indexOf('/') < 0 && path != null) {
      for (String folder : path.split(":")) {
        Path file = Path.of(folder.isEmpty() ? "." : folder, text);
        if (Files.isExecutable(file) && !Files.isDirectory(file)) {
          return file.toString().getBytes(StandardCharsets.UTF_8);
        }
      }
    }
    return name;
  }

  private static NotStartedException notStarted(String name, int error) {
    boolean own = error == Posix.EAGAIN || error == Posix.ENOMEM;
    int status = own ? OWN_FAILURE : error == Posix.ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
    return new NotStartedException(
        status, "cannot run " + name + ": " + Posix.Libc.strerror(error));
  }

  /** The id of the job's first process. */
  public long pid() {
    return pid;
  }

  /** Completes when the process has ended; until {@link #end} it is there as a zombie. */
  public CompletableFuture<Void> exited() {
    return exited;
  }

  private void awaitExit() {
    Memory info = new Memory(128);
    while (true) {
      try {
        Posix.Libc.waitid(P_PID, pid, info, WEXITED | WSTOPPED | WNOWAIT);
        if (info.getInt(CODE) == CLD_STOPPED) {
          // Taken, or it would be told again.
          Posix.Libc.waitid(P_PID, pid, info, WSTOPPED | WNOHANG);
          if (foreground.isStoppedAlone()) {
            stop();
          }
          continue;
        }
        exited.complete(null);
        return;
      } catch (LastErrorException failed) {
        if (failed.getErrorCode() != Posix.EINTR) {
          exited.completeExceptionally(failed);
          return;
        }
      }
    }
  }

  /** The shell waits for this process, not for the job: it has to see one that has stopped. */
  private void stop() {
    // To this thread: it gets no further before all go on.
    Posix.Libc.raise(STOP);
    signal("CONT");
  }

  /** Ends this process by INT, so that a shell's loop ends as well, as it would without it. */
  public static void endByInterrupt() {
    Posix.Libc.signal(INT, DEFAULT);
    send(ProcessHandle.current().pid(), INT);
  }

  /** Waits for the process's end and takes it out of the kernel's table. */
  public synchronized JobEnd end() throws IOException {
    if (end == null) {
      Memory status = new Memory(Integer.BYTES);
      Memory usage = new Memory(256);
      while (true) {
        try {
          Posix.Libc.wait4(pid, status, 0, usage);
          break;
        } catch (LastErrorException failed) {
          if (failed.getErrorCode() != Posix.EINTR) {
            throw new IOException(
                "cannot wait for the job: " + Posix.Libc.strerror(failed.getErrorCode()), failed);
          }
        }
      }
      end = end(status.getInt(0), usage);
    }
    return end;
  }

  /** The parts of a status, as in wait(2). */
  private JobEnd end(int status, Memory usage) {
    int signal = status & 0x7f;
    return new JobEnd(
        signal == 0 ? status >> 8 & 0xff : SIGNALLED + signal,
        signal == 0 ? OptionalInt.empty() : OptionalInt.of(signal),
        (status & 0x80) != 0,
        usage(usage, ownPeak));
  }

  /**
   * @param ownPeak the most memory that this process has had: a child shares it until it becomes
   *     another program, so the child's peak begins there
   */
  private static JobEnd.Usage usage(Memory usage, long ownPeak) {
    long largest = usage.getLong(32) << 10;
    return new JobEnd.Usage(
        nanos(usage, 0),
        nanos(usage, 16),
        largest - DOUBT > ownPeak ? OptionalLong.of(largest) : OptionalLong.empty(),
        usage.getLong(64),
        usage.getLong(72),
        usage.getLong(88),
        usage.getLong(96),
        usage.getLong(128),
        usage.getLong(136));
  }

  private static long nanos(Memory timeval, long at) {
    return timeval.getLong(at) * 1_000_000_000 + timeval.getLong(at + 8) * 1_000;
  }

  /**
   * Sends a signal to the process, if it has not been waited for.
   *
   * @param name such as TERM
   */
  public void signal(String name) {
    if (name.equals("CONT")) {
      foreground.giveBack();
    }
    signal(pid, name);
  }

  private synchronized void signal(long to, String name) {
    if (end == null) {
      send(to, SIGNALS.indexOf(name) + 1);
    }
  }

  /** Sends a signal to any process of the job; one that has gone does not matter. */
  public static void send(long to, int number) {
    try {
      Posix.Libc.kill((int) to, number);
    } catch (LastErrorException gone) {
      // It has ended, or has become another user's: there is nobody to tell.
      return;
    }
  }

  /**
   * Kills descendants and takes them out of the kernel's table, until there are none or it takes
   * too long; after the job's end, when all orphans are children of this process.
   *
   * @param left those that there are
   */
  public static void endAll(Supplier<List<Long>> left) {
    List<Long> pids = left.get();
    for (int i = 0; i < MOST_LOOKS && !pids.isEmpty(); i++) {
      for (long pid : pids) {
        send(pid, KILL);
        reap(pid);
      }
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
      pids = left.get();
    }
  }

  /** The number of a signal by its name, such as TERM. */
  public static int number(String name) {
    return SIGNALS.indexOf(name) + 1;
  }

  /** The name of a signal; of a real-time one its number. */
  public static String name(int number) {
    return number >= 1 && number <= SIGNALS.size() ? SIGNALS.get(number - 1) : "RT" + number;
  }

  /**
   * Takes an adopted child that has ended out of the kernel's table.
   *
   * @return what it used; empty if it has not ended or is no child
   */
  public static Optional<JobEnd.Usage> reap(long pid) {
    Memory usage = new Memory(256);
    try {
      return Posix.Libc.wait4((int) pid, new Memory(Integer.BYTES), WNOHANG, usage) == pid
          ? Optional.of(usage(usage, 0))
          : Optional.empty();
    } catch (LastErrorException notOurs) {
      return Optional.empty();
    }
  }

  /** The most memory that this process has had; with doubt, the most there is. */
  private static long peak() {
    try {
      return Long.parseLong(status("VmHWM:").replace(" kB", "")) << 10;
    } catch (IOException unknown) {
      return Long.MAX_VALUE;
    }
  }

  static String status(String key) throws IOException {
    Path file = Path.of("/proc/self/status");
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      if (line.startsWith(key)) {
        return line.substring(key.length()).strip();
      }
    }
    throw new IOException(file + ": no line " + key);
  }
}
