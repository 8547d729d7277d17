package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program has to say of itself goes where it belongs, and never among the reports. */
class DiagnosticsIT {
  /** A file output that always fails, and what is said of it. */
  private static final String BAD_OUTPUT = "file:/proc/none/duologger.log";

  private static final String FAILURE = "output file /proc/none/duologger.log: cannot write: ";

  /** Of a run whose end does not depend on the machine's speed: three windows. */
  private static final List<String> RUN =
      List.of(
          "--heartbeat",
          "1s",
          "--duration",
          "3s",
          "--modules",
          "cpu",
          "--every",
          "cpu=200ms",
          "--output",
          "stdout",
          "--output",
          BAD_OUTPUT);

  @TempDir private Path folder;

  private Path log;

  @BeforeEach
  void nameTheLog() {
    log = folder.resolve("diagnostics.log");
  }

  private static ProcessBuilder command(String... more) {
    return Running.command(Stream.concat(RUN.stream(), Arrays.stream(more)).toArray(String[]::new));
  }

  private static ProcessBuilder with(Path setUp, ProcessBuilder command) {
    command.environment().put("DUOLOGGER_JAVA_OPTS", "-Dlogback.configurationFile=" + setUp);
    return command;
  }

  /** A run to its end, with nothing but reports on its standard output. */
  private static List<String> diagnosticsOf(ProcessBuilder command) throws Exception {
    try (Running recorder = Running.start(command)) {
      assertEquals(0, recorder.exitWithin(Running.MARGIN.plusSeconds(5)), recorder::all);
      assertFalse(recorder.reported("cpu").isEmpty(), recorder::all);
      return recorder.err();
    }
  }

  private Path setUp(String appender) throws Exception {
    return Files.writeString(
        folder.resolve("setup.xml"),
        """
        <configuration>
          <appender name="it" class="ch.qos.logback.core.%s
            <encoder><pattern>%%level %%logger: %%msg%%n</pattern></encoder>
          </appender>
          <root><appender-ref ref="it"/></root>
        </configuration>
        """
            .formatted(appender));
  }

  private Path fileSetUp() throws Exception {
    return setUp("FileAppender\"><file>" + log + "</file>");
  }

  private static void assertOne(String start, List<String> lines) {
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.get(0).startsWith(start), lines::toString);
  }

  @Test
  void withoutASetUpItIsOnStandardErrorOnce() throws Exception {
    assertOne("duologger: warn: " + FAILURE, diagnosticsOf(command()));
  }

  @Test
  void aSetUpThatIsNamedHasThemAll() throws Exception {
    assertEquals(List.of(), diagnosticsOf(with(fileSetUp(), command())));
    assertOne("WARN duologger: " + FAILURE, Files.readAllLines(log));
  }

  @Test
  void aSetUpInTheHomeHasThemAll() throws Exception {
    Installation installed = Installation.in(folder.resolve("home"));
    Files.copy(fileSetUp(), installed.conf().resolve("logback.xml"));
    assertEquals(List.of(), diagnosticsOf(installed.command(RUN.toArray(String[]::new))));
    assertOne("WARN duologger: " + FAILURE, Files.readAllLines(log));
  }

  @Test
  void warningsOfTheConfigurationAreAmongThem() throws Exception {
    String words = "--once --heartbeat 1s --modules load --every load=200ms --output stdout";
    ProcessBuilder command =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of(Machine.HOME.resolve("sbin/dlogger").toString()),
                    Stream.of(words.split(" ")))
                .toList());
    try (Running recorder = Running.start(with(fileSetUp(), command))) {
      assertEquals(0, recorder.exitWithin(Running.MARGIN.plusSeconds(5)), recorder::all);
      assertEquals(List.of(), recorder.err());
    }
    assertOne("WARN duologger: command line: modules.load.every", Files.readAllLines(log));
  }

  @Test
  void whatASetUpSendsToStandardOutputIsOnStandardError() throws Exception {
    Path setUp = setUp("ConsoleAppender\">");
    assertOne("WARN duologger: " + FAILURE, diagnosticsOf(with(setUp, command())));
    Files.writeString(
        setUp, Files.readString(setUp).replace("<configuration", "<configuration debug='true'"));
    List<String> told = diagnosticsOf(with(setUp, command()));
    assertTrue(told.stream().anyMatch(line -> line.contains("|-INFO in ")), told::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<configuration>\n  <root>\n</configuration>", ""})
  void aSetUpThatIsBrokenIsWarnedOfAtTheStart(String content) throws Exception {
    Path setUp = folder.resolve("broken.xml");
    if (!content.isEmpty()) {
      Files.writeString(setUp, content);
    }
    String what = content.isEmpty() ? "there is no such file" : "line 3, column 3: ";
    String warning =
        "duologger: warn: " + setUp + " is not used, diagnostics are on standard error: " + what;
    List<String> told = diagnosticsOf(with(setUp, command()));
    assertEquals(2, told.size(), told::toString);
    assertOne(warning, told.subList(0, 1));
    assertOne("duologger: warn: " + FAILURE, told.subList(1, 2));
    List<String> quiet =
        diagnosticsOf(
            with(setUp, Running.command("--once --heartbeat 1s --output stdout".split(" "))));
    assertOne(warning, quiet);
  }

  @Test
  void everythingThereIsToSayLeavesTheReportsAlone() throws Exception {
    List<String> told = diagnosticsOf(command("-V"));
    assertTrue(
        told.stream().allMatch(line -> line.matches("duologger: [a-z]+: .+")), told::toString);
    for (String part : List.of("trace: cpu: read ", "debug: window of ", "warn: " + FAILURE)) {
      assertTrue(
          told.stream().anyMatch(line -> line.startsWith("duologger: " + part)), told::toString);
    }
  }

  @Test
  void aSyslogOutputThatFailsIsWarnedOfOnce() throws Exception {
    String words =
        "--heartbeat 1s --duration 3s --modules cpu --every cpu=200ms --output stdout --output syslog:"
            + folder.resolve("nobody")
            + ",spool.path="
            + folder.resolve("spool");
    ProcessBuilder command = Running.command(words.split(" "));
    List<String> told = diagnosticsOf(command);
    assertEquals(2, told.size(), told::toString);
    assertTrue(told.get(0).startsWith("duologger: warn: output syslog "), told::toString);
    assertTrue(told.get(1).endsWith(" reports are kept for the next start"), told::toString);
  }

  @Test
  void answersStayOnStandardOutput() throws Exception {
    ProcessBuilder command = with(setUp("ConsoleAppender\">"), Running.command("modules"));
    try (Running modules = Running.start(command)) {
      assertEquals(0, modules.exitWithin(Running.MARGIN), modules::all);
      assertTrue(modules.out().size() > 10, modules::all);
      assertEquals(List.of(), modules.err());
    }
  }

  /** A class that is missing kills the thread that needs it: here that of the output. */
  @Test
  void aThreadThatDiesEndsTheRunAndIsLogged() throws Exception {
    Installation broken = Installation.in(folder.resolve("home"));
    broken.remove("io/duologger/format/LogfmtText");
    String[] words = "--heartbeat 1s --modules cpu --every cpu=200ms --output stdout".split(" ");
    try (Running recorder = Running.start(with(fileSetUp(), broken.command(words)))) {
      assertEquals(
          1, recorder.exitWithin(Running.MARGIN.plus(Duration.ofSeconds(3))), recorder::all);
      assertEquals(List.of(), recorder.err());
    }
    List<String> told = Files.readAllLines(log);
    assertEquals("ERROR duologger: the thread stdout failed", told.get(0));
    assertTrue(told.get(1).contains("NoClassDefFoundError"), told::toString);
    assertEquals(1, told.stream().filter(line -> line.startsWith("ERROR")).count(), told::toString);
  }
}
