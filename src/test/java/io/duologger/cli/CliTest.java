package io.duologger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.config.ConfigException;
import io.duologger.config.Form;
import io.duologger.config.RecorderConfig;
import io.duologger.config.Rhythm;
import io.duologger.runtime.LogbackSetup;
import io.duologger.topology.Topology;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {
  private static final String LOAD = "modules.load {}\n";

  @TempDir Path folder;

  @AfterEach
  void clearProperties() {
    System.clearProperty(LogbackSetup.LEVEL);
    System.clearProperty(LogbackSetup.NAME);
    System.clearProperty(Cli.DAEMON);
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void theFirstArgumentIsTheMode() {
    for (String line : List.of("", "fltrec", "--help")) {
      CliFixture cli = CliFixture.plain();
      assertEquals(ExitStatus.USAGE, cli.run(line));
      assertEquals(
          "duologger: error: the first argument must be the mode: duologger, dlogger, cronlogger"
              + ", qloadsensor or memrec\n",
          cli.err());
    }
    assertEquals(
        List.of("duologger", "dlogger", "cronlogger", "qloadsensor", "memrec"),
        Mode.ALL.stream().map(Mode::name).toList());
  }

  @Test
  void eachModeRunsItsOwnConfiguration() throws Exception {
    for (Mode mode : Mode.ALL) {
      CliFixture cli = CliFixture.plain();
      if (mode.runsJob()) {
        assertEquals(44, cli.run(mode.name() + " true"));
        assertEquals(1, cli.jobs.size());
        continue;
      }
      assertEquals(42, cli.run(mode.name()));
      assertEquals(1, cli.ran.size());
      assertEquals("", cli.out());
      assertEquals("", cli.err());
      assertEquals(cli.ran.get(0).schedule(), cli.reread.orElseThrow().topology().schedule());
    }
    assertEquals(Duration.ofSeconds(30), CliFixture.plain().config("qloadsensor -v").heartbeat());
    assertEquals(Duration.ofSeconds(1), CliFixture.plain().config("cronlogger -v").heartbeat());
  }

  @Test
  void withoutOptionsNoParserIsLoaded() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(url(part));
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("picocli.")) {
              throw new ClassNotFoundException("not to be loaded: " + name);
            }
            return super.loadClass(name, resolve);
          }
        }) {
      Class<?> runner = loader.loadClass("io.duologger.cli.Runner");
      Object answers =
          Proxy.newProxyInstance(loader, new Class<?>[] {runner}, (self, method, args) -> 7);
      Class<?> cli = loader.loadClass("io.duologger.cli.Cli");
      Constructor<?> constructor =
          cli.getConstructor(
              Path.class, String.class, runner, Map.class, PrintStream.class, PrintStream.class);
      Object made =
          constructor.newInstance(Path.of("."), "1", answers, Map.of(), System.out, System.err);
      for (Mode mode : Mode.ALL) {
        String[] words =
            mode.runsJob() ? new String[] {mode.name(), "ls", "-l"} : new String[] {mode.name()};
        Object status = cli.getMethod("run", String[].class).invoke(made, (Object) words);
        assertEquals(7, status);
      }
    }
  }

  private static URL url(String part) throws MalformedURLException {
    return Path.of(part).toUri().toURL();
  }

  @Test
  void helpNamesEveryOptionAndStatus() {
    for (Mode mode : Mode.ALL) {
      for (String help : List.of("--help", "-h")) {
        CliFixture cli = CliFixture.plain();
        assertEquals(ExitStatus.OK, cli.run(mode.name() + " " + help));
        assertTrue(cli.out().startsWith("Usage: " + mode.name() + " "), cli.out());
        assertTrue(cli.out().contains(mode.summary()), cli.out());
        for (String option : mode.options()) {
          assertTrue(cli.out().matches("(?s).*[ ,]" + option + "[\\s=].*"), option);
        }
        assertEquals(
            mode.options().contains(Options.OUTPUT_TYPE),
            cli.out().contains("\nAs the Perl tools had them:\n"));
        for (ExitStatus.Meaning status : mode.runsJob() ? ExitStatus.JOB : ExitStatus.ALL) {
          String line = "\n  " + status.status() + "   " + status.meaning() + "\n";
          assertTrue(cli.out().contains(line), cli.out());
        }
        assertEquals(List.of(), cli.ran);
      }
    }
  }

  @Test
  void theVersionIsThatOfTheProgram() {
    CliFixture cli = CliFixture.plain();
    assertEquals(ExitStatus.OK, cli.run("cronlogger --version"));
    assertEquals("cronlogger 1.2\n", cli.out());
  }

  @Test
  void longOptionsGoBeforeTheFile() throws Exception {
    RecorderConfig config =
        CliFixture.plain()
            .config(
                "dlogger --heartbeat 1m --duration 1h --modules net,cpu --format json"
                    + " --output file:a --output syslog,format=classic");
    assertEquals(Duration.ofMinutes(1), config.heartbeat());
    assertEquals(Optional.of(Duration.ofHours(1)), config.duration());
    assertEquals(2, config.modules().size());
    assertEquals(new Form.Json(), config.outputs().get(0).form());
    assertEquals("classic", config.outputs().get(1).form().text());
    RecorderConfig shot =
        CliFixture.plain().config("cronlogger --settle 0s --state /a/b --every cpu=heartbeat");
    assertEquals(Duration.ZERO, shot.settle());
    assertEquals(Path.of("/a/b"), shot.state());
    assertTrue(CliFixture.plain().config("duologger --once").once());
  }

  @Test
  void theStateFileIsThatOfTheUser() throws Exception {
    CliFixture cli = new CliFixture(Path.of("."), Map.of("XDG_STATE_HOME", "/s"));
    String folder = System.getProperty("user.name").equals("root") ? "/var/lib" : "/s";
    assertEquals(
        Path.of(folder, "duologger/cronlogger.state"), cli.config("cronlogger -v").state());
  }

  @Test
  void onceAndDurationExcludeEachOther() {
    CliFixture cli = CliFixture.plain();
    assertEquals(ExitStatus.USAGE, cli.run("duologger -S --duration 1h"));
    assertEquals(
        "command line: duration = \"1h\": expected without --once, which ends the run after one"
            + " window\n",
        cli.err());
  }

  @Test
  void topologyAndCheckConfigAreOfAnyMode() throws Exception {
    String file = write("x.conf", "modules.net.every = 1 h\n");
    CliFixture cli = CliFixture.plain();
    assertEquals(ExitStatus.USAGE, cli.run("duologger check-config --mode qloadsensor " + file));
    assertEquals(
        file
            + ":1: modules.net.every = \"1 h\": expected at most the heartbeat, 30 s, as an"
            + " answer holds every value\n",
        cli.err());

    cli = CliFixture.plain();
    String good = write("y.conf", LOAD);
    assertEquals(ExitStatus.OK, cli.run("qloadsensor check-config " + good));
    assertEquals(good + ": no problems, 1 modules\n", cli.out());
    assertEquals(ExitStatus.USAGE, cli.run("qloadsensor check-config --mode=dlogger " + good));
    assertEquals(good + ":1: outputs: expected at least one\n", cli.err());

    cli = CliFixture.plain();
    assertEquals(ExitStatus.OK, cli.run("duologger topology --mode dlogger -d 60 -i 2"));
    assertTrue(cli.out().contains("heartbeat  120 s\n"), cli.out());
    assertEquals(List.of(), cli.ran);
  }

  @Test
  void wrongUseIsSaidInOneLineAndAHint() {
    for (Map.Entry<String, String> wrong :
        Map.of(
                "duologger topology --mode fltrec",
                "no mode 'fltrec': expected duologger, dlogger, cronlogger, qloadsensor or memrec",
                "duologger --mode dlogger",
                "Unknown options: '--mode', 'dlogger'",
                "duologger -v topology",
                "expected --verbose behind topology",
                "duologger check-config",
                "Missing required parameter: 'FILE'",
                "duologger --heartbeat",
                "Missing required parameter for option '--heartbeat' (DURATION)",
                "duologger -d 1 -d 2",
                "option '-d' (SECONDS) should be specified only once")
            .entrySet()) {
      CliFixture cli = CliFixture.plain();
      assertEquals(ExitStatus.USAGE, cli.run(wrong.getKey()));
      assertEquals(
          "duologger: error: " + wrong.getValue() + "\nTry 'duologger --help'.\n", cli.err());
    }
  }

  @Test
  void warningsOfARunAreForItsLogAtAReloadToo() throws Exception {
    CliFixture cli = CliFixture.plain();
    assertEquals(42, cli.run("dlogger --every cpu=1s"));
    assertEquals("", cli.err());
    String warning =
        "command line: modules.cpu.every = \"1s\": no effect, as this mode reads"
            + " every module once a heartbeat";
    assertEquals(List.of(warning), cli.warnings);
    cli.reread.orElseThrow().topology();
    assertEquals(List.of(warning, warning), cli.warnings);
  }

  @Test
  void warningsOfAnAnswerAreSaidInTheNameOfTheMode() {
    CliFixture cli = CliFixture.plain();
    assertEquals(0, cli.run("dlogger topology --every cpu=1s"));
    assertEquals(
        "dlogger: warn: command line: modules.cpu.every = \"1s\": no effect, as this mode reads"
            + " every module once a heartbeat\n",
        cli.err());
    assertEquals(List.of(), cli.warnings);
  }

  @Test
  void theLogIsInTheNameOfTheMode() {
    CliFixture.plain().run("dlogger --no-such-option");
    assertEquals("dlogger", System.getProperty(LogbackSetup.NAME));
    CliFixture.plain().run("cronlogger");
    assertEquals("cronlogger", System.getProperty(LogbackSetup.NAME));
  }

  @Test
  void verbosityIsALevel() {
    CliFixture.plain().run("duologger");
    assertFalse(System.getProperties().containsKey(LogbackSetup.LEVEL));
    CliFixture.plain().run("dlogger -v");
    assertEquals("debug", System.getProperty(LogbackSetup.LEVEL));
    CliFixture.plain().run("cronlogger -V -v");
    assertEquals("trace", System.getProperty(LogbackSetup.LEVEL));
    CliFixture.plain().run("qloadsensor topology --verbose");
    assertEquals("debug", System.getProperty(LogbackSetup.LEVEL));
  }

  @Test
  void aDaemonHasNoStandardOutput() throws Exception {
    System.setProperty(Cli.DAEMON, "true");
    String problem =
        ": outputs: expected outputs of type file or syslog, as a daemon has no standard output\n";
    String file = write("x.conf", LOAD + "outputs = [{ type = syslog }, { type = stdout }]");
    CliFixture cli = CliFixture.plain();
    assertEquals(ExitStatus.USAGE, cli.run("duologger -f " + file));
    assertEquals(file + problem, cli.err());
    for (String line : List.of("dlogger -o stdout", "duologger topology --output stdout")) {
      cli = CliFixture.plain();
      assertEquals(ExitStatus.USAGE, cli.run(line));
      assertEquals("command line" + problem, cli.err());
    }
    cli = CliFixture.plain();
    assertEquals(ExitStatus.USAGE, cli.run("qloadsensor"));
    assertEquals(42, cli.run("duologger -o syslog -f " + file));
    assertEquals(ExitStatus.OK, cli.run("duologger check-config " + file));
  }

  @Test
  void aReloadIsCheckedToo() throws Exception {
    String file = write("x.conf", LOAD + "outputs = [{ type = syslog }]");
    CliFixture cli = CliFixture.plain();
    cli.run("duologger -f " + file);
    System.setProperty(Cli.DAEMON, "true");
    cli.reread.orElseThrow().topology();
    write("x.conf", LOAD + "outputs = [{ type = stdout }]");
    assertThrows(ConfigException.class, () -> cli.reread.orElseThrow().topology());
  }

  @Test
  void theLoadSensorFindsItsConfigurationInTheEnvironment() throws Exception {
    String named = write("named.conf", "heartbeat = 20 s\n" + LOAD);
    String given = write("given.conf", "heartbeat = 25 s\n" + LOAD);
    Map<String, String> environment = Map.of("QLOADSENSOR_CFG", named);
    CliFixture cli = new CliFixture(Path.of("."), environment);
    cli.run("qloadsensor");
    cli.run("qloadsensor --config " + given);
    cli.run("duologger");
    assertEquals(
        List.of(20L, 25L, 600L),
        cli.ran.stream().map(topology -> topology.schedule().heartbeat().toSeconds()).toList());
    CliFixture empty = new CliFixture(Path.of("."), Map.of("QLOADSENSOR_CFG", ""));
    empty.run("qloadsensor");
    assertEquals(Duration.ofSeconds(30), empty.ran.get(0).schedule().heartbeat());
  }

  @Test
  void theLoadSensorHasTheNameThatGridEngineKnows() throws Exception {
    Map<String, String> environment = Map.of("HOST", "node1.example.org");
    String named = write("named.conf", "host = me.example.org, short-host = true\n" + LOAD);
    String cut = write("cut.conf", "short-host = true\n" + LOAD);
    CliFixture cli = new CliFixture(Path.of("."), environment);
    cli.run("qloadsensor");
    cli.run("qloadsensor --config " + cut);
    cli.run("qloadsensor --config " + named);
    cli.run("duologger");
    assertEquals(
        List.of(
            Optional.of("node1.example.org"),
            Optional.of("node1"),
            Optional.of("me.example.org"),
            Optional.empty()),
        cli.ran.stream().map(Topology::host).toList());
    CliFixture nameless = CliFixture.plain();
    nameless.run("qloadsensor");
    assertEquals(Optional.empty(), nameless.ran.get(0).host());
  }

  @Test
  void complexesArePrintedByTheRunner() {
    CliFixture cli = new CliFixture(Path.of("."), Map.of("HOST", "node1"));
    assertEquals(43, cli.run("qloadsensor --complexes"));
    assertEquals(List.of(), cli.ran);
    assertEquals(Optional.of("node1"), cli.complexes.get(0).host());
  }

  @Test
  void rhythmsAreThoseOfTheModes() {
    assertEquals(List.of(Rhythm.values()), Mode.ALL.stream().map(Mode::rhythm).toList());
  }
}
