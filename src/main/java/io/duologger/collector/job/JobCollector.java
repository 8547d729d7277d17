package io.duologger.collector.job;

import io.duologger.collector.Collector;
import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.Surroundings;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Measures what the tree of processes of a job does.
 *
 * <p>Threads: used by one at a time, but for {@link #tally}, which any may call.
 */
public final class JobCollector implements Collector {
  private static final String PID = "pid";
  private static final String PSS = "pss";
  private static final String PROCESSES = "processes";
  private static final String CGROUP = "cgroup";
  private static final String OPEN_FILES = "open-files";

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "job",
          "a job's processes: memory, processor time, I/O, faults, threads and open files of its tree",
          Optional.of("command"),
          List.of(Metric.gauge("processes", Unit.COUNT, "Processes that have not ended.")),
          List.of("/proc/PID", "/sys/fs/cgroup"),
          "",
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          List.of(
              ModuleOption.integer(
                  PID, 0, 0, 1 << 22, "The job's first process; memrec fills it in, 0 is none."),
              ModuleOption.flag(PSS, false, "Whether shared memory is shared out: costs more."),
              ModuleOption.integer(
                  PROCESSES, 20, 0, 1000, "How many processes get lines of their own."),
              ModuleOption.text(
                  CGROUP, "", "The job's control group, a folder below the host's root."),
              ModuleOption.flag(OPEN_FILES, true, "Whether open files are counted.")));

  private final ModuleSettings settings;
  private volatile JobTally tally = JobTally.NONE;

  /** Reads a tree whose orphans nobody adopts. */
  public JobCollector(Surroundings surroundings, ModuleSettings settings) {
    this(surroundings, settings, Orphans.NONE);
  }

  /** Reads a tree whose orphans become children of {@code orphans.parent()}. */
  public JobCollector(Surroundings surroundings, ModuleSettings settings, Orphans orphans) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  /** What the job used up to the last sample. Any thread. */
  public JobTally tally() {
    return tally;
  }

  @Override
  public void collect(Readings into) throws IOException {
    throw new SourceAbsentException("no job: no process " + settings.option(PID));
  }
}
