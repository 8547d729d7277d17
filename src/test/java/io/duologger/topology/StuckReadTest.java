package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.Collectors;
import io.duologger.collector.FixtureHost;
import io.duologger.config.ConfigReader;
import io.duologger.config.Overrides;
import io.duologger.config.RecorderConfig;
import io.duologger.config.Rhythm;
import io.duologger.model.Aggregate;
import io.duologger.model.Line;
import io.duologger.model.Report;
import io.duologger.procfs.HostRoot;
import io.duologger.runtime.SystemClock;
import io.duologger.runtime.Threads;
import io.duologger.runtime.Timekeeper;
import io.duologger.stream.Command;
import io.duologger.stream.Environment;
import io.duologger.stream.Output;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.processors.PublishProcessor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A read that the kernel really holds, on real threads: /proc/loadavg is a FIFO that no one writes.
 */
class StuckReadTest {
  private static final String CONFIG =
      """
      heartbeat = 1 s
      modules {
        load { every = 250ms, timeout = 400ms }
        cpu { every = 250ms }
        memory { every = 250ms }
      }
      outputs = [{ type = stdout }]
      """;

  private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();

  @TempDir Path folder;

  @Test
  void aStuckReadHoldsOneThreadAndNothingElseAndItsModuleResumes() throws Exception {
    Path proc = Files.createDirectories(folder.resolve("host/proc"));
    for (String file : List.of("stat", "meminfo", "vmstat")) {
      Files.copy(Path.of("src/test/resources/hosts/small/proc", file), proc.resolve(file));
    }
    Files.createDirectories(proc.resolve("sys/kernel"));
    Files.writeString(proc.resolve("sys/kernel/hostname"), "fixture\n");
    Path loadavg = proc.resolve("loadavg");
    Path fifo = folder.resolve("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    Files.createLink(loadavg, fifo);

    long threads = readThreads();
    PublishProcessor<Command> commands = PublishProcessor.create();
    Flowable<Report> run = recorder(HostRoot.at(folder.resolve("host"))).run(commands);
    LinkedBlockingQueue<Optional<Throwable>> ended = new LinkedBlockingQueue<>();
    run.subscribe(nothing -> {}, e -> ended.add(Optional.of(e)), () -> ended.add(Optional.empty()));

    // on a busy machine the priming read's time limit may run out in the second window only
    assertTrue(
        Stream.generate(this::next)
            .limit(3)
            .flatMap(report -> report.lines().stream())
            .anyMatch(
                line -> line.module().equals("load") && line.head().orElseThrow().missed() == 4));
    double age = 0;
    for (int heartbeat = 0; heartbeat < 3; heartbeat++) {
      Report report = next();
      assertTrue(line(report, "cpu").head().orElseThrow().n() > 0);
      assertTrue(line(report, "memory").head().orElseThrow().n() > 0);
      Line load = line(report, "load");
      assertEquals(0, load.head().orElseThrow().n());
      assertEquals(4, load.head().orElseThrow().missed());
      assertTrue(load.aggregates().isEmpty());
      double older = stuckSeconds(report);
      assertTrue(older > age, older + " after " + age);
      age = older;
    }
    // one for each of the three modules at most, though twelve ticks found the read stuck
    assertTrue(readThreads() <= threads + 3, "a stuck read holds one thread");

    Path regular = Files.writeString(folder.resolve("regular"), "0.50 0.25 0.10 1/100 4711\n");
    Files.move(regular, loadavg, StandardCopyOption.REPLACE_EXISTING);
    // a writer lets the open that hangs go on
    Files.newOutputStream(fifo).close();
    assertTrue(
        Stream.generate(this::next)
            .limit(5)
            .anyMatch(report -> line(report, "load").head().orElseThrow().n() == 4));

    commands.onNext(new Command.Stop());
    Optional<Throwable> end = ended.poll(10, TimeUnit.SECONDS);
    assertNotNull(end, "the run ends");
    assertEquals(Optional.empty(), end);
  }

  private Run recorder(HostRoot host) throws Exception {
    Path file = Files.writeString(folder.resolve("x.conf"), CONFIG);
    RecorderConfig config =
        ConfigReader.read(file, Catalogue.modules(), Rhythm.TWO_RATES, Overrides.NONE);
    Timekeeper timekeeper = Timekeeper.start();
    Environment environment =
        new Environment(
            new SystemClock(),
            timekeeper.timer(),
            Threads.reads(),
            timekeeper::read,
            Threads.single("report"));
    Output memory =
        new Output(
            "memory",
            reports::add,
            16,
            Threads.single("memory"),
            new OutputLog("memory", false, () -> {}));
    return new Assembler(environment, host, Threads::single, () -> {})
        .assemble(
            Topologies.duologger(config),
            source ->
                Collectors.find(source.name())
                    .orElseThrow()
                    .factory()
                    .create(FixtureHost.surroundings(host), source.spec().settings()),
            List.of(memory));
  }

  private Report next() {
    try {
      Report report = reports.poll(10, TimeUnit.SECONDS);
      assertNotNull(report, "a report within 10 heartbeats");
      return report;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Line line(Report report, String module) {
    return report.lines().stream()
        .filter(line -> line.module().equals(module) && line.instance().labels().isEmpty())
        .findFirst()
        .orElseThrow();
  }

  private static double stuckSeconds(Report report) {
    return report.self().stream()
        .filter(line -> line.instance().values().contains("load"))
        .flatMap(line -> line.aggregates().stream())
        .filter(aggregate -> aggregate.metric().name().equals("stuck_seconds"))
        .mapToDouble(StuckReadTest::value)
        .findFirst()
        .orElseThrow();
  }

  private static double value(Aggregate aggregate) {
    return aggregate.values()[0];
  }

  private static long readThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("read-"))
        .count();
  }
}
