package io.duologger.topology;

import io.duologger.stream.Output;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs when an output begins to fail and when it works again. */
final class OutputLog implements Output.Listener {
  private final boolean vital;

  /** Made when there is something to say. */
  private static final class Log {
    static final Logger LOG = LoggerFactory.getLogger("duologger");
  }

  /**
   * @param vital whether the run has no purpose without the output: standard output alone, whose
   *     reader has gone
   */
  OutputLog(boolean vital) {
    this.vital = vital;
  }

  @Override
  public void failed(String output, IOException why) throws IOException {
    if (vital) {
      throw new IOException("cannot write to " + output + ": " + why.getMessage(), why);
    }
    Log.LOG.warn("output {}: cannot write: {}", output, why.getMessage());
  }

  @Override
  public void recovered(String output, long lost) {
    Log.LOG.info("output {}: writes again, {} reports were lost", output, lost);
  }
}
