package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel says of the threads that keep time, since 6.12. */
class TimeSliceIT {
  private static final Map<String, String> SHORT = Map.of("timer-1", "100000", "timer-2", "100000");

  @BeforeEach
  void needsKernelThatTells() throws IOException {
    assumeTrue(
        slice(Path.of("/proc/thread-self")).isPresent(),
        "the kernel does not tell of time slices: older than 6.12, or without CONFIG_SCHED_DEBUG");
  }

  /** Nanoseconds. */
  private static Optional<String> slice(Path thread) throws IOException {
    for (String line : Files.readAllLines(thread.resolve("sched"))) {
      if (line.startsWith("se.slice ")) {
        return Optional.of(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    return Optional.empty();
  }

  /** The slices of the threads that keep time, by their names. */
  private static Map<String, String> slices(long pid) {
    Map<String, String> slices = new TreeMap<>();
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        String name = Files.readString(thread.resolve("comm")).strip();
        if (name.startsWith("timer-")) {
          slices.put(name, slice(thread).orElseThrow());
        }
      }
    } catch (IOException threadEnded) {
      slices.clear();
    }
    return slices;
  }

  @Test
  void shortestWhereModulesAreReadTenTimesASecond() throws Exception {
    try (Running run =
        Running.duologger("--modules", "load", "--every", "load=100ms", "--output", "stdout")) {
      run.poll(Running.MARGIN, "short slices", () -> slices(run.pid()).equals(SHORT));
    }
  }

  @Test
  void reloadToSuchARate() throws Exception {
    Path file = Files.createTempFile("slices", ".conf");
    String text = "heartbeat = 1 s\nmodules { load.every = %s }\noutputs = [ { type = stdout } ]\n";
    Files.writeString(file, text.formatted("500 ms"));
    try (Running run = Running.duologger("--config", file.toString())) {
      run.await(Running.MARGIN, "a report", line -> line.module().equals("load"));
      String usual = slice(Path.of("/proc/thread-self")).orElseThrow();
      assertEquals(Map.of("timer-1", usual, "timer-2", usual), slices(run.pid()));
      Files.writeString(file, text.formatted("50 ms"));
      Running.run("kill", "-HUP", Long.toString(run.pid()));
      run.poll(Running.MARGIN, "short slices", () -> slices(run.pid()).equals(SHORT));
    } finally {
      Files.delete(file);
    }
  }
}
