package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** That the thread which keeps time waits ahead of what is due once something came late. */
class EarlyWakesIT {
  /** How often the thread slept, by the kernel's count. */
  private static long sleeps(long pid) throws IOException {
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("comm")).strip().equals("timer-1")) {
          for (String line : Files.readAllLines(thread.resolve("status"))) {
            if (line.startsWith("voluntary_ctxt_switches:")) {
              return Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
            }
          }
        }
      }
    }
    throw new AssertionError("no thread timer-1");
  }

  @Test
  void threeMoreWakesATickAfterALateOne() throws Exception {
    try (Running run =
        Running.duologger(
            "--modules",
            "load",
            "--every",
            "load=100ms",
            "--heartbeat",
            "1s",
            "--output",
            "stdout")) {
      run.await(Running.MARGIN, "a report", line -> line.module().equals("load"));
      run.signal("STOP");
      run.pass(Duration.ofMillis(500));
      run.signal("CONT");
      long before = sleeps(run.pid());
      int ticks = 60;
      run.pass(Duration.ofMillis(100 * ticks));
      long after = sleeps(run.pid());
      assertTrue(after - before >= 3 * ticks, () -> after - before + " sleeps in " + ticks);
    }
  }
}
