package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What memrec writes of a job, in each of the forms. */
class MemrecRecordIT {
  private static final String MEMREC = Machine.HOME.resolve("sbin/memrec").toString();

  /** Longer than two samples. */
  private static final String[] JOB = {"sh", "-c", "sleep 0.1 & sleep 3.3"};

  @TempDir private Path folder;

  private Running memrec(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(MEMREC));
    command.addAll(List.of(words));
    command.addAll(List.of(JOB));
    return Running.start(new ProcessBuilder(command).directory(folder.toFile()));
  }

  /** But those that are there at times only: of a window that is not whole, of I/O that waited. */
  private static Set<String> keys(Stream<MemrecJob.Entry> entries) {
    Set<String> keys = new TreeSet<>();
    entries.forEach(entry -> keys.addAll(entry.pairs().keySet()));
    keys.remove("partial");
    keys.removeIf(key -> key.endsWith("await_seconds"));
    return keys;
  }

  @Test
  void theRecordIsHeadLinesAsTheDaemonsAndSummary() throws Exception {
    try (MemrecJob job =
            MemrecJob.start(
                folder,
                Stream.concat(Stream.of("--heartbeat", "1s"), Stream.of(JOB))
                    .toArray(String[]::new));
        Running daemon =
            Running.duologger(
                "--modules",
                "cpu,memory,disk",
                "--every",
                "cpu=1s,memory=1s,disk=1s",
                "--heartbeat",
                "1s",
                "--duration",
                "3s",
                "--output",
                "stdout",
                "--format",
                "json")) {
      assertEquals(0, daemon.exitWithin(Running.MARGIN.plusSeconds(5)), daemon::all);
      job.succeeds();
      MemrecJob.Entry head = job.head();
      assertEquals("sh -c 'sleep 0.1 & sleep 3.3'", head.text("command"));
      assertEquals(Machine.HOME.toString(), head.text("directory"));
      assertEquals(
          "job=1000ms,cpu=1000ms,memory=1000ms,net=1000ms,disk=1000ms", head.text("modules"));
      MemrecJob.Entry summary = job.summary();
      assertEquals(3, summary.number("processes_seen"), 1, summary.text());
      assertEquals(1, job.where("record", "start").size());
      assertEquals(1, job.where("record", "end").size());
      assertTrue(job.where("scope", "tree").size() >= 2, "a line each heartbeat");
      List<MemrecJob.Entry> daemons = daemon.out().stream().map(MemrecJob.Entry::parse).toList();
      for (String module : List.of("cpu", "memory", "disk")) {
        assertEquals(
            keys(daemons.stream().filter(entry -> entry.has("module", module))),
            keys(job.where("module", module).stream()),
            module);
      }
    }
  }

  @Test
  void theOldOptionsAndTheOldKeysAreStillThere() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("x.conf"), "heartbeat = 1 minute\nmodules { job { every = 1 s } }\n");
    Path file = folder.resolve("old.log");
    try (Running memrec =
        memrec(
            "-d",
            "0.2",
            "-f",
            config.toString(),
            "-o",
            file.toString(),
            "-v",
            "-V",
            "--format",
            "classic")) {
      assertEquals(0, memrec.exitWithin(Running.MARGIN.plusSeconds(5)), memrec::all);
      assertTrue(memrec.err().size() > 15, "much is said: " + memrec.all());
      String text = Files.readString(file);
      assertTrue(text.lines().allMatch(line -> line.startsWith("xid=")), text);
      for (String key :
          List.of("VmPeak", "VmSize", "VmHWM", "VmRSS", "Threads", "chld_VmRSS", "chld_Threads")) {
        assertTrue(text.matches("(?s).* " + key + "(_[a-z0-9]+)?=[0-9].*"), key + " in " + text);
      }
      assertFalse(text.contains("record"), "no line that the old tool did not have: " + text);
    }
  }

  @Test
  void logfmtIsWrittenTooAndWithoutOptionsAFileInTheFolder() throws Exception {
    try (Running logfmt = memrec("--format", "logfmt", "-o", "run.log");
        Running plain = memrec("--quiet")) {
      assertEquals(0, logfmt.exitWithin(Running.MARGIN.plusSeconds(5)), logfmt::all);
      assertEquals(0, plain.exitWithin(Running.MARGIN.plusSeconds(5)), plain::all);
      assertEquals(List.of(), plain.err());
      List<Logfmt> lines =
          Files.readAllLines(folder.resolve("run.log")).stream().map(Logfmt::parse).toList();
      assertEquals("start", lines.get(0).text("record"));
      assertEquals("end", lines.get(lines.size() - 1).text("record"));
      assertTrue(Files.exists(folder.resolve("memrec-sh-" + plain.pid() + ".jsonl")));
    }
  }

  /** Batch systems tell by variables what they run, and set limits for it. */
  @Test
  void theBatchJobAndItsLimitsAreInTheHead() throws Exception {
    Path record = folder.resolve("slurm");
    ProcessBuilder slurm = MemrecJob.command(record, "true");
    slurm
        .environment()
        .putAll(
            Map.of(
                "SLURM_JOB_ID", "4711",
                "SLURM_JOB_NAME", "solve",
                "SLURM_MEM_PER_NODE", "2",
                "SLURM_CPUS_ON_NODE", "8"));
    Path limited = folder.resolve("limited");
    Path end = folder.resolve("end");
    List<String> words =
        new ArrayList<>(List.of("sh", "-c", "ulimit -v 800000; exec \"$@\"", "sh"));
    words.addAll(
        MemrecJob.command(
                limited,
                "-V",
                "sh",
                "-c",
                "ulimit -v; until test -e '" + end + "'; do sleep 0.1; done")
            .command());
    ProcessBuilder gridEngine = new ProcessBuilder(words);
    gridEngine
        .environment()
        .putAll(Map.of("JOB_ID", "12", "SGE_TASK_ID", "3", "SGE_ROOT", "/x", "QUEUE", "all.q"));
    try (MemrecJob one = MemrecJob.start(record, slurm);
        MemrecJob other = MemrecJob.start(limited, gridEngine)) {
      MemrecJob.Entry head = one.succeeds().head();
      assertEquals("slurm", head.text("batch_system"));
      assertEquals("4711", head.text("batch_job"));
      assertEquals("solve", head.text("batch_name"));
      assertEquals("8", head.text("batch_cpus"));
      assertEquals("slurm", head.text("memory_limit_source"));
      assertEquals(2 << 20, head.number("memory_limit"));
      other.awaitSample();
      Files.createFile(end);
      head = other.succeeds().head();
      assertEquals("gridengine", head.text("batch_system"));
      assertEquals("3", head.text("batch_task"));
      assertEquals("all.q", head.text("batch_queue"));
      assertEquals("ulimit -v", head.text("memory_limit_source"));
      assertEquals(800_000 << 10, head.number("memory_limit"));
      assertEquals(List.of("800000"), other.running().out());
      MemrecJob.Entry summary = other.summary();
      double share = summary.number("largest_hwm_bytes") / (800_000 << 10);
      assertEquals(share, summary.number("memory_limit_used_ratio"), 1e-6, summary.text());
      assertTrue(share > 0 && share < 0.1, summary.text());
      assertTrue(other.said("memory: limit").contains("781.3 MiB (ulimit -v) for each process"));
      assertFalse(summary.pairs().containsKey("missed_peak"), summary.text());
    }
  }
}
