package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One whole window and no more; and one number a series. */
class OnceIT {
  private static final Set<String> NOT_LABELS = Set.of("xid", "module", "window", "every", "n");

  @Test
  void onceIsOneWholeWindowFromTheStart() throws Exception {
    long start = System.nanoTime();
    try (Running recorder =
        Running.duologger(
            "--once", "--heartbeat", "2s", "--every", "load=500ms", "--modules", "load")) {
      assertEquals(0, recorder.exitWithin(Running.MARGIN.plusSeconds(2)), recorder::all);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.compareTo(Duration.ofSeconds(2)) >= 0, took::toString);
      assertEquals(List.of(), recorder.err());
      List<Logfmt> lines = recorder.reported("load");
      assertEquals(1, lines.size(), recorder::all);
      Logfmt line = lines.get(0);
      assertEquals("", line.partial(), line.text());
      assertEquals(2, line.number("window"), line.text());
      assertEquals(4, line.integer("n"), line.text());
      assertEquals(0, line.integer("missed"), line.text());
      assertTrue(line.number("load1_max") >= line.number("load1_mean"), line.text());
      assertEquals(
          Set.of("load", "self"),
          recorder.reported().stream().map(Logfmt::module).collect(Collectors.toSet()));
      assertFalse(Files.exists(Path.of("/proc/" + recorder.pid())));
    }
  }

  @Test
  void oneRateIsOneValueASeries() throws Exception {
    try (Running recorder =
        Running.start(dlogger("-S", "-d", "1", "-o", "stdout", "--modules", "cpu,load"))) {
      assertEquals(0, recorder.exitWithin(Running.MARGIN.plusSeconds(1)), recorder::all);
      assertEquals(List.of(), recorder.err());
      for (String module : List.of("cpu", "load")) {
        List<Logfmt> lines = recorder.reported(module);
        assertFalse(lines.isEmpty(), recorder::all);
        assertEquals(
            lines.size(),
            lines.stream().map(OnceIT::instance).distinct().count(),
            "an instance has two lines: " + recorder.all());
        for (Logfmt line : lines) {
          assertEquals(1, line.number("window"), line.text());
          assertEquals("", line.partial(), line.text());
          line.pairs()
              .keySet()
              .forEach(key -> assertFalse(key.matches(".*_(min|mean|max|last|p\\d+.*)"), key));
        }
      }
      Logfmt load = recorder.reported("load").get(0);
      assertTrue(load.number("load1") >= 0, load.text());
      assertTrue(
          recorder.reported("cpu").stream().anyMatch(line -> line.number("busy_ratio") <= 1),
          recorder::all);
    }
  }

  @Test
  void oneRateReportsEachHeartbeat() throws Exception {
    try (Running recorder = Running.start(dlogger("-d", "1", "--modules", "load"))) {
      recorder.poll(
          Running.MARGIN.plusSeconds(4),
          "third whole window",
          () ->
              recorder.reported("load").stream().filter(line -> line.partial().isEmpty()).count()
                  >= 3);
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Duration.ofSeconds(5)), recorder::all);
      List<Logfmt> whole =
          recorder.reported("load").stream().filter(line -> line.partial().isEmpty()).toList();
      for (int i = 1; i < whole.size(); i++) {
        assertEquals(whole.get(i - 1).xid() + 1, whole.get(i).xid(), recorder::all);
        assertEquals(1, whole.get(i).number("window"), recorder::all);
      }
    }
  }

  /** What tells the instances of a module apart: the pairs between the head and the numbers. */
  private static String instance(Logfmt line) {
    return line.pairs().entrySet().stream()
        .takeWhile(pair -> !pair.getKey().equals("window"))
        .filter(pair -> !NOT_LABELS.contains(pair.getKey()))
        .toList()
        .toString();
  }

  private static ProcessBuilder dlogger(String... arguments) {
    String program = Machine.HOME.resolve("sbin/dlogger").toString();
    return new ProcessBuilder(Stream.concat(Stream.of(program), Stream.of(arguments)).toList());
  }
}
