package io.duologger.stream;

/** What the outside can tell a run. */
public sealed interface Command {
  /** End the run: the open window is flushed as a partial report. */
  record Stop() implements Command {}

  /** Close the window now and go on. */
  record Close() implements Command {}

  /** Report, in a run whose windows close on request; another has no use for it. */
  record Request() implements Command {}

  /**
   * Close the window and go on with another schedule. Modules that it does not change keep their
   * counters and reads.
   */
  record Reload(Schedule schedule) implements Command {}
}
