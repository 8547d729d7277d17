package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.Surroundings;
import io.duologger.collector.job.JobCollector;
import io.duologger.collector.job.JobTally;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.procfs.HostRoot;
import io.duologger.runtime.SystemClock;
import io.duologger.runtime.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real trees of processes, against what the kernel says of them by other ways. */
class JobTreeIT {
  private static final long SIZE = 40L << 20;

  @TempDir Path folder;

  /** Keeps nothing: the tally is what is looked at. */
  private static final class Nothing implements Readings {
    @Override
    public void gauge(Series series, double value) {}

    @Override
    public void counter(Series series, long value) {}

    @Override
    public void counter(Series series, long value, double capacity) {}

    @Override
    public void ratio(Series series, long numerator, long denominator) {}

    @Override
    public void info(Series series, String text) {}

    @Override
    public void event(Series series, String text) {}
  }

  private static JobCollector follow(Process job, Duration every) {
    ModuleSettings settings = ModuleSettings.defaults(JobCollector.DESCRIPTOR, every);
    settings = settings.with(settings.options().with("pid", Long.toString(job.pid())));
    return new JobCollector(
        new Surroundings(HostRoot.running(), new SystemClock(), Threads.reads()), settings);
  }

  private Process python(String program) throws IOException {
    Machine.needsPrograms("/usr/bin/python3");
    Path script = folder.resolve("job.py");
    Files.writeString(script, program);
    return new ProcessBuilder("/usr/bin/python3", script.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("out").toFile())
        .start();
  }

  private JobTally sample(JobCollector collector) throws IOException {
    collector.collect(new Nothing());
    return collector.tally();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("out"));
  }

  @Test
  void twoThousandShortChildrenAreCountedAsTheKernelCountsThem() throws Exception {
    Process job =
        python(
            """
            import os, resource, sys, time
            for i in range(2000):
                pid = os.fork()
                if pid == 0:
                    end = time.process_time() + 0.005
                    while time.process_time() < end: pass
                    os._exit(0)
                os.waitpid(pid, 0)
            mine = resource.getrusage(resource.RUSAGE_SELF)
            theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
            used = sum(r.ru_utime + r.ru_stime for r in (mine, theirs))
            faults = mine.ru_minflt + theirs.ru_minflt
            print('used', used, faults, flush=True)
            time.sleep(60)
            """);
    try (JobCollector collector = follow(job, Duration.ofMillis(20))) {
      while (!output().contains("\n")) {
        sample(collector);
        Thread.sleep(20);
      }
      JobTally tally = sample(collector);
      String[] words = output().strip().split(" ");
      double used = Double.parseDouble(words[1]);
      assertTrue(used > 9, "the children worked: " + used);
      assertEquals(used, tally.userSeconds() + tally.systemSeconds(), 0.05 * used);
      double faults = Double.parseDouble(words[2]);
      assertEquals(faults, tally.minorFaults(), 0.05 * faults);
      assertTrue(tally.processesSeen() > 20, "processes seen: " + tally.processesSeen());
      assertEquals(1, tally.processes().now());
    } finally {
      job.destroyForcibly().waitFor();
    }
  }

  @Test
  void whoLeavesTheSessionOrLosesItsParentStaysInTheTree() throws Exception {
    Path told = folder.resolve("pids");
    Process job =
        python(
            """
            import os, time
            def told(): open('%s', 'a').write(str(os.getpid()) + '\\n')
            if os.fork() == 0:
                os.setsid()
                told()
                time.sleep(60)
            r, w = os.pipe()
            if os.fork() == 0:
                if os.fork() == 0:
                    told()
                    os.read(r, 1)
                    memory = bytearray(%d)
                    for i in range(0, len(memory), 4096): memory[i] = 1
                    print('grown', flush=True)
                    time.sleep(60)
                time.sleep(2)
                os._exit(0)
            os.wait()
            os.write(w, b'x')
            time.sleep(60)
            """
                .formatted(told, SIZE));
    try (JobCollector collector = follow(job, Duration.ofMillis(50))) {
      JobTally tally = sample(collector);
      // The daemon's parent ends after two seconds: the daemon was seen before that.
      while (!output().contains("grown")) {
        tally = sample(collector);
        Thread.sleep(20);
      }
      for (int i = 0; i < 5; i++) {
        tally = sample(collector);
      }
      assertEquals(3, tally.processes().now(), tally::toString);
      assertEquals(4, tally.processesSeen(), tally::toString);
      assertTrue(tally.resident().now() > SIZE, tally::toString);
      assertTrue(tally.largest().orElseThrow().bytes() > SIZE, tally::toString);
      String largest = Long.toString(tally.largest().orElseThrow().pid());
      assertTrue(Files.readAllLines(told).contains(largest), tally::toString);
    } finally {
      for (String pid : Files.readAllLines(told)) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
      }
      job.destroyForcibly().waitFor();
    }
  }

  /** A shell that ends without being waited for by this JVM can't be had: its child stands in. */
  @Test
  void theLastSampleOfAZombieIsExact() throws Exception {
    Process job =
        python(
            """
            import os, time
            pid = os.fork()
            if pid == 0:
                time.sleep(0.5)
                data = open('/dev/zero', 'rb').read(50 << 20)
                child = os.fork()
                if child == 0:
                    end = time.process_time() + 0.3
                    while time.process_time() < end: pass
                    os._exit(0)
                os.waitpid(child, 0)
                os._exit(0)
            print(pid, flush=True)
            time.sleep(60)
            """);
    try {
      while (!output().contains("\n")) {
        Thread.sleep(10);
      }
      String pid = output().strip();
      ModuleSettings settings =
          ModuleSettings.defaults(JobCollector.DESCRIPTOR, Duration.ofSeconds(1));
      settings = settings.with(settings.options().with("pid", pid));
      try (JobCollector collector =
          new JobCollector(
              new Surroundings(HostRoot.running(), new SystemClock(), Threads.reads()), settings)) {
        sample(collector);
        while (!Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ")) {
          Thread.sleep(10);
        }
        JobTally tally = sample(collector);
        assertTrue(tally.userSeconds() + tally.systemSeconds() >= 0.28, tally::toString);
        assertTrue(tally.io().orElseThrow().readChars() >= 50L << 20, tally::toString);
        assertEquals(0, tally.processes().now());
        assertEquals(0, tally.resident().now());
      }
    } finally {
      job.destroyForcibly().waitFor();
    }
  }

  @Test
  void aJobThatHasEndedIsAbsentAndItsTallyStays() throws Exception {
    Process job = python("import sys; sys.stdin.readline()");
    try (JobCollector collector = follow(job, Duration.ofMillis(50))) {
      JobTally tally = sample(collector);
      assertEquals(1, tally.processes().now());
      job.getOutputStream().close();
      job.waitFor();
      SourceAbsentException absent = null;
      for (int i = 0; i < 3 && absent == null; i++) {
        try {
          sample(collector);
        } catch (SourceAbsentException e) {
          absent = e;
        }
      }
      assertEquals(
          "no job: process " + job.pid() + " and its tree have ended", absent.getMessage());
      assertEquals(0, collector.tally().processes().now());
      assertTrue(collector.tally().minorFaults() >= tally.minorFaults());
      assertEquals(1, collector.tally().processesSeen());
    } finally {
      job.destroyForcibly().waitFor();
    }
  }
}
