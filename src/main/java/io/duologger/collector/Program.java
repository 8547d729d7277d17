package io.duologger.collector;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs another program: no shell, nothing on its standard input, a limit of time and of output, and
 * a session of its own (setsid of util-linux, where there is one). When a limit is reached, it is
 * killed with all its processes, see {@link ProcessFamily}, and a run is over only when they are
 * gone: there is never a second one beside one that can't be killed. What runs is killed too when
 * the JVM ends in an orderly way. Processes that a program leaves behind when it ends in time are
 * left alone, but for those that hold its output: it is read to its end, up to the limit, unless
 * the program ended so soon that nobody had begun to read; then the JVM closes it. Used by one
 * thread at a time, but for {@link #kill}.
 */
public final class Program {
  /** How much of what goes to standard error is kept. */
  private static final int MOST_ERRORS = 16 << 10;

  private static final int BUFFER = 8 << 10;

  /** How long standard error may stay open after the program has ended. */
  private static final Duration AT_END = Duration.ofSeconds(1);

  /** How long the end of the JVM waits for what runs to be killed. */
  private static final int LAST_MILLIS = 1000;

  private static final AtomicLong RUNS = new AtomicLong();
  private static final Set<ProcessFamily> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Program::killAll, "kill-programs"));
  }

  private final Surroundings surroundings;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Duration limit;
  private final int mostBytes;
  private volatile Optional<ProcessFamily> running = Optional.empty();
  private volatile boolean ended;

  /**
   * How a program ended.
   *
   * @param status its exit status; 128 and the signal's number if a signal ended it
   * @param output what it wrote to standard output
   * @param errors what it wrote to standard error, in UTF-8, cut if it is long
   * @param duration from its start to its end
   */
  public record Result(int status, byte[] output, String errors, Duration duration) {
    /** The output in UTF-8. */
    public String text() {
      return new String(output, StandardCharsets.UTF_8);
    }

    /** The first line of what went to standard error, or else of the output; may be empty. */
    public String complaint() {
      String said = errors.isBlank() ? text() : errors;
      return said.strip().lines().findFirst().orElse("");
    }
  }

  /**
   * @param command the program, a path or a name that is looked for on the PATH, and its arguments
   * @param environment variables beside those of this process
   * @param limit how long it may take
   * @param mostBytes how much it may write to standard output
   */
  public Program(
      Surroundings surroundings,
      List<String> command,
      Map<String, String> environment,
      Duration limit,
      int mostBytes) {
    this.surroundings = surroundings;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.limit = limit;
    this.mostBytes = mostBytes;
  }

  /** Where the program {@code name} is: a path as it is, else the first of its name on the PATH. */
  public static Optional<Path> find(String name) {
    if (name.indexOf('/') >= 0) {
      Path path = Path.of(name);
      return Files.isExecutable(path) && !Files.isDirectory(path)
          ? Optional.of(path)
          : Optional.empty();
    }
    String folders = System.getenv("PATH");
    for (String folder : (folders == null ? "/usr/bin:/bin" : folders).split(File.pathSeparator)) {
      Path path = Path.of(folder, name);
      if (folder.startsWith("/") && Files.isExecutable(path) && !Files.isDirectory(path)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  /**
   * Runs it once.
   *
   * @throws SourceAbsentException if there is no such program
   * @throws IOException if it can't be started, or reached a limit and was killed
   */
  public Result run() throws IOException {
    long started = surroundings.clock().monotonicNanos();
    Process process = start();
    ProcessFamily family = running.orElseThrow();
    CompletableFuture<byte[]> output = drain(process.getInputStream(), mostBytes, true);
    CompletableFuture<byte[]> errors = drain(process.getErrorStream(), MOST_ERRORS, false);
    boolean done = false;
    try {
      if (ended) {
        throw new IOException(name() + ": killed, as the recorder stops");
      }
      byte[] written = within(limit, output);
      // Whoever closes its output may still go on.
      long left = limit.toNanos() - (surroundings.clock().monotonicNanos() - started);
      if (!process.waitFor(Math.max(0, left), TimeUnit.NANOSECONDS)) {
        throw overdue();
      }
      long took = surroundings.clock().monotonicNanos() - started;
      String said = new String(within(AT_END, errors), StandardCharsets.UTF_8);
      done = true;
      return new Result(process.exitValue(), written, said, Duration.ofNanos(took));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(name() + ": interrupted", stopped);
    } finally {
      if (!done) {
        end(family, output, errors);
      }
      running = Optional.empty();
      RUNNING.remove(family);
    }
  }

  /** Whoever is out of reach, and holds on to the output, is waited for as well. */
  private static void end(
      ProcessFamily family, CompletableFuture<byte[]> output, CompletableFuture<byte[]> errors) {
    try {
      family.exterminate();
      CompletableFuture.allOf(output, errors).handle((both, failed) -> true).get();
    } catch (InterruptedException | ExecutionException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Starts it and returns; {@link #kill} has to be called in the end.
   *
   * @throws SourceAbsentException if there is no such program
   * @throws IOException if it can't be started
   */
  public Process start() throws IOException {
    long now = surroundings.clock().monotonicNanos();
    String mark = ProcessHandle.current().pid() + "-" + RUNS.incrementAndGet() + "-" + now;
    Process process = start(mark);
    ProcessFamily family = new ProcessFamily(process, mark);
    running.ifPresent(RUNNING::remove);
    running = Optional.of(family);
    RUNNING.add(family);
    if (ended) {
      kill();
    }
    return process;
  }

  private Process start(String mark) throws IOException {
    Path program =
        find(command.get(0)).orElseThrow(() -> new SourceAbsentException("no program " + name()));
    List<String> words = new ArrayList<>();
    find("setsid").ifPresent(setsid -> words.add(setsid.toString()));
    words.add(program.toString());
    words.addAll(command.subList(1, command.size()));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    builder.environment().put(ProcessFamily.MARK, mark);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    if (ended) {
      throw new IOException(name() + ": not started, as the recorder stops");
    }
    OwnSessions.starting();
    try {
      Process process = builder.start();
      OwnSessions.started(process.pid());
      return process;
    } catch (IOException failed) {
      OwnSessions.notStarted();
      throw new IOException(name() + ": " + failed.getMessage(), failed);
    }
  }

  private String name() {
    return command.get(0);
  }

  private CompletableFuture<byte[]> drain(InputStream from, int most, boolean strict) {
    CompletableFuture<byte[]> drained = new CompletableFuture<>();
    surroundings
        .threads()
        .execute(
            () -> {
              try {
                drained.complete(read(from, most, strict));
              } catch (Throwable failed) {
                drained.completeExceptionally(failed);
              }
            });
    return drained;
  }

  /** All there is; past {@code most} bytes an error, or if not {@code strict} read and dropped. */
  private byte[] read(InputStream from, int most, boolean strict) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      if (strict && kept.size() + n > most) {
        throw new IOException(name() + ": more than " + most + " bytes of output");
      }
      kept.write(buffer, 0, Math.min(n, most - kept.size()));
    }
    return kept.toByteArray();
  }

  private <T> T within(Duration span, CompletableFuture<T> what)
      throws IOException, InterruptedException {
    try {
      return what.get(span.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw overdue();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException e) {
        throw e;
      }
      throw new IOException(name() + ": " + failed.getCause(), failed);
    }
  }

  private IOException overdue() {
    return new IOException(name() + ": no end within " + limit.toMillis() + " ms, killed");
  }

  /** The recorder stops: what runs is killed, nothing is started any more. Any thread. */
  public void close() {
    ended = true;
    kill();
  }

  /** Kills what runs, without waiting for its end. Any thread. */
  void kill() {
    running.ifPresent(ProcessFamily::kill);
  }

  /** The session that a process is in; -1 if it has ended. */
  public static long sessionOf(long pid) {
    return ProcessFamily.stat(pid).session();
  }

  private static void killAll() {
    Thread killer = new Thread(() -> RUNNING.forEach(ProcessFamily::kill), "kill-programs-now");
    killer.setDaemon(true);
    killer.start();
    try {
      killer.join(LAST_MILLIS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
