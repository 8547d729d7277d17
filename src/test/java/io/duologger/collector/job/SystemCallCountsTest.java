package io.duologger.collector.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What a real strace printed, and what none would. */
class SystemCallCountsTest {
  private static final Path OUTPUTS = Path.of("src/test/resources/outputs/syscalls");

  private final SystemCallCounts counts = new SystemCallCounts();

  private SystemCallCounts add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    counts.add(bytes, bytes.length);
    return counts;
  }

  /** Lines such as "read 20 1", of which the first is all. */
  private static List<String> lines(SystemCallCounts counts) {
    List<String> lines = new ArrayList<>();
    counts.each(
        (name, calls, errors) ->
            lines.add((name.isEmpty() ? "all" : name) + " " + calls + " " + errors));
    return lines;
  }

  @Example
  void countsEachCallOfARealTreeOnce() throws IOException {
    for (String form : List.of("tree", "terminal")) {
      SystemCallCounts counts = new SystemCallCounts();
      byte[] bytes = Files.readAllBytes(OUTPUTS.resolve(form + ".txt"));
      counts.add(bytes, bytes.length);
      assertEquals(Files.readAllLines(OUTPUTS.resolve(form + "-counts.txt")), lines(counts), form);
    }
  }

  @Property(tries = 50)
  void bytesMayComeInAnyPieces(@ForAll @IntRange(min = 1, max = 999) int piece) throws IOException {
    SystemCallCounts counts = new SystemCallCounts();
    byte[] bytes = Files.readAllBytes(OUTPUTS.resolve("tree.txt"));
    for (int at = 0; at < bytes.length; at += piece) {
      int count = Math.min(piece, bytes.length - at);
      byte[] part = new byte[piece + 1];
      System.arraycopy(bytes, at, part, 0, count);
      part[count] = '\n';
      counts.add(part, count);
    }
    assertEquals(Files.readAllLines(OUTPUTS.resolve("tree-counts.txt")), lines(counts));
  }

  @Example
  void anInterruptedCallIsOneAndItsFailureCounts() {
    add("1 wait4(0xffffffff, 0x7ff <unfinished ...>\n2 read(0, 0x7ff, 0x1) = 0x1\n");
    add("1 <... wait4 resumed>) = -1 ECHILD (No child processes)\n");
    add("[pid    2] <... read resumed>, 0x7ff) = -1 (errno 600)\n");
    assertEquals(List.of("all 2 2", "read 1 1", "wait4 1 1"), lines(counts));
  }

  @Example
  void whatIsRestartedOrNeverReturnsDidNotFail() {
    add("7 nanosleep(0x7ff, 0) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)\n");
    add("7 restart_syscall(<... resuming interrupted nanosleep ...>) = 0\n");
    add("7 exit_group(0) = ?\n8 poll( <detached ...>\n9 lseek(0x3, 0, 0) = 0xffffffffffffffff\n");
    assertEquals(
        List.of(
            "all 5 0",
            "exit_group 1 0",
            "lseek 1 0",
            "nanosleep 1 0",
            "poll 1 0",
            "restart_syscall 1 0"),
        lines(counts));
  }

  @Example
  void whatIsNoCallIsPassedOver() {
    add(
        "7 +++ exited with 0 +++\n7 --- SIGCHLD {si_signo=SIGCHLD} ---\nstrace: Process 7 attached\n");
    add("\n\n7 \n[pid 7\n(0) = 0\n7 (0) = 0\n7 9(0) = 0\n7 READ(0) = 0\n7 <... read\n7 re ad(0)\n");
    add("7 " + "a".repeat(33) + "(0) = 0\n<... read resume>) = -1 EIO (x)\n7 read(0) = 0");
    assertEquals(List.of("all 0 0"), lines(counts), "the last line has no end yet");
  }

  @Example
  void aLineWithoutAnEndTakesNoMemoryAndCountsOnce() {
    add("7 read(");
    for (int i = 0; i < 1000; i++) {
      add("0".repeat(10_000));
    }
    add(") = -1 EIO (x)\n7 read(0) = 0\n");
    assertEquals(List.of("all 2 0", "read 2 0"), lines(counts), "the failure is past the bound");
  }

  @Example
  void moreNamesThanAnyKernelHasAreCountedAsOther() {
    for (int i = 0; i < 600; i++) {
      add("7 call" + i + "(0) = -1 ENOSYS (Function not implemented)\n");
    }
    assertEquals(502, lines(counts).size());
    assertTrue(lines(counts).contains("other 100 100"));
    assertTrue(lines(counts).contains("all 600 600"));
  }

  @Property(tries = 1000)
  void anyTextIsSurvivedAndTheSumsHold(@ForAll("texts") String text) {
    SystemCallCounts counts = new SystemCallCounts();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    counts.add(bytes, bytes.length);
    long[] sums = new long[4];
    counts.each(
        (name, calls, errors) -> {
          assertTrue(name.matches("[a-z_]?[a-z0-9_]{0,31}"), name);
          sums[name.isEmpty() ? 0 : 2] += calls;
          sums[name.isEmpty() ? 1 : 3] += errors;
        });
    assertEquals(sums[0], sums[2]);
    assertEquals(sums[1], sums[3]);
    assertTrue(sums[0] <= text.lines().count());
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> words =
        Arbitraries.of(
            "1 ",
            "[pid 2] ",
            "read",
            "write_",
            "(",
            ")",
            " = -1 E",
            "NOENT",
            "<... ",
            " resumed>",
            "\n",
            "\n",
            " <unfinished ...>",
            "é",
            "\u0000",
            " = 0x1",
            "\r",
            "[pid",
            "] ");
    return Arbitraries.oneOf(
        words.list().ofMaxSize(60).map(list -> String.join("", list)), Arbitraries.strings());
  }
}
