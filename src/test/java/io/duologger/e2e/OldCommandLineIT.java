package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines of the Perl tools, typed as their users do. */
class OldCommandLineIT {
  private static final Duration STOP = Duration.ofSeconds(5);
  private static final Pattern STATISTIC = Pattern.compile(".*_(min|mean|max|last|p\\d+)");

  /** Two modules faster than the heartbeat of the file, and one that is not. */
  private static final String CONFIG =
      """
      heartbeat = 10 minutes
      modules {
        cpu { every = 1 s, per-cpu = none, series = ["busy_ratio"] }
        load { every = 10 s, series = ["load1"] }
        memory { every = heartbeat, series = ["free_bytes"] }
      }
      outputs = [ { type = stdout } ]
      """;

  @TempDir private Path folder;
  private Path config;
  private Path file;

  @BeforeEach
  void writeConfiguration() throws IOException {
    config = Files.writeString(folder.resolve("x.conf"), CONFIG);
    file = folder.resolve("x.log");
  }

  @Test
  void duologgerSamplesTheFastModulesEachDelayAndReportsToTheFile() throws Exception {
    try (Running recorder = start("duologger -d 0.2 -i 5 -D -o file -F FILE -f CONF")) {
      recorder.poll(Running.MARGIN.plusSeconds(4), "third whole report", () -> wholeReports() >= 3);
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(STOP), recorder::all);
      assertEquals("", String.join("\n", recorder.out()) + String.join("\n", recorder.err()));
    }
    for (String module : List.of("cpu", "load", "memory")) {
      List<Logfmt> lines = whole(module);
      assertConsecutive(lines, 1);
      for (Logfmt line : lines) {
        boolean fast = !module.equals("memory");
        assertEquals(fast ? 0.2 : 1, line.number("every"), line.text());
        assertEquals(1, line.number("window"), line.text());
        assertEquals(fast ? 5 : 1, ticks(line), line.text());
      }
    }
    assertTrue(whole("cpu").get(1).number("busy_ratio_p99") <= 1);
    assertTrue(whole("load").get(1).number("load1_p50") >= 0);
    assertTrue(whole("memory").get(1).number("free_bytes") > 0);
  }

  @Test
  void duologgerOnceIsOneWindowOfSoManyDelays() throws Exception {
    long begin = System.nanoTime();
    try (Running recorder = start("duologger -S -d 0.2 -i 5 -o stdout -f CONF")) {
      assertEquals(0, recorder.exitWithin(Running.MARGIN.plusSeconds(1)), recorder::all);
      assertTrue(System.nanoTime() - begin >= 1_000_000_000L);
      assertEquals(List.of(), recorder.err());
      assertEquals(
          1, recorder.reported().stream().map(line -> line.text("xid")).distinct().count());
      for (String module : List.of("cpu", "load")) {
        assertEquals(1, recorder.reported(module).size(), recorder::all);
        Logfmt line = recorder.reported(module).get(0);
        assertEquals("", line.partial(), line.text());
        assertEquals(1, line.number("window"), line.text());
        assertEquals(0.2, line.number("every"), line.text());
        // Ticks that find the first read under way do not count: a loaded machine may have some.
        assertTrue(ticks(line) >= 3 && ticks(line) <= 5, line.text());
      }
      assertEquals(1, recorder.reported("memory").get(0).number("every"), recorder::all);
    }
  }

  @Test
  void dloggerReadsOnceADelayAndReportsToTheFile() throws Exception {
    try (Running recorder = start("dlogger -d 1 -o file -F FILE -D")) {
      recorder.poll(Running.MARGIN.plusSeconds(4), "third whole report", () -> wholeReports() >= 3);
      recorder.signal("INT");
      assertEquals(0, recorder.exitWithin(STOP), recorder::all);
      assertEquals("", String.join("\n", recorder.out()) + String.join("\n", recorder.err()));
    }
    for (String module : List.of("load", "memory")) {
      assertConsecutive(whole(module), 1);
      whole(module).forEach(line -> assertOneValueASeries(line, 1));
    }
  }

  @Test
  void dloggerReportsEachSoManyDelays() throws Exception {
    try (Running recorder = start("dlogger -d 1 -i 2 -o stdout --modules load")) {
      recorder.poll(
          Running.MARGIN.plusSeconds(6),
          "second whole report",
          () -> whole(recorder.reported("load")).size() >= 2);
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(STOP), recorder::all);
      assertEquals(List.of(), recorder.err());
      List<Logfmt> lines = whole(recorder.reported("load"));
      assertConsecutive(lines, 2);
      lines.forEach(line -> assertOneValueASeries(line, 2));
    }
  }

  @Test
  void theClassicFormHasTheOldKeysFivePairsALine() throws Exception {
    try (Running recorder = start("dlogger -S -d 1 -o stdout --format classic")) {
      assertEquals(0, recorder.exitWithin(Running.MARGIN.plusSeconds(1)), recorder::all);
      assertEquals(List.of(), recorder.err());
      Set<String> keys = new HashSet<>();
      List<String> lines = recorder.out();
      String xid = lines.get(0).split(" ")[0];
      assertTrue(xid.matches("xid=[0-9]+"), xid);
      List<List<String>> pairs = new ArrayList<>();
      for (String line : lines) {
        List<String> words = Arrays.asList(line.split(" (?=[a-z][a-z0-9_]*=)"));
        assertEquals(xid, words.get(0));
        pairs.add(words.subList(1, words.size()));
      }
      for (int i = 0; i < pairs.size(); i++) {
        // A long value has a line of its own, before which a line may end early; so may the last.
        boolean may = i + 1 == pairs.size() || isLong(pairs.get(i)) || isLong(pairs.get(i + 1));
        int size = pairs.get(i).size();
        assertTrue(size == 5 || may && size >= 1 && size < 5, lines.get(i));
        for (String pair : pairs.get(i)) {
          String key = pair.substring(0, pair.indexOf('='));
          assertTrue(keys.add(key), () -> key + " stands twice: " + recorder.all());
          assertFalse(STATISTIC.matcher(key).matches(), key);
        }
      }
      List<String> old =
          List.of(
              "cpu",
              "cpu_list",
              "load_short",
              "load_medium",
              "load_long",
              "mem_total",
              "mem_free",
              "mem_used",
              "swap_total",
              "swap_free",
              "swap_used",
              "bytes_in",
              "bytes_out",
              "packets_in",
              "packets_out",
              "disk_rd",
              "disk_wr");
      assertTrue(keys.containsAll(old), recorder::all);
    }
  }

  @Test
  void cronloggerReadsOnceAndReportsToTheFile() throws Exception {
    for (int run = 1; run <= 2; run++) {
      try (Running shot = start("cronlogger -f conf/cronlogger.conf -o file -F FILE")) {
        assertEquals(0, shot.exitWithin(Running.MARGIN.plusSeconds(1)), shot::all);
        assertEquals("", String.join("\n", shot.out()) + String.join("\n", shot.err()));
      }
      assertEquals(run, lines().stream().map(line -> line.text("xid")).distinct().count());
    }
    Logfmt load = whole("load").get(0);
    assertTrue(load.number("load1") >= 0, load.text());
    assertTrue(
        whole("cpu").stream().anyMatch(line -> line.pairs().containsKey("interrupts_per_second")),
        () -> lines().toString());
  }

  @Test
  void withoutANameTheFileIsTheOldOneInTheWorkingFolder() throws Exception {
    ProcessBuilder command =
        command("cronlogger -o file --modules load").directory(folder.toFile());
    try (Running shot = Running.start(command)) {
      assertEquals(0, shot.exitWithin(Running.MARGIN.plusSeconds(1)), shot::all);
    }
    List<String> lines = Files.readAllLines(folder.resolve("logfile.txt"));
    assertEquals("load", Logfmt.parse(lines.get(0)).module());
  }

  @ParameterizedTest
  @CsvSource({"-v, debug", "-V, debug|trace"})
  void sayingMoreLeavesTheDataAsTheyAre(String option, String levels) throws Exception {
    List<List<Set<String>>> keys = new ArrayList<>();
    for (String more : List.of("", " " + option)) {
      try (Running recorder = start("dlogger -S -d 1 -o stdout --modules load,memory" + more)) {
        assertEquals(0, recorder.exitWithin(Running.MARGIN.plusSeconds(1)), recorder::all);
        keys.add(recorder.reported().stream().map(line -> line.pairs().keySet()).toList());
        Set<String> said = new HashSet<>();
        for (String line : recorder.err()) {
          assertTrue(line.matches("dlogger: (" + levels + "): .+"), line);
          said.add(line.split(" ")[1].replace(":", ""));
        }
        assertEquals(more.isEmpty() ? Set.of() : Set.of(levels.split("\\|")), said, recorder::all);
      }
    }
    assertEquals(keys.get(0), keys.get(1));
  }

  @ParameterizedTest
  @CsvSource({
    "duologger, f v V d i o l n F H P S D",
    "dlogger, f v V d i o l n F H P S D",
    "cronlogger, f v V o l n F",
    "qloadsensor, f v V"
  })
  void helpNamesTheOldOptionsOfTheMode(String mode, String letters) throws Exception {
    try (Running help = start(mode + " -h")) {
      assertEquals(0, help.exitWithin(Running.MARGIN), help::all);
      assertEquals(List.of(), help.err());
      Set<String> named = new HashSet<>();
      for (String line : help.out()) {
        if (line.matches("  -[A-Za-z]\\b.*")) {
          named.add(line.substring(3, 4));
        }
      }
      Set<String> expected = new HashSet<>(List.of(letters.split(" ")));
      expected.add("h");
      assertEquals(expected, named, help::all);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          duologger -l local9  | command line: -l = "local9": expected local0 to local7
          dlogger -o pigeon    | command line: -o = "pigeon": expected syslog, file, stdout or net
          cronlogger -l local9 | command line: -l = "local9": expected local0 to local7
          duologger -d often   | command line: -d = "often": expected seconds such as 60 or 0.5, or a duration such as 500 ms
          """)
  void aWrongValueIsNamedWithWhatWasExpected(String line, String problem) throws Exception {
    try (Running wrong = start(line)) {
      assertEquals(2, wrong.exitWithin(Running.MARGIN), wrong::all);
      assertEquals(List.of(), wrong.out());
      assertEquals(List.of(problem), wrong.err());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"duologger -x", "dlogger -x", "cronlogger -S", "qloadsensor -S"})
  void anOptionThatTheModeDoesNotHaveIsNamed(String line) throws Exception {
    String[] words = line.split(" ");
    try (Running wrong = start(line)) {
      assertEquals(2, wrong.exitWithin(Running.MARGIN), wrong::all);
      assertEquals(List.of(), wrong.out());
      assertEquals(
          List.of(
              words[0] + ": error: Unknown option: '" + words[1] + "'",
              "Try '" + words[0] + " --help'."),
          wrong.err());
    }
  }

  private Running start(String line) throws IOException {
    return Running.start(command(line));
  }

  /** A command line of a program of sbin, in which FILE and CONF stand for the test's own. */
  private ProcessBuilder command(String line) {
    List<String> words =
        Stream.of(line.split(" "))
            .map(
                word ->
                    switch (word) {
                      case "FILE" -> file.toString();
                      case "CONF" -> config.toString();
                      default -> word;
                    })
            .toList();
    String program = Machine.HOME.resolve("sbin").resolve(words.get(0)).toString();
    return new ProcessBuilder(
        Stream.concat(Stream.of(program), words.subList(1, words.size()).stream()).toList());
  }

  private long wholeReports() {
    return whole(lines()).stream().map(Logfmt::xid).distinct().count();
  }

  private List<Logfmt> whole(String module) {
    return whole(lines()).stream().filter(line -> line.module().equals(module)).toList();
  }

  private static List<Logfmt> whole(List<Logfmt> lines) {
    return lines.stream().filter(line -> line.partial().isEmpty()).toList();
  }

  /** The lines of the file that have their ends, none if it is not there. */
  private List<Logfmt> lines() {
    try {
      String text = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Logfmt::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each window ends so many seconds after the one before, on the grid. */
  private static void assertConsecutive(List<Logfmt> lines, int seconds) {
    List<Long> ends = lines.stream().map(Logfmt::xid).distinct().toList();
    assertFalse(ends.isEmpty());
    for (int i = 0; i < ends.size(); i++) {
      assertEquals(ends.get(0) + (long) i * seconds, ends.get(i), lines::toString);
    }
    assertEquals(0, ends.get(0) % seconds, lines::toString);
  }

  private static void assertOneValueASeries(Logfmt line, int heartbeat) {
    assertEquals(heartbeat, line.number("window"), line.text());
    assertEquals(heartbeat, line.number("every"), line.text());
    assertEquals(1, ticks(line), line.text());
    line.pairs().keySet().forEach(key -> assertFalse(STATISTIC.matcher(key).matches(), key));
  }

  /** The ticks that were due in the window. */
  private static long ticks(Logfmt line) {
    return line.integer("n") - line.integer("late") + line.integer("missed");
  }

  private static boolean isLong(List<String> pairs) {
    String first = pairs.get(0);
    return first.length() - first.indexOf('=') - 1 > 40;
  }
}
