package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.runtime.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A script stands for nvidia-smi; the clock moves when the test moves it. */
@Timeout(60)
class NvidiaMonitorTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String TWO =
      "GPU 0: NVIDIA A100 (UUID: GPU-1)\nGPU 1: NVIDIA A100 (UUID: GPU-2)\n";
  private static final String HEADER = "# gpu pid type sm mem enc dec fb command\n";
  private static final String ROWS =
      HEADER + "    0    42  C  97  40  -  -  1024  a\n    1    -  -  -  -  -  -  -  -\n";
  private static final String STAYS = "while cat rows; do sleep 0.02; done";

  @TempDir Path folder;

  private final MovedClock clock = new MovedClock();
  private final Executor threads = Threads.reads();
  private NvidiaMonitor monitor;

  /** An nvidia-smi that lists {@code cards} and does the rest by shell commands. */
  private void smi(String cards, String pmon, String apps) throws IOException {
    Path bin = folder.resolve("bin");
    Files.createDirectories(bin);
    Files.writeString(bin.resolve("cards"), cards);
    Files.writeString(bin.resolve("rows"), ROWS);
    new Scripts(bin)
        .script(
            "nvidia-smi",
            "cd "
                + bin
                + "; echo \"$*\" >>calls; echo $$ >>pids\n"
                + "case $1 in -L) cat cards ;;\n pmon) "
                + pmon
                + " ;;\n*) "
                + apps
                + " ;; esac");
  }

  private void start() {
    start(Duration.ofMillis(10), threads);
  }

  private void start(Duration every, Executor executor) {
    Surroundings surroundings = new Surroundings(FixtureHost.empty(folder).root(), clock, executor);
    monitor = new NvidiaMonitor(surroundings, folder.resolve("bin/nvidia-smi").toString(), every);
  }

  private List<String> calls() throws IOException {
    Path calls = folder.resolve("bin/calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  /** Looks until there is what is wanted, and gives that. Time passes ten times as fast. */
  private NvidiaMonitor.Usage await(Predicate<NvidiaMonitor.Usage> wanted)
      throws InterruptedException {
    BlockingQueue<Boolean> never = new LinkedBlockingQueue<>();
    NvidiaMonitor.Usage usage = monitor.latest();
    while (!wanted.test(usage)) {
      never.poll(5, TimeUnit.MILLISECONDS);
      clock.pass(Duration.ofMillis(50));
      usage = monitor.latest();
    }
    return usage;
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    if (monitor != null) {
      monitor.close();
    }
    Path pids = folder.resolve("bin/pids");
    for (String pid : Files.exists(pids) ? Files.readAllLines(pids) : List.<String>of()) {
      ProcessHandle.of(Long.parseLong(pid))
          .ifPresent(left -> left.onExit().orTimeout(30, TimeUnit.SECONDS).join());
    }
  }

  @Test
  void oneProcessRunsOnAndTellsMemoryAndUtilisation() throws Exception {
    smi(TWO, STAYS, "exit 1");
    start();
    NvidiaMonitor.Usage usage = await(NvidiaMonitor.Usage::told);
    assertEquals(
        List.of(new NvidiaMonitor.Use(42, "0", OptionalLong.of(1 << 30), OptionalInt.of(97))),
        usage.uses());
    assertTrue(usage.busy());
    assertEquals("", usage.lack());
    await(NvidiaMonitor.Usage::told);
    assertEquals(List.of("-L", "pmon -s um -d 1"), calls());
  }

  @Test
  void theIntervalIsAtMostTenSeconds() throws Exception {
    smi(TWO, STAYS, "exit 1");
    start(Duration.ofSeconds(30), threads);
    await(NvidiaMonitor.Usage::told);
    assertEquals("pmon -s um -d 10", calls().get(1));
  }

  @Test
  void lookingNeverWaits() throws Exception {
    smi(TWO, STAYS, "exit 1");
    BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    start(SECOND, tasks::add);
    for (int i = 0; i < 1000; i++) {
      assertEquals(NvidiaMonitor.Usage.NONE, monitor.latest());
    }
    assertEquals(1, tasks.size(), "one at a time");
    assertEquals(List.of(), calls());
  }

  @Test
  void withoutTheProgramItIsLookedForOnceAMinute() throws Exception {
    BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    start(SECOND, tasks::add);
    for (int minute = 0; minute < 3; minute++) {
      monitor.latest();
      tasks.remove().run();
      assertEquals(NvidiaMonitor.Usage.NONE, monitor.latest());
      clock.pass(Duration.ofSeconds(60).minusNanos(1));
      monitor.latest();
      assertEquals(0, tasks.size());
      clock.pass(Duration.ofNanos(1));
    }
    smi(TWO, STAYS, "exit 1");
    start();
    await(NvidiaMonitor.Usage::told);
  }

  @Test
  void withoutADriverThereIsNothingToSay() throws Exception {
    for (int status : new int[] {6, 9, 12}) {
      smi("", "exit 1", "exit 1");
      new Scripts(folder.resolve("bin")).script("nvidia-smi", "echo No devices; exit " + status);
      BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
      start(
          SECOND,
          task -> {
            if (tasks.isEmpty()) {
              tasks.add(task);
            } else {
              threads.execute(task);
            }
          });
      monitor.latest();
      tasks.element().run();
      assertEquals(NvidiaMonitor.Usage.NONE, monitor.latest());
    }
  }

  @Test
  void dividedProcessorsAreAskedForMemoryNowAndThen() throws Exception {
    String uuid = "GPU-11111111-2222-3333-4444-555555555555";
    smi(
        "GPU 0: NVIDIA H100 (UUID: GPU-1)\n  MIG 1g.10gb     Device  0: (UUID: MIG-2)\n",
        "exit 1",
        "echo 42, " + uuid + ", 512; echo 43, " + uuid + ", [N/A]");
    start();
    NvidiaMonitor.Usage usage = await(NvidiaMonitor.Usage::told);
    assertEquals(
        List.of(
            new NvidiaMonitor.Use(42, uuid, OptionalLong.of(512 << 20), OptionalInt.empty()),
            new NvidiaMonitor.Use(43, uuid, OptionalLong.empty(), OptionalInt.empty())),
        usage.uses());
    assertFalse(usage.busy());
    assertEquals("GPU utilisation: GPUs are divided (MIG)", usage.lack());
    assertEquals(2, calls().size(), calls()::toString);
    assertFalse(calls().toString().contains("pmon"));
  }

  @Test
  void moreProcessorsThanPmonTellsOfAreAskedForMemory() throws Exception {
    smi(TWO + "GPU 2: NVIDIA A100 (UUID: GPU-3)\n", STAYS, "echo 42, GPU-3, 7");
    start();
    NvidiaMonitor.Usage usage = await(NvidiaMonitor.Usage::told);
    assertEquals("GPU-3", usage.uses().get(0).gpu());
    assertTrue(usage.lack().endsWith("nvidia-smi pmon does not tell of all 3 GPUs"), usage.lack());
  }

  @Test
  void wherePmonIsNotSupportedMemoryIsAskedFor() throws Exception {
    smi(TWO, "echo Not supported on this device; exit 3", "echo 42, GPU-1, 7");
    start();
    NvidiaMonitor.Usage usage = await(NvidiaMonitor.Usage::told);
    assertEquals(1, usage.uses().size());
    // Its words may be read before its end is noticed.
    assertTrue(usage.lack().startsWith("GPU utilisation: "), usage.lack());
    assertTrue(usage.lack().contains("Not supported on this device"), usage.lack());
  }

  @Test
  void oneThatDiesIsStartedAgain() throws Exception {
    smi(TWO, "test -e died && { " + STAYS + "; }; >died; cat rows; exit 15", "exit 1");
    start();
    NvidiaMonitor.Usage usage =
        await(
            each ->
                each.told() && each.lack().isEmpty() && Files.exists(folder.resolve("bin/died")));
    assertEquals(42, usage.uses().get(0).pid());
  }

  @Test
  void oneThatHangsIsKilledAndItsSilenceTellsNothing() throws Exception {
    smi(TWO, "exec sleep 600", "exit 255");
    start();
    BlockingQueue<Boolean> never = new LinkedBlockingQueue<>();
    NvidiaMonitor.Usage usage = monitor.latest();
    while (usage.lack().isEmpty()) {
      assertFalse(usage.told());
      never.poll(5, TimeUnit.MILLISECONDS);
      clock.pass(SECOND);
      usage = monitor.latest();
    }
    assertFalse(usage.told());
    assertTrue(usage.lack().contains("nvidia-smi: no line within 20 s, killed; "), usage.lack());
    assertTrue(usage.lack().endsWith("nvidia-smi: exit status 255: "), usage.lack());
  }

  @Test
  void garbageTellsNothingAndIsQuoted() throws Exception {
    smi(TWO, "printf 'gar\\033[31mbage\\n'; exec sleep 600", "exit 1");
    start();
    NvidiaMonitor.Usage usage = await(each -> !each.lack().isEmpty());
    assertFalse(usage.told());
    assertTrue(
        usage.lack().startsWith("GPU use: nvidia-smi pmon: unexpected line: 'gar"), usage.lack());
    assertTrue(usage.lack().chars().allMatch(c -> c >= ' ' && c <= '~'), usage.lack());
  }

  @Test
  void afterItsEndNothingIsStarted() throws Exception {
    smi(TWO, STAYS, "exit 1");
    start();
    await(NvidiaMonitor.Usage::told);
    monitor.close();
    int calls = calls().size();
    for (int i = 0; i < 10; i++) {
      clock.pass(Duration.ofMinutes(1));
      monitor.latest();
    }
    assertEquals(calls, calls().size());
  }
}
