package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Report;
import io.duologger.sink.Sink;
import io.duologger.topology.Assembler;
import io.duologger.virtual.FakeCollector;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import io.duologger.virtual.VirtualReads;
import io.duologger.virtual.VirtualTime;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.processors.PublishProcessor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Outputs: what they do delays nothing else. */
class OutputTest {
  private final VirtualTime time = new VirtualTime(Scenario.HOUR);
  private final VirtualReads reads = new VirtualReads(time.scheduler());
  private final PublishProcessor<Command> commands = PublishProcessor.create();
  private final List<Output> outputs = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private Throwable failure;
  private boolean completed;

  private final class Memory implements Sink {
    private final List<Report> written = new ArrayList<>();
    private boolean broken;
    private boolean closed;

    @Override
    public void write(Report report) throws IOException {
      if (broken) {
        throw new IOException("full");
      }
      written.add(report);
    }

    @Override
    public void close() {
      closed = true;
    }

    /** The ends of the written windows, in heartbeats since the start. */
    List<Long> windows() {
      return written.stream()
          .map(r -> (r.window().endWall() / 1_000_000_000 - Scenario.HOUR.getEpochSecond()) / 10)
          .toList();
    }
  }

  private Output.Listener listener(boolean vital) {
    return new Output.Listener() {
      @Override
      public void failed(String output, IOException why) throws IOException {
        heard.add(output + " failed: " + why.getMessage());
        if (vital) {
          throw why;
        }
      }

      @Override
      public void recovered(String output, long lost) {
        heard.add(output + " lost " + lost);
      }

      @Override
      public void written(String output) {}

      @Override
      public void abandoned(String output, long reports) {
        heard.add(output + " abandoned " + reports);
      }
    };
  }

  private Memory output(String name, int queue, Scheduler scheduler, boolean vital) {
    Memory memory = new Memory();
    outputs.add(new Output(name, memory, queue, scheduler, listener(vital)));
    return memory;
  }

  private void start() {
    Scenario described = new Scenario().module(Spec.of("cpu", 1), Signals.steady());
    try (described) {
      new Assembler(
              new Environment(
                  time,
                  time.scheduler(),
                  reads,
                  (read, slow) -> reads.execute(read),
                  time.scheduler()),
              io.duologger.procfs.HostRoot.running(),
              name -> time.scheduler(),
              () -> {})
          .assemble(
              described.topology(), source -> new FakeCollector("cpu", Signals.steady()), outputs)
          .run(commands)
          .subscribe(nothing -> {}, e -> failure = e, () -> completed = true);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    pass(0);
  }

  private void pass(double seconds) {
    time.advance(Spec.seconds(seconds));
  }

  @AfterEach
  void close() {
    reads.close();
  }

  @Test
  void slowSinkLosesTheOldestReportsAndDelaysNoOther() {
    VirtualTime otherTime = new VirtualTime(Scenario.HOUR);
    Memory slow = output("slow", 3, otherTime.scheduler(), false);
    Memory quick = output("quick", 3, time.scheduler(), false);
    start();
    pass(100);
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L), quick.windows());
    assertEquals(List.of(), slow.windows());
    // one is on its way to the sink, three wait, the oldest of those behind it were dropped
    assertEquals(6, outputs.get(0).dropped());
    assertEquals(4, outputs.get(0).pending());
    assertEquals(0, outputs.get(1).dropped());
    otherTime.advance(Duration.ZERO);
    assertEquals(List.of(1L, 8L, 9L, 10L), slow.windows());
    assertEquals(0, outputs.get(0).pending());
    // the self-report says so
    pass(10);
    double dropped =
        quick.written.get(10).self().get(0).aggregates().stream()
            .filter(a -> a.metric().name().equals("reports_dropped"))
            .findFirst()
            .orElseThrow()
            .values()[0];
    assertEquals(6, dropped);
  }

  @Test
  void writeErrorsAreCountedAndReportedOncePerChange() {
    Memory failing = output("failing", 3, time.scheduler(), false);
    Memory quick = output("quick", 3, time.scheduler(), false);
    start();
    pass(20);
    failing.broken = true;
    pass(30);
    assertEquals(List.of("failing failed: full"), heard);
    failing.broken = false;
    pass(20);
    assertEquals(List.of("failing failed: full", "failing lost 3"), heard);
    assertEquals(3, outputs.get(0).failed());
    assertEquals(List.of(1L, 2L, 6L, 7L), failing.windows());
    assertEquals(7, quick.windows().size());
    failing.broken = true;
    pass(20);
    assertEquals("failing failed: full", heard.get(2));
    assertEquals(3, heard.size());
    assertEquals(5, outputs.get(0).failed());
  }

  @Test
  void outputWithoutWhichTheRunHasNoPurposeEndsIt() {
    output("stdout", 3, time.scheduler(), true).broken = true;
    start();
    pass(10);
    assertTrue(failure instanceof IOException, () -> "" + failure);
    assertFalse(completed);
  }

  @Test
  void stopWritesWhatWaitsAndClosesTheSinks() {
    Memory memory = output("memory", 3, time.scheduler(), false);
    start();
    pass(13);
    commands.onNext(new Command.Stop());
    pass(0);
    assertTrue(completed);
    assertTrue(memory.closed);
    assertEquals(2, memory.written.size());
  }

  @Test
  void outputThatNeverWritesHoldsTheStopLessThanFiveSeconds() {
    VirtualTime otherTime = new VirtualTime(Scenario.HOUR);
    output("hanging", 3, otherTime.scheduler(), false);
    Memory quick = output("quick", 3, time.scheduler(), false);
    start();
    pass(13);
    commands.onNext(new Command.Stop());
    pass(4);
    assertFalse(completed);
    assertEquals(2, quick.written.size());
    assertEquals(List.of(), heard);
    pass(1);
    assertTrue(completed);
    assertEquals(List.of("hanging abandoned 2"), heard);
  }
}
