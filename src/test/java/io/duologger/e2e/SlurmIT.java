package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Slurm with a job that runs and one that waits. */
class SlurmIT {
  private static final Duration LIMIT = Running.MARGIN.plusSeconds(30);

  @TempDir private Path folder;

  @Test
  void countsJobsAndProcessorsOfARealCluster() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Slurm slurm = Slurm.start(Files.createDirectory(folder.resolve("slurm")))) {
      slurm.run("sbatch", "-N1", "-n1", "-w", "n1", "-o", "/dev/null", "--wrap", "sleep 600");
      slurm.run("sbatch", "-N2", "-n4", "-o", "/dev/null", "--wrap", "sleep 600");
      slurm.run("scontrol", "update", "nodename=n2", "state=drain", "reason=test");
      Path config =
          Files.writeString(
              folder.resolve("slurm-module.conf"),
              """
              heartbeat = 1 s
              modules { slurm { every = 1 s, config = "%s" } }
              outputs = [ { type = stdout } ]
              """
                  .formatted(slurm.config()));
      try (Running recorder = Running.duologger("--config", config.toString())) {
        Logfmt host =
            recorder.await(
                LIMIT,
                "running job",
                line ->
                    line.module().equals("slurm")
                        && "1".equals(line.pairs().get("jobs_running"))
                        && "1".equals(line.pairs().get("host_jobs")));
        assertEquals(2, host.integer("jobs"), host.text());
        assertEquals(1, host.integer("jobs_pending"), host.text());
        assertEquals(4, host.integer("cpus_pending"), host.text());
        assertEquals(1, host.integer("cpus_allocated"), host.text());
        assertEquals(1, host.integer("cpus_idle"), host.text());
        assertEquals(2, host.integer("cpus_other"), host.text());
        assertEquals(4, host.integer("cpus"), host.text());
        assertEquals(2, host.integer("nodes"), host.text());
        assertEquals("1", host.text("host_job_list"));
        Logfmt drained =
            recorder.await(
                LIMIT, "drained node", line -> "drained".equals(line.pairs().get("state")));
        assertEquals("n2", drained.text("node_names"));
        assertEquals(1, drained.integer("nodes"));
        slurm.run("scancel", "1", "2");
        recorder.await(
            LIMIT, "end of the jobs", line -> "0".equals(line.pairs().get("jobs_running")));
        assertTrue(
            recorder.err().stream().noneMatch(line -> line.contains("slurm")), recorder::all);
        assertEquals(List.of(), recorder.err());
      }
    }
  }
}
