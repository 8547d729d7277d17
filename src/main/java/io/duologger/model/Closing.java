package io.duologger.model;

/** What closes the windows of a run, beside its end, a reload, a clock step and a signal. */
public enum Closing {
  /** The grid: a report each heartbeat. */
  EACH_HEARTBEAT,
  /**
   * A request, if a heartbeat has passed since the last close and the window holds a sample. Any
   * other request gets the last report again, or before the first close what the open window holds
   * so far. Nothing but a request makes a report.
   */
  ON_REQUEST
}
