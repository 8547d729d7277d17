package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes within limits, and what is left of them. */
class ProgramTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final int MOST = 1000;

  @TempDir Path folder;

  private Program program(Duration limit, String... command) {
    return new Program(
        FixtureHost.surroundings(HostRoot.at(Path.of("/"))),
        List.of(command),
        Map.of("COLOUR", "green"),
        limit,
        MOST);
  }

  private Program script(Duration limit, String lines) {
    return program(limit, "sh", "-c", "cd '" + folder + "'; " + lines);
  }

  @Test
  void yieldsStatusAndWhatWasPrinted() throws IOException {
    Program.Result result = script(LONG, "echo $COLOUR; echo oh dear >&2; read x; exit 7").run();
    assertEquals(7, result.status());
    assertEquals("green\n", result.text());
    assertEquals("oh dear\n", result.errors());
    assertTrue(result.duration().compareTo(LONG) < 0);
    assertEquals(128 + 9, script(LONG, "kill -KILL $$").run().status());
  }

  @Test
  void aProgramThatIsNotThereIsAbsent() {
    assertThrows(SourceAbsentException.class, program(LONG, "/no/such/program")::run);
  }

  @Test
  void aChildOfTheSameSessionThatIgnoresSignalsIsKilled() throws IOException {
    Program program = script(SHORT, "trap '' TERM INT HUP; (sleep 900 & echo $! > child; wait)");
    IOException failure = assertThrows(IOException.class, program::run);
    assertEquals("sh: no end within 500 ms, killed", failure.getMessage());
    assertGone("child");
  }

  @Test
  void aChildThatLeftSessionAndParentIsKilledByItsMark() throws IOException {
    Program program =
        script(
            SHORT,
            "(setsid sh -c 'echo $$ > child; exec sleep 900' </dev/null >/dev/null 2>&1 &) &"
                + " while ! [ -s child ]; do :; done; sleep 900");
    assertThrows(IOException.class, program::run);
    assertGone("child");
  }

  @Test
  void whoClosesItsOutputIsKilledAtTheLimitToo() throws IOException {
    Program program = script(SHORT, "echo $$ > child; exec >&- 2>&-; exec sleep 900");
    assertThrows(IOException.class, program::run);
    assertGone("child");
  }

  @Test
  void aFloodEndsEarly() throws IOException {
    Program program = script(LONG, "echo $$ > child; exec yes");
    IOException failure = assertThrows(IOException.class, program::run);
    assertEquals("sh: more than 1000 bytes of output", failure.getMessage());
    assertGone("child");
  }

  @Test
  void aFloodOfErrorsIsCut() throws IOException {
    Program.Result result = script(LONG, "yes | head -c 1000000 >&2; echo done").run();
    assertEquals("done\n", result.text());
    assertEquals(16 << 10, result.errors().length());
  }

  /**
   * Without a parent, a session or a mark: it is only known that somebody has the output still, if
   * it has begun to be read (what comes to standard error is more than a pipe holds).
   */
  @Test
  void aRunHasNoEndWhileSomebodyOutOfReachHoldsItsOutput() throws Exception {
    String orphan = "(env -i PATH=\"$PATH\" setsid sh -c 'echo $$ > child; exec sleep 900' &)";
    String untilRead = "head -c 100000 /dev/zero >&2; sleep 0.2";
    Program program = script(SHORT, orphan + "; while ! [ -s child ]; do :; done; " + untilRead);
    CompletableFuture<String> run =
        CompletableFuture.supplyAsync(
            () -> assertThrows(IOException.class, program::run).getMessage());
    assertThrows(TimeoutException.class, () -> run.get(1500, TimeUnit.MILLISECONDS));
    ProcessHandle.of(pid("child")).orElseThrow().destroyForcibly();
    assertEquals("sh: no end within 500 ms, killed", run.get(30, TimeUnit.SECONDS));
  }

  @Test
  void whatRunsIsKilledWhenItIsClosed() throws Exception {
    Program program = script(LONG, "echo $$ > child; exec sleep 900");
    CompletableFuture<Integer> run =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return program.run().status();
              } catch (IOException failed) {
                return -1;
              }
            });
    while (!Files.exists(folder.resolve("child")) || Files.size(folder.resolve("child")) == 0) {
      Thread.onSpinWait();
    }
    program.close();
    assertNotEquals(0, run.get(30, TimeUnit.SECONDS));
    assertGone("child");
    assertThrows(IOException.class, program::run);
  }

  @Test
  void whatIsLeftBehindInTimeIsLeftAlone() throws Exception {
    String daemon = "setsid sh -c 'echo $$ > child; exec sleep 900' >/dev/null 2>&1 &";
    Program.Result result = script(LONG, daemon + " while ! [ -s child ]; do :; done").run();
    assertEquals(0, result.status());
    ProcessHandle left = ProcessHandle.of(pid("child")).orElseThrow();
    assertTrue(left.isAlive());
    left.destroyForcibly();
    left.onExit().get(30, TimeUnit.SECONDS);
  }

  @Test
  void namesOfProcessesMayHoldAnything() {
    ProcessFamily.Stat stat =
        ProcessFamily.Stat.parse(
            "7 (a) R 1 (b)) S 3 7 8 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 1 2");
    assertEquals(new ProcessFamily.Stat('S', 3, 8, 4711), stat);
    assertTrue(stat.isAlive());
    assertFalse(
        ProcessFamily.Stat.parse("7 (a) Z 3 7 8 0 1 1 1 1 1 1 1 1 1 1 1 1 1 1 5").isAlive());
  }

  private long pid(String file) throws IOException {
    return Long.parseLong(Files.readString(folder.resolve(file)).strip());
  }

  /** A zombie that waits for init has ended. */
  private void assertGone(String file) throws IOException {
    Path stat = Path.of("/proc/" + pid(file) + "/stat");
    try {
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      assertFalse(ProcessFamily.Stat.parse(text).isAlive(), text);
    } catch (NoSuchFileException gone) {
      assertFalse(Files.exists(stat));
    }
  }
}
