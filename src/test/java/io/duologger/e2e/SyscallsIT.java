package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.runtime.HostFiles;
import io.duologger.runtime.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real strace on a real tree of processes. */
class SyscallsIT {
  private static final int BLOCKS = 2000;

  @TempDir Path folder;
  private Process job;

  @BeforeEach
  void programs() throws IOException {
    Machine.needsRoot();
    Machine.needsPrograms("strace");
  }

  /** Two dd in a shell of a shell, once a file is there; then it waits for another. */
  private void start() throws IOException {
    String dd = "dd if=/dev/zero of=/dev/null bs=1 count=%d status=none".formatted(BLOCKS);
    String until = "while ! test -e '%s/%s'; do sleep 0.1; done; ";
    job =
        new ProcessBuilder(
                "sh",
                "-c",
                until.formatted(folder, "go")
                    + "(%s & %s; wait); ".formatted(dd, dd)
                    + "touch '%s/done'; ".formatted(folder)
                    + until.formatted(folder, "end")
                    + "exit 7")
            .inheritIO()
            .start();
  }

  private Running recorder() throws IOException {
    Path config = folder.resolve("syscalls.conf");
    Files.writeString(
        config,
        """
        heartbeat = 1 s
        modules { syscalls { every = 200 ms, pid = %d, stats = [max, last] } }
        outputs = [ { type = stdout } ]
        """
            .formatted(job.pid()));
    return Running.duologger("--config", config.toString());
  }

  private boolean isTraced() {
    return Tracer.of(HostFiles.running(), job.pid()).isPresent();
  }

  /** What the job and its tracer are at. */
  private String tracing() {
    StringBuilder text = new StringBuilder();
    for (long pid :
        new long[] {job.pid(), Tracer.of(HostFiles.running(), job.pid()).orElse(job.pid())}) {
      for (String file : new String[] {"status", "wchan", "syscall", "cmdline"}) {
        try {
          text.append(Files.readString(Path.of("/proc/" + pid, file))).append('\n');
        } catch (IOException gone) {
          text.append(gone.getMessage()).append('\n');
        }
      }
    }
    return text.toString();
  }

  @Test
  void eachReadAndWriteOfTheWholeTreeIsCounted() throws Exception {
    start();
    try (Running recorder = recorder()) {
      Running.poll(Running.MARGIN, "attached", this::isTraced, recorder::all);
      Files.createFile(folder.resolve("go"));
      Running.poll(
          Running.MARGIN, "done", () -> Files.exists(folder.resolve("done")), recorder::all);
      Files.createFile(folder.resolve("end"));
      assertEquals(7, job.waitFor(), "the job's end is its own");
      for (String call : new String[] {"read", "write"}) {
        Logfmt line =
            recorder.await(
                Running.MARGIN,
                "all of " + call,
                each ->
                    each.text().contains("call=" + call + " ")
                        && each.number("calls_last") >= 2 * BLOCKS);
        // Each program's start reads a few files; what sleep and test do is little.
        assertTrue(line.number("calls_last") < 2 * BLOCKS + 500, line.text());
        assertTrue(line.number("errors_last") < 10, line.text());
      }
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Running.MARGIN), recorder::all);
      assertTrue(recorder.err().isEmpty(), recorder::all);
    }
  }

  @Test
  void aJobIsTracedFromItsFirstCallOnThroughAPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Path config = folder.resolve("syscalls.conf");
    Files.writeString(
        config,
        """
        heartbeat = 1 s
        modules { syscalls { every = 200 ms, pipe = "%s", stats = [last] } }
        outputs = [ { type = stdout } ]
        """
            .formatted(pipe));
    List<String> words = new ArrayList<>(Tracer.prefix("strace", pipe));
    words.addAll(List.of("sh", "-c", "dd if=/dev/zero of=/dev/null bs=1 count=2000; exit 7"));
    job =
        new ProcessBuilder(words)
            .inheritIO()
            .redirectError(folder.resolve("said").toFile())
            .start();
    try (Running recorder = Running.duologger("--config", config.toString())) {
      assertEquals(7, job.waitFor(), "the status is the job's");
      Logfmt reads =
          recorder.await(
              Running.MARGIN,
              "all",
              each -> each.text().contains("call=read ") && each.number("calls_last") >= BLOCKS);
      assertTrue(reads.number("calls_last") < BLOCKS + 50, reads.text());
      Logfmt starts =
          recorder.await(Running.MARGIN, "exec", each -> each.text().contains("call=execve "));
      assertTrue(starts.number("calls_last") >= 2, "the shell's own, and dd's: " + starts.text());
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Running.MARGIN), recorder::all);
    }
  }

  @Test
  void theJobGoesOnWhenTheRecorderIsKilled() throws Exception {
    start();
    try (Running recorder = recorder()) {
      Running.poll(Running.MARGIN, "attached", this::isTraced, recorder::all);
      recorder.signal("KILL");
      recorder.exitWithin(Running.MARGIN);
    }
    // The next call finds nobody who reads of it.
    Running.poll(Running.MARGIN, "detached", () -> !isTraced(), this::tracing);
    Files.createFile(folder.resolve("go"));
    Files.createFile(folder.resolve("end"));
    assertEquals(7, job.waitFor());
    assertTrue(Files.exists(folder.resolve("done")));
  }

  @Test
  void aJobThatIsTracedThroughAPipeGoesOnWhenNobodyReads() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    String loop = "while ! test -e '%s/end'; do sleep 0.1; done; exit 7".formatted(folder);
    List<String> words = new ArrayList<>(Tracer.prefix("strace", pipe));
    words.addAll(List.of("sh", "-c", loop));
    job = new ProcessBuilder(words).redirectError(folder.resolve("said").toFile()).start();
    Process reader =
        new ProcessBuilder("cat", pipe.toString())
            .redirectOutput(folder.resolve("read").toFile())
            .start();
    try {
      Running.poll(Running.MARGIN, "traced", this::isTraced, this::tracing);
    } finally {
      reader.destroyForcibly().waitFor();
    }
    Running.poll(Running.MARGIN, "let go", () -> !isTraced(), this::tracing);
    Files.createFile(folder.resolve("end"));
    assertEquals(7, job.waitFor());
  }

  @AfterEach
  void clean() throws InterruptedException {
    if (job != null) {
      job.descendants().forEach(ProcessHandle::destroyForcibly);
      job.destroyForcibly().waitFor();
    }
  }
}
