package io.duologger.cli;

import java.util.List;

/** What the process's exit statuses mean: the only place. */
public final class ExitStatus {
  /** All went well; a run ended as it was told to. */
  public static final int OK = 0;

  /** Something failed that a run can't go on after. */
  public static final int FAILURE = 1;

  /** The command line or the configuration is wrong. */
  public static final int USAGE = 2;

  /** There was no memory left; the JVM itself ends with it, by -XX:+ExitOnOutOfMemoryError. */
  public static final int OUT_OF_MEMORY = 3;

  /** Another instance is running; the launcher finds that. */
  public static final int ALREADY_RUNNING = 4;

  /** All of them. */
  public static final List<Meaning> ALL =
      List.of(
          new Meaning(OK, "All went well; a run ended as it was told to."),
          new Meaning(FAILURE, "Something failed that a run can't go on after."),
          new Meaning(USAGE, "The command line or the configuration is wrong."),
          new Meaning(
              OUT_OF_MEMORY, "The JVM had no memory left; raise -Xmx in DUOLOGGER_JAVA_OPTS."),
          new Meaning(ALREADY_RUNNING, "Another instance is running: it holds the pidfile."));

  /** A job was ended as it had reached its time limit; as of timeout(1). */
  public static final int TIMED_OUT = 124;

  /** A job was not started, for a reason that is not its own; as of env(1). */
  public static final int NOT_STARTED = 125;

  /** Those of a mode that runs a job. */
  public static final List<Meaning> JOB =
      List.of(
          new Meaning(TIMED_OUT, "The job had reached the limit of --timeout."),
          new Meaning(NOT_STARTED, "The command line or configuration is wrong, or memrec failed."),
          new Meaning(126, "The command is there but can't be run."),
          new Meaning(127, "There is no such command."),
          new Meaning(128, "and the number of a signal: it ended the job."));

  private ExitStatus() {}

  /**
   * A status for people.
   *
   * @param status the number
   * @param meaning one sentence
   */
  public record Meaning(int status, String meaning) {}
}
