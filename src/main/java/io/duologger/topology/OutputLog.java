package io.duologger.topology;

import io.duologger.sink.SinkLog;
import io.duologger.stream.Output;
import java.io.IOException;

/**
 * Logs when an output begins to fail, when it works again, and what it had not written in the end.
 */
final class OutputLog implements Output.Listener, SinkLog {
  private final String name;
  private final boolean vital;
  private final Runnable written;

  /**
   * @param name what people call the output
   * @param vital whether the run has no purpose without the output: standard output alone, whose
   *     reader has gone
   * @param written is told of each report that is written
   */
  OutputLog(String name, boolean vital, Runnable written) {
    this.name = name;
    this.vital = vital;
    this.written = written;
  }

  @Override
  public void written(String output) {
    written.run();
  }

  @Override
  public void failed(String output, IOException why) throws IOException {
    if (vital) {
      throw new IOException("cannot write to " + output + ": " + why.getMessage(), why);
    }
    Diagnostics.LOG.warn("output {}: cannot write: {}", output, why.getMessage());
  }

  @Override
  public void recovered(String output, long lost) {
    Diagnostics.LOG.info("output {}: writes again, {} reports were lost", output, lost);
  }

  @Override
  public void abandoned(String output, long reports) {
    Diagnostics.LOG.warn(
        "output {}: too slow to end in time, {} reports are lost", output, reports);
  }

  @Override
  public void warn(String what) {
    Diagnostics.LOG.warn("output {}: {}", name, what);
  }

  @Override
  public void info(String what) {
    Diagnostics.LOG.info("output {}: {}", name, what);
  }
}
