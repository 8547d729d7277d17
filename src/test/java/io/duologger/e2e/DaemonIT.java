package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.cli.ExitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --daemon}: what is wrong is said in the foreground, the rest runs on its own. */
class DaemonIT {
  private static final String SCRIPT = Machine.HOME.resolve("sbin/duologger").toString();
  private static final Duration STOP = Duration.ofSeconds(5);
  private static final String CONFIG =
      """
      heartbeat = 1 s
      modules { cpu { every = %s, per-cpu = none } }
      outputs = [ { type = stdout } ]
      """;

  @TempDir private Path folder;
  private Path pidfile;
  private Path config;
  private Path log;
  private Path errors;
  private Optional<ProcessHandle> daemon = Optional.empty();

  @BeforeEach
  void nameFiles() throws IOException {
    Machine.needsPrograms("flock", "setsid");
    pidfile = folder.resolve("x.pid");
    config = Files.writeString(folder.resolve("x.conf"), CONFIG.formatted("200 ms"));
    log = folder.resolve("x.log");
    errors = folder.resolve("x.err");
  }

  @AfterEach
  void kill() {
    daemon.ifPresent(ProcessHandle::destroyForcibly);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "busybox sh", "bash --posix"})
  void runsInASessionOfItsOwnUntilItIsStopped(String shell) throws Exception {
    List<String> words = List.of(shell.split(" "));
    Machine.needsPrograms(words.get(0));
    start(words);
    long pid = daemon.orElseThrow().pid();
    assertEquals(pid, stat(pid, 6), "session");
    assertNotEquals(
        ProcessHandle.current().pid(), daemon.orElseThrow().parent().orElseThrow().pid());
    Path handles = Path.of("/proc/" + pid + "/fd");
    assertEquals(Path.of("/dev/null"), Files.readSymbolicLink(handles.resolve("0")));
    assertEquals(Path.of("/dev/null"), Files.readSymbolicLink(handles.resolve("1")));
    assertEquals(errors.toRealPath(), Files.readSymbolicLink(handles.resolve("2")));
    assertEquals(
        Path.of("").toRealPath(), Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")));
    // None of HUP, INT, QUIT, TERM is ignored.
    String ignored =
        Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    assertEquals(0, Long.parseLong(ignored.split("\\s+")[1], 16) & 0x4007, ignored);

    ProcessBuilder again = command(List.of());
    try (Running second = Running.start(again)) {
      assertEquals(ExitStatus.ALREADY_RUNNING, second.exitWithin(Running.MARGIN), second::all);
      assertTrue(
          second.err().get(0).contains("process " + pid + ": it holds " + pidfile), second::all);
    }

    poll("two reports", () -> reports().size() >= 2);
    Running.run("kill", "-TERM", Long.toString(pid));
    awaitEnd();
    List<Logfmt> reports = reports();
    assertTrue(
        reports.get(reports.size() - 1).partial().endsWith("stop"), () -> reports.toString());
    assertFalse(Files.exists(pidfile));
    assertEquals(List.of(), Files.readAllLines(errors));
  }

  @Test
  void hupReadsTheConfigurationAgain() throws Exception {
    start(List.of());
    poll("a report", () -> !reports().isEmpty());
    Files.writeString(config, CONFIG.formatted("100 ms"));
    Running.run("kill", "-HUP", Long.toString(daemon.orElseThrow().pid()));
    poll(
        "a report by the new file",
        () -> reports().stream().anyMatch(line -> line.text().contains(" every=0.1 ")));
    Running.run("kill", "-INT", Long.toString(daemon.orElseThrow().pid()));
    awaitEnd();
  }

  @Test
  void aBadConfigurationIsReportedInTheForegroundAndNothingRuns() throws Exception {
    Files.writeString(config, CONFIG.formatted("soon"));
    try (Running start = Running.start(command(List.of()))) {
      assertEquals(2, start.exitWithin(Running.MARGIN), start::all);
      assertTrue(start.err().stream().anyMatch(line -> line.contains("x.conf:2")), start::all);
      assertEquals(List.of(), start.out());
    }
    assertFalse(Files.exists(pidfile));
    assertFalse(Files.exists(log));
    assertFalse(
        ProcessHandle.allProcesses()
            .flatMap(process -> process.info().arguments().stream())
            .flatMap(Stream::of)
            .anyMatch(argument -> argument.equals(config.toString())),
        "a process is left");
  }

  @Test
  void withoutSetsidItRunsInTheBackgroundAllTheSame() throws Exception {
    Path programs = Files.createDirectory(folder.resolve("bin"));
    for (String program : List.of("flock", "sh", "sleep")) {
      Files.createSymbolicLink(programs.resolve(program), find(program));
    }
    startWith(programs);
    poll("a report", () -> !reports().isEmpty());
    Running.run("kill", "-TERM", Long.toString(daemon.orElseThrow().pid()));
    awaitEnd();
  }

  @Test
  void theProgramsOfBusyboxAreEnough() throws Exception {
    Machine.needsPrograms("busybox");
    Path programs = Files.createDirectory(folder.resolve("bin"));
    for (String program : List.of("setsid", "sh", "sleep")) {
      Files.createSymbolicLink(programs.resolve(program), find("busybox"));
    }
    // Debian's busybox is built without.
    Files.createSymbolicLink(programs.resolve("flock"), find("flock"));
    startWith(programs);
    long pid = daemon.orElseThrow().pid();
    assertEquals(pid, stat(pid, 6), "session");
    try (Running second = Running.start(command(List.of()))) {
      assertEquals(ExitStatus.ALREADY_RUNNING, second.exitWithin(Running.MARGIN), second::all);
    }
    Running.run("kill", "-INT", Long.toString(pid));
    awaitEnd();
  }

  @Test
  void modesThatBelongToACallerRefuse() throws Exception {
    for (String mode : List.of("qloadsensor", "cronlogger")) {
      String script = Machine.HOME.resolve("sbin").resolve(mode).toString();
      try (Running start = Running.start(new ProcessBuilder(script, "--daemon"))) {
        assertEquals(2, start.exitWithin(Running.MARGIN), start::all);
        assertEquals(
            List.of(mode + ": the mode " + mode + " does not run as a daemon"), start.err());
      }
    }
  }

  @Test
  void whatOnlyAnswersDoesSoInTheForeground() throws Exception {
    for (String question : List.of("--help", "--version", "modules", "topology")) {
      try (Running start = Running.start(new ProcessBuilder(SCRIPT, "--daemon", question))) {
        assertEquals(0, start.exitWithin(Running.MARGIN), start::all);
        assertFalse(start.out().isEmpty(), question);
      }
    }
  }

  private ProcessBuilder command(List<String> shell) {
    return new ProcessBuilder(
        Stream.concat(
                shell.stream(),
                Stream.of(
                    SCRIPT,
                    "--config",
                    config.toString(),
                    "--daemon",
                    "--pidfile",
                    pidfile.toString(),
                    "--output",
                    "file:" + log))
            .toList());
  }

  private void start(List<String> shell) throws Exception {
    start(command(shell));
  }

  private void startWith(Path programs) throws Exception {
    ProcessBuilder command = command(List.of(programs.resolve("sh").toString()));
    command.environment().put("PATH", programs.toString());
    start(command);
  }

  /** Starts the daemon; standard error is a file, as the daemon keeps it. */
  private void start(ProcessBuilder command) throws Exception {
    command.redirectError(errors.toFile());
    try (Running start = Running.start(command)) {
      assertEquals(0, start.exitWithin(Running.MARGIN), () -> said(errors));
      assertEquals(List.of(), start.out());
    }
    long pid = Long.parseLong(Files.readString(pidfile).strip());
    daemon = ProcessHandle.of(pid);
    assertTrue(daemon.isPresent(), "no process " + pid);
  }

  private void awaitEnd() throws Exception {
    daemon.orElseThrow().onExit().get(STOP.toSeconds(), TimeUnit.SECONDS);
  }

  private void poll(String what, BooleanSupplier condition) throws Exception {
    Running.poll(Running.MARGIN.plusSeconds(2), what, condition, () -> said(errors) + said(log));
  }

  private List<Logfmt> reports() {
    return Files.exists(log) ? said(log).lines().map(Logfmt::parse).toList() : List.of();
  }

  /** A field of proc(5)'s /proc/pid/stat, by its number there. */
  private static long stat(long pid, int field) throws IOException {
    String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return Long.parseLong(line.substring(line.lastIndexOf(')') + 2).split(" ")[field - 3]);
  }

  private static Path find(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(entry -> Path.of(entry, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private static String said(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
