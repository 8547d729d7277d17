package io.duologger.cli;

/** What the process's exit statuses mean: the only place. */
public final class ExitStatus {
  /** All went well; a run ended as it was told to. */
  public static final int OK = 0;

  /** Something failed that a run can't go on after. */
  public static final int FAILURE = 1;

  /** The command line or the configuration is wrong. */
  public static final int USAGE = 2;

  private ExitStatus() {}
}
