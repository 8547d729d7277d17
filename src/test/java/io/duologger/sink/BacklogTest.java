package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reports wait on disk, or in memory where that can't be. */
@Timeout(30)
class BacklogTest {
  private static final int IN_MEMORY = 3;

  private final ManualClock clock = new ManualClock();
  private final HeardLog log = new HeardLog();
  private final List<Backlog> open = new ArrayList<>();
  private Optional<IOException> refusal = Optional.empty();
  private long maxBytes = 1 << 20;

  @TempDir private Path folder;

  @AfterEach
  void closeAll() throws IOException {
    for (Backlog backlog : open) {
      backlog.close();
    }
  }

  private Backlog onDisk(Path place) {
    Backlog.SpoolOpener opener =
        () -> {
          if (refusal.isPresent()) {
            throw refusal.get();
          }
          return Spool.open(place, maxBytes, Duration.ofDays(1), clock);
        };
    return opened(new Backlog(Optional.of(opener), IN_MEMORY, log));
  }

  private Backlog inMemory() {
    return opened(new Backlog(Optional.empty(), IN_MEMORY, log));
  }

  private Backlog opened(Backlog backlog) {
    open.add(backlog);
    backlog.open();
    return backlog;
  }

  private ReportMessages report(String text) {
    return new ReportMessages(clock.wall(), List.of(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private void add(Backlog backlog, String... texts) {
    for (String text : texts) {
      backlog.add(report(text));
    }
  }

  private static String oldest(Backlog backlog) {
    return new String(backlog.oldest().orElseThrow().messages().get(0), StandardCharsets.US_ASCII);
  }

  /** Delivers all. */
  private static List<String> all(Backlog backlog) {
    List<String> texts = new ArrayList<>();
    while (backlog.oldest().isPresent()) {
      texts.add(oldest(backlog));
      backlog.delivered();
    }
    return texts;
  }

  @Test
  void whatWaitsOnDiskIsThereAfterARestart() throws IOException {
    Backlog first = onDisk(folder);
    add(first, "a", "b", "c");
    assertEquals("a", oldest(first));
    assertEquals("a", oldest(first));
    first.delivered();
    assertEquals(2, first.counts().waiting());
    first.close();
    assertEquals(List.of("info: 2 reports are kept for the next start"), log.said());
    Backlog second = onDisk(folder);
    assertEquals(2, second.counts().waiting());
    add(second, "d");
    assertEquals(List.of("b", "c", "d"), all(second));
    assertEquals(new Backlog.Counts(0, 0, 0, 0), second.counts());
    assertEquals(List.of(), log.said());
  }

  @Test
  void inMemoryTheOldestAreDroppedAndThatIsSaidOnce() throws IOException {
    Backlog backlog = inMemory();
    add(backlog, "a", "b", "c", "d", "e");
    assertEquals(new Backlog.Counts(3, 0, 2, 0), backlog.counts());
    assertEquals(List.of("warn: more reports wait than may: the oldest are dropped"), log.said());
    assertEquals("c", oldest(backlog));
    add(backlog, "f", "g");
    assertEquals(List.of("c", "e", "f", "g"), all(backlog), "what is on its way is not dropped");
    assertEquals(List.of("info: no report waits any more; 3 were lost so far"), log.said());
    add(backlog, "h", "i");
    backlog.close();
    assertEquals(List.of("warn: ends before they are delivered: 2 reports are lost"), log.said());
    assertEquals(0, backlog.counts().waiting());
    assertEquals(5, backlog.counts().lost());
  }

  @Test
  void aSpoolThatCannotBeOpenedIsSaidOnceAndTriedWithEachReport() {
    refusal = Optional.of(new IOException("cannot lock the spool"));
    Backlog backlog = onDisk(folder);
    add(backlog, "a", "b");
    assertEquals(
        List.of("warn: cannot lock the spool; up to 3 reports are kept in memory"), log.said());
    assertEquals("a", oldest(backlog));
    refusal = Optional.empty();
    add(backlog, "c");
    assertTrue(backlog.counts().bytes() > 0);
    assertEquals(List.of("a", "b", "c"), all(backlog), "in order, though a was in hand");
    assertEquals(List.of("info: the spool works again"), log.said());
  }

  @Test
  void aFullDiskKeepsAFewInMemoryAndTheyGoToDiskLater() throws Exception {
    Files.createDirectories(folder.resolve("disk"));
    try (SmallDisk disk = new SmallDisk(folder.resolve("disk"))) {
      Backlog backlog = onDisk(disk.file(Path.of("spool")));
      Path ballast = disk.file(Path.of("ballast"));
      add(backlog, "a");
      Files.write(ballast, new byte[SmallDisk.BYTES - 4096]);
      String large = "x".repeat(5000);
      add(backlog, large + "b", large + "c");
      List<String> said = log.said();
      assertEquals(1, said.size(), said::toString);
      assertTrue(
          said.get(0).matches("warn: cannot .*: No space left on device; .*"), said::toString);
      assertEquals(3, backlog.counts().waiting());
      Files.delete(ballast);
      add(backlog, "d");
      assertEquals(List.of("a", large + "b", large + "c", "d"), all(backlog));
      assertEquals(List.of("info: the spool works again"), log.said());
      backlog.close();
    }
  }

  @Test
  void aReportThatIsTooLargeForTheDiskGoesThroughMemory() {
    maxBytes = 64 << 10;
    Backlog backlog = onDisk(folder);
    String large = "x".repeat(70_000);
    add(backlog, "a", large, "b");
    assertEquals(List.of("a", large, "b"), all(backlog));
  }

  @Test
  void theCountsDoNotWaitForASlowDisk() throws Exception {
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Backlog.SpoolOpener slow =
        () -> {
          opening.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new IOException("slow");
        };
    Backlog backlog = new Backlog(Optional.of(slow), IN_MEMORY, log);
    Thread adding = new Thread(() -> backlog.add(report("a")));
    adding.start();
    assertTrue(opening.await(10, TimeUnit.SECONDS));
    assertEquals(0, backlog.counts().waiting());
    release.countDown();
    adding.join();
    assertEquals(1, backlog.counts().waiting());
  }
}
