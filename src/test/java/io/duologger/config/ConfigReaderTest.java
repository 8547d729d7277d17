package io.duologger.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Globs;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Modules;
import io.duologger.model.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
  private static final String OUT = "\noutputs = [{ type = stdout }]\n";
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir Path directory;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private RecorderConfig read(String text, Overrides overrides) throws Exception {
    return ConfigReader.read(
        write("x.conf", text), TestCatalogue.MODULES, Rhythm.TWO_RATES, overrides);
  }

  private RecorderConfig read(String text) throws Exception {
    return read(text, Overrides.NONE);
  }

  private ModuleSpec module(String text) throws Exception {
    return read(text + OUT).modules().get(0);
  }

  /** The problems, one a line, without the directory. */
  private String problems(String text, Overrides overrides) throws IOException {
    Path file = write("x.conf", text);
    ConfigException wrong =
        assertThrows(
            ConfigException.class,
            () -> ConfigReader.read(file, TestCatalogue.MODULES, Rhythm.TWO_RATES, overrides));
    assertEquals(
        wrong.getMessage(),
        String.join("\n", wrong.problems().stream().map(Problem::toString).toList()));
    return wrong.getMessage().replace(directory + "/", "");
  }

  private String problems(String text) throws IOException {
    return problems(text, Overrides.NONE);
  }

  private void assertProblem(String expected, String text) throws IOException {
    assertEquals(expected, problems(text + OUT));
  }

  private static Overrides every(String text) {
    List<Problem> problems = new ArrayList<>();
    return Overrides.builder()
        .every(Overrides.parseEvery(text, problems))
        .problems(problems)
        .build();
  }

  private static Overrides only(String... modules) {
    return Overrides.builder().modules(List.of(modules)).build();
  }

  private static Overrides outputs(String... texts) {
    return Overrides.builder().outputs(List.of(texts)).build();
  }

  private static List<String> names(RecorderConfig config) {
    return config.modules().stream().map(ModuleSpec::name).toList();
  }

  private static String stats(ModuleSpec spec) {
    return String.join(" ", spec.stats().stream().map(Stat::text).toList());
  }

  @Test
  void defaultsHoldWhereNothingIsGiven() throws Exception {
    RecorderConfig config = read("modules { cpu {} }" + OUT);
    assertEquals(Duration.ofMinutes(10), config.heartbeat());
    assertEquals(SECOND, config.grace());
    assertEquals(Optional.empty(), config.host());
    assertEquals(Optional.empty(), config.duration());
    assertEquals(OptionalLong.empty(), config.percentileMemory());
    assertEquals(List.of(), config.warnings());
    ModuleSpec cpu = config.modules().get(0);
    assertEquals(SECOND, cpu.every());
    assertEquals(Duration.ZERO, cpu.lead());
    assertEquals(SECOND, cpu.timeout());
    assertFalse(cpu.readAtClose());
    assertFalse(cpu.infosOnChange());
    assertEquals("min mean max p50 p95 p99", stats(cpu));
    assertEquals(Globs.ALL, cpu.series());
    assertEquals(Globs.ALL, cpu.settings().instances());
    assertFalse(cpu.settings().includeGiven());
    assertEquals(Map.of("per-cpu", "busy"), cpu.settings().options().texts());
    assertEquals(
        List.of(new OutputSpec(new Target.Stdout(), new Form.Logfmt(), 2000, 50, 16)),
        config.outputs());
  }

  @Test
  void everyKeyIsRead() throws Exception {
    RecorderConfig config =
        read(
            """
            heartbeat = 60 s, grace = 250 ms, host = node-1.example.org
            duration = 1 day, percentile-memory = 16 MiB
            modules.net {
              enabled = true, every = 500ms, lead = 100 ms, timeout = 2 s
              stats = [max, p99.9], include = ["eth*", en0], exclude = [eth9]
              series = ["rx_*"], infos = on-change, virtual = true
            }
            outputs = [
              { type = file, path = "/var/log/a-b.log", format = json, line-bytes = 4000,
                line-pairs = 20, queue = 3,
                rotate { max-size = 10 MiB, max-days = 7, max-total = 1 GiB, compress = true } }
              { type = stdout }
            ]
            """);
    assertEquals(Duration.ofMinutes(1), config.heartbeat());
    assertEquals(Duration.ofMillis(250), config.grace());
    assertEquals(Optional.of("node-1.example.org"), config.host());
    assertEquals(Optional.of(Duration.ofDays(1)), config.duration());
    assertEquals(OptionalLong.of(16 << 20), config.percentileMemory());
    ModuleSpec net = config.modules().get(0);
    assertEquals(Duration.ofMillis(500), net.every());
    assertEquals(Duration.ofMillis(500), net.settings().every());
    assertEquals(Duration.ofMillis(100), net.lead());
    assertEquals(Duration.ofSeconds(2), net.timeout());
    assertEquals("max p99.9", stats(net));
    assertEquals(new Globs(List.of("eth*", "en0"), List.of("eth9")), net.settings().instances());
    assertTrue(net.settings().includeGiven());
    assertEquals(new Globs(List.of("rx_*"), List.of()), net.series());
    assertTrue(net.infosOnChange());
    assertTrue(net.settings().flag("virtual"));
    OutputSpec file = config.outputs().get(0);
    assertEquals(
        new Target.ToFile(
            Path.of("/var/log/a-b.log"),
            Optional.of(new Target.Rotation(10 << 20, 7, 1 << 30, true))),
        file.target());
    assertEquals(new Form.Json(), file.form());
    assertEquals(4000, file.lineBytes());
    assertEquals(20, file.linePairs());
    assertEquals(3, file.queue());
  }

  @Test
  void aRotatedFileNeedsANameThatLogbackDoesNotTakeForAPattern() {
    ConfigException bad =
        assertThrows(
            ConfigException.class,
            () ->
                read(
                    """
                    modules.cpu {}
                    outputs = [
                      { type = file, path = "/var/log/a%d.log", rotate.max-size = 1 MiB }
                      { type = file, path = "/var/log/b.log", rotate.max-total = 1 MiB }
                    ]
                    """));
    assertEquals(2, bad.problems().size(), bad::getMessage);
    assertTrue(bad.getMessage().contains("x.conf:3: outputs[1].path"), bad::getMessage);
    assertTrue(bad.getMessage().contains("x.conf:4: outputs[2].rotate.max-total"), bad::getMessage);
  }

  @Test
  void graceDefaultsToATenthOfAShortHeartbeat() throws Exception {
    assertEquals(
        Duration.ofMillis(10), read("heartbeat = 100 ms, modules { cpu {} }" + OUT).grace());
  }

  @Test
  void graceIsBelowTheHeartbeat() throws Exception {
    assertProblem(
        "x.conf:2: grace = \"5 s\": expected less than the heartbeat, 5 s",
        "heartbeat = 5 s\ngrace = 5 s\nmodules { cpu {} }");
  }

  @Test
  void aWrongHeartbeatMakesNothingElseLookWrong() throws Exception {
    assertProblem(
        "x.conf:1: heartbeat = 5: expected a duration with its unit, such as 1 s or 10 minutes",
        "heartbeat = 5\ngrace = 20 minutes\nmodules.cpu { every = heartbeat, lead = 1 hour }");
  }

  @Test
  void aWrongEveryMakesNothingElseLookWrong() throws Exception {
    assertProblem(
        "x.conf:1: modules.cpu.every = \"fast\": expected a duration such as 1 s or 10 minutes,"
            + " or heartbeat",
        "modules.cpu { every = fast, lead = 1 hour }");
  }

  @Test
  void everyAsLongAsTheHeartbeatReadsAtTheClose() throws Exception {
    for (String every : List.of("heartbeat", "60 s", "1 minute")) {
      ModuleSpec spec = module("heartbeat = 1m, modules.cpu.every = " + every);
      assertEquals(Duration.ofMinutes(1), spec.every());
      assertTrue(spec.readAtClose());
      assertEquals("value", stats(spec));
    }
    ModuleSpec longer = module("heartbeat = 1m, modules.cpu.every = 2m");
    assertFalse(longer.readAtClose());
    assertEquals("value", stats(longer));
  }

  @Test
  void aDefaultIntervalIsAtMostTheHeartbeat() throws Exception {
    ModuleSpec spec = module("heartbeat = 500ms, modules.cpu {}");
    assertEquals(Duration.ofMillis(500), spec.every());
    assertTrue(spec.readAtClose());
  }

  @Test
  void aReadThatMayOutlastTheGraceLeadsByItsTimeLimit() throws Exception {
    assertEquals(Duration.ofSeconds(5), module("modules.memory.every = heartbeat").lead());
    assertEquals(
        Duration.ofSeconds(2), module("modules.memory { every = heartbeat, lead = 2 s }").lead());
    assertEquals(
        Duration.ZERO, module("modules.memory { every = heartbeat, timeout = 1 s }").lead());
    assertEquals(Duration.ZERO, module("modules.memory.every = 10 s").lead());
  }

  @Test
  void aDefaultLeadStaysBelowTheInterval() throws Exception {
    ModuleSpec spec = module("heartbeat = 4 s, modules.memory.every = heartbeat");
    assertEquals(Duration.ofSeconds(4), spec.timeout());
    assertEquals(Duration.ofSeconds(2), spec.lead());
  }

  @Test
  void anOptionThatIsARegularExpressionIsChecked() throws Exception {
    assertProblem(
        "x.conf:1: modules.load.only = \"a(b\": expected a regular expression: Unclosed group",
        "modules { load { only = \"a(b\" } }\n");
    assertEquals(
        "a(b)?",
        read("modules { load { only = \"a(b)?\" } }\n" + OUT)
            .modules()
            .get(0)
            .settings()
            .option("only"));
  }

  @Test
  void leadIsBelowTheInterval() throws Exception {
    assertProblem(
        "x.conf:1: modules.net.lead = \"1 s\": expected less than every, 1 s",
        "modules.net.lead = 1 s");
  }

  @Test
  void aTimeLimitBeyondTheHeartbeatIsAWarning() throws Exception {
    RecorderConfig config =
        read("heartbeat = 10 s\nmodules.net.timeout = 1 minute\nmodules.memory {}" + OUT);
    assertEquals(1, config.warnings().size());
    assertEquals(
        "x.conf:2: modules.net.timeout = \"1 minute\": a time limit longer than the heartbeat, 10 s",
        config.warnings().get(0).toString().replace(directory + "/", ""));
    assertEquals(Duration.ofMinutes(1), config.modules().get(0).timeout());
  }

  @Test
  void theDefaultTimeLimitIsCappedInSilence() throws Exception {
    RecorderConfig config = read("heartbeat = 100 ms, modules.memory {}" + OUT);
    assertEquals(Duration.ofMillis(100), config.modules().get(0).timeout());
    assertEquals(List.of(), config.warnings());
  }

  @Test
  void patternsOfAModuleWithoutInstancesChooseSeries() throws Exception {
    ModuleSpec load = module("modules.load { include = [\"load1\", \"x*\"], exclude = [xy] }");
    assertEquals(new Globs(List.of("load1", "x*"), List.of("xy")), load.series());
    assertEquals(Globs.ALL, load.settings().instances());
    assertFalse(load.settings().includeGiven());
    assertEquals(
        new Globs(List.of("a*"), List.of("ab")),
        module("modules.load { series = [\"a*\"], exclude = [ab] }").series());
    assertProblem(
        "x.conf:1: modules.load.include = [...]: expected either include or series:"
            + " load has no instances",
        "modules.load { include = [a], series = [b] }");
  }

  @Test
  void modulesComeInTheOrderOfTheFile() throws Exception {
    assertEquals(
        List.of("pressure", "net", "cpu", "load", "disk"),
        names(
            read(
                """
                modules { pressure { lead = 0 s }
                  net {}, cpu {}, load {} }
                modules.disk.every = 2 s
                modules.pressure.every = 5 s
                """
                    + OUT)));
  }

  @Test
  void modulesOnlyOnTheCommandLineFollowInTheOrderOfTheCatalogue() throws Exception {
    assertEquals(
        List.of("net", "cpu", "load", "disk"),
        names(read("modules { net {} }" + OUT, every("disk=1s,load=2s,net=3s,cpu=4s"))));
  }

  @Test
  void disabledModulesDontRunButAreChecked() throws Exception {
    String text = "modules { net { enabled = false, timeout = 1 hour }, cpu {} }" + OUT;
    assertEquals(List.of("cpu"), names(read(text)));
    assertEquals(List.of(), read(text).warnings());
    assertProblem(
        "x.conf:1: modules.net.timeout = \"soon\": expected a duration such as 1 s or 10 minutes",
        "modules { net { enabled = false, timeout = soon }, cpu {} }");
  }

  @Test
  void everyOnTheCommandLineEnables() throws Exception {
    RecorderConfig config =
        read("modules { net { enabled = false, every = 5 s } }" + OUT, every("net=250ms"));
    assertEquals(Duration.ofMillis(250), config.modules().get(0).every());
    assertEquals(Duration.ofMillis(250), config.modules().get(0).settings().every());
    assertEquals(
        Duration.ofMinutes(10),
        read("modules.net {}" + OUT, every("net=heartbeat")).modules().get(0).every());
  }

  @Test
  void modulesOnTheCommandLineRunAlone() throws Exception {
    String text = "modules { net { enabled = false, every = 5 s }, cpu {} }" + OUT;
    RecorderConfig config = read(text, only("disk", "net"));
    assertEquals(List.of("net", "disk"), names(config));
    assertEquals(Duration.ofSeconds(5), config.modules().get(0).every());
  }

  @Test
  void theCommandLineOverridesTimesAndFormat() throws Exception {
    Overrides overrides =
        Overrides.builder().heartbeat("20 s").duration("1h").format("json").build();
    RecorderConfig config =
        read(
            """
            heartbeat = 5 s
            modules.cpu {}
            outputs = [{ type = stdout }, { type = file, path = a, format = logfmt }]
            """,
            overrides);
    assertEquals(Duration.ofSeconds(20), config.heartbeat());
    assertEquals(Optional.of(Duration.ofHours(1)), config.duration());
    assertEquals(new Form.Json(), config.outputs().get(0).form());
    assertEquals(new Form.Logfmt(), config.outputs().get(1).form());
  }

  @Test
  void outputsOnTheCommandLineReplaceThoseOfTheFile() throws Exception {
    RecorderConfig config =
        read(
            "modules.cpu {}" + OUT,
            Overrides.builder()
                .format("json")
                .outputs(
                    List.of(
                        "file:/var/log/a-b.log,format=logfmt,rotate.max-size=10MiB,queue=2",
                        "stdout"))
                .build());
    assertEquals(2, config.outputs().size());
    OutputSpec file = config.outputs().get(0);
    assertEquals(
        new Target.ToFile(
            Path.of("/var/log/a-b.log"), Optional.of(new Target.Rotation(10 << 20, 0, 0, false))),
        file.target());
    assertEquals(new Form.Logfmt(), file.form());
    assertEquals(2, file.queue());
    assertEquals(new Form.Json(), config.outputs().get(1).form());
    assertEquals(1, read("modules.cpu {}", outputs("stdout")).outputs().size());
  }

  @Test
  void theCommandLineIsCheckedToo() throws Exception {
    Overrides overrides =
        Overrides.builder()
            .heartbeat("never")
            .duration("5")
            .every(Map.of("ntt", "1s"))
            .modules(List.of("cpy", "cpu"))
            .outputs(
                List.of(
                    "stdot",
                    "file",
                    "file:x,queue=0,colour=red,queue=1",
                    "file:./x,rotate.max-sise=1",
                    "stdout",
                    "stdout:y"))
            .format("xml")
            .problems(List.of(new Problem(Problem.COMMAND_LINE, "z", "1", "expected 2")))
            .build();
    assertEquals(
        """
        x.conf:1: grace = "soon": expected a duration such as 1 s or 10 minutes
        command line: z = 1: expected 2
        command line: heartbeat = "never": expected a duration such as 1 s or 10 minutes
        command line: duration = "5": expected a duration with its unit, such as 1 s or 10 minutes
        command line: modules = "cpy": no such module; did you mean cpu?
        command line: every = "ntt=1s": no such module; did you mean net?
        command line: format = "xml": expected logfmt or json or classic or grid-engine or structured-data
        command line: outputs = "queue=1": expected each key once
        command line: outputs[1].type = "stdot": expected stdout or file or syslog or http
        command line: outputs[2].path: expected the name of the file
        command line: outputs[3].colour = "red": no such key
        command line: outputs[3].queue = "0": expected a whole number from 1 to 10000
        command line: outputs[4].rotate.max-sise = "1": no such key; did you mean max-size?
        command line: outputs[6].path = "y": expected with type = file only
        command line: outputs[4].path = "./x": expected each file once
        command line: outputs[6].type = "stdout": expected standard output once\
        """,
        problems("grace = soon\nmodules.cpu {}" + OUT, overrides));
  }

  @Test
  void everyIsReadAndItsProblemsAreKept() throws Exception {
    List<Problem> problems = new ArrayList<>();
    assertEquals(
        List.of("net=1s", "cpu=500 ms"),
        Overrides.parseEvery("net=1s, cpu=500 ms,disk,=4s,load=,net=2s", problems)
            .entrySet()
            .stream()
            .map(Map.Entry::toString)
            .toList());
    assertEquals(
        List.of(
            "command line: every = \"disk\": expected MODULE=DURATION, such as net=1s",
            "command line: every = \"=4s\": expected MODULE=DURATION, such as net=1s",
            "command line: every = \"load=\": expected MODULE=DURATION, such as net=1s",
            "command line: every = \"net=2s\": expected each module once"),
        problems.stream().map(Problem::toString).toList());
    assertEquals(
        "command line: modules.net.every = \"1x\": expected a duration such as 1 s or 10 minutes,"
            + " or heartbeat",
        problems("modules.net {}" + OUT, every("net=1x")));
    assertEquals(List.of("cpu", "", "net"), Overrides.parseModules("cpu,, net"));
  }

  @Test
  void everyForAModuleThatIsNotToRunIsAProblem() throws Exception {
    Overrides both = Overrides.builder().every(Map.of("net", "1s")).modules(List.of("cpu")).build();
    assertEquals(
        "command line: every = \"net=1s\": expected one of the modules that are to run",
        problems("modules.cpu {}" + OUT, both));
    assertEquals(
        "command line: modules: expected at least one module",
        problems("modules.cpu {}" + OUT, only()).split("\n")[1]);
  }

  @Test
  void nothingToDoIsAProblem() throws Exception {
    assertEquals(
        "x.conf:1: modules: expected at least one module\nx.conf:1: outputs: expected at least one",
        problems("\n\nheartbeat = 1 s"));
    assertEquals(
        "x.conf:1: modules: expected at least one module that runs\n"
            + "x.conf:2: outputs = []: expected at least one",
        problems("modules {}\noutputs = []"));
    assertProblem(
        "x.conf:1: modules: expected at least one module that runs",
        "modules { cpu { enabled = false } }");
  }

  @Test
  void anEmptyFileAndNullsAreNothingToDo() throws Exception {
    assertEquals(
        "x.conf:1: modules: expected at least one module\nx.conf:1: outputs: expected at least one",
        problems(""));
    assertProblem(
        "x.conf:1: modules: expected at least one module that runs", "modules { net = null }");
    assertProblem("x.conf:1: modules: expected at least one module", "modules = null");
  }

  @Test
  void longValuesAreCutAndNothingIsSaidTwice() throws Exception {
    String number = "1." + "0".repeat(500);
    assertProblem(
        "x.conf:1: grace = 1."
            + "0".repeat(58)
            + "...: expected a duration with its unit,"
            + " such as 1 s or 10 minutes",
        "grace = " + number + ", modules.cpu {}");
    assertEquals(
        "x.conf:1: outputs[1].path: expected a plain value: substitutions, ${...} and +=,"
            + " are not supported",
        problems("modules.cpu {}, outputs = [{ type = stdout, path = ${x} }]"));
  }

  @Test
  void twentyMistakesAreAllFoundInTheirLines() throws Exception {
    assertEquals(
        """
        x.conf:1: heartbeat = "2 days": expected a duration from 10 ms to 1 day
        x.conf:2: grace = "-1 s": expected a duration such as 1 s or 10 minutes
        x.conf:3: host = "a b": expected a host name of letters, digits and . - _ :
        x.conf:4: duraton = "1 h": no such key; did you mean duration?
        x.conf:5: percentile-memory = 1000: expected a size with its unit, such as 10 MiB or 500 kB
        x.conf:8: modules.net.every = "fast": expected a duration such as 1 s or 10 minutes, or heartbeat
        x.conf:9: modules.net.evry = "1 s": no such key; did you mean every?
        x.conf:10: modules.net.stats = "avg": expected min, mean, max, last, value or a percentile such as p50 or p99.9
        x.conf:10: modules.net.stats = "min": expected each statistic once
        x.conf:10: modules.net.stats = "p101": expected min, mean, max, last, value or a percentile such as p50 or p99.9
        x.conf:11: modules.net.include = "eth*": expected a list such as ["eth*", "en?"]
        x.conf:12: modules.net.virtual = "maybe": expected true or false
        x.conf:14: modules.cpus: no such module; did you mean cpu?
        x.conf:15: modules.cpu.infos = 3: expected on-change or always
        x.conf:15: modules.cpu.per-cpu = "some": expected busy or all or none
        x.conf:16: modules.disk = true: expected an object such as { every = 1 s }
        x.conf:17: modules.load.timeout = "0 s": expected a duration from 1 ms to 1 day
        x.conf:18: modules.memory.stats = [...]: expected min, mean, max, last, value or a percentile such as p50 or p99.9
        x.conf:21: outputs[1].type = "pigeon": expected stdout or file or syslog or http
        x.conf:22: outputs[2].path: expected the name of the file
        x.conf:23: outputs[3].rotate = {}: expected at least one of max-size, max-days, max-total, compress
        x.conf:24: outputs[4].path = "/var/log/../log/x": expected each file once
        x.conf:25: outputs[5].line-bytes = 1e30: expected a whole number from 200 to 1000000
        x.conf:25: outputs[5].queue = "many": expected a whole number from 1 to 10000
        x.conf:26: outputs[6].type = "stdout": expected standard output once
        x.conf:27: outputs[7] = 7: expected an object such as { type = stdout }\
        """,
        problems(
            """
            heartbeat = 2 days
            grace = -1 s
            host = "a b"
            duraton = 1 h
            percentile-memory = 1000
            modules {
              net {
                every = fast
                evry = 1 s
                stats = [avg, min, min, p101]
                include = "eth*"
                virtual = maybe
              }
              cpus { nonsense = 1 }
              cpu { per-cpu = some, infos = 3 }
              disk = true
              load { timeout = 0 s }
              memory { stats = [] }
            }
            outputs = [
              { type = pigeon }
              { type = file }
              { type = file, path = "/var/log/x", rotate {} }
              { type = file, path = "/var/log/../log/x" }
              { type = stdout, line-bytes = 1e30, queue = many }
              { type = stdout }
              7
            ]
            """));
  }

  @Test
  void hostileNumbersAreProblems() throws Exception {
    for (String value :
        List.of(
            "99999999999999999999 s",
            "9223372036854775807 days",
            "0",
            "-5",
            "-5 s",
            "NaN",
            "NaN s",
            "Infinity",
            "1e400",
            "1e400 s",
            "0.0000000000000000000001 s",
            "1" + "0".repeat(5000) + " s",
            "true",
            "[1 s]",
            "{ a = 1 s }",
            "\"\"",
            "\"\\u0000\"")) {
      for (String key :
          List.of(
              "heartbeat",
              "grace",
              "duration",
              "modules.cpu.every",
              "modules.cpu.timeout",
              "percentile-memory")) {
        if (key.equals("grace") && value.startsWith("0")) {
          continue;
        }
        String problems = problems(key + " = " + value + "\nmodules.cpu {}" + OUT);
        assertTrue(problems.startsWith("x.conf:1: " + key + " = "), problems);
        assertFalse(problems.contains("\n"), problems);
      }
    }
  }

  @Test
  void durationsTakeTheUnitsOfHocon() throws Exception {
    Map<String, Duration> expected =
        Map.of(
            "1500ms", Duration.ofMillis(1500),
            "0.5 s", Duration.ofMillis(500),
            "2000000us", Duration.ofSeconds(2),
            "3000000000 ns", Duration.ofSeconds(3),
            "1m", Duration.ofMinutes(1),
            "1 minute", Duration.ofMinutes(1),
            "2 hours", Duration.ofHours(2),
            "1d", Duration.ofDays(1));
    for (Map.Entry<String, Duration> entry : expected.entrySet()) {
      assertEquals(entry.getValue(), module("modules.cpu.every = " + entry.getKey()).every());
    }
  }

  @Test
  void optionsThatAreDurationsArriveInIsoForm() throws Exception {
    ModuleOption wait = ModuleOption.duration("wait", Duration.ofSeconds(1), "");
    ModuleDescriptor cpu = TestCatalogue.MODULES.all().get(0);
    ModuleDescriptor slow =
        new ModuleDescriptor(
            "slow",
            "",
            Optional.empty(),
            List.of(),
            List.of(),
            "",
            cpu.every(),
            cpu.timeout(),
            List.of(wait));
    Path file = write("x.conf", "modules.slow.wait = 2 s" + OUT);
    assertEquals(
        "PT2S",
        ConfigReader.read(file, Modules.of(List.of(slow)), Rhythm.TWO_RATES, Overrides.NONE)
            .modules()
            .get(0)
            .settings()
            .option("wait"));
  }

  @Test
  void suggestionsAreMadeOnlyWhereTheyAreNear() throws Exception {
    assertProblem("x.conf:1: modules.cpu.x = 1: no such key", "modules.cpu.x = 1");
    assertProblem(
        "x.conf:1: modules.cpu.time_out = 1: no such key; did you mean timeout?",
        "modules.cpu.time_out = 1");
    assertProblem(
        "x.conf:1: modules.memroy: no such module; did you mean memory?\n"
            + "x.conf:2: modules.database: no such module",
        "modules.memroy {}\nmodules.database {}");
  }

  @Test
  void textsOfTheFileNeverMakeASecondLine() throws Exception {
    assertEquals(
        "x.conf:1: \"a\\u000ab.\\\"\" = \"x\\u001b\\u2028y\": no such key",
        problems("\"a\\nb.\\\"\" = \"x\\u001b\\u2028y\", modules.cpu {}" + OUT));
  }

  @Test
  void syntaxErrorsHaveTheirLine() throws Exception {
    String problems = problems("modules {\n cpu {}\n net {{ \n}");
    assertTrue(problems.matches("x\\.conf:3: syntax error: [^\\n]+"), problems);
    assertEquals(
        "command line: heartbeat = \"x\": expected a duration such as 1 s or 10 minutes",
        problems("= 5", Overrides.builder().heartbeat("x").build()).split("\n")[1]);
  }

  @Test
  void unreadableFilesAreProblems() throws Exception {
    Path absent = directory.resolve("absent.conf");
    assertEquals(absent + ": no such file", unreadable(absent));
    assertEquals(directory + ": the file can't be read: Is a directory", unreadable(directory));
    Path latin = Files.write(directory.resolve("l.conf"), new byte[] {'a', '\n', (byte) 0xe9, 10});
    assertEquals(latin + ":2: expected text in UTF-8", unreadable(latin));
    assertEquals(
        "/dev/zero: expected a configuration of at most 64 KiB", unreadable(Path.of("/dev/zero")));
  }

  private static String unreadable(Path file) {
    return assertThrows(
            ConfigException.class,
            () -> ConfigReader.read(file, TestCatalogue.MODULES, Rhythm.TWO_RATES, Overrides.NONE))
        .getMessage();
  }

  @Test
  void substitutionsAreRefused() throws Exception {
    assertEquals(
        """
        x.conf:1: host: expected a plain value: substitutions, ${...} and +=, are not supported
        x.conf:2: modules.cpu.every: expected a plain value: substitutions, ${...} and +=, are not supported
        x.conf:3: modules.net: expected a plain value: substitutions, ${...} and +=, are not supported
        x.conf:4: modules.load.include: expected a plain value: substitutions, ${...} and +=, are not supported
        x.conf:5: outputs[1]: expected a plain value: substitutions, ${...} and +=, are not supported\
        """,
        problems(
            """
            host = ${HOME}
            modules.cpu.every = ${?user.name} s
            modules.net = ${modules.cpu} { every = 1 s }
            modules.load.include += a
            outputs = [${modules.net}]
            """));
  }

  @Test
  void includesAreRelativeToTheFileAndKnowTheirLines() throws Exception {
    Files.createDirectory(directory.resolve("d"));
    write("d/net.conf", "modules.net.every = 2 s\ninclude file(\"../disk.conf\")");
    write("disk.conf", "modules.disk.every = 3 s");
    RecorderConfig config =
        read(
            "modules.cpu {}\ninclude required(\"d/net.conf\")\ninclude \"absent.conf\"\n"
                + "modules.net.timeout = 4 s"
                + OUT);
    assertEquals(List.of("cpu", "net", "disk"), names(config));
    assertEquals(Duration.ofSeconds(2), config.modules().get(1).every());
    assertEquals(Duration.ofSeconds(4), config.modules().get(1).timeout());
    write("disk.conf", "\nmodules.disk.evry = 3 s");
    assertProblem(
        "d/../disk.conf:2: modules.disk.evry = \"3 s\": no such key; did you mean every?",
        "modules.cpu {}\ninclude required(\"d/net.conf\")");
    write("disk.conf", "\nmodules.disk = {{");
    assertTrue(
        problems("modules.cpu {}\ninclude \"d/net.conf\"" + OUT)
            .startsWith("d/../disk.conf:2: syntax error: "));
  }

  @Test
  void aNullUndoesWhatWasIncluded() throws Exception {
    write("base.conf", "host = a, modules { cpu {}, net {} }");
    RecorderConfig config = read("include \"base.conf\"\nhost = null\nmodules.net = null" + OUT);
    assertEquals(List.of("cpu"), names(config));
    assertEquals(Optional.empty(), config.host());
  }

  @Test
  void includesReachNothingButFiles() throws Exception {
    assertEquals(
        """
        x.conf:1: include = "http://localhost/a": expected a file: nothing else is included
        x.conf:2: include = "reference.conf": expected a file: nothing else is included
        x.conf:3: include = "https://localhost/b": expected a file: nothing else is included
        x.conf:4: include = "x.conf": expected no file inside itself
        absent.conf: no such file\
        """,
        problems(
            """
            include url("http://localhost/a")
            include classpath("reference.conf")
            include "https://localhost/b"
            include "x.conf"
            include required("absent.conf")
            modules.cpu {}
            """
                + OUT));
  }

  @Test
  void includeIsAKeyToo() {
    for (String same :
        List.of(
            "include \"a = b\"",
            "a = \"x, include = y\"",
            "a = \"\\\", include = y\"",
            "a = \"\"\" \" , include = y \"\"\"",
            "# include = [a]",
            "a = 1 // include = [a]",
            "includes = [a], a.include = [b], my-include : 3",
            "\"open\\")) {
      assertEquals(same, Source.quoteIncludeKeys(same));
    }
    assertEquals(
        "{\"include\" = 1,\"include\": [2]\n\"include\" += 3 # include = 4\n include file(\"b\")",
        Source.quoteIncludeKeys(
            "{include = 1,include: [2]\ninclude += 3 # include = 4\n include file(\"b\")"));
  }

  @Test
  void manyIncludesEnd() throws Exception {
    for (int i = 0; i < 20; i++) {
      String next = "include \"i" + (i + 1) + ".conf\"\n";
      write("i" + i + ".conf", next + next + next);
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> assertTrue(problems("include \"i0.conf\"").contains("expected at most 32 files")));
  }

  @Test
  void deepNestingIsAProblem() throws Exception {
    for (String text :
        List.of(
            "[".repeat(60_000),
            "a{".repeat(60_000),
            "modules.cpu.stats = " + "[".repeat(30_000) + "]".repeat(30_000),
            "a" + ".a".repeat(60_000) + " = 1")) {
      assertFalse(problems(text).isEmpty());
    }
  }

  @Test
  void theWorstFileOfTheLargestSizeIsBounded() throws Exception {
    StringBuilder keys = new StringBuilder();
    for (int i = 0; keys.length() < Source.MAX_BYTES - 12; i++) {
      keys.append("a.b").append(i).append("=1\n");
    }
    assertTimeoutPreemptively(
        Duration.ofMinutes(1), () -> assertFalse(problems(keys.toString()).isEmpty()));
  }
}
