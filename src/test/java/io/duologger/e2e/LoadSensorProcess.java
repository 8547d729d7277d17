package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * {@code sbin/qloadsensor} with a test in the place of Grid Engine's execution daemon. Two threads
 * of its own read its outputs; one thread of the test asks. Closing kills it.
 */
final class LoadSensorProcess implements AutoCloseable {
  /** The name that Grid Engine has for the host. */
  static final String HOST = "node1";

  /** The program. */
  static final Path PROGRAM = Machine.HOME.resolve("sbin/qloadsensor");

  private final Process process;
  private final BlockingQueue<List<String>> reports = new LinkedBlockingQueue<>();
  private final List<String> open = new ArrayList<>();
  private final List<String> err = new ArrayList<>();
  private final List<Thread> readers = new ArrayList<>();

  private LoadSensorProcess(Process process) {
    this.process = process;
  }

  /** Starts it with a configuration file; its standard input stays open. */
  static LoadSensorProcess start(Path config) throws IOException {
    return start(command(config));
  }

  /** Starts it; what it prints is read unless it is redirected. */
  static LoadSensorProcess start(ProcessBuilder command) throws IOException {
    LoadSensorProcess sensor = new LoadSensorProcess(command.start());
    sensor.read(sensor.process.getInputStream(), sensor::take);
    sensor.read(
        sensor.process.getErrorStream(),
        line -> {
          synchronized (sensor.err) {
            sensor.err.add(line);
          }
        });
    return sensor;
  }

  /** A command that runs it as the execution daemon would, to be changed and started. */
  static ProcessBuilder command(Path config, String... arguments) {
    List<String> words = new ArrayList<>(List.of(PROGRAM.toString()));
    words.addAll(List.of(arguments));
    ProcessBuilder command = new ProcessBuilder(words);
    command.environment().put("QLOADSENSOR_CFG", config.toString());
    command.environment().put("HOST", HOST);
    return command;
  }

  /** The lines that Grid Engine's list of complexes needs for a configuration. */
  static List<String> complexes(Path config) throws IOException, InterruptedException {
    try (Running print = Running.start(command(config, "--complexes"))) {
      assertEquals(0, print.exitWithin(Running.MARGIN), print::all);
      assertEquals(List.of(), print.err());
      return print.out().stream().filter(line -> !line.startsWith("#")).toList();
    }
  }

  /** The names in such lines. */
  static Set<String> names(List<String> complexes) {
    return complexes.stream().map(line -> line.split("\\s+")[0]).collect(Collectors.toSet());
  }

  /** Writes to its standard input at once. */
  void send(String text) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write(text.getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /** Ends its standard input. */
  void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /** Asks for a report and waits for it. */
  LoadSensorReport ask() throws IOException, InterruptedException {
    send("\n");
    return next();
  }

  /** Waits for the next report. */
  LoadSensorReport next() throws InterruptedException {
    List<String> lines = reports.poll(Running.MARGIN.toMillis(), TimeUnit.MILLISECONDS);
    assertNotNull(lines, () -> "no report within " + Running.MARGIN + ": " + all());
    return LoadSensorReport.parse(HOST, lines);
  }

  /** Waits, and fails the test if meanwhile it prints anything or ends. */
  void assertQuietFor(Duration time) throws InterruptedException {
    List<String> lines = reports.poll(time.toMillis(), TimeUnit.MILLISECONDS);
    assertNull(lines, () -> "nobody has asked for a report: " + lines);
    assertNothingElse();
    assertTrue(process.isAlive(), this::all);
  }

  /** Fails the test if it has printed anything but the reports that were taken. */
  void assertNothingElse() {
    assertEquals(List.of(), List.copyOf(reports), this::all);
    synchronized (open) {
      assertEquals(List.of(), open, this::all);
    }
    synchronized (err) {
      assertEquals(List.of(), err, this::all);
    }
  }

  /** The exit status, which has to be there within the margin; all output is read by then. */
  int exit() throws InterruptedException {
    if (!process.waitFor(Running.MARGIN.toMillis(), TimeUnit.MILLISECONDS)) {
      fail("still running after " + Running.MARGIN + ": " + all());
    }
    for (Thread reader : readers) {
      reader.join(Running.MARGIN.toMillis());
    }
    return process.exitValue();
  }

  /** Sends a signal by its name, without the SIG. */
  void signal(String name) throws IOException, InterruptedException {
    Running.run("kill", "-" + name, Long.toString(process.pid()));
  }

  /** Everything it printed that was not yet taken, for messages. */
  String all() {
    synchronized (err) {
      return "\nreports: " + reports + "\nrest: " + open + "\nstderr:\n" + String.join("\n", err);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void take(String line) {
    synchronized (open) {
      open.add(line);
      if (line.equals("end")) {
        reports.add(List.copyOf(open));
        open.clear();
      }
    }
  }

  private void read(InputStream stream, Consumer<String> into) {
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  into.accept(line);
                }
              } catch (IOException killed) {
                // A killed process closes its pipes in the middle of a read.
              }
            });
    reader.setDaemon(true);
    reader.start();
    readers.add(reader);
  }
}
