package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One shot, for cron: rates need a second read, or what the last shot left. */
class CronIT {
  private static final String GAUGE = "load1";
  private static final String RATE = "interrupts_per_second";

  @TempDir private Path folder;
  private Path state;

  @BeforeEach
  void nameState() {
    state = folder.resolve("counters.state");
  }

  @Test
  void readsTwiceAndReportsOnce() throws Exception {
    Shot shot = shoot(cronlogger("--settle", "1s", "--modules", "cpu,load"));
    assertEquals(List.of(), shot.err());
    assertTrue(shot.ended() - shot.started() >= 1_000_000_000L);
    assertEquals(
        1, shot.lines().stream().map(line -> line.text("xid")).distinct().count(), shot::toString);
    assertEquals(
        Set.of("cpu", "load", "self"),
        shot.lines().stream().map(Logfmt::module).collect(Collectors.toSet()));
    Logfmt cpu = shot.with(RATE);
    // The first read comes when the program has started, the second a second after that start.
    double most = (shot.ended() - shot.started()) / 1e9;
    double covered = cpu.number("covered");
    assertTrue(covered > 0.3 && covered < most, () -> "not up to " + most + ": " + cpu.text());
    assertTrue(cpu.number(RATE) > 0, cpu.text());
    shot.with(GAUGE);
    assertFalse(Files.exists(state));
  }

  @Test
  void ratesSpanTheTimeSinceTheLastShot() throws Exception {
    Shot first = shoot(afterTheLast());
    assertEquals(List.of(), first.err());
    first.with(GAUGE);
    assertTrue(first.without(RATE), first::toString);
    assertEquals(List.of(state), files());
    Object inode = Files.getAttribute(state, "unix:ino");

    Thread.sleep(2_000);
    Shot second = shoot(afterTheLast());
    assertEquals(List.of(), second.err());
    second.with(GAUGE);
    Logfmt cpu = second.with(RATE);
    double least = (second.started() - first.ended()) / 1e9;
    double most = (second.ended() - first.started()) / 1e9;
    double covered = cpu.number("covered");
    assertTrue(
        covered > least - 0.1 && covered < most + 0.1,
        () -> "not " + least + " to " + most + ": " + cpu.text());
    assertTrue(cpu.number(RATE) > 0, cpu.text());
    assertEquals(List.of(state), files());
    assertNotEquals(inode, Files.getAttribute(state, "unix:ino"), "it was written in place");
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncated", "changed", "garbage", "empty"})
  void aDamagedStateIsToldAndReplaced(String how) throws Exception {
    shoot(afterTheLast());
    byte[] good = Files.readAllBytes(state);
    byte[] bad =
        switch (how) {
          case "truncated" -> Arrays.copyOf(good, good.length / 2);
          case "changed" -> changed(good);
          case "garbage" -> "?".repeat(5_000).getBytes(StandardCharsets.UTF_8);
          default -> new byte[0];
        };
    Files.write(state, bad);
    Shot shot = shoot(afterTheLast());
    assertTrue(
        shot.err().stream().anyMatch(line -> line.contains(state.toString())), shot::toString);
    shot.with(GAUGE);
    assertTrue(shot.without(RATE), shot::toString);
    assertEquals(List.of(state), files());

    Shot next = shoot(afterTheLast());
    assertEquals(List.of(), next.err());
    next.with(RATE);
  }

  @Test
  void theStateOfAnotherBootIsNone() throws Exception {
    Machine.needsRoot();
    Machine.needsPrograms("unshare", "mount");
    Path boot = Files.writeString(folder.resolve("boot"), "01234567-89ab-cdef-0123-456789abcdef\n");
    ProcessBuilder rebooted =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount --bind \"$1\" /proc/sys/kernel/random/boot_id && shift && exec \"$@\"",
                        "sh",
                        boot.toString()),
                    afterTheLast().command().stream())
                .toList());
    shoot(afterTheLast());
    byte[] before = Files.readAllBytes(state);
    Shot other = shoot(rebooted);
    other.with(GAUGE);
    assertTrue(other.without(RATE), other::toString);
    assertFalse(Arrays.equals(before, Files.readAllBytes(state)));
    shoot(rebooted).with(RATE);
    assertTrue(shoot(afterTheLast()).without(RATE));
  }

  @Test
  void aStateThatCannotBeKeptIsAFailureAfterTheReport() throws Exception {
    Path file = Files.createDirectory(folder.resolve("folder"));
    Files.createFile(file.resolve("so that it is not empty"));
    state = file;
    try (Running run = Running.start(afterTheLast())) {
      assertEquals(1, run.exitWithin(Running.MARGIN), run::all);
      assertTrue(run.err().stream().anyMatch(l -> l.contains(file.toString())), run::all);
      assertFalse(run.reported("load").isEmpty(), run::all);
    }
  }

  private static byte[] changed(byte[] good) {
    byte[] bad = good.clone();
    bad[bad.length / 2] ^= 0x10;
    return bad;
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> !file.endsWith("boot")).toList();
    }
  }

  private ProcessBuilder afterTheLast() {
    return cronlogger("--settle", "0s", "--state", state.toString(), "--modules", "cpu,load");
  }

  private static ProcessBuilder cronlogger(String... arguments) {
    String program = Machine.HOME.resolve("sbin/cronlogger").toString();
    return new ProcessBuilder(Stream.concat(Stream.of(program), Stream.of(arguments)).toList());
  }

  private static Shot shoot(ProcessBuilder command) throws Exception {
    long started = System.nanoTime();
    try (Running run = Running.start(command)) {
      assertEquals(0, run.exitWithin(Running.MARGIN), run::all);
      return new Shot(started, System.nanoTime(), run.reported(), run.err());
    }
  }

  /**
   * A run that ended well.
   *
   * @param started monotonic nanoseconds
   * @param ended monotonic nanoseconds
   * @param lines its report
   * @param err its standard error
   */
  private record Shot(long started, long ended, List<Logfmt> lines, List<String> err) {
    /** The one line that has {@code key}. */
    Logfmt with(String key) {
      List<Logfmt> found = lines.stream().filter(l -> l.pairs().containsKey(key)).toList();
      assertEquals(1, found.size(), () -> key + " in: " + this);
      return found.get(0);
    }

    boolean without(String key) {
      return lines.stream().noneMatch(line -> line.pairs().containsKey(key));
    }
  }
}
