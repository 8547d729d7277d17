package io.duologger.virtual;

import io.duologger.collector.Collector;
import io.duologger.format.LogfmtFormat;
import io.duologger.model.Report;
import io.duologger.model.Source;
import io.duologger.procfs.HostRoot;
import io.duologger.stream.Command;
import io.duologger.stream.Environment;
import io.duologger.stream.Output;
import io.duologger.stream.Schedule;
import io.duologger.topology.Assembler;
import io.duologger.topology.Run;
import io.duologger.topology.Topology;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.processors.PublishProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Runs a recorder in virtual time and keeps its reports. Everything happens within {@link #advance}
 * and the commands.
 */
public final class RecorderTestDriver implements AutoCloseable {
  private final VirtualTime time;
  private final VirtualReads reads;
  private final PublishProcessor<Command> commands = PublishProcessor.create();
  private final List<Report> reports = new ArrayList<>();
  private boolean completed;
  private Throwable failure;

  /** Makes the recorder under test. */
  @FunctionalInterface
  public interface Factory {
    /** A recorder in the given environment that writes to the given outputs. */
    Run create(Environment environment, List<Output> outputs);
  }

  /** Starts a recorder that the test makes. */
  public RecorderTestDriver(VirtualTime time, VirtualReads reads, Factory factory) {
    this.time = time;
    this.reads = reads;
    Environment environment =
        new Environment(time, time.scheduler(), reads, reads::executeQuickly, time.scheduler());
    Output memory = new Output("memory", reports::add, 16, time.scheduler(), new Quiet());
    factory
        .create(environment, List.of(memory))
        .run(commands)
        .subscribe(nothing -> {}, e -> failure = e, () -> completed = true);
    advance(Duration.ZERO);
  }

  /** Starts the real assembly of a topology with collectors that the test makes. */
  public static RecorderTestDriver of(
      VirtualTime time,
      VirtualReads reads,
      Topology topology,
      Function<Source, Collector> collectors) {
    return of(time, reads, HostRoot.running(), time.scheduler(), topology, collectors);
  }

  /**
   * As above, on another host than the one that the test runs on.
   *
   * @param reports where percentiles are computed
   */
  public static RecorderTestDriver of(
      VirtualTime time,
      VirtualReads reads,
      HostRoot host,
      Scheduler reports,
      Topology topology,
      Function<Source, Collector> collectors) {
    return new RecorderTestDriver(
        time,
        reads,
        (environment, outputs) -> {
          try {
            Environment with =
                new Environment(
                    environment.clock(),
                    environment.timer(),
                    environment.reads(),
                    environment.quickReads(),
                    reports);
            return new Assembler(with, host, name -> time.scheduler(), () -> {})
                .assemble(topology, collectors, outputs);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Lets time pass. */
  public void advance(Duration span) {
    time.advance(span);
    if (failure != null) {
      throw new AssertionError("the run failed", failure);
    }
  }

  /** Ends the run; its last report comes at once, or when the grace is over. */
  public void stop() {
    tell(new Command.Stop());
  }

  /** Closes the window and goes on. */
  public void closeWindow() {
    tell(new Command.Close());
  }

  /** Asks for a report. */
  public void request() {
    tell(new Command.Request());
  }

  /** Goes on with another schedule. */
  public void reload(Schedule schedule) {
    tell(new Command.Reload(schedule));
  }

  /** Gives commands, all at this instant. */
  public void tell(Command... all) {
    for (Command command : all) {
      commands.onNext(command);
    }
    advance(Duration.ZERO);
  }

  /** All reports so far. */
  public List<Report> reports() {
    return reports;
  }

  /** All lines of modules so far, without those of the self-report. */
  public List<String> lines() {
    return all().stream().filter(line -> !line.contains(" module=self ")).toList();
  }

  /** All lines of the self-report so far. */
  public List<String> selfLines() {
    return all().stream().filter(line -> line.contains(" module=self ")).toList();
  }

  private List<String> all() {
    LogfmtFormat format = new LogfmtFormat(1 << 20, 10_000);
    List<String> lines = new ArrayList<>();
    for (Report report : reports) {
      new String(format.bytes(report), StandardCharsets.US_ASCII).lines().forEach(lines::add);
    }
    return lines;
  }

  /** Whether the run has ended. */
  public boolean completed() {
    return completed;
  }

  /** What the run failed with. */
  public Throwable failure() {
    return failure;
  }

  @Override
  public void close() {
    reads.close();
  }
}
