package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.job.JobTally;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The line on the terminal. */
class LiveLineTest {
  private static final long SECOND = 1_000_000_000;
  private static final long MEBI = 1 << 20;
  private final LiveLine line = new LiveLine();

  private static JobTally tally(long sample, long mebibytes, double cpu, Optional<Long> chars) {
    return new JobTally(
        sample,
        sample * SECOND,
        new JobTally.Extent(mebibytes * MEBI, 100 * MEBI),
        0,
        Optional.empty(),
        new JobTally.Extent(0, 0),
        new JobTally.Extent(4, 4),
        new JobTally.Extent(3, 5),
        Optional.empty(),
        OptionalLong.empty(),
        5,
        cpu,
        cpu,
        0,
        0,
        chars.map(n -> new JobTally.Io(0, 0, n, n, 0, 0)),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void beforeTheFirstSampleThereIsOnlyTheTime() {
    assertEquals(
        "500 ms  rss 0 B of 0 B   cpu -  io -  processes 0", line.text(JobTally.NONE, SECOND / 2));
  }

  @Test
  void ratesAreThoseBetweenTheLastTwoSamples() {
    assertEquals(
        "1.00 s  rss 50.0 MiB of 100.0 MiB █  cpu -  io -  processes 3",
        line.text(tally(1, 50, 1, Optional.of(MEBI)), SECOND));
    assertEquals(
        "3.00 s  rss 100.0 MiB of 100.0 MiB ▄█  cpu 1.50  io 2.0 MiB/s  processes 3",
        line.text(tally(3, 100, 2.5, Optional.of(3 * MEBI)), 3 * SECOND));
  }

  @Test
  void withoutANewSampleOnlyTheTimeGoesOn() {
    line.text(tally(1, 50, 1, Optional.empty()), SECOND);
    String second = line.text(tally(2, 100, 2, Optional.empty()), 2 * SECOND);
    assertEquals(
        second.replaceFirst("2.00 s", "2.50 s"),
        line.text(tally(2, 100, 2, Optional.empty()), 5 * SECOND / 2));
    assertTrue(second.contains("cpu 2.00  io 0 B/s"), second);
  }

  @Test
  void theCourseOfTheLastSixteenSamplesIsShown() {
    String shown = "";
    for (int i = 1; i <= 20; i++) {
      shown = line.text(tally(i, i == 4 ? 1000 : 5 * (i % 2), 0, Optional.empty()), 0);
    }
    assertTrue(shown.contains(" █▁█▁█▁█▁█▁█▁█▁█▁  cpu"), shown);
  }
}
