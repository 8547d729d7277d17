package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.duologger.model.Line;
import io.duologger.model.Report;
import io.duologger.model.Stat;
import io.duologger.model.Window;
import io.duologger.topology.Oracle.Device;
import io.duologger.topology.Oracle.Module;
import io.duologger.topology.RandomRun.Event;
import io.duologger.topology.RandomRun.Life;
import io.duologger.topology.RandomRun.Read;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Hundreds of runs that seeds make up keep the rules. */
class RandomRunsTest {
  private static final int RUNS = Integer.getInteger("duologger.test.runs", 150);
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("duologger");

  @BeforeAll
  static void quiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    LOG.setLevel(null);
  }

  @FunctionalInterface
  private interface Check {
    void of(RandomRun run);
  }

  private static void runs(Set<Event> events, Check check) {
    for (long seed = 0; seed < RUNS; seed++) {
      try (RandomRun run = new RandomRun(seed, events).run(8)) {
        assertTrue(run.completed());
        check.of(run);
      } catch (AssertionError | RuntimeException broken) {
        throw new AssertionError("seed " + seed + " of " + events + ": " + broken, broken);
      }
    }
  }

  @Test
  void troubledReadsAreCountedAndSummedAsTheOracleSays() {
    runs(EnumSet.noneOf(Event.class), RandomRunsTest::assertExact);
  }

  @Test
  void reloadsAreCountedAndSummedAsTheOracleSays() {
    runs(EnumSet.of(Event.RELOAD), RandomRunsTest::assertExact);
  }

  @Test
  void clockStepsAreCountedAndSummedAsTheOracleSays() {
    runs(EnumSet.of(Event.STEP), RandomRunsTest::assertExact);
  }

  @Test
  void clockStepsAndReloadsAreCountedAndSummedAsTheOracleSays() {
    runs(EnumSet.of(Event.STEP, Event.RELOAD), RandomRunsTest::assertExact);
  }

  @Test
  void closesAreCountedAndSummedAsTheOracleSays() {
    runs(EnumSet.of(Event.CLOSE), RandomRunsTest::assertExact);
    runs(EnumSet.of(Event.CLOSE, Event.RELOAD, Event.STEP), RandomRunsTest::assertExact);
  }

  @Test
  void stallsLoseNoCount() {
    runs(EnumSet.of(Event.STALL, Event.CLOSE), RandomRunsTest::assertDue);
    runs(EnumSet.of(Event.STALL, Event.RELOAD), RandomRunsTest::assertDue);
  }

  @Test
  void everythingAtOnceKeepsTheCountsPossible() {
    runs(EnumSet.allOf(Event.class), RandomRunsTest::assertWindows);
  }

  private static void assertWindows(RandomRun run) {
    long end = run.offsets.get(0).from();
    for (Report report : run.reports()) {
      Window window = report.window();
      assertEquals(end, window.start(), "windows follow each other");
      end = window.end();
      for (Line line : report.lines()) {
        Line.Head head = line.head().orElseThrow();
        assertTrue(head.missed() >= 0, line::toString);
        assertTrue(head.late() <= head.n(), line::toString);
        assertTrue(head.n() - head.late() + head.missed() >= 0, line::toString);
      }
    }
    assertEquals(run.stopped, end);
  }

  /** n - late + missed = ticks due, in every window and for every module. */
  private static void assertDue(RandomRun run) {
    assertWindows(run);
    List<Window> windows = run.reports().stream().map(Report::window).toList();
    Oracle oracle = new Oracle(run, windows);
    for (Report report : run.reports()) {
      Window window = report.window();
      for (Life life : living(run, window)) {
        List<Line> lines = lines(report, life.spec.name());
        long due = oracle.due(life, window);
        if (lines.isEmpty()) {
          assertEquals(0, due, () -> "no line of " + life.spec + " in " + window);
        }
        for (Line line : lines) {
          Line.Head head = line.head().orElseThrow();
          assertEquals(due, head.n() - head.late() + head.missed(), line + " in " + window);
        }
      }
    }
  }

  private static List<Life> living(RandomRun run, Window window) {
    return run.lives.stream()
        .filter(life -> life.from <= window.start() && life.to >= window.end())
        .toList();
  }

  private static List<Line> lines(Report report, String module) {
    return report.lines().stream().filter(line -> line.module().equals(module)).toList();
  }

  private static void assertExact(RandomRun run) {
    assertDue(run);
    List<Window> windows = run.reports().stream().map(Report::window).toList();
    Oracle oracle = new Oracle(run, windows);
    for (Window window : windows) {
      assertEquals(window.end() + oracle.offset(window), window.endWall(), "xid");
      if (window.partial().isEmpty()) {
        assertEquals(0, window.endWall() % run.heartbeat, "on the grid");
      }
    }
    for (Life life : run.lives) {
      Set<Long> ticks = new HashSet<>(oracle.ticks(life));
      long runs = life.reads.stream().skip(1).map(read -> read.begin).distinct().count();
      assertEquals(runs, life.reads.stream().skip(1).count(), "no tick is run twice");
      Read before = null;
      for (Read read : life.reads) {
        long due = oracle.due(life, read);
        boolean atClose = life.spec.readAtClose() && oracle.readsAt(due);
        assertTrue(before == null || atClose || ticks.contains(due), "read on a tick");
        assertTrue(due == read.begin || read.begin == before.end, "read when it could be");
        before = read;
      }
      List<Module> expected = oracle.expected(life);
      for (int i = 0; i < windows.size(); i++) {
        if (living(run, windows.get(i)).contains(life)) {
          assertModule(life, windows.get(i), expected.get(i), run.reports().get(i));
        }
      }
    }
  }

  private static void assertModule(Life life, Window window, Module expected, Report report) {
    List<Line> lines = lines(report, life.spec.name());
    String where = life.spec + " in " + window + "\n" + lines;
    if (expected.due == 0 && expected.n == 0) {
      assertEquals(List.of(), lines, where);
      return;
    }
    Map<String, Line> devices = new TreeMap<>();
    for (Line line : lines) {
      Line.Head head = line.head().orElseThrow();
      assertEquals(expected.n, head.n(), where);
      assertEquals(expected.late, head.late(), where);
      assertEquals(expected.due - expected.n + expected.late, head.missed(), where);
      line.instance().values().forEach(device -> devices.put(device, line));
    }
    assertEquals(expected.devices.keySet(), devices.keySet(), where);
    expected.devices.forEach((name, device) -> assertDevice(device, expected.n, devices.get(name)));
  }

  private static void assertDevice(Device expected, long n, Line line) {
    Line.Head head = line.head().orElseThrow();
    assertEquals(expected.seen, head.seen() < 0 ? n : head.seen(), line::toString);
    assertEquals(expected.rates, head.rates() < 0 ? n : head.rates(), line::toString);
    assertEquals(expected.resets, head.resets(), line::toString);
    assertEquals(expected.covered / 1e9, head.covered(), line::toString);
    List<Double> means = new ArrayList<>();
    line.aggregates()
        .forEach(a -> means.add(a.values()[a.stats().indexOf(Stat.MEAN)] * head.covered()));
    assertEquals(expected.rates == 0 ? 0 : 2, means.size(), line::toString);
    for (int i = 0; i < means.size(); i++) {
      double sum = expected.sums[i].doubleValue();
      assertEquals(sum, means.get(i), sum * 1e-12, line::toString);
    }
  }
}
