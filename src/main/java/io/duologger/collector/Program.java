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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Runs another program: no shell, nothing on its standard input, a limit of time and of output, and
 * a session of its own (setsid of util-linux, where there is one), all of whose processes are
 * killed when a limit is reached. Used by one thread at a time, but for {@link #kill}.
 */
public final class Program {
  /** How much of what goes to standard error is kept. */
  private static final int MOST_ERRORS = 16 << 10;

  /** How often processes are looked for that started while others were being killed. */
  private static final int ROUNDS = 5;

  private static final int BUFFER = 8 << 10;

  /** How long standard error may stay open after the program has ended. */
  private static final Duration AT_END = Duration.ofSeconds(1);

  private final Surroundings surroundings;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Duration limit;
  private final int mostBytes;
  private volatile Process running;
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
    boolean done = false;
    try {
      CompletableFuture<byte[]> output = drain(process.getInputStream(), mostBytes, true);
      CompletableFuture<byte[]> errors = drain(process.getErrorStream(), MOST_ERRORS, false);
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
        kill();
      }
      running = null;
    }
  }

  /** Starts it; {@link #kill} has to be called in the end. */
  public Process start() throws IOException {
    Path program =
        find(command.get(0)).orElseThrow(() -> new SourceAbsentException("no program " + name()));
    List<String> words = new ArrayList<>();
    find("setsid").ifPresent(setsid -> words.add(setsid.toString()));
    words.add(program.toString());
    words.addAll(command.subList(1, command.size()));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    if (ended) {
      throw new IOException(name() + ": not started, as the recorder stops");
    }
    OwnSessions.starting();
    try {
      Process process = builder.start();
      OwnSessions.started(process.pid());
      running = process;
    } catch (IOException failed) {
      OwnSessions.notStarted();
      throw new IOException(name() + ": " + failed.getMessage(), failed);
    }
    if (ended) {
      kill();
    }
    return running;
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

  /** Kills what there is of its session. Any thread. */
  void kill() {
    Process process = running;
    if (process == null) {
      return;
    }
    List<ProcessHandle> family = process.descendants().toList();
    process.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
    for (int round = 0; round < ROUNDS; round++) {
      List<ProcessHandle> left = session(process.pid());
      if (left.isEmpty()) {
        return;
      }
      left.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** The processes of a session, by the sixth field of /proc/PID/stat, proc(5). */
  private List<ProcessHandle> session(long leader) {
    List<ProcessHandle> members = new ArrayList<>();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      all.filter(process -> sessionOf(process.pid()) == leader).forEach(members::add);
    }
    return members;
  }

  /** The session that a process is in; -1 if it has ended. */
  public static long sessionOf(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
      return fields[0].equals("Z") ? -1 : Long.parseLong(fields[3]);
    } catch (IOException | RuntimeException gone) {
      return -1;
    }
  }
}
