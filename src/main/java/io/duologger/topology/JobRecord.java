package io.duologger.topology;

import io.duologger.collector.Collector;
import io.duologger.collector.Surroundings;
import io.duologger.collector.job.JobCollector;
import io.duologger.collector.job.JobTally;
import io.duologger.collector.job.Orphans;
import io.duologger.model.Instance;
import io.duologger.model.JobEnd;
import io.duologger.model.Line;
import io.duologger.model.RecorderClock;
import io.duologger.model.Report;
import io.duologger.model.Source;
import io.duologger.model.Window;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The frame of a job's record: what the job is in front, what became of it behind, both as lines of
 * the module job. Safe for use by any thread.
 */
public final class JobRecord implements Frame {
  private static final String MODULE = "job";

  private final JobFacts facts;
  private final RecorderClock clock;
  private final Orphans orphans;
  private final Ending ending;
  private final Supplier<OptionalLong> groupPeak;
  private final long started;
  private final long startedWall;
  private volatile Optional<JobCollector> collector = Optional.empty();
  private volatile Duration every = Duration.ZERO;
  private JobSummary summary;

  /** How the job ended. */
  public interface Ending {
    /**
     * Waits for the job.
     *
     * @throws IOException if that can't be
     */
    JobEnd await() throws IOException;

    /** When its first process had ended, on the monotonic clock. */
    long nanos();

    /** Why it ended, if not by itself. */
    Optional<String> why();
  }

  /**
   * The record of a job that has just started.
   *
   * @param orphans who adopts orphans of the job
   * @param ending how the job ends
   * @param groupPeak asked at the end
   * @param started when it started, on the monotonic clock
   */
  public JobRecord(
      JobFacts facts,
      RecorderClock clock,
      Orphans orphans,
      Ending ending,
      Supplier<OptionalLong> groupPeak,
      long started) {
    this.facts = facts;
    this.clock = clock;
    this.orphans = orphans;
    this.ending = ending;
    this.groupPeak = groupPeak;
    this.started = started;
    this.startedWall = clock.wall() - (clock.monotonicNanos() - started);
  }

  @Override
  public Optional<Collector> collector(Source source, Surroundings surroundings) {
    if (!source.name().equals(MODULE)) {
      return Optional.empty();
    }
    JobCollector job = new JobCollector(surroundings, source.spec().settings(), orphans);
    every = source.spec().every();
    collector = Optional.of(job);
    return Optional.of(job);
  }

  /** What was sampled so far. */
  public JobTally tally() {
    return collector.isPresent() ? collector.get().tally() : JobTally.NONE;
  }

  /** When the job started, on the monotonic clock. */
  public long started() {
    return started;
  }

  @Override
  public Report head(String host) {
    Map<String, String> infos = new LinkedHashMap<>();
    infos.put("host", host);
    infos.put("command", ShellWords.of(facts.command()));
    infos.put("pid", Long.toString(facts.pid()));
    infos.putAll(facts.infos());
    facts.limit().ifPresent(limit -> infos.put("memory_limit_source", limit.source()));
    facts.limit().ifPresent(limit -> infos.put("memory_limit", Long.toString(limit.bytes())));
    facts.group().ifPresent(group -> infos.put("cgroup", group.name()));
    Line line =
        new Line(
            MODULE, Instance.of("record", "start"), Optional.empty(), List.of(), infos, List.of());
    return new Report(
        new Window(started, started, startedWall, "", 0), host, List.of(line), List.of());
  }

  @Override
  public Report tail(String host) throws IOException {
    JobSummary whole = summary();
    long end = started + whole.elapsedNanos();
    Window window = new Window(started, end, startedWall + whole.elapsedNanos(), "", 0);
    return new Report(window, host, List.of(whole.line()), List.of());
  }

  /** The lines of the summary for people; waits for the job. */
  public List<String> text() throws IOException {
    return summary().text();
  }

  private synchronized JobSummary summary() throws IOException {
    if (summary == null) {
      // A group may go with its last process, so that only what was sampled is left.
      OptionalLong peak = groupPeak.get();
      JobTally tally = tally();
      JobEnd end = ending.await();
      summary =
          new JobSummary(
              facts,
              end,
              tally,
              Math.max(1, ending.nanos() - started),
              started,
              every,
              peak.isPresent() ? peak : tally.cgroupPeakBytes(),
              ending.why());
    }
    return summary;
  }
}
