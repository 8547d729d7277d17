package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * memrec on a terminal: shells and full screens below it work as without, keys reach the job and
 * not the recorder, and what stops the one stops the other.
 */
class MemrecTerminalIT {
  private static final String MEMREC = Machine.HOME.resolve("sbin/memrec").toString();

  /** A shell's way to say that it waits, and the job's that it runs. */
  private static final String OUTER = "outer> ";

  private static final String BEGIN = "sh -c 'echo beg''un; exec sleep 1000'";
  private static final Pattern PID = Pattern.compile("\"pid\":\"([0-9]+)\"");

  @TempDir private Path folder;
  private Path record;
  private Screen screen;

  @BeforeEach
  void open() throws Exception {
    Machine.needsPrograms("tmux", "bash", "vi", "less", "script", "python3");
    record = folder.resolve("record");
    screen =
        Screen.open(folder, Map.of("PS1", OUTER, "HISTFILE", ""), "bash", "--norc", "--noprofile");
    screen.awaitLine(OUTER.strip());
    screen.type("ulimit -c 0; STATE_DIRECTORY=" + Machine.STATE + "; export STATE_DIRECTORY");
  }

  @AfterEach
  void close() throws Exception {
    screen.close();
  }

  @Test
  void aShellHasItsJobControl() throws Exception {
    screen.type("PS1='inner> ' " + memrec("-q") + "bash --norc --noprofile");
    screen.awaitLine("inner>");
    screen.type("sleep 1000");
    screen.awaitForeground("sleep");
    screen.press("C-z");
    screen.awaitLine("[1]+  Stopped");
    screen.type("bg");
    screen.awaitLine("[1]+ sleep 1000 &");
    screen.type("clear; fg");
    screen.awaitForeground("sleep");
    screen.press("C-c");
    screen.awaitForeground("bash");
    screen.type("exit 7");
    screen.awaitLine(OUTER.strip());
    assertStatus(7);
    assertEquals(1, ends().size());
  }

  @Test
  void aShellThatSuspendsItselfGivesTheTerminalToTheOneOutsideAndComesBack() throws Exception {
    screen.type("PS1='inner> ' " + memrec("-q") + "bash --norc --noprofile");
    screen.awaitLine("inner>");
    screen.type("suspend");
    screen.awaitLine("[1]+  Stopped");
    screen.type("clear; echo out''side");
    screen.awaitLine("outside");
    screen.type("fg");
    screen.awaitForeground("bash");
    screen.type("echo in''side");
    screen.awaitLine("inside");
    screen.type("exit 3");
    screen.await("outer shell", text -> text.contains("exit\n" + OUTER.strip()));
    assertStatus(3);
  }

  @Test
  void anEditorDrawsItsScreenGetsKeysAndNewSizesAndIsSuspended() throws Exception {
    screen.type("stty -a | tail -n +2 >before; seq 300 >lines");
    screen.type(memrec("-q") + "vi -u NONE -N lines");
    screen.await("first page", text -> text.startsWith("1\n2\n3\n"));
    screen.press("G");
    screen.await("last page", text -> text.contains("\n299\n300\n"));
    screen.press("o", "typed", "Escape");
    screen.awaitLine("typed");
    screen.resize(70, 20);
    screen.typeUntil(":set columns?", "columns=70");
    screen.typeUntil(":set lines?", "lines=20");
    screen.press("C-z");
    screen.await("suspended", text -> text.contains("Stopped"));
    screen.type("clear; fg");
    screen.awaitLine("typed");
    screen.type(":wq");
    screen.await("outer shell", text -> text.endsWith("\n" + OUTER.strip() + "\n"));
    assertStatus(0);
    assertEquals("typed", last(folder.resolve("lines")));
    screen.type("clear; stty -a | tail -n +2 >after; echo sa''ne");
    screen.awaitLine("sane");
    assertEquals(
        Files.readString(folder.resolve("before")), Files.readString(folder.resolve("after")));
  }

  @Test
  void aPagerGoesOnAfterAnInterrupt() throws Exception {
    screen.type("seq 300 >lines");
    screen.type(memrec("-q") + "less lines");
    screen.await("first page", text -> text.startsWith("1\n2\n3\n"));
    screen.press("C-c");
    // It forgets keys that it had not yet looked at.
    for (int i = 0; i < 50 && !screen.text().contains("300"); i++) {
      screen.press("G");
    }
    screen.await("last page", text -> text.contains("299\n300\n"));
    screen.press("q");
    screen.awaitLine(OUTER.strip());
    assertStatus(0);
  }

  @Test
  void anInterruptEndsTheJobAndItsRecordIsWhole() throws Exception {
    screen.type(memrec() + BEGIN);
    screen.awaitLine("begun");
    screen.press("C-c");
    screen.await("summary", text -> text.contains(": signal 2, exit status 130"));
    assertStatus(130);
    assertTrue(ends().get(0).contains("\"exit_status\":130,\"signal\":2,"), ends()::toString);
  }

  @Test
  void anInterruptEndsTheLoopAroundItAsWithoutIt() throws Exception {
    Files.writeString(
        folder.resolve("loop"), "for i in 1 2 3; do " + memrec("-q") + BEGIN + "; done");
    screen.type("bash loop");
    screen.awaitLine("begun");
    screen.press("C-c");
    screen.await("outer shell", text -> text.contains("^C\n" + OUTER.strip()));
    assertStatus(130);
    assertEquals(1, ends().size());
  }

  @Test
  void quitEndsTheJobWithoutWordsOfTheJvm() throws Exception {
    screen.type(memrec() + BEGIN);
    screen.awaitLine("begun");
    screen.press("C-\\");
    screen.await("summary", text -> text.contains(": signal 3, exit status 131"));
    String text = screen.text();
    for (String line : text.lines().dropWhile(line -> !line.contains("signal 3")).toList()) {
      assertTrue(
          line.contains("memrec:") || line.startsWith(OUTER.strip()), () -> "not ours: " + text);
    }
    assertStatus(131);
  }

  @Test
  void bothStopAndGoOnTogetherAndTheRecordHasTheGap() throws Exception {
    screen.type(
        memrec("-q", "-d", "0.1", "--heartbeat", "300ms")
            + "sh -c 'echo beg''un; read word; echo $word; exit 6'");
    screen.awaitLine("begun");
    Running.poll(Running.MARGIN, "a window", () -> !windows().isEmpty(), screen::text);
    List<String> both = List.of(Long.toString(job()), Long.toString(recorder()));
    screen.press("C-z");
    screen.awaitLine("[1]+  Stopped");
    awaitStates(both, "TT");
    long stopped = System.nanoTime();
    Running.poll(
        Running.MARGIN,
        "a second",
        () -> System.nanoTime() - stopped > 1_000_000_000L,
        screen::text);
    screen.type("clear; fg");
    awaitStates(both, "SS");
    screen.type("word");
    screen.await("answer", text -> text.contains("\nword\nword\n"));
    assertStatus(6);
    assertEquals(1, ends().size());
    long missed = 0;
    for (String window : windows()) {
      missed += number(window, "missed");
    }
    long gap = missed;
    assertTrue(gap >= 8, () -> String.join("\n", windows()));
    double elapsed = number(ends().get(0), "elapsed_seconds");
    assertTrue(elapsed >= 1, ends()::toString);
  }

  @Test
  void aTerminalThatIsTakenAwayIsForTheJobToHandleAndTheRecordIsWhole() throws Exception {
    screen.type(
        memrec()
            + "sh -c 'trap \"echo hup >>hup; exit 5\" HUP; echo beg''un; while :; do sleep 0.1; done'");
    screen.awaitLine("begun");
    Path recorder = Path.of("/proc", Long.toString(recorder()));
    screen.close();
    Running.poll(
        Running.MARGIN, "end of memrec", () -> Files.notExists(recorder), () -> "it goes on");
    assertEquals("hup", last(folder.resolve("hup")));
    assertTrue(ends().get(0).contains("\"exit_status\":5,"), ends()::toString);
  }

  @Test
  void theLiveLineIsWrittenAnewInItsPlaceAndGoneAtTheEnd() throws Exception {
    Path typed = folder.resolve("typed");
    Running.run("script", "-qec", memrec("--live", "-d", "0.1") + "sleep 1.8", typed.toString());
    String shown = Files.readString(typed, StandardCharsets.UTF_8);
    int summary = shown.indexOf("memrec: sleep");
    String live = shown.substring(shown.indexOf("\r\033[K"), summary);
    assertFalse(live.contains("\n"), shown);
    assertTrue(live.endsWith("\r\033[K"), shown);
    long times = live.split("\r\033\\[K\033\\[\\?7l", -1).length - 1;
    assertTrue(times >= 2, shown);
    assertTrue(live.contains("rss "), shown);
    assertFalse(shown.substring(summary).contains("\033"), shown);
  }

  @Test
  void thereIsNoLiveLineWhereNobodyLooks() throws Exception {
    try (Running run =
        Running.start(
            new ProcessBuilder(MEMREC, "-q", "--live", "-o", record.toString(), "sleep", "1.2"))) {
      assertEquals(0, run.exitWithin(Running.MARGIN), run::all);
      assertEquals(List.of(), run.err());
    }
    screen.type("clear; " + memrec("-q", "--live") + "sleep 1.2 & wait $!; echo wai''ted $?");
    screen.await("end", text -> text.contains("waited 0"));
    assertFalse(screen.text().contains("rss"), screen::text);
  }

  @Test
  void theJobIgnoresWhatItsCallerIgnores() throws Exception {
    String show = "grep SigIgn /proc/self/status";
    for (String trap : List.of("trap '' PIPE XFSZ", "trap '' INT QUIT", "trap '' HUP TSTP TERM")) {
      List<String> bare = Running.run("sh", "-c", trap + "; " + show);
      List<String> recorded = Running.run("sh", "-c", trap + "; " + memrec("-q") + show);
      assertEquals(ignored(bare.get(0)), ignored(recorded.get(0)), trap);
    }
    Path out = folder.resolve("out");
    Running.run("sh", "-c", memrec("-q") + show + " >" + out + " & wait $!");
    assertEquals(0b110, ignored(Files.readString(out).strip()));
  }

  /** Without those that the C library has for itself, which its posix_spawn leaves ignored. */
  private static long ignored(String line) {
    return Long.parseUnsignedLong(line.split("\\s+")[1], 16) & 0x7fff_ffffL;
  }

  private String memrec(String... options) {
    return MEMREC + " " + String.join(" ", options) + " -o " + record + " ";
  }

  private void assertStatus(int status) throws Exception {
    screen.type("echo sta''tus=$?.");
    screen.awaitLine("status=");
    assertTrue(screen.text().contains("status=" + status + "."), screen::text);
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(record);
  }

  /** What the recorder says of its samples of the job: also of windows in which there was none. */
  private List<String> windows() {
    try {
      return lines().stream()
          .filter(line -> line.contains("\"collector\":\"job\""))
          .map(line -> line.substring(0, line.indexOf("\"resets\"")))
          .toList();
    } catch (IOException notYet) {
      return List.of();
    }
  }

  private List<String> ends() throws IOException {
    return lines().stream().filter(line -> line.contains("\"record\":\"end\"")).toList();
  }

  private long job() throws Exception {
    Running.poll(
        Running.MARGIN,
        "a record",
        () -> Files.exists(record) && record.toFile().length() > 0,
        screen::text);
    Matcher pid = PID.matcher(lines().get(0));
    assertTrue(pid.find(), lines()::toString);
    return Long.parseLong(pid.group(1));
  }

  private long recorder() throws Exception {
    return ProcessHandle.of(job()).orElseThrow().parent().orElseThrow().pid();
  }

  private void awaitStates(List<String> pids, String states) throws InterruptedException {
    Running.poll(Running.MARGIN, states, () -> states(pids).equals(states), () -> states(pids));
  }

  /** A letter each, as in /proc/PID/stat. */
  private static String states(List<String> pids) {
    StringBuilder states = new StringBuilder();
    for (String pid : pids) {
      try {
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        states.append(stat.charAt(stat.lastIndexOf(')') + 2));
      } catch (IOException gone) {
        states.append('-');
      }
    }
    return states.toString();
  }

  private static long number(String line, String key) {
    Matcher value = Pattern.compile("\"" + key + "\":([0-9]+)").matcher(line);
    assertTrue(value.find(), line);
    return Long.parseLong(value.group(1));
  }

  private static String last(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return lines.get(lines.size() - 1);
  }
}
