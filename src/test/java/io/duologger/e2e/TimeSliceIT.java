package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel says of the threads that keep time and that read, since 6.12. */
class TimeSliceIT {
  private static final String SHORT = "100000";

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

  /** Those of the threads that keep time and that read, by their names. */
  private static Map<String, String> slices(long pid) {
    Map<String, String> slices = new TreeMap<>();
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        String name = Files.readString(thread.resolve("comm")).strip();
        if (name.startsWith("timer-") || name.startsWith("read-")) {
          slices.put(name, slice(thread).orElseThrow());
        }
      }
    } catch (IOException threadEnded) {
      slices.clear();
    }
    return slices;
  }

  private static boolean all(Running run, String slice) {
    Map<String, String> slices = slices(run.pid());
    return slices.keySet().containsAll(List.of("timer-1", "timer-2", "read-1"))
        && slices.values().stream().allMatch(slice::equals);
  }

  @Test
  void shortestWhereModulesAreReadTwentyTimesASecond() throws Exception {
    try (Running run =
        Running.duologger("--modules", "load", "--every", "load=50ms", "--output", "stdout")) {
      run.poll(Running.MARGIN, "short slices", () -> all(run, SHORT));
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
      assertTrue(all(run, usual), () -> slices(run.pid()).toString());
      Files.writeString(file, text.formatted("50 ms"));
      Running.run("kill", "-HUP", Long.toString(run.pid()));
      run.poll(Running.MARGIN, "short slices", () -> all(run, SHORT));
    } finally {
      Files.delete(file);
    }
  }
}
