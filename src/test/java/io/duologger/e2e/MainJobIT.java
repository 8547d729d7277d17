package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The main job: a report each heartbeat, on the grid of the wall clock, that says what is in it.
 */
class MainJobIT {
  private static final int HEARTBEAT = 3;

  @Test
  void reportsEachHeartbeatOnTheGridOfTheWallClock() throws Exception {
    try (Running recorder =
        Running.duologger(
            "--heartbeat",
            HEARTBEAT + "s",
            "--modules",
            "cpu,memory",
            "--every",
            "cpu=1s,memory=1s",
            "--output",
            "stdout")) {
      Logfmt first =
          recorder.await(Running.MARGIN.plusSeconds(2 * HEARTBEAT), "first report", line -> true);
      for (int heartbeat = 1; heartbeat <= 3; heartbeat++) {
        long xid = first.xid() + heartbeat * (long) HEARTBEAT;
        recorder.await(
            Duration.ofSeconds(HEARTBEAT + 2),
            "self line of " + xid,
            line -> line.xid() == xid && line.module().equals("self"));
        long late = System.currentTimeMillis() - xid * 1000;
        assertTrue(late >= 0 && late < 2_000, "report " + xid + " came after " + late + " ms");
      }
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Duration.ofSeconds(5)), recorder::all);

      assertEquals("start", first.partial());
      for (String module : List.of("cpu", "memory")) {
        List<Logfmt> whole =
            recorder.reported(module).stream().filter(line -> line.partial().isEmpty()).toList();
        assertFalse(whole.isEmpty(), recorder::all);
        for (Logfmt line : whole) {
          assertEquals(0, line.xid() % HEARTBEAT, line.text());
          assertEquals(HEARTBEAT, line.number("window"), line.text());
          assertEquals(1, line.number("every"), line.text());
          assertEquals(
              HEARTBEAT,
              line.integer("n") - line.integer("late") + line.integer("missed"),
              line.text());
        }
        assertTrue(whole.stream().anyMatch(line -> line.integer("n") == HEARTBEAT), recorder::all);
      }
      List<String> modules = recorder.reported().stream().map(Logfmt::module).distinct().toList();
      assertEquals(List.of("cpu", "memory", "self"), modules);
    }
  }

  @Test
  void endsByItselfAfterTheDuration() throws Exception {
    try (Running recorder =
        Running.duologger(
            "--heartbeat",
            "10m",
            "--modules",
            "cpu",
            "--every",
            "cpu=1s",
            "--duration",
            "3s",
            "--output",
            "stdout")) {
      assertEquals(0, recorder.exitWithin(Running.MARGIN.plusSeconds(3)), recorder::all);
      Logfmt cpu = recorder.reported("cpu").get(0);
      assertTrue(cpu.partial().endsWith("stop"), cpu.text());
      assertTrue(cpu.integer("n") >= 2, cpu.text());
    }
  }
}
