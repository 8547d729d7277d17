package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.job.JobCollector;
import io.duologger.collector.job.JobTally;
import io.duologger.collector.job.Orphans;
import io.duologger.model.ModuleSettings;
import io.duologger.runtime.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class JobCollectorTest {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final int RECORDER = 5;

  @TempDir Path folder;

  private final MovedClock clock = new MovedClock();

  private FixtureHost host() {
    return FixtureHost.empty(folder);
  }

  private static ModuleSettings settings() {
    return FixtureHost.settings(JobCollector.DESCRIPTOR, EVERY);
  }

  private JobCollector collector(ModuleSettings settings) {
    return new JobCollector(host().surroundings(), settings);
  }

  private static String stat(int pid, String name, char state, int parent, int start, int user) {
    return pid
        + " ("
        + name
        + ") "
        + state
        + " "
        + parent
        + " 1 "
        + pid
        + " 0 -1 0 10 0 0 0 "
        + user
        + " 0 0 0 20 0 1 0 "
        + start
        + " 4096 7 0\n";
  }

  private void process(int pid, char state, int parent, int start, int user) throws IOException {
    host().write("proc/" + pid + "/stat", stat(pid, "p" + pid, state, parent, start, user));
  }

  private void gone(int pid) {
    Path process = folder.resolve("proc/" + pid);
    for (String name : List.of("stat", "status", "")) {
      process.resolve(name).toFile().delete();
    }
    assertFalse(process.toFile().exists());
  }

  @Test
  void withoutAPidThereIsNoJob() {
    JobCollector collector = collector(FixtureHost.defaults(JobCollector.DESCRIPTOR));
    SourceAbsentException absent =
        assertThrows(SourceAbsentException.class, () -> Recording.of(collector));
    assertEquals("no job: no pid is given", absent.getMessage());
    assertEquals(JobTally.NONE, collector.tally());
  }

  @Test
  void brokenFilesAreNamed() throws IOException {
    process(100, 'S', 1, 5, 0);
    JobCollector collector = collector(settings());
    Recording.of(collector);
    for (String broken :
        List.of(
            "100 (a) S 1",
            "100 (a",
            "x (a) S 1 1 1",
            "100 (a) SS 1 1 1",
            "\n\n",
            "7".repeat(9000))) {
      host().write("proc/100/stat", broken);
      IOException malformed = assertThrows(IOException.class, () -> Recording.of(collector));
      assertTrue(malformed.getMessage().contains("proc/100/stat line"), malformed.getMessage());
    }
    process(100, 'S', 1, 5, 0);
    host().write("proc/100/io", "rchar: 1\nwchar: x\n");
    IOException malformed = assertThrows(IOException.class, () -> Recording.of(collector));
    assertTrue(malformed.getMessage().contains("proc/100/io line 2"), malformed.getMessage());
    host().write("proc/100/io", "rchar: 1\n");
    assertThrows(IOException.class, () -> Recording.of(collector));
  }

  @Test
  void whatChildrenHadOnceIsNoneWhenThereAreNone() throws IOException {
    process(100, 'S', 1, 5, 0);
    JobCollector collector = collector(settings());
    assertFalse(
        Recording.of(collector).lines().toString().contains("resident_bytes{scope=children}"));
    process(200, 'S', 100, 6, 0);
    host().write("proc/200/status", "VmSwap:\t 8 kB\n");
    Recording two = Recording.of(collector);
    assertEquals("gauge 28672", two.value("resident_bytes{scope=children}"));
    assertEquals("gauge 8192", two.value("swap_bytes{scope=children}"));
    gone(200);
    Recording one = Recording.of(collector);
    for (String value : List.of("processes", "threads", "resident_bytes", "swap_bytes")) {
      assertEquals("gauge 0", one.value(value + "{scope=children}"));
    }
    assertEquals("gauge 0", one.value("swap_bytes{scope=tree}"));
    assertEquals("gauge 28672", one.value("resident_bytes{scope=tree}"));
  }

  @Test
  void whoIsAdoptedBelongsToTheJobAndIsWaitedForButHelpersAreNot() throws IOException {
    List<Long> reaped = new ArrayList<>();
    Orphans orphans =
        new Orphans() {
          @Override
          public long parent() {
            return RECORDER;
          }

          @Override
          public boolean isOurs(long pid, long session) {
            return session == 300;
          }

          @Override
          public Optional<Usage> reap(long pid) {
            reaped.add(pid);
            gone((int) pid);
            return Optional.of(new Usage(1_234_567, 5, 11, 0));
          }
        };
    process(RECORDER, 'S', 1, 1, 900);
    process(100, 'S', RECORDER, 5, 1);
    process(200, 'S', RECORDER, 6, 120);
    process(300, 'Z', RECORDER, 7, 900);
    JobCollector collector = new JobCollector(host().surroundings(), settings(), orphans);
    Recording.of(collector);
    assertEquals(2, collector.tally().processes().now());
    assertEquals(1.21, collector.tally().userSeconds(), 1e-9);
    process(200, 'Z', RECORDER, 6, 123);
    process(100, 'Z', RECORDER, 5, 1);
    Recording.of(collector);
    assertEquals(List.of(200L), reaped, "not the first process and not the helper");
    assertEquals(0.01 + 1.234567, collector.tally().userSeconds(), 1e-9);
    assertEquals(21, collector.tally().minorFaults());
    assertEquals(0, collector.tally().processes().now());
    assertEquals(2, collector.tally().processes().peak());
  }

  @Test
  void aProcessBeingRemovedCountsAsGoneAndKeepsWhatItUsed() throws IOException {
    process(100, 'S', 1, 5, 1);
    process(101, 'S', 100, 6, 50);
    JobCollector collector = collector(settings());
    Recording.of(collector);
    host().write("proc/101/stat", "101 (p) X 0 -1 -1 0 -1 4 0 0 0 0 0 0 0 0 20 0 0 0 6 0 0 0\n");
    for (int i = 0; i < 3; i++) {
      Recording.of(collector);
      assertEquals(0.51, collector.tally().userSeconds(), 1e-9);
      assertEquals(1, collector.tally().processes().now());
    }
  }

  @Test
  void aNumberUsedAnewByAnotherIsNoMember() throws IOException {
    process(100, 'S', 1, 5, 1);
    process(101, 'S', 100, 6, 50);
    JobCollector collector = collector(settings());
    Recording.of(collector);
    process(101, 'S', 1, 9, 7000);
    Recording.of(collector);
    assertEquals(1, collector.tally().processes().now());
    assertEquals(0.51, collector.tally().userSeconds(), 1e-9);
  }

  @Test
  void linesOfShortProcessesAreBounded() throws IOException {
    ModuleSettings few = settings();
    few = few.with(few.options().with("processes", "2"));
    process(100, 'S', 1, 5, 1);
    JobCollector collector = collector(few);
    List<String> told = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      process(1000 + i, 'S', 100, 10 + i, 1);
      for (String line : Recording.of(collector).lines()) {
        if (line.startsWith("threads{pid=")) {
          told.add(line.replaceAll(" .*", ""));
        }
      }
      gone(1000 + i);
    }
    long lines = told.stream().distinct().count();
    assertTrue(lines >= 3 && lines <= 6, "four and two a minute: " + lines);
    assertEquals(60, told.stream().filter(line -> line.contains("pid=100}")).count());
    assertEquals(61, collector.tally().processesSeen());
  }

  private JobCollector withGpus(String... rows) throws IOException {
    String smi =
        new Scripts(folder.resolve("bin"))
            .script(
                "nvidia-smi",
                "echo $$ >>"
                    + folder
                    + "/smi\n"
                    + "test $1 = -L && { echo 'GPU 0: a'; echo 'GPU 1: b'; exit; }\n"
                    + "echo '# gpu pid type sm mem enc dec fb command'\n"
                    + "while printf '%s\\n'"
                    + Stream.of(rows).map(row -> " '" + row + "'").collect(Collectors.joining())
                    + "; do sleep 0.02; done");
    ModuleSettings given = settings();
    return new JobCollector(
        new Surroundings(host().root(), clock, Threads.reads()),
        given.with(given.options().with("nvidia-smi", smi)));
  }

  /** The first sample with that reading. Time passes ten times as fast. */
  private Recording await(JobCollector collector, String series, String value) throws Exception {
    BlockingQueue<Boolean> never = new LinkedBlockingQueue<>();
    Recording recording = Recording.of(collector);
    while (!recording.value(series).equals(value)) {
      never.poll(5, TimeUnit.MILLISECONDS);
      clock.pass(Duration.ofMillis(50));
      recording = Recording.of(collector);
    }
    return recording;
  }

  private static List<String> gpu(Recording recording) {
    return recording.lines().stream().filter(line -> line.startsWith("gpu_")).toList();
  }

  @Test
  @Timeout(60)
  void gpusOfTheJobsProcessesAreSummed() throws Exception {
    process(100, 'S', 1, 5, 1);
    process(101, 'S', 100, 6, 1);
    process(102, 'S', 100, 7, 1);
    process(900, 'S', 1, 5, 1);
    JobCollector collector =
        withGpus(
            "0 101 C 60 1 - - 1024 a",
            "0 102 C 30 1 - - 512 b",
            "0 900 C 10 1 - - 64 x",
            "1 101 C 100 1 - - 2048 a");
    assertEquals(List.of(), gpu(Recording.of(collector)), "nothing is waited for");
    assertEquals(Optional.empty(), collector.tally().gpu());
    assertEquals(
        List.of(
            "gpu_memory_bytes{scope=tree} gauge 3758096384",
            "gpu_busy_ratio{scope=tree} gauge 190",
            "gpu_memory_bytes{scope=children} gauge 3758096384",
            "gpu_busy_ratio{scope=children} gauge 190",
            "gpu_memory_bytes{pid=101}{command=p101} gauge 3221225472",
            "gpu_busy_ratio{pid=101}{command=p101} gauge 160",
            "gpu_memory_bytes{pid=102}{command=p102} gauge 536870912",
            "gpu_busy_ratio{pid=102}{command=p102} gauge 30",
            "gpu_memory_bytes{gpu=0} gauge 1610612736",
            "gpu_busy_ratio{gpu=0} gauge 90",
            "gpu_memory_bytes{gpu=1} gauge 2147483648",
            "gpu_busy_ratio{gpu=1} gauge 100"),
        gpu(await(collector, "gpu_memory_bytes{scope=tree}", "gauge 3758096384")));
    JobTally.Gpu tally = collector.tally().gpu().orElseThrow();
    assertEquals(OptionalLong.of(3758096384L), tally.memoryPeakBytes());
    assertEquals(OptionalDouble.of(1.9), tally.busyPeak());
    process(101, 'Z', 100, 6, 1);
    process(102, 'Z', 100, 7, 1);
    assertEquals(
        List.of("gpu_memory_bytes{scope=tree} gauge 0", "gpu_busy_ratio{scope=tree} gauge 0"),
        gpu(await(collector, "gpu_memory_bytes{scope=tree}", "gauge 0")),
        "once its processes were seen there, none is 0");
    tally = collector.tally().gpu().orElseThrow();
    assertEquals(OptionalLong.of(3758096384L), tally.memoryPeakBytes());
    assertTrue(tally.busyMean().getAsDouble() < 1.9);
    collector.close();
    for (String pid : Files.readAllLines(folder.resolve("smi"))) {
      ProcessHandle.of(Long.parseLong(pid))
          .ifPresent(left -> left.onExit().orTimeout(30, TimeUnit.SECONDS).join());
    }
  }

  @Test
  @Timeout(60)
  void aSumThatLacksAPartIsNotTold() throws Exception {
    process(100, 'S', 1, 5, 1);
    process(101, 'S', 100, 6, 1);
    process(102, 'S', 100, 7, 1);
    JobCollector collector =
        withGpus("0 101 C - - - - 1024 a", "0 102 C - - - - - b", "1 101 C 40 1 - - 5 a");
    assertEquals(
        List.of(
            "gpu_memory_bytes{pid=101}{command=p101} gauge 1078984704",
            "gpu_memory_bytes{gpu=1} gauge 5242880",
            "gpu_busy_ratio{gpu=1} gauge 40"),
        gpu(await(collector, "gpu_memory_bytes{gpu=1}", "gauge 5242880")));
    assertEquals(Optional.empty(), collector.tally().gpu());
    collector.close();
  }

  @Test
  void whatIsOffIsNotAsked() throws Exception {
    process(100, 'S', 1, 5, 1);
    ModuleSettings off = settings();
    String smi =
        new Scripts(folder.resolve("bin")).script("nvidia-smi", "touch " + folder + "/asked");
    off = off.with(off.options().with("gpu", "off").with("nvidia-smi", smi));
    JobCollector collector =
        new JobCollector(new Surroundings(host().root(), clock, Runnable::run), off);
    Recording.of(collector);
    assertFalse(Files.exists(folder.resolve("asked")));
    collector.close();
  }

  @Test
  void twiceAsManyLinesAsAskedForAtMost() throws IOException {
    ModuleSettings few = settings();
    few = few.with(few.options().with("processes", "3"));
    process(100, 'S', 1, 5, 1);
    for (int i = 0; i < 40; i++) {
      process(1000 + i, 'S', 100, 10 + i, i);
    }
    JobCollector collector = collector(few);
    long lines =
        Recording.of(collector).lines().stream()
            .filter(line -> line.startsWith("threads{pid="))
            .count();
    assertTrue(lines >= 3 && lines <= 6, "lines: " + lines);
    assertEquals(41, collector.tally().processes().now());
  }
}
