package io.duologger.collector.job;

import io.duologger.collector.Program;
import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.Surroundings;
import io.duologger.collector.tool.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One strace that follows a process and all that it starts. What it prints is read at once on a
 * thread of its own, as the traced processes wait for a strace that can't write. Its end is no end
 * for them. Used by one thread at a time.
 */
final class AttachedStrace implements Tracing {
  private static final Duration ATTACHES = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(10);
  private static final Duration AT_END = Duration.ofSeconds(1);
  private static final int BUFFER = 64 << 10;
  private static final int MOST_ERRORS = 4096;
  private static final int LONGEST_COMPLAINT = 200;
  private static final String REFUSED = "Operation not permitted";
  private static final String NEEDS =
      ", needs root (CAP_SYS_PTRACE) or a lower kernel.yama.ptrace_scope";
  private static final String TRACER = "TracerPid:";

  /**
   * Arguments as plain numbers, nothing that they point to, no signals and no exits. A signal, that
   * of a pipe without a reader too, ends strace at once, and the kernel lets the processes go:
   * before 6.7 it tries to let them go itself and waits for ever for one that is in vfork(2).
   *
   * <p>Source: strace(1), --interruptible; github.com/strace/strace, pull request 277.
   */
  private static final List<String> OPTIONS =
      List.of(
          "-I",
          "1",
          "-f",
          "-qq",
          "-a",
          "0",
          "-s",
          "0",
          "-e",
          "raw=all",
          "-e",
          "signal=none",
          "-o",
          "/dev/stdout",
          "-p");

  private final Surroundings surroundings;
  private final String name;
  private final Program program;
  private final Process process;
  private final SystemCallCounts counts;
  private final CompletableFuture<Void> read = new CompletableFuture<>();
  private final CompletableFuture<String> complaint = new CompletableFuture<>();

  private AttachedStrace(
      Surroundings surroundings, String name, Program program, SystemCallCounts counts)
      throws IOException {
    this.surroundings = surroundings;
    this.name = name;
    this.program = program;
    this.counts = counts;
    this.process = program.start();
    surroundings.threads().execute(this::readOutput);
    surroundings.threads().execute(this::readErrors);
  }

  /**
   * Starts the program {@code strace} and waits until it follows the process {@code pid}.
   *
   * @param counts counts what it prints
   * @throws SourceAbsentException if there is no such program or process, or it may not be traced
   */
  static AttachedStrace start(
      Surroundings surroundings, String strace, long pid, SystemCallCounts counts)
      throws IOException {
    Path status = surroundings.root().proc().resolve(pid + "/status");
    if (!Files.exists(status)) {
      throw new SourceAbsentException("no process " + pid);
    }
    if (isTraced(status)) {
      throw new SourceAbsentException("process " + pid + " is traced by another program already");
    }
    List<String> command = new ArrayList<>(List.of(strace));
    command.addAll(OPTIONS);
    command.add(Long.toString(pid));
    Program program = new Program(surroundings, command, Map.of("LC_ALL", "C"), ATTACHES, 0);
    AttachedStrace tracing = new AttachedStrace(surroundings, strace, program, counts);
    try {
      tracing.await(status);
    } catch (IOException failed) {
      tracing.stop();
      throw failed;
    }
    return tracing;
  }

  private static boolean isTraced(Path status) {
    try {
      return Files.readString(status, StandardCharsets.ISO_8859_1)
          .lines()
          .anyMatch(line -> line.startsWith(TRACER) && !line.strip().endsWith("\t0"));
    } catch (IOException gone) {
      return false;
    }
  }

  private void await(Path status) throws IOException {
    long start = surroundings.clock().monotonicNanos();
    while (!isTraced(status)) {
      if (hasEnded(LOOK)) {
        if (process.exitValue() == 0) {
          return;
        }
        String end = end();
        throw new SourceAbsentException(end.endsWith(REFUSED) ? end + NEEDS : end);
      }
      if (surroundings.clock().monotonicNanos() - start > ATTACHES.toNanos()) {
        throw new IOException(name + ": not attached within " + ATTACHES.toSeconds() + " s");
      }
    }
  }

  @Override
  public boolean isRunning() {
    return process.isAlive();
  }

  @Override
  public void finish() throws IOException {
    within(read);
    if (process.exitValue() != 0) {
      throw new IOException(end());
    }
  }

  /** strace detaches when it is told to end. */
  @Override
  public void stop() {
    process.destroy();
    hasEnded(AT_END);
    program.close();
  }

  private boolean hasEnded(Duration patience) {
    try {
      return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String end() {
    within(complaint);
    String said = complaint.getNow("");
    return name + ": status " + process.exitValue() + (said.isEmpty() ? "" : ": " + said);
  }

  private static void within(CompletableFuture<?> what) {
    try {
      what.get(AT_END.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException late) {
      // What there is has to do.
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void readOutput() {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = process.getInputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        counts.add(buffer, n);
      }
    } catch (IOException gone) {
      // Whoever looks next finds that it has ended.
    } finally {
      read.complete(null);
    }
  }

  /** All is read, little is kept. */
  private void readErrors() {
    byte[] kept = new byte[MOST_ERRORS];
    byte[] buffer = new byte[MOST_ERRORS];
    int length = 0;
    try (InputStream in = process.getErrorStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        int room = Math.min(n, kept.length - length);
        System.arraycopy(buffer, 0, kept, length, room);
        length += room;
      }
    } catch (IOException gone) {
      // Whoever looks next finds that it has ended.
    } finally {
      complaint.complete(line(new String(kept, 0, length, StandardCharsets.ISO_8859_1)));
    }
  }

  private static String line(String said) {
    String first = said.strip().lines().findFirst().orElse("").replaceFirst("^\\S*strace: ", "");
    return Words.printable(first.substring(0, Math.min(first.length(), LONGEST_COMPLAINT)));
  }
}
