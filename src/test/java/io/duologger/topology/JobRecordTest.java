package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.job.JobTally;
import io.duologger.collector.job.Orphans;
import io.duologger.model.Instance;
import io.duologger.model.JobEnd;
import io.duologger.model.Line;
import io.duologger.model.RecorderClock;
import io.duologger.model.Report;
import io.duologger.model.Window;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The first and the last line of a record. */
class JobRecordTest {
  private static final long SECOND = 1_000_000_000;
  private static final long STARTED = 500 * SECOND;
  private static final long STARTED_WALL = 1_800_000_000 * SECOND;

  private static final JobEnd END =
      new JobEnd(
          3,
          OptionalInt.empty(),
          false,
          new JobEnd.Usage(SECOND, SECOND, OptionalLong.empty(), 0, 0, 0, 0, 0, 0));

  private int awaited;
  private Optional<IOException> failure = Optional.empty();
  private Optional<String> why = Optional.empty();
  private long ended = STARTED + 4 * SECOND;

  private final JobRecord.Ending ending =
      new JobRecord.Ending() {
        @Override
        public JobEnd await() throws IOException {
          awaited++;
          if (failure.isPresent()) {
            throw failure.get();
          }
          return END;
        }

        @Override
        public long nanos() {
          return ended;
        }

        @Override
        public Optional<String> why() {
          return why;
        }
      };

  /** The record is made a second after the start. */
  private JobRecord record(JobFacts facts, OptionalLong peak) {
    RecorderClock clock =
        new RecorderClock() {
          @Override
          public long wall() {
            return STARTED_WALL + SECOND;
          }

          @Override
          public long monotonicNanos() {
            return STARTED + SECOND;
          }
        };
    return new JobRecord(facts, clock, Orphans.NONE, ending, () -> peak, STARTED);
  }

  private static JobFacts facts(Optional<JobFacts.Limit> limit, Optional<JobFacts.Group> group) {
    Map<String, String> infos = new LinkedHashMap<>();
    infos.put("directory", "/w");
    infos.put("batch_system", "slurm");
    return new JobFacts(List.of("./solve", "a b"), 42, infos, limit, group);
  }

  private static Line only(Report report) {
    assertEquals(1, report.lines().size());
    assertEquals(List.of(), report.self());
    return report.lines().get(0);
  }

  @Test
  void theHeadSaysWhatTheJobIs() {
    JobRecord record = record(facts(Optional.empty(), Optional.empty()), OptionalLong.empty());
    Report head = record.head("h1");
    assertEquals(new Window(STARTED, STARTED, STARTED_WALL, "", 0), head.window());
    assertEquals("h1", head.host());
    Line line = only(head);
    assertEquals("job", line.module());
    assertEquals(Instance.of("record", "start"), line.instance());
    assertEquals(
        "{host=h1, command=./solve 'a b', pid=42, directory=/w, batch_system=slurm}",
        line.infos().toString());
    assertEquals(STARTED, record.started());
    assertEquals(0, awaited, "nobody waits for the job yet");
  }

  @Test
  void limitAndControlGroupAreInTheHeadIfThereAreSome() {
    JobFacts facts =
        facts(
            Optional.of(new JobFacts.Limit(4096, "slurm", false)),
            Optional.of(new JobFacts.Group("/slurm/job_1", true)));
    assertTrue(
        only(record(facts, OptionalLong.empty()).head("h1"))
            .infos()
            .toString()
            .endsWith(", memory_limit_source=slurm, memory_limit=4096, cgroup=/slurm/job_1}"));
  }

  @Test
  void theTailSaysHowItEndedAndWhen() throws IOException {
    why = Optional.of("timed out after 4.0 s");
    JobRecord record = record(facts(Optional.empty(), Optional.empty()), OptionalLong.of(77));
    Report tail = record.tail("h1");
    assertEquals(new Window(STARTED, ended, STARTED_WALL + 4 * SECOND, "", 0), tail.window());
    Line line = only(tail);
    assertEquals(Instance.of("record", "end"), line.instance());
    assertEquals(Map.of("ended", "timed out after 4.0 s"), line.infos());
    assertEquals(
        List.of("elapsed_seconds=4.0", "exit_status=3.0"),
        line.aggregates().stream()
            .limit(2)
            .map(number -> number.metric().name() + "=" + number.values()[0])
            .toList());
    assertTrue(
        line.aggregates().stream()
            .anyMatch(n -> n.metric().name().equals("cgroup_peak_bytes") && n.values()[0] == 77));
  }

  @Test
  void eachOutputAndTheTextTellOfTheSameEnd() throws IOException {
    JobRecord record = record(facts(Optional.empty(), Optional.empty()), OptionalLong.empty());
    Line first = only(record.tail("h1"));
    why = Optional.of("later");
    ended += SECOND;
    assertEquals(first.infos(), only(record.tail("h2")).infos());
    assertEquals("./solve a b: exit status 3", record.text().get(0));
    assertEquals(1, awaited);
    assertSame(JobTally.NONE, record.tally());
  }

  @Test
  void anEndWithinTheClocksUnitTakesNoTimeButDividesNothingByZero() throws IOException {
    ended = STARTED;
    JobRecord record = record(facts(Optional.empty(), Optional.empty()), OptionalLong.empty());
    only(record.tail("h1"))
        .aggregates()
        .forEach(number -> assertTrue(Double.isFinite(number.values()[0]), number::toString));
  }

  @Test
  void ifTheJobCannotBeWaitedForThereIsNoTail() {
    failure = Optional.of(new IOException("cannot wait"));
    JobRecord record = record(facts(Optional.empty(), Optional.empty()), OptionalLong.empty());
    assertEquals(
        "cannot wait", assertThrows(IOException.class, () -> record.tail("h1")).getMessage());
  }
}
