package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process in a control group of its own, in whatever version the machine has. */
class CgroupIT {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final long SIZE = 64L << 20;

  @TempDir Path folder;
  private final List<Path> made = new ArrayList<>();
  private Process job;

  @Test
  void aJobsMemoryAndTimeAreThoseOfItsGroup() throws Exception {
    Machine.needsRoot();
    Machine.needsPrograms("python3");
    String name = "duologger-it-" + ProcessHandle.current().pid();
    List<Path> trees = new ArrayList<>();
    for (String tree : List.of("memory", "cpuacct", "pids", "unified", "")) {
      Path at = ROOT.resolve(tree);
      if (Files.exists(at.resolve("cgroup.procs")) && Files.isWritable(at)) {
        trees.add(at);
      }
    }
    if (trees.isEmpty()) {
      Machine.missing("a cgroup hierarchy that can be written to");
    }
    StringBuilder join = new StringBuilder();
    for (Path tree : trees) {
      made.add(Files.createDirectory(tree.resolve(name)));
      join.append("echo $$ > ").append(tree.resolve(name).resolve("cgroup.procs")).append("; ");
    }
    Path config = folder.resolve("cgroup.conf");
    Files.writeString(
        config,
        "heartbeat = 2 s\nmodules { cgroup { every = 200 ms, include = [\"/"
            + name
            + "\"], stats = [min, max] } }\noutputs = [ { type = stdout } ]\n");
    try (Running recorder = Running.duologger("--config", config.toString())) {
      recorder.await(
          Running.MARGIN, "no group with tasks yet", line -> line.text().contains("cgroups_max=0"));
      String busy =
          "x = bytearray(%d)\nimport time\nend = time.monotonic() + 60\n".formatted(SIZE)
              + "while time.monotonic() < end: pass\n";
      job =
          new ProcessBuilder("sh", "-c", join + "exec python3 -c '" + busy + "'")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("job").toFile())
              .start();
      boolean memory = Files.exists(made.get(0).resolve("memory.usage_in_bytes"));
      Logfmt line =
          recorder.await(
              Running.MARGIN,
              "the job's group",
              each ->
                  each.text().contains("cgroup=/" + name)
                      && each.text().contains("cpu_ratio_max=")
                      && (!memory || each.number("memory_bytes_max") > SIZE));
      assertTrue(line.number("cpu_ratio_max") > 0.2, line.text());
      assertTrue(line.number("cpu_ratio_max") < 1.5, line.text());
      if (memory) {
        assertTrue(line.number("memory_peak_bytes_max") >= SIZE, line.text());
        assertTrue(line.number("memory_bytes_max") < 2 * SIZE, line.text());
      }
      job.destroyForcibly().waitFor();
      recorder.await(
          Running.MARGIN, "the job is gone", each -> each.text().contains("cgroups_min=0"));
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Running.MARGIN), recorder::all);
      assertEquals(List.of(), recorder.err());
    }
  }

  @AfterEach
  void clean() throws IOException, InterruptedException {
    if (job != null) {
      job.destroyForcibly().waitFor();
    }
    for (Path group : made) {
      Running.poll(
          Duration.ofSeconds(10), "an empty " + group, () -> group.toFile().delete(), () -> "");
    }
  }
}
