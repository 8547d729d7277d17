package io.duologger.topology;

import io.duologger.collector.job.JobTally;
import java.util.Locale;

/**
 * One line that tells how a job is: time, memory, processors, I/O, and the memory of the last
 * samples as a row of blocks. Used by one thread.
 */
public final class LiveLine {
  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  private static final int POINTS = 16;
  private static final double SECOND = 1e9;

  private final long[] history = new long[POINTS];
  private int count;
  private JobTally last = JobTally.NONE;
  private String cpu = "-";
  private String io = "-";

  /**
   * The line.
   *
   * @param tally the job so far
   * @param elapsedNanos since its start
   */
  public String text(JobTally tally, long elapsedNanos) {
    if (tally.samples() != last.samples()) {
      history[count++ % POINTS] = tally.resident().now();
      double span = (tally.nanos() - last.nanos()) / SECOND;
      if (last.samples() > 0 && span > 0) {
        cpu = String.format(Locale.ROOT, "%.2f", (cpu(tally) - cpu(last)) / span);
        io = JobSummary.bytes((long) ((io(tally) - io(last)) / span)) + "/s";
      }
      last = tally;
    }
    return String.format(
        Locale.ROOT,
        "%s  rss %s of %s %s  cpu %s  io %s  processes %d",
        JobSummary.seconds(elapsedNanos / SECOND),
        JobSummary.bytes(tally.resident().now()),
        JobSummary.bytes(tally.resident().peak()),
        blocks(),
        cpu,
        io,
        tally.processes().now());
  }

  private static double cpu(JobTally tally) {
    return tally.userSeconds() + tally.systemSeconds();
  }

  private static double io(JobTally tally) {
    return tally.io().isPresent()
        ? tally.io().get().readChars() + tally.io().get().writeChars()
        : 0;
  }

  private String blocks() {
    long most = 1;
    for (long value : history) {
      most = Math.max(most, value);
    }
    StringBuilder row = new StringBuilder();
    for (int i = Math.max(0, count - POINTS); i < count; i++) {
      row.append(BLOCKS.charAt((int) (history[i % POINTS] * (BLOCKS.length() - 1) / most)));
    }
    return row.toString();
  }
}
