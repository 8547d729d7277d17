package io.duologger.config;

/**
 * One place where reports go.
 *
 * @param target the place
 * @param form how a report is written there
 * @param lineBytes longer lines are split between pairs; of syslog messages with their headers
 * @param linePairs lines of more pairs are split
 * @param queue how many reports are kept while the output is slow
 */
public record OutputSpec(Target target, Form form, int lineBytes, int linePairs, int queue) {
  /** Checks that form and target fit. */
  public OutputSpec {
    if (form instanceof Form.StructuredData && !(target instanceof SyslogTarget)
        || form instanceof Form.Prometheus != target instanceof Target.Http) {
      throw new IllegalArgumentException("a form for another target: " + form + ", " + target);
    }
  }

  /** Whether it is standard output. */
  public boolean isStdout() {
    return target instanceof Target.Stdout;
  }
}
