package io.duologger;

import io.duologger.collector.OwnSessions;
import io.duologger.collector.job.Orphans;
import io.duologger.runtime.HostFiles;
import io.duologger.runtime.JobProcess;
import io.duologger.runtime.Tracer;
import java.util.Optional;

/**
 * What becomes of processes of a job whose parent has ended: this process adopts them, and has to
 * wait for them. Safe for use by any thread.
 */
final class Adoption implements Orphans {
  private final long own = ProcessHandle.current().pid();
  private final HostFiles host;
  private final long job;

  /**
   * @param job the job's first process; who traces it is none of the job's
   */
  Adoption(HostFiles host, long job) {
    this.host = host;
    this.job = job;
  }

  @Override
  public long parent() {
    return own;
  }

  @Override
  public boolean isOurs(long pid, long session) {
    return OwnSessions.contains(pid, session) || Tracer.of(host, job).orElse(0) == pid;
  }

  @Override
  public Optional<Usage> reap(long pid) {
    return JobProcess.reap(pid)
        .map(
            used ->
                new Usage(
                    used.userNanos() / 1000,
                    used.systemNanos() / 1000,
                    used.minorFaults(),
                    used.majorFaults()));
  }
}
