package io.duologger.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSpec;
import io.duologger.model.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each rhythm makes of the same keys. */
class RhythmTest {
  private static final String OUT = "\noutputs = [{ type = stdout }]\n";
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir Path directory;

  private RecorderConfig read(Rhythm rhythm, String text, Overrides overrides) throws Exception {
    Path file = Files.writeString(directory.resolve("x.conf"), text);
    return ConfigReader.read(file, TestCatalogue.MODULES, rhythm, overrides);
  }

  private RecorderConfig read(Rhythm rhythm, String text) throws Exception {
    return read(rhythm, text, Overrides.NONE);
  }

  private String problems(Rhythm rhythm, String text, Overrides overrides) {
    ConfigException wrong =
        assertThrows(ConfigException.class, () -> read(rhythm, text, overrides));
    return wrong.getMessage().replace(directory + "/", "");
  }

  private String problems(Rhythm rhythm, String text) {
    return problems(rhythm, text, Overrides.NONE);
  }

  private String warnings(RecorderConfig config) {
    return String.join("\n", config.warnings().stream().map(Problem::toString).toList())
        .replace(directory + "/", "");
  }

  private static void assertReadOnce(RecorderConfig config) {
    for (ModuleSpec module : config.modules()) {
      assertEquals(config.heartbeat(), module.every());
      assertEquals(config.heartbeat(), module.settings().every());
      assertTrue(module.readAtClose());
      assertEquals(List.of(Stat.VALUE), module.stats());
    }
  }

  @Test
  void oneRateReadsEveryModuleOnceAHeartbeat() throws Exception {
    RecorderConfig config = read(Rhythm.ONE_RATE, "modules { cpu {}, memory {}, load {} }" + OUT);
    assertEquals(Duration.ofMinutes(10), config.heartbeat());
    assertEquals(SECOND, config.grace());
    assertEquals(List.of(), config.warnings());
    assertReadOnce(config);
    assertEquals(Duration.ofSeconds(5), config.modules().get(1).lead());
  }

  @Test
  void oneRateSaysOfEachKeyThatItHasNoEffect() throws Exception {
    RecorderConfig config =
        read(
            Rhythm.ONE_RATE,
            """
            heartbeat = 1 minute
            modules {
              cpu { every = 1 s }
              net { stats = [mean, max] }
              disk { every = heartbeat, stats = [value] }
              load { every = 60 s }
              memory { every = 1 s, stats = [max], enabled = false }
              pressure { enabled = false }
            }
            """
                + OUT,
            Overrides.builder().every(Map.of("pressure", "5s", "net", "2s")).build());
    assertReadOnce(config);
    assertEquals(5, config.modules().size());
    assertEquals(
        """
        x.conf:3: modules.cpu.every = "1 s": no effect, as this mode reads every module once a heartbeat
        x.conf:4: modules.net.stats = [...]: no effect, as this mode prints one value of each series
        command line: modules.net.every = "2s": no effect, as this mode reads every module once a heartbeat
        command line: modules.pressure.every = "5s": no effect, as this mode reads every module once a heartbeat\
        """,
        warnings(config));
  }

  @Test
  void keysWithoutEffectAreChecked() {
    assertEquals(
        """
        x.conf:1: modules.cpu.every = 1: expected a duration with its unit, such as 1 s or 10 minutes, or heartbeat
        x.conf:2: modules.cpu.stats = "avg": expected min, mean, max, last, value or a percentile such as p50 or p99.9
        command line: modules.net.every = "x": expected a duration such as 1 s or 10 minutes, or heartbeat\
        """,
        problems(
            Rhythm.ONE_RATE,
            "modules.cpu.every = 1\nmodules.cpu.stats = [avg]" + OUT,
            Overrides.builder().every(Map.of("net", "x")).build()));
    assertEquals(
        """
        x.conf:1: heartbeat = 5: expected a duration with its unit, such as 1 s or 10 minutes
        x.conf:2: grace = "soon": expected a duration such as 1 s or 10 minutes
        x.conf:3: duration = "x": expected a duration such as 1 s or 10 minutes
        x.conf:4: modules.cpu.lead = "y": expected a duration such as 1 s or 10 minutes\
        """,
        problems(
            Rhythm.ONE_SHOT,
            "heartbeat = 5\ngrace = soon\nduration = x\nmodules.cpu.lead = y" + OUT));
  }

  @Test
  void oneShotWaitsForTheSlowestModule() throws Exception {
    RecorderConfig config =
        read(Rhythm.ONE_SHOT, "modules { cpu {}, memory {}, load { timeout = 2 s } }" + OUT);
    assertEquals(SECOND, config.heartbeat());
    assertEquals(SECOND, config.settle());
    assertEquals(Duration.ofSeconds(5), config.grace());
    assertEquals(List.of(), config.warnings());
    assertReadOnce(config);
    for (ModuleSpec module : config.modules()) {
      assertEquals(Duration.ZERO, module.lead());
    }
    assertEquals(Duration.ofSeconds(5), config.modules().get(1).timeout());
    assertEquals(Duration.ofSeconds(2), config.modules().get(2).timeout());
  }

  @Test
  void oneShotWithoutSettlingHasTheShortestWindow() throws Exception {
    RecorderConfig config = read(Rhythm.ONE_SHOT, "settle = 0 s, modules.cpu {}" + OUT);
    assertEquals(Duration.ofMillis(1), config.heartbeat());
    assertEquals(Duration.ZERO, config.settle());
    assertEquals(SECOND, config.grace());
  }

  @Test
  void oneShotSaysOfEachKeyThatItHasNoEffect() throws Exception {
    RecorderConfig config =
        read(
            Rhythm.ONE_SHOT,
            """
            heartbeat = 1 minute
            grace = 1 hour
            duration = 1 day
            modules {
              cpu { every = 1 s, lead = 500 ms }
              net { every = heartbeat, lead = 0 s, stats = [max], timeout = 1 hour }
            }
            """
                + OUT);
    assertReadOnce(config);
    assertEquals(Optional.empty(), config.duration());
    assertEquals(Duration.ofHours(1), config.grace());
    assertEquals(
        """
        x.conf:1: heartbeat = "1 minute": no effect, as this mode reads everything once
        x.conf:2: grace = "1 hour": no effect, as this mode reads everything once
        x.conf:3: duration = "1 day": no effect, as this mode reads everything once
        x.conf:5: modules.cpu.lead = "500 ms": no effect, as this mode reads everything once
        x.conf:6: modules.net.stats = [...]: no effect, as this mode prints one value of each series\
        """,
        warnings(config));
  }

  @Test
  void answersHaveOneValueASeriesAndLittleGrace() throws Exception {
    RecorderConfig config =
        read(
            Rhythm.ON_REQUEST,
            """
            heartbeat = 30 s
            modules { cpu {}, net { stats = [mean, max] }, memory { every = heartbeat } }
            """);
    assertEquals(Duration.ofMillis(50), config.grace());
    assertEquals(Duration.ofMillis(100), config.settle());
    assertEquals(SECOND, config.modules().get(0).every());
    assertEquals(List.of(Stat.VALUE), config.modules().get(0).stats());
    assertEquals(List.of(Stat.MEAN, Stat.MAX), config.modules().get(1).stats());
    assertTrue(config.modules().get(2).readAtClose());
    assertEquals(1, config.outputs().size());
    assertTrue(config.outputs().get(0).isStdout());
    assertEquals(new Form.GridEngine(false), config.outputs().get(0).form());
  }

  @Test
  void anAnswerHoldsEveryValue() throws Exception {
    String text = "heartbeat = 4 s\nmodules { memory {}, net { every = 5 s }, cpu {} }";
    assertEquals(
        "x.conf:2: modules.net.every = \"5 s\": expected at most the heartbeat, 4 s,"
            + " as an answer holds every value",
        problems(Rhythm.ON_REQUEST, text));
    assertEquals(
        "command line: modules.cpu.every = \"1m\": expected at most the heartbeat, 4 s,"
            + " as an answer holds every value",
        problems(
            Rhythm.ON_REQUEST,
            text,
            Overrides.builder().every(Map.of("net", "1s", "cpu", "1m")).build()));
    RecorderConfig capped =
        read(
            Rhythm.ON_REQUEST,
            "heartbeat = 4 s, modules { memory {}, net { every = 1 h, enabled = false } }");
    assertEquals(Duration.ofSeconds(4), capped.modules().get(0).every());
    assertTrue(capped.modules().get(0).readAtClose());
  }

  @Test
  void aRequestIsAnsweredInTime() throws Exception {
    String modules = ", modules.cpu {}";
    assertEquals(
        "x.conf:1: grace = \"91 ms\": expected at most 90 ms, as a request is answered within 100"
            + " ms",
        problems(Rhythm.ON_REQUEST, "grace = 91 ms" + modules));
    assertEquals(
        "x.conf:1: grace = \"80 ms\": expected less than the heartbeat, 50 ms",
        problems(
            Rhythm.ON_REQUEST, "grace = 80 ms, heartbeat = 50 ms, modules.cpu.every = heartbeat"));
    assertEquals(Duration.ofMillis(90), read(Rhythm.ON_REQUEST, "grace = 90 ms" + modules).grace());
    assertEquals(
        Duration.ofMillis(10), read(Rhythm.ON_REQUEST, "heartbeat = 100 ms" + modules).grace());
  }

  @Test
  void gridEngineReadsStandardOutput() throws Exception {
    String modules = "modules.cpu {}\n";
    assertEquals(
        "x.conf:2: outputs = [...]: expected one with type = stdout, which Grid Engine reads",
        problems(Rhythm.ON_REQUEST, modules + "outputs = [{ type = file, path = a }]"));
    assertEquals(
        "x.conf:3: outputs[2].format = \"json\": expected grid-engine, as Grid Engine reads"
            + " standard output",
        problems(
            Rhythm.ON_REQUEST,
            modules
                + "outputs = [{ type = file, path = a, format = json },\n"
                + "{ type = stdout, format = json }]"));
    assertEquals(
        "x.conf:2: outputs[1].format = \"xml\": expected logfmt or json or classic or grid-engine or structured-data",
        problems(Rhythm.ON_REQUEST, modules + "outputs = [{ type = stdout, format = xml }]"));
    assertEquals(
        "x.conf:2: outputs = []: expected at least one",
        problems(Rhythm.ON_REQUEST, modules + "outputs = []"));
    assertEquals(
        "command line: format = \"logfmt\": expected grid-engine, as Grid Engine reads standard"
            + " output",
        problems(Rhythm.ON_REQUEST, modules, Overrides.builder().format("logfmt").build()));
    assertEquals(
        "command line: outputs = [...]: expected one with type = stdout, which Grid Engine reads",
        problems(
            Rhythm.ON_REQUEST,
            modules,
            Overrides.builder().outputs(List.of("syslog", "file:a")).build()));
    RecorderConfig config =
        read(
            Rhythm.ON_REQUEST,
            modules + "outputs = [{ type = file, path = a }, { type = stdout, names = old }]");
    assertEquals(new Form.Logfmt(), config.outputs().get(0).form());
    assertEquals(new Form.GridEngine(true), config.outputs().get(1).form());
  }

  @Test
  void settleStateAndShortHostAreReadInEveryRhythm() throws Exception {
    String text = "settle = 2 s, state = \"/a/b\", short-host = true, modules.cpu {}" + OUT;
    for (Rhythm rhythm : Rhythm.values()) {
      RecorderConfig config = read(rhythm, text);
      assertEquals(Duration.ofSeconds(2), config.settle());
      assertEquals(Path.of("/a/b"), config.state());
      assertTrue(config.shortHost());
      Overrides typed =
          Overrides.builder()
              .settle("0s")
              .state("c")
              .defaults(new Defaults("x", Path.of("d"), Path.of("e"), "record"))
              .build();
      RecorderConfig other = read(rhythm, text, typed);
      assertEquals(Duration.ZERO, other.settle());
      assertEquals(Path.of("c"), other.state());
    }
    RecorderConfig plain =
        read(
            Rhythm.ONE_SHOT,
            "modules.cpu {}" + OUT,
            Overrides.builder()
                .defaults(new Defaults("x", Path.of("d"), Path.of("e"), "record"))
                .build());
    assertEquals(Path.of("d"), plain.state());
    assertFalse(plain.shortHost());
  }

  @Test
  void settleStateAndShortHostAreChecked() throws IOException {
    assertEquals(
        """
        x.conf:1: settle = "2 hours": expected a duration from 0 s to 1 hour
        x.conf:2: state = "/a/": expected the name of a file
        x.conf:3: short-host = "yes": expected true or false
        command line: settle = "1": expected a duration with its unit, such as 1 s or 10 minutes
        command line: state = "": expected the name of a file\
        """,
        problems(
            Rhythm.ONE_SHOT,
            "settle = 2 hours\nstate = \"/a/\"\nshort-host = yes\nmodules.cpu {}" + OUT,
            Overrides.builder().settle("1").state("").build()));
  }

  @Test
  void onceEndsTheRunItself() throws Exception {
    String text = "duration = 1 day, modules.cpu {}" + OUT;
    RecorderConfig once = read(Rhythm.TWO_RATES, text, Overrides.builder().once(true).build());
    assertTrue(once.once());
    assertEquals(Optional.empty(), once.duration());
    assertFalse(read(Rhythm.TWO_RATES, text).once());
    assertEquals(
        "command line: duration = \"1h\": expected without --once, which ends the run after one"
            + " window",
        problems(Rhythm.ONE_RATE, text, Overrides.builder().once(true).duration("1h").build()));
  }

  @Test
  void aHostNameIsCutAtItsFirstDotButAnAddressIsNot() {
    assertEquals("node1", HostName.shortened("node1.cluster.example.org"));
    assertEquals("node1", HostName.shortened("node1"));
    assertEquals(".a", HostName.shortened(".a"));
    assertEquals("10.0.0.1", HostName.shortened("10.0.0.1"));
    assertEquals("fe80::1.2", HostName.shortened("fe80::1.2"));
  }
}
