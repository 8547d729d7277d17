package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However it is told to stop, and whatever its outputs do: what it has is flushed, in 5 s. */
class StopIT {
  private static final Duration STOP = Duration.ofSeconds(5);
  private static final int PIPE_BYTES = 65_536;

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalFlushesTheOpenWindow(String signal) throws Exception {
    try (Running recorder =
        Running.duologger(
            "--heartbeat",
            "2s",
            "--modules",
            "cpu",
            "--every",
            "cpu=500ms",
            "--output",
            "stdout")) {
      Logfmt whole =
          recorder.await(
              Running.MARGIN.plusSeconds(4),
              "whole window",
              line -> line.module().equals("cpu") && line.partial().isEmpty());
      // Into the next window, so that it holds samples.
      long inside = whole.xid() * 1000 + 1_200;
      recorder.poll(Running.MARGIN, "next window", () -> System.currentTimeMillis() > inside);
      recorder.signal(signal);
      assertEquals(0, recorder.exitWithin(STOP), recorder::all);
      Logfmt last = recorder.reported("cpu").get(recorder.reported("cpu").size() - 1);
      assertEquals("stop", last.partial(), last.text());
      assertTrue(last.integer("n") >= 1, last.text());
      assertTrue(last.number("window") < 2, last.text());
    }
  }

  @Test
  void aSignalBeforeTheFirstTickIsNoFailure() throws Exception {
    try (Running recorder =
        Running.duologger(
            "--heartbeat", "1h", "--modules", "cpu", "--every", "cpu=1h", "--output", "stdout")) {
      recorder.poll(Running.MARGIN, "first read", () -> holdsOpen(recorder, "/proc/stat"));
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(STOP), recorder::all);
      recorder.reported().forEach(line -> assertEquals("start+stop", line.partial(), line.text()));
    }
  }

  @Test
  void aSignalDuringTheStartEndsIt() throws Exception {
    try (Running recorder = Running.duologger("--heartbeat", "1h", "--output", "stdout")) {
      recorder.signal("TERM");
      // 143: it came before there was anything to flush and anybody to flush it.
      assertTrue(Set.of(0, 143).contains(recorder.exitWithin(STOP)), recorder::all);
    }
  }

  @Test
  void anOutputThatBlocksDoesNotHoldTheEnd(@TempDir Path folder) throws Exception {
    Machine.needsPrograms("mkfifo");
    Path pipe = folder.resolve("pipe");
    Running.run("mkfifo", pipe.toString());
    try (RandomAccessFile reader = new RandomAccessFile(pipe.toFile(), "rw")) {
      reader.write(new byte[PIPE_BYTES]);
      ProcessBuilder command =
          Running.command(
              "--heartbeat",
              "1s",
              "--modules",
              "cpu",
              "--every",
              "cpu=200ms",
              "--output",
              "stdout");
      command.redirectOutput(pipe.toFile());
      try (Running recorder = Running.start(command)) {
        recorder.poll(
            Running.MARGIN.plusSeconds(3), "blocked write", () -> anyThreadWritesToAPipe(recorder));
        recorder.signal("TERM");
        // The output has 5 s; what comes then takes no more than any other end.
        assertEquals(0, recorder.exitWithin(STOP.multipliedBy(2)), recorder::all);
        assertTrue(
            recorder.err().stream()
                .anyMatch(line -> line.matches(".*output stdout: .* [1-9][0-9]* reports are lost")),
            recorder::all);
      }
    }
  }

  @Test
  void killingItLeavesNoProcessBehind() throws Exception {
    try (Running recorder =
        Running.duologger(
            "--heartbeat", "1h", "--modules", "cpu", "--every", "cpu=1s", "--output", "stdout")) {
      recorder.poll(Running.MARGIN, "first read", () -> holdsOpen(recorder, "/proc/stat"));
      Path program = Files.readSymbolicLink(Path.of("/proc/" + recorder.pid() + "/exe"));
      assertTrue(program.endsWith("bin/java"), "the shell script is still there: " + program);
      assertEquals(
          0, ProcessHandle.of(recorder.pid()).orElseThrow().children().count(), "child processes");
      recorder.signal("KILL");
      assertEquals(128 + 9, recorder.exitWithin(STOP));
      assertFalse(Files.exists(Path.of("/proc/" + recorder.pid())));
    }
  }

  private static boolean holdsOpen(Running recorder, String file) {
    try (Stream<Path> handles = Files.list(Path.of("/proc/" + recorder.pid() + "/fd"))) {
      return handles.anyMatch(handle -> linksTo(handle, file));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean linksTo(Path link, String file) {
    try {
      return Files.readSymbolicLink(link).equals(Path.of(file));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean anyThreadWritesToAPipe(Running recorder) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + recorder.pid() + "/task"))) {
      return threads.anyMatch(
          thread -> {
            try {
              return Files.readString(thread.resolve("wchan")).contains("pipe_w");
            } catch (IOException e) {
              return false;
            }
          });
    } catch (IOException e) {
      return false;
    }
  }
}
