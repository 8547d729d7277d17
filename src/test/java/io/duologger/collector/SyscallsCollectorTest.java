package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.job.SyscallsCollector;
import io.duologger.model.Globs;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Options;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With programs that say what strace would. */
class SyscallsCollectorTest {
  private static final String STATUS = "proc/42/status";
  private static final String FREE = "Name:\tsleep\nTracerPid:\t0\n";
  private static final String TRACED = "Name:\tsleep\nTracerPid:\t4711\n";

  @TempDir Path folder;

  private FixtureHost host;
  private Scripts scripts;
  private Collector collector;

  @BeforeEach
  void aHostWithAProcess() throws IOException {
    host = FixtureHost.empty(folder.resolve("host")).write(STATUS, FREE);
    scripts = new Scripts(folder.resolve("bin"));
  }

  private Collector collector(String strace, String pid, Globs calls) {
    Options options =
        Options.defaults(SyscallsCollector.DESCRIPTOR.options())
            .with("strace", strace)
            .with("pid", pid);
    ModuleSettings defaults = FixtureHost.defaults(SyscallsCollector.DESCRIPTOR);
    collector =
        new SyscallsCollector(
            host.surroundings(), new ModuleSettings(calls, false, defaults.every(), options));
    return collector;
  }

  /** One that says so of the process, and goes on as these lines do. */
  private String attaching(String lines) throws IOException {
    return scripts.script(
        "strace",
        "printf 'TracerPid:\\t4711\\n' > '"
            + folder.resolve("host").resolve(STATUS)
            + "'\n"
            + lines);
  }

  @Test
  void countsWhatWasPrintedBeforeTheEnd() throws IOException {
    Path outputs = Path.of("src/test/resources/outputs/syscalls/tree.txt").toAbsolutePath();
    collector(
        attaching("cat '" + outputs + "'"), "42", new Globs(List.of("read", "o*"), List.of()));
    Recording.of(collector);
    awaitEnd();
    assertEquals(
        List.of(
            "calls gauge 595",
            "errors gauge 84",
            "calls_per_second counter 595",
            "errors_per_second counter 84",
            "calls{call=openat} gauge 112",
            "errors{call=openat} gauge 49",
            "calls_per_second{call=openat} counter 112",
            "errors_per_second{call=openat} counter 49",
            "calls{call=read} gauge 52",
            "errors{call=read} gauge 0",
            "calls_per_second{call=read} counter 52",
            "errors_per_second{call=read} counter 0"),
        Recording.of(collector).lines());
  }

  /** The program is a child of this process. */
  private static void awaitEnd() {
    ProcessHandle.current().descendants().forEach(process -> process.onExit().join());
  }

  @Test
  void asksForNumbersOnlyAndForAllThatTheProcessStarts() throws IOException {
    Path said = folder.resolve("said");
    collector(attaching("echo \"$@\" > '" + said + "'"), "42", Globs.ALL);
    Recording.of(collector);
    awaitEnd();
    assertEquals(
        "-I 1 -f -qq -a 0 -s 0 -e raw=all -e signal=none -o /dev/stdout -p 42\n",
        Files.readString(said));
  }

  @Test
  void allIsZeroAtTheStartSoThatNoRateIsMissed() throws IOException {
    collector(attaching("exec sleep 60"), "42", Globs.ALL);
    List<String> none =
        List.of(
            "calls gauge 0",
            "errors gauge 0",
            "calls_per_second counter 0",
            "errors_per_second counter 0");
    assertEquals(none, Recording.of(collector).lines());
    assertEquals(none, Recording.of(collector).lines(), "the same strace goes on");
    collector.close();
    awaitEnd();
  }

  @Test
  void aRefusalIsOneClearLineAndNoFault() throws IOException {
    String refusing =
        scripts.script(
            "strace",
            "echo \"$0: attach: ptrace(PTRACE_SEIZE, 42): Operation not permitted\" >&2\nexit 1");
    collector(refusing, "42", Globs.ALL);
    for (int i = 0; i < 2; i++) {
      IOException absent = assertThrows(SourceAbsentException.class, () -> Recording.of(collector));
      assertTrue(
          absent
              .getMessage()
              .endsWith(
                  "Operation not permitted, needs root (CAP_SYS_PTRACE)"
                      + " or a lower kernel.yama.ptrace_scope"),
          absent.getMessage());
    }
  }

  @Test
  void whatIsNotThereIsAbsent() throws IOException {
    String strace = attaching("exec sleep 60");
    assertAbsent(collector(strace, "0", Globs.ALL), "neither of the options pid and pipe is given");
    assertAbsent(collector(strace, "43", Globs.ALL), "no process 43");
    assertAbsent(collector(folder + "/none", "42", Globs.ALL), "no program " + folder + "/none");
    host.write(STATUS, TRACED);
    assertAbsent(
        collector(strace, "42", Globs.ALL), "process 42 is traced by another program already");
  }

  private Collector reading(Path pipe) {
    collector =
        new SyscallsCollector(
            host.surroundings(),
            FixtureHost.with(SyscallsCollector.DESCRIPTOR, "pipe", pipe.toString()));
    return collector;
  }

  private Path pipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    return pipe;
  }

  @Test
  void countsWhatAnotherWritesToAPipe() throws Exception {
    Path pipe = pipe();
    reading(pipe);
    assertEquals("gauge 0", Recording.of(collector).value("calls"), "nobody writes yet");
    try (OutputStream out = new FileOutputStream(pipe.toFile())) {
      out.write(Files.readAllBytes(Path.of("src/test/resources/outputs/syscalls/tree.txt")));
    }
    Recording last = Recording.of(collector);
    for (int i = 0; i < 1000 && !last.value("calls").equals("gauge 595"); i++) {
      assertEquals(0, new ProcessBuilder("sleep", "0.01").start().waitFor());
      last = Recording.of(collector);
    }
    assertEquals("counter 84", last.value("errors_per_second"));
    assertEquals("gauge 52", Recording.of(collector).value("calls{call=read}"), "after its end");
  }

  @Test
  void aPipeThatNobodyWritesToIsLetGo() throws Exception {
    Path pipe = pipe();
    CountDownLatch ended = new CountDownLatch(1);
    Surroundings plain = host.surroundings();
    Surroundings watched =
        new Surroundings(
            plain.root(),
            plain.clock(),
            task ->
                plain
                    .threads()
                    .execute(
                        () -> {
                          task.run();
                          ended.countDown();
                        }));
    collector =
        new SyscallsCollector(
            watched, FixtureHost.with(SyscallsCollector.DESCRIPTOR, "pipe", pipe.toString()));
    Recording.of(collector);
    collector.close();
    assertTrue(ended.await(10, TimeUnit.SECONDS), "the thread ends");
  }

  @Test
  void whatIsNoPipeIsAbsent() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    for (Path none : List.of(file, folder, folder.resolve("none"))) {
      assertAbsent(reading(none), "no named pipe " + none);
    }
  }

  private static void assertAbsent(Collector collector, String why) {
    IOException absent = assertThrows(SourceAbsentException.class, () -> Recording.of(collector));
    assertEquals(why, absent.getMessage());
  }

  @Test
  void oneThatFailsLaterIsAFault() throws IOException {
    collector(attaching("sleep 0.2; echo 'strace: \033[31mbad' >&2; exit 7"), "42", Globs.ALL);
    Recording.of(collector);
    awaitEnd();
    IOException failed = assertThrows(IOException.class, () -> Recording.of(collector));
    assertTrue(failed.getMessage().endsWith(": status 7: ?[31mbad"), failed.getMessage());
  }

  @AfterEach
  void letTheProcessGo() throws IOException {
    collector.close();
  }
}
