package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mount that hangs, a program that never ends and whose children hide, one that can't be killed
 * as it is out of reach, one that floods and one that takes two minutes: each is told, none is
 * asked or started twice, nothing else is late, and nothing within reach is left in the end.
 */
@Tag(Machine.ALONE)
class HangProofIT {
  private static final Duration LIMIT = Running.MARGIN.plusSeconds(30);

  /** Ticks of a fast module in a window, and how many of them a busy machine may cost. */
  private static final int TICKS = 30;

  private static final int FEW = 2;

  private static final String ENDLESS =
      """
      #!/bin/sh
      trap '' TERM INT HUP
      FOLDER/nap 900 &
      (FOLDER/nap 900 &)
      (setsid FOLDER/nap 900 </dev/null >/dev/null 2>&1 &)
      exec FOLDER/nap 900
      """;

  /** It stays until its output is being read: who ends before that leaves others alone. */
  private static final String HIDDEN =
      """
      #!/bin/sh
      (env -i setsid FOLDER/hide 900 &)
      exec sleep 30
      """;

  /** How many naps a run of it has at a time. */
  private static final int NAPS = 4;

  /** Copies of the program sleep: of the endless one, of the slow one, and of one out of reach. */
  private static final List<String> COPIES = List.of("nap", "doze", "hide");

  private static final String CONFIG =
      """
      heartbeat = 3 s
      modules {
        cpu { every = 100 ms, stats = [mean] }
        load { every = 100 ms, stats = [mean] }
        df { every = 500 ms, stats = [max], include = ["/", "FOLDER/mnt"], answer-within = 200 ms }
        mount { every = 500 ms, stats = [max], include = ["FOLDER/mnt"], answer-within = 200 ms }
        exec {
          every = 500 ms, stats = [max]
          programs {
            endless { argv = ["FOLDER/endless"], limit = 1 s }
            device { argv = ["sh", "-c", "FOLDER/doze 120; echo x=1"], limit = 5 minutes }
            hidden { argv = ["FOLDER/hidden"], limit = 1 s }
            flood { argv = ["yes"] }
            quick { argv = ["echo", "x=1"] }
          }
        }
      }
      outputs = [ { type = stdout } ]
      """;

  @TempDir private Path folder;
  private Path mount;
  private Optional<Running> server = Optional.empty();
  private Optional<Running> recording = Optional.empty();

  @Test
  void whatHangsIsToldAndHoldsUpNothing() throws Exception {
    Machine.needsRoot();
    Machine.needsPrograms("bindfs", "setsid", "umount");
    hangable();
    Path config = file("module.conf", CONFIG);
    file("endless", ENDLESS);
    file("hidden", HIDDEN);
    Path sleep = Path.of("/bin/sleep");
    for (String name : COPIES) {
      Files.copy(sleep, folder.resolve(name));
    }
    Running recorder = Running.duologger("--config", config.toString());
    recording = Optional.of(recorder);

    String point = mount.toString();
    recorder.await(LIMIT, "size", line -> isOf(line, point) && has(line, "free_bytes_max"));
    recorder.await(LIMIT, "up", line -> isOf(line, point) && says(line, "state", "up"));
    server.orElseThrow().signal("STOP");
    Logfmt stuck =
        recorder.await(
            LIMIT,
            "age of at least a window",
            line ->
                isOf(line, point)
                    && line.module().equals("df")
                    && has(line, "stuck_seconds_max")
                    && line.number("stuck_seconds_max") > 3);
    recorder.await(LIMIT, "hung", line -> isOf(line, point) && says(line, "state", "hung"));
    assertOthersInTime(recorder, stuck.xid());
    assertProgramsAreTold(recorder);
    assertNoSecondOne(recorder);
    assertNoZombies(recorder);

    // One question all the time: its age grew by the window.
    Logfmt next =
        recorder.await(
            LIMIT,
            "age of another window",
            line ->
                isOf(line, point)
                    && line.module().equals("df")
                    && line.xid() > stuck.xid()
                    && has(line, "stuck_seconds_max"));
    double grown = next.number("stuck_seconds_max") - stuck.number("stuck_seconds_max");
    assertEquals(next.xid() - stuck.xid(), grown, 1, next.text());

    server.orElseThrow().signal("CONT");
    recorder.await(
        LIMIT,
        "size again",
        line ->
            isOf(line, point)
                && line.xid() > next.xid()
                && has(line, "free_bytes_max")
                && !has(line, "stuck_seconds_max"));
    recorder.await(
        LIMIT,
        "up again",
        line -> isOf(line, point) && line.xid() > next.xid() && says(line, "state", "up"));

    recorder.signal("TERM");
    assertEquals(0, recorder.exitWithin(Duration.ofSeconds(10)), recorder::all);
    assertEquals(List.of(), recorder.err());
    Running.poll(
        Duration.ofSeconds(5),
        "end of all programs",
        () -> named("nap").isEmpty() && named("doze").isEmpty(),
        () -> named("nap") + " " + named("doze"));
  }

  /** A mount whose server can be stopped. */
  private void hangable() throws Exception {
    mount = Files.createDirectory(folder.resolve("mnt"));
    Path source = Files.createDirectory(folder.resolve("source"));
    server =
        Optional.of(
            Running.start(new ProcessBuilder("bindfs", "-f", source.toString(), mount.toString())));
    server
        .orElseThrow()
        .poll(
            LIMIT,
            "mount",
            () -> {
              try {
                return Files.readString(Path.of("/proc/self/mountinfo"))
                    .contains(" " + mount + " ");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  private static void assertOthersInTime(Running recorder, long xid) {
    for (String module : List.of("cpu", "load")) {
      Logfmt line =
          recorder.reported(module).stream()
              .filter(each -> each.xid() == xid && !has(each, "cpu"))
              .findFirst()
              .orElseThrow();
      assertTrue(line.integer("n") >= TICKS - FEW, line.text());
      assertTrue(line.integer("missed") <= FEW, line.text());
    }
    Logfmt root =
        recorder.reported("df").stream()
            .filter(each -> each.xid() == xid && isOf(each, "/"))
            .findFirst()
            .orElseThrow();
    assertTrue(has(root, "free_bytes_max"), root.text());
    assertTrue(root.integer("missed") <= FEW, root.text());
  }

  private static void assertProgramsAreTold(Running recorder) throws InterruptedException {
    recorder.await(
        LIMIT,
        "end of the endless one",
        line ->
            says(line, "program", "endless")
                && line.pairs()
                    .getOrDefault("failure", "")
                    .endsWith("no end within 1000 ms, killed"));
    recorder.await(
        LIMIT,
        "end of the flood",
        line ->
            says(line, "program", "flood")
                && says(line, "failure", "yes: more than 65536 bytes of output"));
    recorder.await(
        LIMIT,
        "age of the slow one",
        line ->
            says(line, "program", "device")
                && has(line, "running_seconds_max")
                && line.number("running_seconds_max") > 3);
    recorder.await(
        LIMIT,
        "age of the one out of reach",
        line ->
            says(line, "program", "hidden")
                && has(line, "stuck_seconds_max")
                && line.number("stuck_seconds_max") > 3);
    Logfmt quick =
        recorder.await(
            LIMIT,
            "value of the quick one",
            line ->
                says(line, "program", "quick")
                    && has(line, "value_max")
                    && line.partial().isEmpty());
    assertTrue(quick.integer("missed") <= FEW, quick.text());
    assertTrue(!has(quick, "seen") || quick.integer("seen") >= 4, quick.text());
  }

  /** Looks for longer than a run of the endless one takes. */
  private void assertNoSecondOne(Running recorder) throws InterruptedException {
    Set<Long> dozes = new HashSet<>();
    Set<Long> hidden = new HashSet<>();
    int most = 0;
    for (int i = 0; i < 30; i++) {
      dozes.addAll(named("doze"));
      hidden.addAll(named("hide"));
      most = Math.max(most, named("nap").size());
      Thread.sleep(50);
    }
    assertEquals(1, dozes.size(), "slow ones");
    assertEquals(1, hidden.size(), "hidden ones");
    assertTrue(most >= 1 && most <= NAPS, most + " processes of the endless one");
    assertTrue(recorder.isAlive(), recorder::all);
  }

  /** A child that has ended may be one for a moment. */
  private static void assertNoZombies(Running recorder) throws InterruptedException {
    Set<Long> still = zombies(recorder.pid());
    for (int i = 0; i < 100 && !still.isEmpty(); i++) {
      Thread.sleep(20);
      still.retainAll(zombies(recorder.pid()));
    }
    assertEquals(Set.of(), still, "zombies");
  }

  private static Set<Long> zombies(long parent) {
    return processes(
        pid -> {
          String stat = read("/proc/" + pid + "/stat");
          return stat.substring(stat.lastIndexOf(')') + 1).startsWith(" Z " + parent + " ");
        });
  }

  /** The processes that run this copy of the program sleep. */
  private Set<Long> named(String name) {
    return processes(
        pid -> read("/proc/" + pid + "/cmdline").startsWith(folder.resolve(name) + "\0"));
  }

  private static Set<Long> processes(Predicate<Long> wanted) {
    Set<Long> found = new HashSet<>();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      all.map(ProcessHandle::pid).filter(wanted).forEach(found::add);
    }
    return found;
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  private static boolean isOf(Logfmt line, String point) {
    return says(line, "mount", point);
  }

  private static boolean says(Logfmt line, String key, String value) {
    return value.equals(line.pairs().get(key));
  }

  private static boolean has(Logfmt line, String key) {
    return line.pairs().containsKey(key);
  }

  private Path file(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text.replace("FOLDER", folder.toString()));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  @AfterEach
  void clean() throws IOException, InterruptedException {
    recording.ifPresent(Running::close);
    if (server.isPresent()) {
      server.get().signal("CONT");
      Running.run("umount", "-l", mount.toString());
      server.get().close();
    }
    for (String name : COPIES) {
      named(name).forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
  }
}
