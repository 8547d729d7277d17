package io.duologger.cli;

import io.duologger.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A job to run, and how to record it.
 *
 * @param topology what records it, without what is known only when it runs
 * @param command the program and its arguments, as many as the last words of this process's own
 * @param version of this program
 * @param timeout how long the job may take; empty for as long as it likes
 * @param killAfter how long it may take to end when it was told to
 * @param group which control group is its own
 * @param summary whether a summary is printed at its end
 * @param live whether a line on the terminal tells meanwhile how it is
 */
public record JobPlan(
    Topology topology,
    List<String> command,
    String version,
    Optional<Duration> timeout,
    Duration killAfter,
    Group group,
    boolean summary,
    boolean live) {
  /** Which control group tells of the job's memory. */
  public enum Group {
    /** One made for it, or else the batch job's. */
    AUTO,
    /** One made for it. */
    OWN,
    /** A scope that systemd makes for it. */
    SCOPE,
    /** The batch job's. */
    JOB,
    /** None. */
    NONE
  }

  /** Copies the list. */
  public JobPlan {
    command = List.copyOf(command);
  }
}
