package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.batch.CondorCollector;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What condor_status and condor_q print by HTCondor's manual, and what else may come. */
class CondorCollectorTest {
  private static final String STATUS = "condor_status";
  private static final String QUEUE = "condor_q";

  @TempDir Path folder;

  private FixtureHost host;
  private Scripts scripts;

  @BeforeEach
  void aHostWithAConfiguration() throws IOException {
    host = FixtureHost.empty(folder.resolve("host")).write("etc/condor/condor_config", "");
    scripts = new Scripts(folder.resolve("bin"));
  }

  private Collector collector(String status, String queue) {
    ModuleSettings settings = FixtureHost.defaults(CondorCollector.DESCRIPTOR);
    return new CondorCollector(
        host.surroundings(),
        settings.with(settings.options().with(STATUS, status).with(QUEUE, queue)));
  }

  @Test
  void countsMachinesSlotsAndJobs() throws IOException {
    Collector collector =
        collector(
            scripts.printing(STATUS, "condor/condor_status.json"),
            scripts.printing(QUEUE, "condor/condor_q.json"));
    Recording first = Recording.of(collector);
    assertEquals(
        List.of(
            "machines gauge 4",
            "cpus gauge 40",
            "cpus_claimed gauge 20",
            "slots_claimed gauge 3",
            "cpus_unclaimed gauge 4",
            "slots_unclaimed gauge 1",
            "cpus_owner gauge 8",
            "slots_owner gauge 1",
            "slots gauge 6",
            "slots{state=claimed} gauge 3",
            "slots{state=drained} gauge 1",
            "slots{state=owner} gauge 1",
            "slots{state=unclaimed} gauge 1",
            "jobs gauge 11",
            "jobs{state=completed} gauge 1",
            "jobs{state=held} gauge 1",
            "jobs{state=idle} gauge 3",
            "jobs{state=other} gauge 1",
            "jobs{state=removed} gauge 1",
            "jobs{state=running} gauge 2",
            "jobs{state=suspended} gauge 1",
            "jobs{state=transferring_output} gauge 1",
            "jobs_running gauge 2",
            "jobs_idle gauge 3",
            "jobs_suspended gauge 1"),
        first.lines());
    List<Series> second = Recording.of(collector).series();
    for (int i = 0; i < second.size(); i++) {
      assertSame(first.series().get(i), second.get(i));
    }
  }

  @Test
  void anEmptyQueuePrintsNothing() throws IOException {
    for (String empty : List.of("true", "echo", "echo '[]'")) {
      Recording read = Recording.of(collector("/no/status", scripts.script(QUEUE, empty)));
      assertEquals(
          List.of(
              "jobs gauge 0",
              "jobs_running gauge 0",
              "jobs_idle gauge 0",
              "jobs_suspended gauge 0"),
          read.lines());
    }
  }

  @Test
  void aFailureNamesTheProgram() throws IOException {
    for (String bad : List.of("echo '[{\"JobStatus\": 1},'", "echo '{}'", "echo no; exit 1")) {
      String queue = scripts.script(QUEUE, bad);
      String message =
          assertThrows(IOException.class, () -> Recording.of(collector("/no/status", queue)))
              .getMessage();
      assertTrue(message.startsWith(queue + ": "), message);
    }
  }

  @Test
  void aHostWithoutItIsAbsent() {
    assertThrows(
        SourceAbsentException.class, () -> Recording.of(collector("/no/status", "/no/queue")));
  }
}
