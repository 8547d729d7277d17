package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows that close before their time, by USR1 and by many HUPs. */
class CloseNowIT {
  private static final String CONFIG =
      """
      heartbeat = 1 s
      modules {
        cpu { every = 10 ms, per-cpu = none, series = ["interrupts_per_second"] }
        load { every = %s ms }
      }
      outputs = [ { type = stdout } ]
      """;

  @Test
  void aSignalClosesTheWindowAndTheRunGoesOn() throws Exception {
    try (Running recorder =
        Running.duologger("--heartbeat", "1h", "--every", "load=200ms", "--modules", "load")) {
      recorder.poll(Running.MARGIN, "signal handler", () -> recorder.catches(Running.USR1));
      waitFor(recorder, Duration.ofSeconds(1));
      assertEquals(List.of(), recorder.out());

      recorder.signal("USR1");
      Logfmt first = recorder.await(Duration.ofSeconds(5), "first report", CloseNowIT::isLoad);
      assertEquals("start+request", first.partial(), first.text());
      assertTrue(first.integer("n") >= 1, first.text());
      waitFor(recorder, Duration.ofSeconds(1));
      assertEquals(1, recorder.reported("load").size(), recorder::all);

      recorder.signal("USR1");
      Logfmt second =
          recorder.await(
              Duration.ofSeconds(5),
              "second report",
              line -> isLoad(line) && line.number("xid") > first.number("xid"));
      assertEquals("request", second.partial(), second.text());
      assertTrue(second.integer("n") >= 1, second.text());
      assertEquals(
          second.number("xid") - first.number("xid"), second.number("window"), 0.01, recorder::all);
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Duration.ofSeconds(5)), recorder::all);
      assertEquals(List.of(), recorder.err());
    }
  }

  @Test
  void manyReloadsUnderLoadLoseNothing(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("x.conf"), CONFIG.formatted(100));
    try (Running recorder = Running.duologger("--config", file.toString())) {
      recorder.await(Running.MARGIN.plusSeconds(3), "first report", line -> true);
      for (int i = 1; i <= 20; i++) {
        Path next = Files.writeString(folder.resolve("next.conf"), CONFIG.formatted(100 + i));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        recorder.signal("HUP");
        waitFor(recorder, Duration.ofMillis(100));
      }
      recorder.await(
          Duration.ofSeconds(5),
          "whole window after the reloads",
          line -> line.partial().isEmpty() && line.text().contains(" every=0.12 "));
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Duration.ofSeconds(5)), recorder::all);
      assertEquals(List.of(), recorder.err());

      List<Logfmt> lines = recorder.reported("cpu");
      long reloads = lines.stream().filter(line -> line.partial().contains("reload")).count();
      // Signals that come together are one.
      assertTrue(reloads >= 10, () -> reloads + recorder.all());
      // The first window begins before the first read.
      List<Logfmt> cpu = lines.subList(1, lines.size());
      for (int i = 1; i < cpu.size(); i++) {
        Logfmt line = cpu.get(i);
        assertEquals(
            line.number("xid") - cpu.get(i - 1).number("xid"),
            line.number("window"),
            0.01,
            "windows join: " + line.text());
      }
      for (Logfmt line : cpu) {
        assertTrue(line.integer("n") >= 1, line.text());
        assertTrue(line.number("interrupts_per_second_mean") >= 0, line.text());
      }
      // An interval belongs to the window in which it ends: only the ends of the run may lack one,
      // which is longer where the machine was busy.
      double length = cpu.stream().mapToDouble(line -> line.number("window")).sum();
      double covered = cpu.stream().mapToDouble(line -> line.number("covered")).sum();
      assertEquals(length, covered, 0.2, recorder::all);
      assertFalse(recorder.reported("load").isEmpty(), "the module that changed has lines as well");
    }
  }

  private static boolean isLoad(Logfmt line) {
    return line.module().equals("load");
  }

  private static void waitFor(Running recorder, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    recorder.poll(Running.MARGIN, "end of the wait", () -> System.nanoTime() - end > 0);
  }

  /** Whether the process has a handler for signals, as in the kernel's mask. */
}
