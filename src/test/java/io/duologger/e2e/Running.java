package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A process that a test started, with what it has printed so far. Two threads of its own read its
 * outputs; a test's thread asks. Closing kills it.
 */
final class Running implements AutoCloseable {
  /** Time for a JVM to start or end on a busy machine, on top of what a test is about. */
  static final Duration MARGIN = Duration.ofSeconds(30);

  /** The number of the signal USR1. */
  static final int USR1 = 10;

  private static final Path DUOLOGGER = Machine.HOME.resolve("sbin/duologger");

  private final Process process;
  private final List<String> out = new ArrayList<>();
  private final List<String> err = new ArrayList<>();
  private final List<Thread> readers = new ArrayList<>();

  private Running(Process process) {
    this.process = process;
  }

  /** Starts {@code sbin/duologger} with these arguments. */
  static Running duologger(String... arguments) throws IOException {
    return start(command(arguments));
  }

  /** A command for {@code sbin/duologger} with these arguments, to be changed and started. */
  static ProcessBuilder command(String... arguments) {
    return new ProcessBuilder(
        Stream.concat(Stream.of(DUOLOGGER.toString()), Stream.of(arguments)).toList());
  }

  /** Starts a command; what it prints is read unless it is redirected. */
  static Running start(ProcessBuilder command) throws IOException {
    // What is kept from run to run stays in the build's folder, also if root runs the tests.
    command.environment().putIfAbsent("STATE_DIRECTORY", Machine.STATE.toString());
    Running running = new Running(command.start());
    running.process.getOutputStream().close();
    running.read(running.process.getInputStream(), running.out);
    running.read(running.process.getErrorStream(), running.err);
    return running;
  }

  /** Runs a command that has to succeed, and gives its output lines. */
  static List<String> run(String... command) throws IOException, InterruptedException {
    try (Running running = start(new ProcessBuilder(command))) {
      int status = running.exitWithin(Duration.ofSeconds(30));
      assertTrue(status == 0, () -> String.join(" ", command) + ": " + running.all());
      return running.out();
    }
  }

  /** The process id. */
  long pid() {
    return process.pid();
  }

  /** The lines on its standard output so far. */
  List<String> out() {
    synchronized (out) {
      return List.copyOf(out);
    }
  }

  /** The lines on its standard error so far. */
  List<String> err() {
    synchronized (err) {
      return List.copyOf(err);
    }
  }

  /** The lines of its reports so far. */
  List<Logfmt> reported() {
    return out().stream().map(Logfmt::parse).toList();
  }

  /** The lines of one module in its reports so far. */
  List<Logfmt> reported(String module) {
    return reported().stream().filter(line -> line.module().equals(module)).toList();
  }

  /** Waits for a report line that {@code wanted} takes, and gives the first one. */
  Logfmt await(Duration limit, String what, Predicate<Logfmt> wanted) throws InterruptedException {
    poll(limit, what, () -> reported().stream().anyMatch(wanted));
    return reported().stream().filter(wanted).findFirst().orElseThrow();
  }

  /** Waits until {@code condition} holds; fails the test at the limit, or if the process ends. */
  void poll(Duration limit, String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive()) {
        joinReaders();
        if (!condition.getAsBoolean()) {
          fail("ended with status " + process.exitValue() + " before " + what + ": " + all());
        }
        return;
      }
      if (System.nanoTime() - end > 0) {
        fail("no " + what + " within " + limit + ": " + all());
      }
      Thread.sleep(20);
    }
  }

  /** Waits until {@code condition} holds; fails the test at the limit, telling what was seen. */
  static void poll(Duration limit, String what, BooleanSupplier condition, Supplier<String> seen)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        fail("no " + what + " within " + limit + ": " + seen.get());
      }
      Thread.sleep(20);
    }
  }

  /** Whether it has not ended. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** Lets time pass while it runs. */
  void pass(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    poll(time.plus(MARGIN), "end of the wait", () -> System.nanoTime() - end >= 0);
  }

  /** Sends a signal by its name, without the SIG. */
  void signal(String name) throws IOException, InterruptedException {
    run("kill", "-" + name, Long.toString(pid()));
  }

  /** Whether it has a handler for the signal of this number. */
  boolean catches(int signal) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
          .filter(line -> line.startsWith("SigCgt:"))
          .map(line -> Long.parseUnsignedLong(line.split("\\s+")[1], 16))
          .anyMatch(caught -> (caught & 1L << signal - 1) != 0);
    } catch (IOException e) {
      return false;
    }
  }

  /** The exit status, which has to be there within {@code limit}; all output is read by then. */
  int exitWithin(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      fail("still running after " + limit + ": " + all());
    }
    joinReaders();
    return process.exitValue();
  }

  /** Everything it printed, for messages. */
  String all() {
    return "\nstdout:\n" + String.join("\n", out()) + "\nstderr:\n" + String.join("\n", err());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void joinReaders() throws InterruptedException {
    for (Thread reader : readers) {
      reader.join(MARGIN.toMillis());
    }
  }

  private void read(InputStream stream, List<String> into) {
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  synchronized (into) {
                    into.add(line);
                  }
                }
              } catch (IOException e) {
                // A killed process closes its pipes in the middle of a read.
                if (process.isAlive()) {
                  throw new UncheckedIOException(e);
                }
              }
            });
    reader.setDaemon(true);
    reader.start();
    readers.add(reader);
  }
}
