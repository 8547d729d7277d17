package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: one that is busy, one with busy children, one that is blocked and a zombie. */
class ProcessIT {
  private static final double TICKS = 100;

  /** Seconds of processor time that are more than what ticks make of nothing. */
  private static final double ENOUGH = 0.3;

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();

  /** A shell under a name of its own. */
  private String shell(String name) throws IOException {
    Path copy = folder.resolve(name);
    Files.copy(Path.of("/bin/sh").toRealPath(), copy);
    assertTrue(copy.toFile().setExecutable(true));
    return copy.toString();
  }

  private Process start(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out" + started.size()).toFile())
            .start();
    started.add(process);
    return process;
  }

  /** Seconds of processor time that a process and its ended children have used. */
  private static double used(Process process) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    double sum = 0;
    for (int field = 14; field <= 17; field++) {
      sum += Long.parseLong(fields[field - 3]);
    }
    return sum / TICKS;
  }

  private Path config(String process) throws IOException {
    return Files.writeString(
        folder.resolve("process.conf"),
        "heartbeat = 1 s\nmodules { process { every = 200 ms, stats = [mean, max], "
            + process
            + " } }\noutputs = [ { type = stdout } ]\n");
  }

  private static boolean of(Logfmt line, String command) {
    return line.text().contains(" command=" + command + " ");
  }

  /** Seconds in all windows. */
  private static double sum(List<Logfmt> lines, String command, String metric) {
    double sum = 0;
    for (Logfmt line : lines) {
      if (of(line, command) && line.text().contains(" " + metric + "_mean=")) {
        sum += line.number(metric + "_mean") * line.number("covered");
      }
    }
    return sum;
  }

  @Test
  void aBusyProcessRanksWithTheTimeThatTheKernelSays() throws Exception {
    Process busy = start(shell("duo-busy"), "-c", "while :; do :; done");
    double before = used(busy);
    try (Running recorder = Running.duologger("--config", config("top = 4").toString())) {
      Running.poll(
          Running.MARGIN,
          "its time",
          () -> sum(recorder.reported(), "duo-busy", "cpu_ratio") > ENOUGH,
          recorder::all);
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Running.MARGIN), recorder::all);
      assertEquals(List.of(), recorder.err());
      double told = sum(recorder.reported(), "duo-busy", "cpu_ratio");
      double really = used(busy) - before;
      assertTrue(told > ENOUGH && told < really + 0.03, told + " of " + really + " seconds");
      for (Logfmt line : recorder.reported()) {
        if (of(line, "duo-busy") && line.text().contains("cpu_ratio_max=")) {
          // A core, and what the clock ticks of 10 ms make of it in 200 ms.
          assertTrue(line.number("cpu_ratio_max") < 1.2, line.text());
          assertEquals(1, line.number("processes_max"), line.text());
        }
      }
    }
  }

  @Test
  void whatShortLivedChildrenUseIsTheirParents() throws Exception {
    String child = shell("duo-child");
    Process parent =
        start(
            shell("duo-parent"),
            "-c",
            "while :; do "
                + child
                + " -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'; done");
    double before = used(parent);
    try (Running recorder =
        Running.duologger("--config", config("watch = [duo-parent, duo-child]").toString())) {
      Running.poll(
          Running.MARGIN,
          "the time of children",
          () -> sum(recorder.reported(), "duo-parent", "children_cpu_ratio") > ENOUGH / 2,
          recorder::all);
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Running.MARGIN), recorder::all);
      double told =
          sum(recorder.reported(), "duo-parent", "children_cpu_ratio")
              + sum(recorder.reported(), "duo-parent", "cpu_ratio")
              + sum(recorder.reported(), "duo-child", "cpu_ratio");
      double really = used(parent) - before;
      assertTrue(told > ENOUGH / 2 && told < really + 0.3, told + " of " + really + " seconds");
    }
  }

  @Test
  void blockedProcessesAndZombiesAreCounted() throws Exception {
    Machine.needsPrograms("python3", "mkfifo", "sleep");
    Path pipe = folder.resolve("pipe");
    Running.run("mkfifo", pipe.toString());
    // Its child shares its memory until it runs another program: not while the pipe has no writer.
    start(
        "python3",
        "-c",
        "import os\n"
            + "open('/proc/self/comm', 'w').write('duo-blocked')\n"
            + "os.posix_spawn('/bin/true', ['true'], {},"
            + " file_actions=[(os.POSIX_SPAWN_OPEN, 0, '"
            + pipe
            + "', os.O_RDONLY, 0)])\n");
    start("sh", "-c", "sleep 0 & exec sleep 60");
    try (Running recorder =
        Running.duologger("--config", config("watch = [duo-blocked]").toString())) {
      recorder.await(
          Running.MARGIN,
          "a blocked process",
          line ->
              of(line, "duo-blocked")
                  && line.text().contains("blocked_processes_max=")
                  && line.number("blocked_processes_max") == 1);
      recorder.await(
          Running.MARGIN,
          "a zombie",
          line ->
              line.text().contains("zombie_processes_max=")
                  && line.number("zombie_processes_max") >= 1);
      // That there is a writer is enough: who read a byte might be gone before it came.
      Files.newOutputStream(pipe).close();
      recorder.await(
          Running.MARGIN,
          "no blocked process",
          line ->
              of(line, "duo-blocked")
                  && line.text().contains("blocked_processes_max=")
                  && line.number("blocked_processes_max") == 0);
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Running.MARGIN), recorder::all);
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }
}
