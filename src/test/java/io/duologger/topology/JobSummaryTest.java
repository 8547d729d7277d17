package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.job.JobTally;
import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.JobEnd;
import io.duologger.model.Line;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a job at its end. */
class JobSummaryTest {
  private static final long MEBI = 1 << 20;
  private static final long SECOND = 1_000_000_000;
  private static final long START = 1000 * SECOND;

  private static final JobEnd.Usage USAGE =
      new JobEnd.Usage(
          20 * SECOND, 3 * SECOND, OptionalLong.of(230 * MEBI), 70_000, 12, 8, 16, 340, 56);

  private static final JobEnd EXITED = new JobEnd(0, OptionalInt.empty(), false, USAGE);

  private static final JobFacts FACTS =
      new JobFacts(List.of("make", "-j2"), 42, Map.of(), Optional.empty(), Optional.empty());

  /** The last sample is after the end. */
  private static final JobTally TALLY =
      new JobTally(
          14,
          START + 13 * SECOND,
          new JobTally.Extent(0, 412 * MEBI),
          START + 7 * SECOND,
          Optional.empty(),
          new JobTally.Extent(0, 5 * MEBI),
          new JobTally.Extent(0, 9),
          new JobTally.Extent(0, 7),
          Optional.of(new JobTally.Largest(233 * MEBI, 1234, "cc1plus")),
          OptionalLong.empty(),
          31,
          19.5,
          3.5,
          71_000,
          11,
          Optional.of(new JobTally.Io(4096, 8 * MEBI, 20 * MEBI, 9 * MEBI, 900, 80)),
          Optional.empty(),
          Optional.empty());

  /** A summary of these with what is changed. */
  private static final class Change {
    private JobFacts facts = FACTS;
    private JobEnd end = EXITED;
    private JobTally tally = TALLY;
    private OptionalLong group = OptionalLong.empty();
    private Optional<String> note = Optional.empty();

    JobSummary summary() {
      return new JobSummary(
          facts, end, tally, 12_410_000_000L, START, Duration.ofSeconds(1), group, note);
    }

    Change limit(String source, boolean each) {
      facts =
          new JobFacts(
              facts.command(),
              facts.pid(),
              facts.infos(),
              Optional.of(new JobFacts.Limit(1000 * MEBI, source, each)),
              facts.group());
      return this;
    }

    Change group(boolean shared, long peak) {
      facts =
          new JobFacts(
              facts.command(),
              facts.pid(),
              facts.infos(),
              facts.limit(),
              Optional.of(new JobFacts.Group("/a/memrec-1", shared)));
      group = OptionalLong.of(peak);
      return this;
    }

    Change processes(long left, long lastSample) {
      tally =
          new JobTally(
              tally.samples(),
              lastSample,
              tally.resident(),
              tally.residentPeakNanos(),
              tally.proportional(),
              tally.swap(),
              tally.threads(),
              new JobTally.Extent(left, 7),
              tally.largest(),
              tally.cgroupPeakBytes(),
              tally.processesSeen(),
              tally.userSeconds(),
              tally.systemSeconds(),
              tally.minorFaults(),
              tally.majorFaults(),
              tally.io(),
              tally.switches(),
              tally.gpu());
      return this;
    }
  }

  private static Map<String, Double> numbers(JobSummary summary) {
    return summary.line().aggregates().stream()
        .collect(Collectors.toMap(number -> number.metric().name(), number -> number.values()[0]));
  }

  private static String row(JobSummary summary, String name) {
    return summary.text().stream()
        .filter(line -> line.startsWith("  " + name))
        .map(line -> line.substring(25))
        .collect(Collectors.joining("|"));
  }

  @Test
  void theWholeTextOfAnOrdinaryJob() {
    assertEquals(
        """
        make -j2: exit status 0
          elapsed                12.41 s
          processor time         user 20.00 s, system 3.50 s, 1.89 cores on average
          memory: sampled sum    412.0 MiB after 7.00 s, of 14 samples 1.00 s apart
          memory: largest VmHWM  233.0 MiB cc1plus[1234]
          memory: rusage         230.0 MiB of the largest waited for
          processes              31 seen, at most 7 with 9 threads at a time
          page faults            12 with I/O, 71000 without
          context switches       340 voluntary, 56 involuntary, of those waited for
          devices                4.0 KiB read, 8.0 MiB written
          read and write calls   900 and 80, 20.0 MiB read, 9.0 MiB written
        """,
        String.join("\n", new Change().summary().text()) + "\n");
  }

  @Test
  void theLineHasTheSameInBaseUnits() {
    Line line = new Change().summary().line();
    assertEquals(Instance.of("record", "end"), line.instance());
    assertEquals(Map.of("largest_process", "cc1plus[1234]"), line.infos());
    assertEquals(
        "elapsed_seconds=12.41 exit_status=0.0 user_seconds=20.0 system_seconds=3.5"
            + " cpu_ratio=1.8936 samples=14.0 rss_sum_peak_bytes=4.32013312E8"
            + " swap_sum_peak_bytes=5242880.0 processes_seen=31.0 processes_peak=7.0"
            + " threads_peak=9.0 processes_left=0.0 largest_hwm_bytes=2.44318208E8"
            + " largest_rusage_bytes=2.4117248E8 minor_faults=71000.0 major_faults=12.0"
            + " voluntary_switches=340.0 involuntary_switches=56.0 read_bytes=4096.0"
            + " written_bytes=8388608.0 read_calls_bytes=2.097152E7"
            + " write_calls_bytes=9437184.0",
        line.aggregates().stream().map(JobSummaryTest::rounded).collect(Collectors.joining(" ")));
  }

  private static String rounded(Aggregate number) {
    return number.metric().name() + "=" + Math.round(number.values()[0] * 1e4) / 1e4;
  }

  @Test
  void aJobThatEndedBeforeTheFirstSampleHasWhatTheKernelSays() {
    Change change = new Change();
    change.tally = JobTally.NONE;
    JobSummary summary = change.summary();
    assertEquals(
        "none, as the job ended before its first sample", row(summary, "memory: sampled sum"));
    assertEquals("not seen", row(summary, "processes"));
    assertEquals("user 20.00 s, system 3.00 s, 1.85 cores on average", row(summary, "processor"));
    assertEquals("12 with I/O, 70000 without", row(summary, "page faults"));
    assertEquals("", row(summary, "devices"));
    Map<String, Double> numbers = numbers(summary);
    for (String sampled :
        List.of("rss_sum_peak_bytes", "swap_sum_peak_bytes", "processes_seen", "processes_left")) {
      assertFalse(numbers.containsKey(sampled), sampled);
    }
    assertEquals(0, numbers.get("samples"));
    assertEquals(8 * 512, numbers.get("read_bytes"));
    assertEquals(16 * 512, numbers.get("written_bytes"));
    assertEquals(230 * MEBI, numbers.get("largest_rusage_bytes"));
  }

  @Test
  void withoutSamplesThereIsNoPeakThatWasMissedBetweenTwo() {
    Change change = new Change();
    change.tally = JobTally.NONE;
    assertFalse(change.summary().line().infos().containsKey("missed_peak"));
    assertEquals("", row(change.summary(), "memory: missed"));
  }

  @Test
  void aSignalIsSaidWithTheCoreAndTheReason() {
    Change change = new Change();
    change.end = new JobEnd(139, OptionalInt.of(11), true, USAGE);
    change.note = Optional.of("timed out after 2.0 s");
    JobSummary summary = change.summary();
    assertEquals(
        "make -j2: timed out after 2.0 s, signal 11, core dumped, exit status 139",
        summary.text().get(0));
    assertEquals(139, numbers(summary).get("exit_status"));
    assertEquals(11, numbers(summary).get("signal"));
    assertEquals("timed out after 2.0 s", summary.line().infos().get("ended"));
  }

  @Test
  void whatTheKernelSawAndNoSampleIsSaid() {
    Change change = new Change();
    change.end =
        new JobEnd(
            0,
            OptionalInt.empty(),
            false,
            new JobEnd.Usage(1, 1, OptionalLong.of(500 * MEBI), 1, 1, 1, 1, 1, 1));
    String missed =
        "a peak between two samples, which are 1.00 s apart: one process alone had 500.0 MiB, and no"
            + " sample saw more than 412.0 MiB";
    assertEquals(missed, change.summary().line().infos().get("missed_peak"));
    assertEquals(missed, row(change.summary(), "memory: missed"));
  }

  @ParameterizedTest
  @CsvSource({"412, false", "420, false", "421, true"})
  void upToTwoPercentMoreIsTheSame(long largest, boolean missed) {
    Change change = new Change();
    change.end =
        new JobEnd(
            0,
            OptionalInt.empty(),
            false,
            new JobEnd.Usage(1, 1, OptionalLong.of(largest * MEBI + MEBI), 1, 1, 1, 1, 1, 1));
    assertEquals(missed, change.summary().line().infos().containsKey("missed_peak"));
  }

  @Test
  void rusageThatTheRecorderHidesIsSaidToBeHidden() {
    Change change = new Change();
    change.end =
        new JobEnd(
            0,
            OptionalInt.empty(),
            false,
            new JobEnd.Usage(1, 1, OptionalLong.empty(), 1, 1, 1, 1, 1, 1));
    assertEquals(
        "less than this recorder's own, which hides it", row(change.summary(), "memory: rusage"));
    assertFalse(numbers(change.summary()).containsKey("largest_rusage_bytes"));
  }

  @Test
  void ofTheControlGroupItIsSaidWhetherTheRecorderIsInIt() {
    assertEquals(
        "655.0 MiB with file pages",
        row(new Change().group(false, 655 * MEBI).summary(), "memory: control group"));
    assertEquals(
        "655.0 MiB with file pages and this recorder, /a/memrec-1",
        row(new Change().group(true, 655 * MEBI).summary(), "memory: control group"));
    assertEquals(
        655 * MEBI,
        numbers(new Change().group(true, 655 * MEBI).summary()).get("cgroup_peak_bytes"));
  }

  /** One for each process is compared with the largest, one for all with the group or the sum. */
  @Test
  void eachKindOfLimitIsComparedWithItsOwnPeak() {
    assertEquals(
        "1000.0 MiB (slurm), 41.2 % used at the peak",
        row(new Change().limit("slurm", false).summary(), "memory: limit"));
    assertEquals(
        "1000.0 MiB (ulimit -v) for each process, 23.3 % used at the peak",
        row(new Change().limit("ulimit -v", true).summary(), "memory: limit"));
    JobSummary group = new Change().limit("cgroup /a", false).group(false, 655 * MEBI).summary();
    assertEquals("1000.0 MiB (cgroup /a), 65.5 % used at the peak", row(group, "memory: limit"));
    assertEquals(0.655, numbers(group).get("memory_limit_used_ratio"), 1e-9);
    assertEquals(1000 * MEBI, numbers(group).get("memory_limit_bytes"));
    assertEquals("cgroup /a", group.line().infos().get("memory_limit_source"));
  }

  @Test
  void whoStillRunsIsCountedWithoutTheFirstProcess() {
    long end = START + 12_410_000_000L;
    assertEquals(2, numbers(new Change().processes(2, end).summary()).get("processes_left"));
    assertEquals(1, numbers(new Change().processes(2, end - 1).summary()).get("processes_left"));
    assertEquals(0, numbers(new Change().processes(0, end - 1).summary()).get("processes_left"));
    assertTrue(
        row(new Change().processes(2, end).summary(), "processes").endsWith("; 2 still run"));
  }

  @Test
  void proportionalMemoryIsThereIfItWasSampled() {
    Change change = new Change();
    JobTally t = TALLY;
    change.tally =
        new JobTally(
            t.samples(),
            t.nanos(),
            t.resident(),
            t.residentPeakNanos(),
            Optional.of(new JobTally.Extent(0, 300 * MEBI)),
            t.swap(),
            t.threads(),
            t.processes(),
            t.largest(),
            t.cgroupPeakBytes(),
            t.processesSeen(),
            t.userSeconds(),
            t.systemSeconds(),
            t.minorFaults(),
            t.majorFaults(),
            t.io(),
            t.switches(),
            t.gpu());
    assertEquals("300.0 MiB", row(change.summary(), "memory: same, PSS"));
    assertEquals(300 * MEBI, numbers(change.summary()).get("pss_sum_peak_bytes"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1048575, 1024.0 KiB",
    "1048576, 1.0 MiB",
    "9223372036854775807, 8192.0 PiB"
  })
  void bytesAreShortForPeople(long bytes, String text) {
    assertEquals(text, JobSummary.bytes(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0 ms",
    "0.0004, 0 ms",
    "0.25, 250 ms",
    "1, 1.00 s",
    "59.99, 59.99 s",
    "60, 1:00",
    "3599.9, 59:59",
    "3600, 1:00:00",
    "360061, 100:01:01"
  })
  void timesAreShortForPeople(double seconds, String text) {
    assertEquals(text, JobSummary.seconds(seconds));
  }
}
