package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wall clock that really steps under a process whose monotonic clock goes on (libfaketime). */
@Tag(Machine.ALONE)
class ClockStepIT {
  private static final long HOUR = 3600;

  @Test
  void aStepClosesTheWindowAndReportsGoOnTheNewGrid(@TempDir Path folder) throws Exception {
    Path library = Machine.needsLibrary("faketime/libfaketimeMT.so.1");
    Path offset = Files.writeString(folder.resolve("offset"), "+0\n");
    ProcessBuilder command =
        Running.command("--heartbeat", "2s", "--modules", "cpu", "--every", "cpu=500ms");
    command
        .environment()
        .putAll(
            Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", offset.toString(),
                "FAKETIME_NO_CACHE", "1",
                "DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1"));
    try (Running recorder = Running.start(command)) {
      recorder.await(
          Running.MARGIN.plusSeconds(6), "whole window", line -> line.partial().isEmpty());
      Files.writeString(offset, "+1h\n");
      Logfmt step =
          recorder.await(
              Duration.ofSeconds(8), "step", line -> line.text().contains(" clock_jump="));
      assertEquals(HOUR, step.number("clock_jump"), 0.01, step.text());
      assertTrue(step.partial().contains("clock"), step.text());
      Logfmt after =
          recorder.await(
              Duration.ofSeconds(8),
              "whole window after the step",
              line ->
                  line.module().equals("cpu")
                      && line.partial().isEmpty()
                      && line.number("xid") > step.number("xid") + HOUR / 2);
      assertEquals(0, after.xid() % 2, after.text());
      assertEquals(4, after.integer("n"), after.text());
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Duration.ofSeconds(5)), recorder::all);
      assertEquals(List.of(), recorder.err());
    }
  }
}
