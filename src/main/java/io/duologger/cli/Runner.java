package io.duologger.cli;

import io.duologger.config.ConfigException;
import io.duologger.topology.Topology;

/** Runs a topology on this host until it ends; the process's main class is one. */
@FunctionalInterface
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
}
