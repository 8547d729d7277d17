package io.duologger.cli;

import io.duologger.config.ConfigException;
import io.duologger.topology.Topology;

/** What is done with topologies on this host; the process's main class has one. */
public interface Runner {
  /** Reads the configuration again. */
  @FunctionalInterface
  interface Reread {
    /**
     * The topology as the configuration has it now.
     *
     * @throws ConfigException if it can't be run; the old one stays in force
     */
    Topology topology() throws ConfigException;
  }

  /**
   * Blocks until the run has ended.
   *
   * @param topology what to run
   * @param reread what a reload goes on with
   * @return an {@link ExitStatus}
   */
  int run(Topology topology, Reread reread);

  /** Says what its owner should know of the configuration of a run, at its start or a reload. */
  void warn(String warning);

  /**
   * Prints what Grid Engine has to know of the values that a topology answers with.
   *
   * @return an {@link ExitStatus}
   */
  int complexes(Topology topology);

  /**
   * Runs a job and records it; blocks until it has ended.
   *
   * @return the job's exit status, or one of {@link ExitStatus#JOB}
   */
  int record(JobPlan job);
}
