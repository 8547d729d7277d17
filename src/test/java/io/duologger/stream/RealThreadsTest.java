package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Line;
import io.duologger.model.Report;
import io.duologger.procfs.HostRoot;
import io.duologger.runtime.SystemClock;
import io.duologger.runtime.Threads;
import io.duologger.runtime.Timekeeper;
import io.duologger.sink.Sink;
import io.duologger.topology.Assembler;
import io.duologger.virtual.FakeCollector;
import io.duologger.virtual.Quiet;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import io.reactivex.rxjava3.processors.PublishProcessor;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules hold on the threads and clocks of the real program, while a sink blocks. */
class RealThreadsTest {
  @Test
  @Timeout(60)
  void boundariesHoldWhileASinkBlocksAndAReadHangs() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch hang = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(8);
    CountDownLatch ended = new CountDownLatch(1);
    List<Report> reports = new CopyOnWriteArrayList<>();
    AtomicLong handed = new AtomicLong();
    Sink blocking =
        report -> {
          try {
            blocked.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    Sink keeping =
        report -> {
          reports.add(report);
          enough.countDown();
        };
    List<Output> outputs =
        List.of(
            new Output("blocking", blocking, 2, Threads.single("blocking"), new Quiet()),
            new Output("keeping", keeping, 100, Threads.single("keeping"), new Quiet()));
    PublishProcessor<Command> commands = PublishProcessor.create();
    Timekeeper timekeeper = Timekeeper.start();
    Environment environment =
        new Environment(
            new SystemClock(),
            timekeeper.timer(),
            Threads.reads(),
            timekeeper::read,
            Threads.single("report"));
    Scenario described =
        new Scenario()
            .heartbeat(0.25)
            .grace(0.1)
            .module(Spec.of("cpu", 0.01), Signals.steady())
            .module(Spec.of("net", 0.05).timeout(0.2), Signals.steady());
    try (described) {
      new Assembler(environment, HostRoot.running(), Threads::single, () -> {})
          .assemble(
              described.topology(),
              source ->
                  new FakeCollector(
                      source.name(),
                      (number, into) -> {
                        if (source.name().equals("net") && number == 7) {
                          try {
                            hang.await();
                          } catch (InterruptedException e) {
                            throw new IOException(e);
                          }
                        }
                        into.counter(Signals.FORKS, 3L * number);
                        handed.set(number);
                      }),
              outputs)
          .run(commands)
          .subscribe(nothing -> {}, e -> {}, ended::countDown);
      assertTrue(enough.await(30, TimeUnit.SECONDS), "reports come though a sink blocks");
      commands.onNext(new Command.Stop());
      assertTrue(ended.await(30, TimeUnit.SECONDS), "the run ends though a sink blocks");
    } finally {
      blocked.countDown();
      hang.countDown();
    }
    assertTrue(outputs.get(0).dropped() > 0);
    assertEquals(0, outputs.get(1).dropped());
    assertCounts(reports);
  }

  private static void assertCounts(List<Report> reports) {
    long from = reports.get(0).window().start();
    long offset = reports.get(0).window().endWall() - reports.get(0).window().end();
    for (int i = 0; i < reports.size(); i++) {
      Report report = reports.get(i);
      assertEquals(from, report.window().start());
      from = report.window().end();
      // the first window's ticks count from the priming read on
      if (i == 0 || report.window().endWall() - report.window().end() != offset) {
        continue;
      }
      for (Line line : report.lines()) {
        Line.Head head = line.head().orElseThrow();
        long due =
            Math.floorDiv(report.window().end() + offset, head.every())
                - Math.floorDiv(report.window().start() + offset, head.every());
        assertEquals(due, head.n() - head.late() + head.missed(), line::toString);
        assertTrue(head.missed() >= 0, line::toString);
      }
    }
  }
}
