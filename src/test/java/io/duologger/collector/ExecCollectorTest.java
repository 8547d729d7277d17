package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Options;
import io.duologger.model.RecorderClock;
import io.duologger.model.Series;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of programs that end soon, late, badly or never. */
class ExecCollectorTest {
  private static final Path OUTPUTS = Path.of("src/test/resources/outputs/exec");
  private static final Duration EVERY = Duration.ofMillis(2);

  private final Programs programs = new Programs();
  private final Map<String, Options> entries = new LinkedHashMap<>();

  /** Programs that end at once, or when a test says so; nothing depends on real time. */
  private static final class Programs implements RecorderClock {
    final Deque<Runnable> running = new ArrayDeque<>();
    final Deque<Program.Result> results = new ArrayDeque<>();
    final List<String> closed = new ArrayList<>();
    boolean slow;
    int started;
    long nanos = 1;

    void prints(int status, Duration duration, String output) {
      byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
      results.add(new Program.Result(status, bytes, status == 0 ? "" : "oh\ndear", duration));
    }

    void prints(String output) {
      prints(0, Duration.ofMillis(1), output);
    }

    ExecRun run(Surroundings surroundings, Options options) {
      return new ExecRun() {
        @Override
        public Program.Result result() throws IOException {
          if (results.isEmpty()) {
            throw new IOException("no end within 1000 ms, killed");
          }
          return results.remove();
        }

        @Override
        public void close() {
          closed.add(options.list("argv").get(0));
        }
      };
    }

    private void execute(Runnable question) {
      started++;
      if (slow) {
        running.add(question);
      } else {
        question.run();
      }
    }

    void pass(Duration time) {
      nanos += time.toNanos();
    }

    @Override
    public long wall() {
      throw new UnsupportedOperationException("no module needs it");
    }

    @Override
    public long monotonicNanos() {
      return nanos;
    }
  }

  private static Options entry() {
    List<ModuleOption> keys =
        ExecCollector.DESCRIPTOR.options().stream()
            .filter(option -> option.key().equals(ExecCollector.PROGRAMS))
            .findFirst()
            .orElseThrow()
            .keys();
    return Options.defaults(keys).with("argv", List.of("/x")).with("limit", "PT1S");
  }

  private ModuleSettings settings() {
    ModuleSettings defaults = ModuleSettings.defaults(ExecCollector.DESCRIPTOR, EVERY);
    return defaults.with(defaults.options().with(ExecCollector.PROGRAMS, entries));
  }

  private Collector collector() {
    Surroundings surroundings =
        new Surroundings(HostRoot.at(Path.of("/")), programs, programs::execute);
    return new ExecCollector(surroundings, settings(), programs::run);
  }

  private Collector of(Options entry) {
    entries.put("p", entry);
    return collector();
  }

  @Test
  void withoutProgramsThereIsNoSource() {
    Collector collector = collector();
    assertThrows(SourceAbsentException.class, () -> Recording.of(collector));
  }

  @Test
  void pairsAreNumbersCountersAndTexts() throws IOException {
    Collector collector = of(entry().with("counters", List.of("*_total")));
    programs.prints(Files.readString(OUTPUTS.resolve("raid.txt")));
    Recording first = Recording.of(collector);
    assertEquals(
        List.of(
            "exit_status{program=p} gauge 0",
            "duration_seconds{program=p} gauge 0.001",
            "succeeded{program=p} gauge 1",
            "value{program=p}{key=arrays} gauge 2",
            "value{program=p}{key=degraded} gauge 1",
            "text{program=p}{key=state} info md1: recovery, 12.6%",
            "value_per_second{program=p}{key=resyncs_total} counter 18446744073709551615",
            "value{program=p}{key=speed} gauge 150000000"),
        first.lines());
    programs.prints(Files.readString(OUTPUTS.resolve("raid.txt")));
    List<Series> second = Recording.of(collector).series();
    for (int i = 0; i < second.size(); i++) {
      assertSame(first.series().get(i), second.get(i));
    }
  }

  @Test
  void jsonHasPaths() throws IOException {
    Collector collector = of(entry().with("format", "json"));
    programs.prints(Files.readString(OUTPUTS.resolve("smartctl.json")));
    List<String> lines = Recording.of(collector).lines();
    assertEquals(
        List.of(
            "value{program=p}{key=json_format_version.0} gauge 1",
            "value{program=p}{key=json_format_version.1} gauge 0",
            "text{program=p}{key=device.name} info /dev/sda",
            "text{program=p}{key=device.protocol} info ATA",
            "value{program=p}{key=temperature.current} gauge 31",
            "value{program=p}{key=temperature.max__C} gauge 52.5",
            "value{program=p}{key=smart_status.passed} gauge 1"),
        lines.subList(3, lines.size()));
  }

  @Test
  void whatIsPrintedCountsWhateverTheStatusIs() throws IOException {
    Collector collector = of(entry());
    programs.prints(3, Duration.ofMillis(1), "x=1");
    assertEquals(
        List.of(
            "exit_status{program=p} gauge 3",
            "duration_seconds{program=p} gauge 0.001",
            "succeeded{program=p} gauge 0",
            "failure{program=p} info status 3: oh",
            "value{program=p}{key=x} gauge 1"),
        Recording.of(collector).lines());
  }

  @Test
  void whatIsNotUnderstoodIsNoSuccess() throws IOException {
    Collector collector =
        of(entry().with("counters", List.of("c")).with("most", "2").with("format", "pairs"));
    for (String[] each :
        new String[][] {
          {"hello", "p line 1: not key=value: 'hello'"},
          {"a=1\nb=2\nc=3", "p line 3: more than 2 pairs: 'c=3'"},
          {"c=1.5", "p: the counter c is '1.5'"},
          {"c=-1", "p: the counter c is '-1'"},
          {"c=18446744073709551616", "p: the counter c is '18446744073709551616'"},
          {"c='7'", "p: the counter c is '7'"},
        }) {
      programs.prints(each[0]);
      Recording recording = Recording.of(collector);
      assertEquals("info " + each[1], recording.value("failure{program=p}"));
      assertEquals("gauge 0", recording.value("succeeded{program=p}"));
      assertEquals(4, recording.lines().size());
    }
  }

  @Test
  void ofNoInterestIsWhatFormatNonePrints() throws IOException {
    Collector collector = of(entry().with("format", "none"));
    programs.prints("\u0000 anything");
    assertEquals(3, Recording.of(collector).lines().size());
  }

  @Test
  void aSlowProgramIsNotStartedTwiceAndToldOnceInTheSampleAfterItsEnd() throws IOException {
    Collector collector = of(entry());
    programs.slow = true;
    assertEquals(List.of("running_seconds{program=p} gauge 0"), Recording.of(collector).lines());
    programs.pass(Duration.ofMillis(900));
    assertEquals(List.of("running_seconds{program=p} gauge 0.9"), Recording.of(collector).lines());
    assertEquals(1, programs.started);
    programs.prints(0, Duration.ofMillis(950), "x=5");
    programs.running.remove().run();
    assertEquals("gauge 5", Recording.of(collector).value("value{program=p}{key=x}"));
    assertEquals(2, programs.started, "one that is slow is started anew at once");
    assertEquals(List.of("running_seconds{program=p} gauge 0"), Recording.of(collector).lines());
  }

  @Test
  void oneThatHasBecomeQuickIsInTimeAgain() throws IOException {
    Collector collector = of(entry());
    programs.slow = true;
    Recording.of(collector);
    programs.prints("x=1");
    programs.running.remove().run();
    programs.slow = false;
    assertEquals("gauge 1", Recording.of(collector).value("value{program=p}{key=x}"));
    assertEquals(1, programs.started);
    programs.prints("x=2");
    assertEquals("gauge 2", Recording.of(collector).value("value{program=p}{key=x}"));
    assertEquals(2, programs.started);
  }

  @Test
  void oneThatIsStillThereAfterItsLimitIsStuckAndHoldsUpNoOther() throws IOException {
    entries.put("stuck", entry());
    entries.put("quick", entry());
    Collector collector = collector();
    programs.slow = true;
    Recording.of(collector);
    programs.prints("x=1");
    programs.running.removeLast().run();
    programs.pass(Duration.ofMillis(2500));
    Recording recording = Recording.of(collector);
    assertEquals("gauge 2.5", recording.value("stuck_seconds{program=stuck}"));
    assertEquals("gauge 1", recording.value("value{program=quick}{key=x}"));
    programs.slow = false;
    programs.prints("x=2");
    recording = Recording.of(collector);
    assertEquals("gauge 2", recording.value("value{program=quick}{key=x}"));
    assertEquals(3, programs.started, "the stuck one only once");
    programs.running.remove().run();
    recording = Recording.of(collector);
    assertEquals("info no end within 1000 ms, killed", recording.value("failure{program=stuck}"));
    assertEquals("gauge 0", recording.value("succeeded{program=stuck}"));
  }

  @Test
  void aRareProgramRestsAndItsFirstResultIsNotLostInTheVeryFirstSample() throws IOException {
    Collector collector = of(entry().with(ExecCollector.REST, "PT10S"));
    programs.prints("x=1");
    assertEquals(List.of(), Recording.of(collector).lines());
    assertEquals("gauge 1", Recording.of(collector).value("value{program=p}{key=x}"));
    programs.pass(Duration.ofSeconds(9));
    assertEquals(List.of(), Recording.of(collector).lines());
    assertEquals(1, programs.started);
    programs.pass(Duration.ofSeconds(1));
    programs.prints("x=2");
    assertEquals("gauge 2", Recording.of(collector).value("value{program=p}{key=x}"));
    assertEquals(2, programs.started);
  }

  @Test
  void longTextsAreCutAndMadePrintable() throws IOException {
    Collector collector = of(entry());
    programs.prints("x=\"" + "\u0007\u00e4".repeat(150) + "\"");
    assertEquals(
        "info " + "??".repeat(100), Recording.of(collector).value("text{program=p}{key=x}"));
  }

  @Test
  void aVariableWithoutANameIsAFailure() {
    ExecRun run =
        ExecRun.of(
            FixtureHost.surroundings(HostRoot.at(Path.of("/"))),
            entry().with("argv", List.of("true")).with("env", List.of("A=b", "=c")));
    IOException failure = assertThrows(IOException.class, run::result);
    assertEquals("not NAME=VALUE in env: '=c'", failure.getMessage());
  }

  @Test
  void variablesAndArgumentsArriveAsTheyAre() throws IOException {
    List<String> argv = List.of("sh", "-c", "printf %s \"$A|$1|$2\"", "-", "a b", "$(id)*");
    ExecRun run =
        ExecRun.of(
            FixtureHost.surroundings(HostRoot.at(Path.of("/"))),
            entry().with("argv", argv).with("env", List.of("A=x=y z")));
    assertEquals("x=y z|a b|$(id)*", run.result().text());
  }

  @Test
  void closingKillsAll() throws IOException {
    Collector collector = of(entry());
    collector.close();
    assertEquals(List.of("/x"), programs.closed);
    assertTrue(programs.running.isEmpty());
  }
}
