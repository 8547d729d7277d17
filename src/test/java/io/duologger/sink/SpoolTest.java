package io.duologger.sink;

import static io.duologger.sink.SpoolFixture.AGE;
import static io.duologger.sink.SpoolFixture.LEAST;
import static io.duologger.sink.SpoolFixture.NOW;
import static io.duologger.sink.SpoolFixture.drain;
import static io.duologger.sink.SpoolFixture.files;
import static io.duologger.sink.SpoolFixture.number;
import static io.duologger.sink.SpoolFixture.onDisk;
import static io.duologger.sink.SpoolFixture.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.sink.SpoolFixture.WallClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {
  private static final long ROOMY = 1 << 20;
  private static final int HEAD = 8;

  @TempDir private Path directory;
  private final WallClock clock = new WallClock();
  private Path folder;

  @BeforeEach
  void nameTheFolder() {
    folder = directory.resolve("above").resolve("spool");
  }

  @Test
  void reportsComeBackInOrderAfterAStart() throws IOException {
    try (Spool spool = open(ROOMY)) {
      for (int i = 0; i < 5; i++) {
        spool.append(report(i, 100 * i));
      }
    }
    try (Spool spool = open(ROOMY)) {
      assertEquals(5, spool.counts().reports());
      for (int i = 5; i < 9; i++) {
        spool.append(report(i, 10));
      }
      assertEquals(onDisk(folder), spool.counts().bytes());
      assertEquals(numbers(0, 9), drain(spool));
      assertEquals(new SpoolCounts(0, 0, 0, 0), spool.counts());
    }
  }

  @Test
  void anyMessagesAreKeptAsTheyAre() throws IOException {
    List<ReportMessages> reports =
        List.of(
            new ReportMessages(0, List.of()),
            new ReportMessages(-1, List.of(new byte[0], new byte[0])),
            new ReportMessages(Long.MAX_VALUE, List.of(new byte[300_000])),
            new ReportMessages(NOW, List.of(new byte[] {-1, 'S', 'P', 1}, new byte[] {'\n'})));
    try (Spool spool = Spool.open(folder, ROOMY, Duration.ofDays(100_000_000), clock)) {
      for (ReportMessages report : reports) {
        spool.append(report);
      }
      for (ReportMessages report : reports) {
        SpoolFixture.assertSame(report, spool.oldest().orElseThrow());
        spool.delivered();
      }
    }
  }

  @Test
  void theOldestIsGivenUntilItIsDelivered() throws IOException {
    try (Spool spool = open(ROOMY)) {
      assertTrue(spool.oldest().isEmpty());
      spool.delivered();
      spool.append(report(1, 10));
      spool.append(report(2, 10));
      spool.delivered();
      assertEquals(1, number(spool.oldest().orElseThrow()));
      assertEquals(1, number(spool.oldest().orElseThrow()));
      spool.delivered();
      spool.delivered();
      assertEquals(2, number(spool.oldest().orElseThrow()));
    }
  }

  @Test
  void whatIsDeliveredStaysSo() throws IOException {
    try (Spool spool = open(ROOMY)) {
      for (int i = 0; i < 4; i++) {
        spool.append(report(i, 10));
      }
      spool.oldest();
      spool.delivered();
      spool.oldest();
      spool.delivered();
      spool.oldest();
    }
    try (Spool spool = open(ROOMY)) {
      assertEquals(2, spool.counts().reports());
      assertEquals(numbers(2, 4), drain(spool));
    }
  }

  @Test
  void idleSpoolTakesNoRoom() throws IOException {
    try (Spool spool = open(ROOMY)) {
      for (int i = 0; i < 1000; i++) {
        spool.append(report(i, 500));
        assertEquals(numbers(i, i + 1), drain(spool));
        assertEquals(0, onDisk(folder));
      }
      assertEquals(List.of(), files(folder));
    }
  }

  @Test
  void filesGoWhenAllInThemIsDelivered() throws IOException {
    try (Spool spool = open(ROOMY)) {
      for (int i = 0; i < 100; i++) {
        spool.append(report(i, 10_000));
      }
      List<Path> before = files(folder);
      assertTrue(before.size() > 10, before::toString);
      for (int i = 0; i < 50; i++) {
        spool.oldest();
        spool.delivered();
      }
      int now = files(folder).size();
      assertTrue(now <= before.size() / 2 + 1, now + " of " + before.size());
      assertEquals(onDisk(folder), spool.counts().bytes());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {2_000, 5_000, 20_000, 100_000})
  void oldestGoWhenItIsFull(long maxBytes) throws IOException {
    int filling = 300;
    try (Spool spool = open(maxBytes)) {
      for (int i = 0; i < 1000; i++) {
        spool.append(report(i, filling));
        assertTrue(onDisk(folder) <= maxBytes);
        SpoolCounts counts = spool.counts();
        assertEquals(onDisk(folder), counts.bytes());
        assertEquals(i + 1, counts.reports() + counts.dropped());
      }
      long left = spool.counts().reports();
      assertTrue(maxBytes < 20_000 || left * (LEAST + filling) > maxBytes / 2, left + " left");
      assertEquals(numbers(1000 - (int) left, 1000), drain(spool));
      assertEquals(0, spool.counts().corrupt());
    }
  }

  @Test
  void reportLargerThanTheSpoolIsRefusedAndNothingGoes() throws IOException {
    try (Spool spool = open(10_000)) {
      spool.append(report(0, 3000));
      ReportTooLargeException refused =
          assertThrows(
              ReportTooLargeException.class,
              () -> spool.append(report(1, 10_000 - LEAST - HEAD + 1)));
      assertEquals(
          "a report of 9993 bytes cannot be kept in a spool of 10000", refused.getMessage());
      assertEquals(1, spool.counts().reports());
      spool.append(report(2, 10_000 - LEAST - HEAD));
      assertEquals(10_000, onDisk(folder));
      assertEquals(List.of(2), drain(spool));
      assertEquals(1, spool.counts().dropped());
    }
  }

  @Test
  void whatMadeRoomWhileItWasOnItsWayIsNotDroppedIfItArrives() throws IOException {
    try (Spool spool = open(10_000)) {
      spool.append(report(0, 3000));
      assertEquals(0, number(spool.oldest().orElseThrow()));
      spool.append(report(1, 9000));
      assertEquals(1, spool.counts().dropped(), "it may not arrive");
      spool.delivered();
      assertEquals(0, spool.counts().dropped());
      assertEquals(1, spool.counts().reports());
      spool.delivered();
      assertEquals(0, spool.counts().dropped());
      assertEquals(List.of(1), drain(spool));
    }
  }

  @Test
  void smallerLimitAtAStartDropsTheOldest() throws IOException {
    try (Spool spool = open(ROOMY)) {
      spool.append(report(0, 200_000));
      for (int i = 1; i < 10; i++) {
        spool.append(report(i, 50_000));
      }
      spool.append(report(10, 300_000));
      spool.append(report(11, 50_000));
    }
    try (Spool spool = open(250_000)) {
      assertTrue(onDisk(folder) <= 250_000);
      assertEquals(new SpoolCounts(4, onDisk(folder), 8, 0), spool.counts());
      assertEquals(List.of(7, 8, 9, 11), drain(spool));
    }
  }

  @Test
  void whatIsTooOldGoes() throws IOException {
    try (Spool spool = open(ROOMY)) {
      for (int i = 0; i < 4; i++) {
        spool.append(report(i, 10, NOW + i));
      }
      clock.now = NOW + AGE.toNanos();
      assertEquals(0, number(spool.oldest().orElseThrow()));
      clock.now += 2;
      assertEquals(2, number(spool.oldest().orElseThrow()));
      assertEquals(2, spool.counts().dropped());
    }
    clock.now = NOW;
    try (Spool spool = open(ROOMY)) {
      assertEquals(numbers(2, 4), drain(spool));
    }
  }

  @Test
  void clockThatWentBackDropsNothing() throws IOException {
    try (Spool spool = open(ROOMY)) {
      spool.append(report(0, 10));
      spool.append(report(1, 10, Long.MAX_VALUE));
      clock.now = NOW - 2 * AGE.toNanos();
      spool.append(report(2, 10, clock.now));
      for (long now : new long[] {clock.now, 0, -1, Long.MIN_VALUE, NOW}) {
        clock.now = now;
        assertEquals(0, number(spool.oldest().orElseThrow()));
      }
      clock.now = clock.now - AGE.toNanos();
      assertEquals(numbers(0, 3), drain(spool));
      spool.append(report(3, 10, Long.MIN_VALUE));
      assertTrue(spool.oldest().isEmpty());
      assertEquals(1, spool.counts().dropped());
    }
  }

  @Test
  void ofThisUserOnly() throws IOException {
    try (Spool spool = open(ROOMY)) {
      spool.append(report(0, 10));
      assertEquals("rwx------", mode(folder));
      assertEquals("rw-------", mode(files(folder).get(0)));
      assertEquals("rw-------", mode(folder.resolve("lock")));
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));
    assertRefused("others may write in it, its mode is rwxrwx---");
  }

  @Test
  void secondOneIsRefused() throws IOException {
    try (Spool spool = open(ROOMY)) {
      spool.append(report(0, 10));
      assertRefused("it is in use already");
      Path alias = Files.createSymbolicLink(directory.resolve("alias"), folder.getParent());
      assertThrows(
          IOException.class, () -> Spool.open(alias.resolve("spool"), ROOMY, AGE, clock).close());
    }
    open(ROOMY).close();
  }

  @Test
  void closedOneSaysSo() throws IOException {
    Spool spool = open(ROOMY);
    spool.close();
    spool.close();
    for (Callable<?> use :
        List.<Callable<?>>of(
            spool::oldest,
            () -> {
              spool.append(report(0, 10));
              return spool;
            },
            () -> {
              spool.delivered();
              return spool;
            })) {
      IOException failure = assertThrows(IOException.class, use::call);
      assertEquals("the spool " + folder + " is closed", failure.getMessage());
    }
  }

  @Test
  void linksAndOtherThingsInPlaceOfFilesAreRefused() throws IOException {
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "precious");
    open(ROOMY).close();
    Path segment = folder.resolve("0000000000000001.spool");
    Files.createSymbolicLink(segment, elsewhere);
    IOException failure = assertThrows(IOException.class, () -> open(ROOMY));
    assertEquals("cannot read " + segment + ": it is not a plain file", failure.getMessage());
    Files.delete(segment);
    Files.createDirectory(segment);
    assertThrows(IOException.class, () -> open(ROOMY));
    Files.delete(segment);
    Files.delete(folder.resolve("lock"));
    Files.createSymbolicLink(folder.resolve("lock"), elsewhere);
    assertRefused("its lock is not a plain file");
    SpoolFixture.remove(folder);
    Files.createSymbolicLink(folder, Files.createDirectory(directory.resolve("other")));
    assertRefused("it is not a plain folder");
    Files.delete(folder);
    Files.writeString(folder, "a file");
    assertRefused("it is not a plain folder");
    assertEquals("precious", Files.readString(elsewhere));
  }

  @Test
  void linkPlantedMeanwhileIsNotFollowed() throws IOException {
    Path elsewhere = directory.resolve("elsewhere");
    try (Spool spool = open(ROOMY)) {
      spool.append(report(0, 10));
      Path segment = files(folder).get(0);
      Files.move(segment, elsewhere);
      byte[] before = Files.readAllBytes(elsewhere);
      Files.createSymbolicLink(segment, elsewhere);
      spool.append(report(1, 10));
      assertThrows(IOException.class, spool::oldest);
      Files.delete(segment);
      assertEquals(List.of(1), drain(spool));
      assertEquals(1, spool.counts().corrupt());
      assertTrue(Arrays.equals(before, Files.readAllBytes(elsewhere)));
    }
  }

  @Test
  void otherFilesAreLeftAlone() throws IOException {
    open(ROOMY).close();
    List<String> names = List.of("1.spool", "00000000000000001.spool", "README", "x.spool");
    for (String name : names) {
      Files.writeString(folder.resolve(name), "x".repeat(5000));
    }
    try (Spool spool = open(4000)) {
      spool.append(report(0, 3000));
      spool.append(report(1, 3000));
      assertEquals(List.of(1), drain(spool));
      assertEquals(0, spool.counts().corrupt());
    }
    for (String name : names) {
      assertEquals(5000, Files.size(folder.resolve(name)));
    }
  }

  @Test
  void otherVersionStaysAsLongAsThereIsRoom() throws IOException {
    open(ROOMY).close();
    Path other = folder.resolve("0000000000000007.spool");
    Files.writeString(other, "DUOSPOL\2" + "x".repeat(5000));
    try (Spool spool = open(10_000)) {
      assertEquals(new SpoolCounts(0, 5008, 0, 1), spool.counts());
      spool.append(report(0, 1000));
      assertEquals(List.of(0), drain(spool));
      assertTrue(Files.exists(other));
      spool.append(report(1, 5000));
      assertFalse(Files.exists(other));
      assertEquals(List.of(1), drain(spool));
      assertEquals(new SpoolCounts(0, 0, 0, 1), spool.counts());
    }
  }

  @Test
  void filesOfGarbageOnlyGoAtAStart() throws IOException {
    open(ROOMY).close();
    Files.createFile(folder.resolve("0000000000000001.spool"));
    Files.writeString(folder.resolve("0000000000000002.spool"), "DUOSPOL\1");
    Files.writeString(folder.resolve("0000000000000003.spool"), "DUOSPOL\1x");
    Files.writeString(folder.resolve("0000000000000004.spool"), "nothing that we know");
    try (Spool spool = open(ROOMY)) {
      assertEquals(new SpoolCounts(0, 0, 0, 2), spool.counts());
      assertEquals(List.of(), files(folder));
    }
  }

  @Test
  void recordThatWentBadMeanwhileIsSkipped() throws IOException {
    try (Spool spool = open(ROOMY)) {
      for (int i = 0; i < 4; i++) {
        spool.append(report(i, 100));
      }
      Path file = files(folder).get(0);
      byte[] bytes = Files.readAllBytes(file);
      bytes[HEAD + 50] ^= 1;
      bytes[HEAD + LEAST + 100] ^= 1;
      Files.write(file, bytes);
      assertEquals(numbers(2, 4), drain(spool));
      assertEquals(2, spool.counts().corrupt());
      spool.append(report(4, 10));
      Files.write(files(folder).get(0), new byte[0]);
      spool.append(report(5, 10));
      assertEquals(List.of(5), drain(spool));
      assertEquals(new SpoolCounts(0, 0, 0, 3), spool.counts());
    }
  }

  @Test
  void fileThatWentMeanwhileIsNotMissed() throws IOException {
    try (Spool spool = open(ROOMY)) {
      spool.append(report(0, 10));
      spool.append(report(1, 10));
      Files.delete(files(folder).get(0));
      spool.append(report(2, 10));
      spool.append(report(3, 10));
      assertEquals(2, number(spool.oldest().orElseThrow()));
      assertEquals(2, spool.counts().corrupt());
      Files.delete(files(folder).get(0));
      spool.delivered();
      assertEquals(3, spool.counts().corrupt());
      spool.append(report(4, 10));
      assertEquals(List.of(4), drain(spool));
    }
  }

  @Test
  void reportDroppedWhileUnderWayIsNotMarked() throws IOException {
    try (Spool spool = open(10_000)) {
      spool.append(report(0, 4000));
      assertEquals(0, number(spool.oldest().orElseThrow()));
      spool.append(report(1, 4000));
      spool.append(report(2, 4000));
      assertEquals(1, spool.counts().dropped());
      spool.delivered();
      assertEquals(2, spool.counts().reports());
      assertEquals(numbers(1, 3), drain(spool));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4000, SmallDisk.BYTES})
  @SuppressWarnings("try") // the disk is there to be full, not to be used
  void fullDiskCostsOnlyWhatDoesNotFit(int length) throws IOException, InterruptedException {
    try (SmallDisk disk = new SmallDisk(directory)) {
      folder = disk.file(Path.of("spool"));
      Path ballast = disk.file(Path.of("ballast"));
      try (Spool spool = open(ROOMY)) {
        spool.append(report(0, 1000));
        spool.append(report(1, 1000));
        Files.writeString(ballast, "x".repeat(SmallDisk.BYTES - 4096));
        for (int i = 0; i < 3; i++) {
          IOException failure =
              assertThrows(IOException.class, () -> spool.append(report(2, length)));
          assertTrue(failure.getMessage().startsWith("cannot append a report to " + folder));
          assertTrue(
              failure.getMessage().endsWith("No space left on device"), failure.getMessage());
          assertEquals(List.of(), List.of(failure.getSuppressed()));
          assertEquals(new SpoolCounts(2, onDisk(folder), 0, 0), spool.counts());
          assertEquals(1, files(folder).size());
        }
        assertEquals(0, number(spool.oldest().orElseThrow()));
        spool.delivered();
        Files.delete(ballast);
        spool.append(report(3, 4000));
      }
      try (Spool spool = open(ROOMY)) {
        assertEquals(List.of(1, 3), drain(spool));
        assertEquals(new SpoolCounts(0, 0, 0, 0), spool.counts());
      }
    }
  }

  @Test
  void missingFolderFailsUntilItIsBack() throws IOException {
    try (Spool spool = open(ROOMY)) {
      spool.append(report(0, 10));
      SpoolFixture.remove(folder);
      IOException failure = assertThrows(IOException.class, () -> spool.append(report(1, 10)));
      assertTrue(
          failure.getMessage().endsWith("there is no directory " + folder), failure.getMessage());
      Files.createDirectory(folder);
      spool.append(report(2, 10));
      assertEquals(List.of(2), drain(spool));
      assertEquals(1, spool.counts().corrupt());
    }
  }

  @Test
  void interruptChangesNothing() throws IOException {
    Thread.currentThread().interrupt();
    try (Spool spool = open(ROOMY)) {
      spool.append(report(0, 10));
      spool.append(report(1, 10));
      assertRefused("it is in use already");
      assertEquals(numbers(0, 2), drain(spool));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void oneAppendsAndAnotherTakes() throws Exception {
    int count = 2000;
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Spool spool = open(ROOMY)) {
      Future<?> appending =
          other.submit(
              () -> {
                for (int i = 0; i < count; i++) {
                  spool.append(report(i, i % 300));
                }
                return count;
              });
      List<Integer> taken = new ArrayList<>();
      while (!appending.isDone() || spool.counts().reports() > 0) {
        taken.addAll(drain(spool));
      }
      appending.get();
      taken.addAll(drain(spool));
      assertEquals(numbers(0, count), taken);
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void tenThousandFilesAreOpenedSoon() throws IOException {
    int count = 10_000;
    open(ROOMY).close();
    for (int i = 0; i < count; i++) {
      ByteBuffer bytes = ByteBuffer.allocate(HEAD + LEAST + 5);
      bytes.put("DUOSPOL\1".getBytes(StandardCharsets.US_ASCII));
      SpoolRecord.put(report(i, 5), bytes);
      Files.write(folder.resolve(String.format("%016d.spool", 2 * i)), bytes.array());
    }
    assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          try (Spool spool = open(ROOMY)) {
            assertEquals(count, spool.counts().reports());
            spool.append(report(count, 5));
            assertEquals(0, number(spool.oldest().orElseThrow()));
          }
          try (Spool spool = open(1000)) {
            long left = spool.counts().reports();
            assertEquals(count + 1 - left, spool.counts().dropped());
            assertEquals(numbers(count + 1 - (int) left, count + 1), drain(spool));
          }
        });
  }

  @Test
  void filesThatPromiseTooMuchTakeNeitherTimeNorMemory() throws IOException {
    open(ROOMY).close();
    ByteBuffer promises = ByteBuffer.allocate((int) ROOMY / 2);
    while (promises.remaining() >= 13) {
      int rest = promises.remaining() - 13;
      promises.putInt(0xff535001).put((byte) 'w').putInt(0).putInt(rest);
    }
    Files.write(folder.resolve("0000000000000001.spool"), promises.array());
    byte[] liar = new byte[100];
    ByteBuffer.wrap(liar).putInt(0xff535001).put((byte) 'w').putInt(0).putInt(Integer.MAX_VALUE);
    Files.write(folder.resolve("0000000000000002.spool"), liar);
    assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          try (Spool spool = open(ROOMY)) {
            assertEquals(new SpoolCounts(0, 0, 0, 2), spool.counts());
          }
        });
  }

  @Test
  void rightSumOfWrongLengthsIsNoReport() throws IOException {
    open(ROOMY).close();
    for (int count : new int[] {-1, 0, 2, Integer.MAX_VALUE}) {
      for (int length : new int[] {-1, 2, 4, Integer.MAX_VALUE}) {
        ByteBuffer bytes = ByteBuffer.allocate(HEAD + 13 + 12 + 7);
        bytes.put("DUOSPOL\1".getBytes(StandardCharsets.US_ASCII));
        SpoolRecord.put(new ReportMessages(NOW, List.of(new byte[3])), bytes);
        bytes.putInt(HEAD + 13 + 8, count).putInt(HEAD + 13 + 12, length);
        CRC32C sum = new CRC32C();
        sum.update(bytes.array(), HEAD + 9, bytes.capacity() - HEAD - 9);
        bytes.putInt(HEAD + 5, (int) sum.getValue());
        Files.write(folder.resolve("0000000000000001.spool"), bytes.array());
        try (Spool spool = open(ROOMY)) {
          assertTrue(spool.oldest().isEmpty());
          assertEquals(new SpoolCounts(0, 0, 0, 1), spool.counts());
        }
      }
    }
  }

  @Test
  void limitsThatMeanNothingAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> open(0));
    assertThrows(
        IllegalArgumentException.class,
        () -> Spool.open(folder, ROOMY, Duration.ofSeconds(-1), clock));
    assertFalse(Files.exists(folder));
  }

  private Spool open(long maxBytes) throws IOException {
    return Spool.open(folder, maxBytes, AGE, clock);
  }

  private void assertRefused(String why) {
    IOException failure = assertThrows(IOException.class, () -> open(ROOMY).close());
    assertEquals("cannot use the spool " + folder + ": " + why, failure.getMessage());
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
