package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One process a pidfile, whatever happened to the ones before. */
class PidFileIT {
  private static final int AT_ONCE = 8;
  private static final int HELD = ExitStatus.ALREADY_RUNNING;
  private static final String SCRIPT = Machine.HOME.resolve("sbin/duologger").toString();

  @TempDir private Path folder;
  private final List<Running> started = new ArrayList<>();
  private Path file;

  @BeforeEach
  void nameFile() {
    Machine.needsPrograms("flock");
    file = folder.resolve("x.pid");
  }

  @AfterEach
  void killAll() {
    started.forEach(Running::close);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "busybox sh", "bash --posix"})
  void ofManyStartsAtOnceOneWins(String shell) throws Exception {
    List<String> words = List.of(shell.split(" "));
    Machine.needsPrograms(words.get(0));
    for (int round = 0; round < 2; round++) {
      List<Running> starts = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        starts.add(start(Stream.concat(words.stream(), recording("--pidfile", file.toString()))));
      }
      Running.poll(
          Running.MARGIN.multipliedBy(2),
          "refusal of all but one",
          () -> starts.stream().filter(Running::isAlive).count() <= 1,
          () -> starts.stream().map(Running::all).toList().toString());
      Running winner = starts.stream().filter(Running::isAlive).findFirst().orElseThrow();
      assertEquals(winner.pid() + "\n", Files.readString(file));
      for (Running loser : starts) {
        if (loser != winner) {
          assertEquals(HELD, loser.exitWithin(Duration.ZERO), loser::all);
          assertEquals(
              List.of(
                  "duologger: is running already, as process "
                      + winner.pid()
                      + ": it holds "
                      + file),
              loser.err());
        }
      }
      // What it leaves behind is what the next round finds.
      winner.signal("KILL");
      assertEquals(128 + 9, winner.exitWithin(Running.MARGIN));
      assertTrue(Files.exists(file));
    }
  }

  @Test
  void theFileIsGoneAfterAnOrderlyEnd() throws Exception {
    Running recorder = start(recording("--pidfile=" + file));
    awaitStart(recorder);
    assertEquals(recorder.pid() + "\n", Files.readString(file));
    recorder.signal("TERM");
    assertEquals(0, recorder.exitWithin(Duration.ofSeconds(5)), recorder::all);
    assertFalse(Files.exists(file));

    Running wrong = start(recording("--pidfile", file.toString(), "--every", "cpu=soon"));
    assertEquals(2, wrong.exitWithin(Running.MARGIN), wrong::all);
    assertFalse(Files.exists(file));
  }

  @Test
  void anIdThatAnotherProcessHasNowIsNoReasonToRefuse() throws Exception {
    Files.writeString(file, ProcessHandle.current().pid() + "\n");
    Running recorder = start(recording("--pidfile", file.toString()));
    awaitStart(recorder);
    assertEquals(recorder.pid() + "\n", Files.readString(file));
  }

  @Test
  void aFileRemovedByHandIsAnotherFile() throws Exception {
    Running first = start(recording("--pidfile", file.toString()));
    awaitStart(first);
    Files.delete(file);
    Running second = start(recording("--pidfile", file.toString()));
    awaitStart(second);
    first.signal("TERM");
    assertEquals(0, first.exitWithin(Duration.ofSeconds(5)), first::all);
    assertEquals(second.pid() + "\n", Files.readString(file), "the file of the second");
  }

  @Test
  void aRelativeNameIsOfTheWorkingFolder() throws Exception {
    Running recorder =
        Running.start(
            new ProcessBuilder(recording("--pidfile", "x.pid").toList())
                .directory(folder.toFile()));
    started.add(recorder);
    awaitStart(recorder);
    assertEquals(recorder.pid() + "\n", Files.readString(file));
    recorder.signal("TERM");
    assertEquals(0, recorder.exitWithin(Duration.ofSeconds(5)), recorder::all);
    assertFalse(Files.exists(file));
  }

  @Test
  void whatCannotBeAPidfileIsSaidAndStaysAsItIs() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
    Path text = Files.writeString(folder.resolve("text"), "precious\n");
    assertRefused(1, "it is not a plain file", "--pidfile", folder.toString());
    assertRefused(1, "it is a link to nowhere", "--pidfile", link.toString());
    assertRefused(1, "there is no folder", "--pidfile", folder.resolve("no/x.pid").toString());
    assertRefused(1, "cannot write the pidfile", "--pidfile", "/proc/x.pid");
    assertRefused(1, "other than a process id", "--pidfile", text.toString());
    assertEquals("precious\n", Files.readString(text));
    for (List<String> missing :
        List.of(
            List.of("--pidfile"),
            List.of("--pidfile="),
            List.of("--pidfile", "--duration", "1s"))) {
      assertRefused(2, "needs the name of a file", missing.toArray(String[]::new));
    }
  }

  @Test
  void withoutFlockItNamesThePackage() throws Exception {
    ProcessBuilder command =
        new ProcessBuilder("/bin/sh", SCRIPT, "--pidfile", file.toString(), "--duration", "1s");
    command.environment().put("PATH", folder.toString());
    Running start = Running.start(command);
    started.add(start);
    assertEquals(1, start.exitWithin(Running.MARGIN), start::all);
    assertTrue(start.err().get(0).contains("util-linux"), start::all);
    assertFalse(Files.exists(file));
  }

  @Test
  void whatOnlyAnswersNeedsNoPidfile() throws Exception {
    Running recorder = start(recording("--pidfile", file.toString()));
    awaitStart(recorder);
    for (String question : List.of("modules", "topology", "--version", "--help")) {
      Running answer = start(Stream.of(SCRIPT, "--pidfile", file.toString(), question));
      assertEquals(0, answer.exitWithin(Running.MARGIN), answer::all);
      assertFalse(answer.out().isEmpty(), question);
    }
    assertEquals(recorder.pid() + "\n", Files.readString(file));
  }

  private void assertRefused(int status, String why, String... options) throws Exception {
    Running start = start(Stream.concat(Stream.of(SCRIPT), Stream.of(options)));
    assertEquals(status, start.exitWithin(Running.MARGIN), start::all);
    assertEquals(1, start.err().size(), start::all);
    assertTrue(start.err().get(0).contains(why), start::all);
    assertEquals(List.of(), start.out());
  }

  private void awaitStart(Running recorder) throws InterruptedException {
    recorder.await(Running.MARGIN.plusSeconds(2), "first report", line -> true);
  }

  private Running start(Stream<String> command) throws IOException {
    Running running = Running.start(new ProcessBuilder(command.toList()));
    started.add(running);
    return running;
  }

  private static Stream<String> recording(String... options) {
    return Stream.concat(
        Stream.of(
            SCRIPT,
            "--heartbeat",
            "1s",
            "--modules",
            "cpu",
            "--every",
            "cpu=200ms",
            "--output",
            "stdout"),
        Stream.of(options));
  }
}
