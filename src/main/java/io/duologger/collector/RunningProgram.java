package io.duologger.collector;

import io.duologger.collector.tool.Words;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A program that runs on and prints a line now and then, where starting one for each sample would
 * cost too much. It is started when it is wanted, killed when it says nothing or too much for too
 * long, or nobody looks at what it says, and started again after a pause that grows from failure to
 * failure; never is there a second one while the first has not ended. If this process is killed,
 * the next line that the program prints finds nobody to read it, which ends it. Used by one thread
 * at a time; lines are taken on a thread of their own.
 */
final class RunningProgram implements Closeable {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** One that has run for so long has not failed at its start. */
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private static final int LONGEST_LINE = 4096;
  private static final int LONGEST_COMPLAINT = 200;

  /** So many lines between two looks are more than any number of devices has. */
  private static final int MOST_LINES = 20_000;

  private static final int BUFFER = 8 << 10;
  private static final long MILLIS_AT_END = 1000;

  private final Surroundings surroundings;
  private final String name;
  private final Program program;
  private final Duration patience;
  private final Duration silence;
  private final Predicate<String> taker;
  private final Consumer<String> errors;

  /** Null while none runs. */
  private Run run;

  private String failure = "";
  private OptionalInt status = OptionalInt.empty();
  private Duration pause = FIRST_PAUSE;
  private long notBefore;

  /** One process of it. */
  private final class Run {
    final Process process;
    final long since = now();

    /** Complete when the first line has come, or the end. */
    final CompletableFuture<Void> begun = new CompletableFuture<>();

    /** Complete when there is no more to come of standard output, and of standard error. */
    private final CompletableFuture<Void> output = new CompletableFuture<>();

    private final CompletableFuture<Void> complaints = new CompletableFuture<>();

    volatile long heardAt = since;
    volatile boolean heard;
    volatile int lines;
    volatile long lookedAt = since;
    volatile boolean forsaken;
    volatile String killed = "";
    private volatile String said = "";
    private volatile String complained = "";

    Run(Process process) {
      this.process = process;
    }

    void read() {
      surroundings
          .threads()
          .execute(
              () -> {
                lines(process.getErrorStream(), this::complained);
                complaints.complete(null);
              });
      surroundings
          .threads()
          .execute(
              () -> {
                lines(process.getInputStream(), this::said);
                output.complete(null);
                if (!ends()) {
                  kill("its output has ended");
                }
                begun.complete(null);
              });
    }

    /** Only the thread of standard output comes here. */
    private void said(String line) {
      if (!taker.test(line) && said.isEmpty()) {
        said = line;
      }
      hear();
    }

    private void complained(String line) {
      if (complained.isEmpty()) {
        complained = line;
      }
      errors.accept(line);
    }

    private void hear() {
      heardAt = now();
      if (heardAt - lookedAt > silence.toNanos()) {
        forsaken = true;
        kill("nobody looks");
      }
      heard = true;
      begun.complete(null);
    }

    private void lines(InputStream from, Consumer<String> each) {
      byte[] buffer = new byte[BUFFER];
      StringBuilder line = new StringBuilder();
      try {
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
          for (char c : new String(buffer, 0, n, StandardCharsets.ISO_8859_1).toCharArray()) {
            if (c != '\n') {
              line.append(c);
            } else if (!line.toString().isBlank()) {
              each.accept(line.toString().strip());
              line.setLength(0);
              lines++;
            }
          }
          if (line.length() > LONGEST_LINE || lines > MOST_LINES) {
            kill(line.length() > LONGEST_LINE ? "a line without an end" : "too many lines");
            return;
          }
        }
        if (!line.toString().isBlank()) {
          each.accept(line.toString().strip());
        }
      } catch (IOException gone) {
        // Its end is found out by whoever looks next.
      }
    }

    void kill(String why) {
      killed = why;
      program.kill();
      begun.complete(null);
    }

    /** Gives what it has printed the time to be read. */
    void listen() {
      awaitAtMost(CompletableFuture.allOf(output, complaints), MILLIS_AT_END);
    }

    /** Whether the process has ended, or does so at once. */
    boolean ends() {
      try {
        return process.waitFor(MILLIS_AT_END, TimeUnit.MILLISECONDS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    boolean isAlive() {
      return process.isAlive() && killed.isEmpty();
    }

    String end() {
      if (!killed.isEmpty()) {
        return name + ": " + killed + ", killed";
      }
      String words = complaint();
      return name
          + ": ended with status "
          + process.exitValue()
          + (words.isEmpty() ? "" : ": " + words);
    }

    private String complaint() {
      String words = complained.isEmpty() ? said : complained;
      return Words.printable(words.substring(0, Math.min(LONGEST_COMPLAINT, words.length())));
    }
  }

  /**
   * @param command the program, a path or a name that is looked for on the PATH, and its arguments
   * @param patience how long the first line may take
   * @param silence how long any other may take
   * @param taker takes each line of standard output that is not blank, and says whether it is one
   *     of those that it is there for; the first that is not may say why the program ends
   * @param errors takes each line of standard error that is not blank
   */
  RunningProgram(
      Surroundings surroundings,
      List<String> command,
      Duration patience,
      Duration silence,
      Predicate<String> taker,
      Consumer<String> errors) {
    this.surroundings = surroundings;
    this.name = command.get(0);
    this.program = new Program(surroundings, command, Map.of("LC_ALL", "C"), patience, 0);
    this.patience = patience;
    this.silence = silence;
    this.taker = taker;
    this.errors = errors;
  }

  /**
   * Sees to it that it runs.
   *
   * @param wait how long its first line is waited for
   * @return whether it has printed a line
   * @throws SourceAbsentException if there is no such program
   * @throws IOException if it does not run, or has printed none since it failed; the message says
   *     why
   */
  boolean keep(Duration wait) throws IOException {
    if (run != null && run.forsaken && run.ends()) {
      run = null;
    }
    if (run == null) {
      start();
    }
    run.lookedAt = now();
    await(wait);
    if (run.isAlive() && run.heard && now() - run.heardAt > silence.toNanos()) {
      run.kill("no line within " + silence.toSeconds() + " s");
    }
    run.lines = 0;
    if (!run.isAlive()) {
      fail();
    }
    if (run.heard) {
      failure = "";
    } else if (!failure.isEmpty()) {
      throw new IOException(failure);
    }
    return run.heard;
  }

  private void start() throws IOException {
    if (!failure.isEmpty() && now() - notBefore < 0) {
      throw new IOException(failure);
    }
    run = new Run(program.start());
    run.read();
  }

  private void await(Duration wait) {
    long left = run.since + patience.toNanos() - now();
    try {
      run.begun.get(Math.max(0, Math.min(left, wait.toNanos())), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      if (left <= wait.toNanos()) {
        run.kill("no line within " + patience.toSeconds() + " s");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void fail() throws IOException {
    if (!run.ends()) {
      throw new IOException(name + ": does not end though it was killed");
    }
    // A kill would close what it may have left to be read.
    run.listen();
    // What it has started may still be there.
    program.kill();
    failure = run.end();
    status = OptionalInt.of(run.process.exitValue());
    if (run.heard && now() - run.since > SETTLED.toNanos()) {
      pause = FIRST_PAUSE;
    }
    notBefore = now() + pause.toNanos();
    pause = pause.compareTo(LONGEST_PAUSE.dividedBy(2)) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
    run = null;
    throw new IOException(failure);
  }

  private static void awaitAtMost(CompletableFuture<Void> what, long millis) {
    try {
      what.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException heldOpen) {
      // By something that it has started: then without.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** What it ended with last. */
  OptionalInt status() {
    return status;
  }

  private long now() {
    return surroundings.clock().monotonicNanos();
  }

  @Override
  public void close() {
    program.close();
  }
}
