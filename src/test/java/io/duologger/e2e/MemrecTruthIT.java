package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * memrec's figures of jobs that use just what they are told to: src/test/resources/jobs/truth.c.
 */
class MemrecTruthIT {
  private static final long MEBI = 1 << 20;

  /** What a small program has beside: itself, the C library, page tables. */
  private static final long PROGRAM = 6 * MEBI;

  @TempDir private static Path programs;
  private static String truth;

  /** Takes long, and so goes beside the other tests. */
  private static MemrecJob children;

  @TempDir private Path folder;

  @BeforeAll
  static void compile() throws Exception {
    Machine.needsPrograms("gcc", "time");
    truth = programs.resolve("truth").toString();
    Running.run("gcc", "-O0", "-o", truth, "src/test/resources/jobs/truth.c");
    String[] words =
        "-d 0.2 --heartbeat 2s TRUTH children 2000 5".replace("TRUTH", truth).split(" ");
    children = MemrecJob.start(programs, words);
  }

  @AfterAll
  static void end() throws IOException {
    if (children != null) {
      children.close();
    }
  }

  private MemrecJob job(String options, String... words) throws IOException {
    Stream<String> before = Stream.of(options.split(" ")).filter(word -> !word.isEmpty());
    return MemrecJob.start(folder, Stream.concat(before, Stream.of(words)).toArray(String[]::new));
  }

  private static void assertBetween(double least, double most, double value, String what) {
    assertTrue(
        value >= least && value <= most, () -> what + ": " + value + " in " + least + ".." + most);
  }

  private static void assertBytes(long mebibytes, double value, String what) {
    assertBetween(mebibytes * MEBI, mebibytes * MEBI + PROGRAM, value, what);
  }

  /** The control group's is there where memrec may make one. */
  private static void assertGroupBytes(long mebibytes, MemrecJob job) throws IOException {
    if (job.head().pairs().containsKey("cgroup")) {
      double peak = job.summary().number("cgroup_peak_bytes");
      assertBetween(mebibytes * MEBI, mebibytes * MEBI + 2 * PROGRAM, peak, "cgroup peak");
    }
  }

  @Test
  void allPeaksAgreeOnMemoryThatIsHeldForASecond() throws Exception {
    try (MemrecJob job = job("-d 0.1", truth, "hold", "0", "200", "1000", "400")) {
      MemrecJob.Entry summary = job.succeeds().summary();
      assertBytes(200, summary.number("rss_sum_peak_bytes"), "sampled");
      assertBytes(200, summary.number("largest_hwm_bytes"), "VmHWM");
      assertBytes(200, summary.number("largest_rusage_bytes"), "rusage");
      assertGroupBytes(200, job);
      assertFalse(summary.pairs().containsKey("missed_peak"), summary.text());
      double now = job.where("scope", "tree").get(0).number("resident_bytes_min");
      assertTrue(now < 10 * MEBI, "freed: " + now);
      assertBetween(1.4, 10, summary.number("elapsed_seconds"), "elapsed");
    }
  }

  @Test
  void theMemoryOfEightWorkersIsAddedUp() throws Exception {
    try (MemrecJob job = job("-d 0.1 --pss", truth, "workers", "8", "10", "1200")) {
      MemrecJob.Entry summary = job.succeeds().summary();
      double sum = summary.number("rss_sum_peak_bytes");
      assertBetween(360 * MEBI, 360 * MEBI + 9 * 2 * MEBI, sum, "sampled");
      double shared = summary.number("pss_sum_peak_bytes");
      assertBetween(360 * MEBI, sum, shared, "proportional");
      assertBytes(80, summary.number("largest_hwm_bytes"), "VmHWM");
      assertBytes(80, summary.number("largest_rusage_bytes"), "rusage");
      assertGroupBytes(360, job);
      assertEquals(9, summary.number("processes_peak"), summary.text());
      assertEquals(9, summary.number("processes_seen"), summary.text());
    }
  }

  @Test
  void twoThousandShortChildrenAreInSummaryAndRecord() throws Exception {
    try (MemrecJob job = children) {
      MemrecJob.Entry summary = job.succeeds().summary();
      double used = Double.parseDouble(job.running().out().get(0));
      assertTrue(used > 9, "the children worked: " + used);
      double told = summary.number("user_seconds") + summary.number("system_seconds");
      assertEquals(used, told, 0.01 * used, summary::text);
      assertEquals(used, job.total("cpu_ratio"), 0.05 * used, summary::text);
      assertTrue(job.where("scope", "tree").size() > 1, "several windows");
    }
  }

  /** The interval is long, and the kernel's marks know better than the samples. */
  @Test
  void aSpikeBetweenTwoSamplesIsSaidToHaveBeenMissed() throws Exception {
    try (MemrecJob job = job("--every job=5s", truth, "hold", "1000", "500", "300", "300")) {
      MemrecJob.Entry summary = job.succeeds().summary();
      double sampled = summary.number("rss_sum_peak_bytes");
      assertTrue(sampled < 10 * MEBI, summary.text());
      assertBytes(500, summary.number("largest_rusage_bytes"), "rusage");
      assertGroupBytes(500, job);
      assertTrue(summary.text("missed_peak").startsWith("a peak between two samples, which are "));
      assertTrue(job.said("memory: missed").contains("5.00 s apart"), job.running()::all);
    }
  }

  @Test
  void aJobThatBecomesAnotherProgramLosesNoTimeAndBeginsANewMark() throws Exception {
    String second = programs.resolve("second").toString();
    Files.copy(Path.of(truth), Path.of(second));
    try (MemrecJob job =
        job("-d 0.1", truth, "become", "150", "700", second, "hold", "0", "10", "800", "0")) {
      MemrecJob.Entry summary = job.succeeds().summary();
      assertBytes(150, summary.number("largest_hwm_bytes"), "VmHWM");
      assertBytes(150, summary.number("largest_rusage_bytes"), "rusage");
      double told = summary.number("user_seconds") + summary.number("system_seconds");
      assertBetween(0.7, 3, told, "processor time");
      assertBetween(0.65, told + 0.02, job.total("cpu_ratio"), "of the record");
      String pid = job.head().text("pid");
      Map<String, MemrecJob.Entry> names =
          job.where("pid", pid).stream()
              .filter(entry -> !entry.pairs().containsKey("record"))
              .collect(Collectors.toMap(entry -> entry.text("command"), entry -> entry));
      assertEquals(List.of("second", "truth"), names.keySet().stream().sorted().toList());
      assertBytes(150, names.get("truth").number("hwm_bytes_max"), "first program");
      assertBytes(10, names.get("second").number("hwm_bytes_max"), "second program");
      assertEquals(1, summary.number("processes_seen"), summary.text());
    }
  }

  /** A daemon in a session of its own, forked twice, and a worker that ends as an orphan. */
  @Test
  void orphansAreAdoptedCountedAndNotWaitedFor() throws Exception {
    Path end = folder.resolve("end");
    Path last = folder.resolve("last");
    String[] words = {truth, "daemons", "60", "300", last.toString(), end.toString()};
    long daemon = 0;
    try (MemrecJob job = job("-d 0.1", words)) {
      job.running().poll(Running.MARGIN, "all started", () -> job.running().out().size() == 3);
      List<Long> pids = job.running().out().stream().map(Long::parseLong).toList();
      daemon = pids.get(0);
      Path its = Path.of("/proc", Long.toString(daemon), "stat");
      String[] stat = Files.readString(its).replaceFirst(".*\\) ", "").split(" ");
      assertEquals(job.running().pid(), Long.parseLong(stat[1]), "who has adopted it");
      long root = pids.get(2);
      assertFalse(stat[3].equals(session(root)), "a session of its own");
      Path worker = Path.of("/proc", Long.toString(pids.get(1)));
      job.running().poll(Running.MARGIN, "no zombie", () -> Files.notExists(worker));
      // It is seen with its memory.
      job.running().poll(Running.MARGIN, "memory of the daemon", () -> resident(its) > 60 * MEBI);
      Thread.sleep(500);
      Files.createFile(end);
      job.succeeds();
      assertTrue(Files.exists(its), "the daemon goes on");
      MemrecJob.Entry summary = job.summary();
      assertEquals(1, summary.number("processes_left"), summary.text());
      assertEquals("truth[" + daemon + "]", summary.text("largest_process"));
      assertBytes(60, summary.number("largest_hwm_bytes"), "VmHWM");
      double told = summary.number("user_seconds") + summary.number("system_seconds");
      assertBetween(0.3, 2, told, "the orphan's processor time");
      assertTrue(job.said("processes").endsWith("; 1 still run"), job.running()::all);
      Files.createFile(last);
      Running.poll(Running.MARGIN, "end", () -> Files.notExists(its), () -> "the daemon");
      removeGroup(job);
    } finally {
      ProcessHandle.of(daemon).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static String session(long pid) throws IOException {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    return Files.readString(stat).replaceFirst(".*\\) ", "").split(" ")[3];
  }

  private static long resident(Path stat) {
    try {
      return 4096
          * Long.parseLong(Files.readString(stat).replaceFirst(".*\\) ", "").split(" ")[21]);
    } catch (IOException gone) {
      return 0;
    }
  }

  /** It had to stay as long as the daemon was in it. */
  private static void removeGroup(MemrecJob job) throws IOException {
    for (Path group : job.groups()) {
      Files.delete(group);
    }
  }

  @Test
  void theSummaryAgreesWithTime() throws Exception {
    Path file = folder.resolve("time");
    String format = "%U %S %e %M %R %F %w %c";
    try (MemrecJob job =
        job(
            "-d 0.1",
            "/usr/bin/time",
            "-o",
            file.toString(),
            "-f",
            format,
            truth,
            "mixture",
            "120",
            "400",
            "300")) {
      MemrecJob.Entry summary = job.succeeds().summary();
      List<Double> time =
          Stream.of(Files.readString(file).strip().split(" ")).map(Double::valueOf).toList();
      double used = time.get(0) + time.get(1);
      double told = summary.number("user_seconds") + summary.number("system_seconds");
      assertEquals(used, told, 0.05, "processor time");
      assertTrue(used > 1.2, "worked " + used);
      assertEquals(time.get(2), summary.number("elapsed_seconds"), 0.3, "elapsed");
      assertEquals(time.get(3) * 1024, summary.number("largest_rusage_bytes"), MEBI, "largest");
      assertEquals(time.get(4), summary.number("minor_faults"), 500, "page faults");
      assertEquals(time.get(5), summary.number("major_faults"), 20, "page faults with I/O");
      assertTrue(time.get(6) > 800, "pauses: " + time.get(6));
      assertEquals(time.get(6), summary.number("voluntary_switches"), 20, "switches");
      assertEquals(time.get(7), summary.number("involuntary_switches"), 20, "switches");
    }
  }
}
