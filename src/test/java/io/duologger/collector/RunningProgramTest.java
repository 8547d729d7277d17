package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.runtime.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RunningProgramTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;

  private final MovedClock clock = new MovedClock();
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> errors = new LinkedBlockingQueue<>();
  private final Thread test = Thread.currentThread();
  private RunningProgram program;

  private RunningProgram program(String script, Duration patience) throws IOException {
    String path = new Scripts(folder).script("tool", "echo $$ >>" + pids() + "\n" + script);
    Surroundings surroundings =
        new Surroundings(FixtureHost.empty(folder).root(), clock, Threads.reads());
    program =
        new RunningProgram(surroundings, List.of(path), patience, LONG, this::take, errors::add);
    return program;
  }

  /** Words that begin with "data" are what it is there for; "late" is taken after the end. */
  private boolean take(String line) {
    if (line.equals("late")) {
      awaitThatItsEndIsSeen();
    }
    lines.add(line);
    return line.startsWith("data");
  }

  /** Until the test's thread waits for something with a limit. */
  private void awaitThatItsEndIsSeen() {
    awaitEnd(0);
    while (test.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    program.close();
    for (int run = 0; run < started().size(); run++) {
      awaitEnd(run);
    }
  }

  private void awaitEnd(int run) {
    ProcessHandle.of(Long.parseLong(started().get(run)))
        .ifPresent(process -> process.onExit().orTimeout(30, TimeUnit.SECONDS).join());
  }

  private Path pids() {
    return folder.resolve("pids");
  }

  private List<String> started() {
    try {
      return Files.exists(pids()) ? Files.readAllLines(pids()) : List.of();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private String failure() {
    return assertThrows(IOException.class, () -> program.keep(LONG))
        .getMessage()
        .replace(folder + "/", "");
  }

  private static String take(BlockingQueue<String> from) throws InterruptedException {
    String line = from.poll(30, TimeUnit.SECONDS);
    assertNotNull(line);
    return line;
  }

  @Test
  void oneProcessPrintsAllLines() throws Exception {
    program("echo one; echo; echo ' two '; echo three >&2; exec sleep 600", LONG).keep(LONG);
    assertEquals(List.of("one", "two", "three"), List.of(take(lines), take(lines), take(errors)));
    program.keep(LONG);
    assertEquals(1, started().size());
  }

  @Test
  void theEndIsToldAndAnotherStartedAfterPausesThatGrow() throws Exception {
    program("echo no driver >&2; exit 9", LONG);
    String end = "tool: ended with status 9: no driver";
    for (int pause = 1; pause <= 4; pause *= 2) {
      int runs = started().size();
      assertEquals(end, failure());
      assertEquals(runs + 1, started().size());
      clock.pass(Duration.ofMillis(pause * 1000L - 1));
      assertEquals(end, failure());
      assertEquals(runs + 1, started().size(), "it pauses");
      clock.pass(Duration.ofMillis(1));
    }
    assertEquals(OptionalInt.of(9), program.status());
  }

  @Test
  void whatItIsThereForIsNoReasonForItsEnd() throws Exception {
    program("echo data 1; exit 3", LONG);
    assertEquals("tool: ended with status 3", endOf());
    program("echo data 1; echo lost; echo gone; exit 3", LONG);
    assertEquals("tool: ended with status 3: lost", endOf());
  }

  @Test
  void itsLastWordsCountThoughTheyAreReadAfterItsEnd() throws Exception {
    program("echo data 1; echo late; exit 3", LONG);
    assertEquals("tool: ended with status 3: late", endOf());
  }

  /** Its words may be read before its end is noticed. */
  private String endOf() throws IOException {
    while (true) {
      try {
        program.keep(LONG);
      } catch (IOException ended) {
        return ended.getMessage().replace(folder + "/", "");
      }
    }
  }

  @Test
  void pausesGrowNoLongerThanFiveMinutes() throws Exception {
    program("exit 1", LONG);
    for (int i = 0; i < 12; i++) {
      assertEquals("tool: ended with status 1", failure());
      clock.pass(Duration.ofMinutes(5));
    }
    assertEquals(12, started().size());
  }

  @Test
  void oneThatRanForLongIsStartedAgainSoon() throws Exception {
    program("echo up; read line <" + fifo() + "; exit 4", LONG);
    for (int run = 1; run <= 3; run++) {
      program.keep(LONG);
      assertEquals("up", take(lines));
      clock.pass(Duration.ofSeconds(61));
      // Not silent for too long: the clock of lines is moved too.
      Files.writeString(Path.of(fifo()), "go\n");
      awaitEnd(run - 1);
      assertTrue(failure().startsWith("tool: "));
      clock.pass(Duration.ofSeconds(1));
    }
    assertEquals(3, started().size());
  }

  private String fifo() throws Exception {
    Path fifo = folder.resolve("fifo");
    if (!Files.exists(fifo)) {
      assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    }
    return fifo.toString();
  }

  @Test
  void oneThatSaysNothingAtFirstIsKilled() throws Exception {
    program("exec sleep 600", Duration.ofSeconds(1));
    clock.pass(Duration.ZERO);
    assertEquals("tool: no line within 1 s, killed", failure());
    assertEquals(OptionalInt.of(128 + 9), program.status());
  }

  @Test
  void whoDoesNotWaitIsToldThatNothingHasBeenPrintedYet() throws Exception {
    program("exec sleep 600", LONG);
    assertFalse(program.keep(Duration.ZERO));
    awaitStarted(1);
    clock.pass(LONG.minusNanos(1));
    assertFalse(program.keep(Duration.ZERO));
    clock.pass(Duration.ofNanos(1));
    String failure = "tool: no line within 30 s, killed";
    assertTrue(
        assertThrows(IOException.class, () -> program.keep(Duration.ZERO))
            .getMessage()
            .endsWith(failure));
    clock.pass(Duration.ofSeconds(1));
    assertTrue(
        assertThrows(IOException.class, () -> program.keep(Duration.ZERO))
            .getMessage()
            .endsWith(failure),
        "the old failure counts until the next one prints");
    awaitStarted(2);
  }

  private void awaitStarted(int runs) {
    while (started().size() < runs) {
      Thread.onSpinWait();
    }
    assertEquals(runs, started().size());
  }

  @Test
  void oneThatFallsSilentIsKilled() throws Exception {
    program("echo up; exec sleep 600", LONG).keep(LONG);
    clock.pass(LONG);
    program.keep(LONG);
    clock.pass(Duration.ofNanos(1));
    assertEquals("tool: no line within 30 s, killed", failure());
  }

  @Test
  void oneThatNobodyLooksAtIsKilledAndStartedAgainWhenItIsWanted() throws Exception {
    program("echo up; read line <" + fifo() + "; echo more; exec sleep 600", LONG).keep(LONG);
    take(lines);
    clock.pass(LONG.plusNanos(1));
    Files.writeString(Path.of(fifo()), "go\n");
    awaitEnd(0);
    assertTrue(program.keep(LONG));
    assertEquals(2, started().size());
  }

  @ParameterizedTest
  @CsvSource({"yes, too many lines", "tr '\\000' x </dev/zero, a line without an end"})
  void oneThatFloodsIsKilled(String script, String why) throws Exception {
    program(script, LONG);
    String failure = "tool: " + why + ", killed";
    try {
      program.keep(LONG);
      awaitEnd(0);
      assertEquals(failure, failure());
    } catch (IOException atOnce) {
      assertTrue(atOnce.getMessage().endsWith(failure), atOnce.getMessage());
    }
    assertTrue(lines.size() < 30_000, () -> lines.size() + " lines");
  }

  @Test
  void oneThatClosesItsOutputIsKilled() throws Exception {
    program("echo up; exec >&- 2>&-; sleep 600", LONG).keep(LONG);
    take(lines);
    awaitEnd(0);
    assertEquals("tool: its output has ended, killed", failure());
  }

  @Test
  void whatItStartedIsKilledToo() throws Exception {
    program("sleep 600 & echo $!; wait", LONG).keep(LONG);
    ProcessHandle child = ProcessHandle.of(Long.parseLong(take(lines))).orElseThrow();
    program.close();
    child.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    assertFalse(child.isAlive());
    assertThrows(IOException.class, () -> program.keep(LONG));
  }

  @Test
  void aProgramThatIsNotThereIsAbsent() throws Exception {
    program("exit 0", LONG);
    Files.delete(folder.resolve("tool"));
    assertThrows(SourceAbsentException.class, () -> program.keep(LONG));
  }

  @Test
  void whatItSaysIsMadePrintable() throws Exception {
    program("printf 'a\\033[31mb\\n' >&2; exit 1", LONG);
    assertEquals("tool: ended with status 1: a?[31mb", failure());
  }
}
