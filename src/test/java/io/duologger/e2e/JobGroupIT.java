package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.runtime.HostFiles;
import io.duologger.runtime.JobGroup;
import io.duologger.runtime.JobGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real jobs in control groups of their own. */
class JobGroupIT {
  private static final long SIZE = 96L << 20;

  /** What python3 and its libraries take at most beside. */
  private static final long PROGRAM = 40L << 20;

  private static final String ALLOCATES =
      "x = bytearray(%d)\nprint(len(x), flush=True)\nimport time\ntime.sleep(60)\n".formatted(SIZE);

  @TempDir Path folder;
  private final JobGroups groups = new JobGroups(HostFiles.running());
  private final List<Process> jobs = new ArrayList<>();

  private Process start(List<String> prefix, Map<String, String> environment) throws IOException {
    List<String> words =
        Stream.concat(prefix.stream(), Stream.of("python3", "-c", ALLOCATES)).toList();
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    Process job = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    jobs.add(job);
    return job;
  }

  private static void awaitMemory(Process job) throws IOException {
    assertEquals(Long.toString(SIZE), job.inputReader().readLine());
  }

  @Test
  void aJobThatIsBornInItIsMeasuredWithoutTheRecorder() throws Exception {
    Machine.needsRoot();
    Machine.needsPrograms("python3");
    // What this process has of its own stays where it is.
    byte[] own = new byte[(int) (2 * SIZE)];
    String name = "memrec-it-" + ProcessHandle.current().pid();
    Optional<JobGroup> made = groups.create(name);
    if (made.isEmpty()) {
      Machine.missing("a control group of its own: " + groups.why());
    }
    JobGroup group = made.get();
    group.enter();
    Process job = start(List.of(), Map.of());
    group.leave();
    awaitMemory(job);
    String mine = Files.readString(Path.of("/proc/self/cgroup"));
    assertFalse(mine.contains(name + "\n"), mine);
    String its = Files.readString(Path.of("/proc/" + job.pid() + "/cgroup"));
    assertTrue(its.contains(name + "\n"), its);
    long peak = group.peak().orElseThrow();
    assertTrue(peak >= SIZE && peak < SIZE + PROGRAM, "peak " + peak + " beside " + own.length);
    assertTrue(groups.of(job.pid()).orElseThrow().folder().equals(group.folder()));
    IOException stays = assertThrows(IOException.class, group::remove);
    assertTrue(stays.getMessage().endsWith("stays: processes in it: 1"), stays.getMessage());
    assertTrue(job.isAlive());
    job.destroyForcibly().waitFor();
    assertEquals(peak, group.peak().orElseThrow(), "known after the end, too");
    group.remove();
    assertFalse(Files.exists(group.folder()));
  }

  /** There is no service manager here: a program that does what systemd-run --scope does. */
  @Test
  void theGroupOfAScopeIsFoundByItsProcess() throws Exception {
    Machine.needsRoot();
    Machine.needsPrograms("python3");
    String name = "memrec-it-scope-" + ProcessHandle.current().pid();
    Optional<JobGroup> place = groups.create(name);
    if (place.isEmpty()) {
      Machine.missing("a control group of its own: " + groups.why());
    }
    Path scope = place.get().folder();
    Path program = folder.resolve("systemd-run");
    Files.writeString(
        program,
        "#!/bin/sh\nwhile test \"$1\" != --; do echo \"$1\" >> '%s'; shift; done; shift\n"
                .formatted(folder.resolve("said"))
            + "sleep 0.2; echo $$ > '%s/cgroup.procs'; exec \"$@\"\n".formatted(scope));
    assertTrue(program.toFile().setExecutable(true));
    Files.createDirectories(folder.resolve("user"));
    Files.createFile(folder.resolve("user/bus"));
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("PATH", folder + ":" + environment.get("PATH"));
    environment.put("XDG_RUNTIME_DIR", folder.resolve("user").toString());
    List<String> prefix = groups.scope(environment);
    assertEquals(program.toString(), prefix.get(0));
    Process job = start(prefix, environment);
    awaitMemory(job);
    assertTrue(Files.readAllLines(folder.resolve("said")).contains("--scope"));
    JobGroup group = groups.of(job.pid()).orElseThrow();
    assertEquals(scope, group.folder());
    assertFalse(group.sharedWithRecorder());
    long peak = group.peak().orElseThrow();
    assertTrue(peak >= SIZE && peak < SIZE + PROGRAM, "peak " + peak);
    job.destroyForcibly().waitFor();
    place.get().remove();
  }

  @AfterEach
  void clean() throws InterruptedException, IOException {
    for (Process job : jobs) {
      job.destroyForcibly().waitFor();
    }
  }
}
