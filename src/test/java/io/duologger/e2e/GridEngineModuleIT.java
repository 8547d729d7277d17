package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The module in a real Grid Engine with a job that runs and one that waits. */
class GridEngineModuleIT {
  private static final Duration LIMIT = Running.MARGIN.plusSeconds(30);

  private static final String CONFIG =
      """
      heartbeat = 1 s
      modules { gridengine { every = 1 s } }
      outputs = [ { type = stdout } ]
      """;

  @TempDir private Path folder;

  @Test
  void countsARunningAndAQueuedJob() throws Exception {
    Path config = Files.writeString(folder.resolve("module.conf"), CONFIG);
    try (GridEngine grid = GridEngine.start()) {
      grid.execute(LoadSensorProcess.PROGRAM, GridEngine.DEMAND, Map.of());
      grid.runJobs(1);
      grid.submit("-p", "-5", "first");
      grid.submit("-p", "-10", "second");
      ProcessBuilder command =
          grid.command(
              Machine.HOME.resolve("sbin/duologger").toString(), "--config", config.toString());
      try (Running recorder = Running.start(command)) {
        Logfmt host = awaitRunningJob(recorder, grid);
        assertEquals(2, host.integer("jobs"), host.text());
        assertEquals(1, host.integer("jobs_pending_low"), host.text());
        assertEquals(0, host.integer("jobs_pending_high"), host.text());
        assertEquals(1, host.integer("hosts"), host.text());
        assertEquals(1, host.integer("slots"), host.text());
        assertEquals(1, host.integer("slots_used"), host.text());
        assertEquals(1, host.integer("host_jobs"), host.text());
        assertEquals("1.1", host.text("host_job_list"));
        assertTrue(
            recorder.reported().stream()
                .anyMatch(
                    line ->
                        "running".equals(line.pairs().get("state"))
                            && "1".equals(line.pairs().get("jobs"))),
            recorder::all);
        grid.qconf("-kej", GridEngine.HOST);
        recorder.await(
            LIMIT,
            "message of the daemon's end",
            line -> line.pairs().getOrDefault("message", "").contains("controlled shutdown"));
        assertEquals(List.of(), recorder.err());
      }
    }
  }

  private static Logfmt awaitRunningJob(Running recorder, GridEngine grid) throws Exception {
    try {
      return recorder.await(
          LIMIT,
          "running job",
          line ->
              "1".equals(line.pairs().get("jobs_running_low"))
                  && "1".equals(line.pairs().get("host_shepherds")));
    } catch (AssertionError none) {
      none.addSuppressed(new AssertionError(grid.messages()));
      throw none;
    }
  }
}
