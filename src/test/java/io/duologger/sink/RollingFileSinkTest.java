package io.duologger.sink;

import static io.duologger.sink.SinkFixture.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.sink.RollingFileSink.Rotation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollingFileSinkTest {
  private static final int LINES = 50;
  private static final int LINE_BYTES = 300;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rotatesBySizeAndKeepsEveryLine(boolean compress) throws IOException {
    Path path = directory.resolve("duologger.log");
    for (int half = 0; half < 2; half++) {
      try (Sink sink = sink(path, new Rotation(1000, 0, 0, compress))) {
        for (int i = 0; i < LINES / 2; i++) {
          sink.write(report(SinkFixture.line(half * LINES / 2 + i, LINE_BYTES)));
        }
      }
    }
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      expected.add(SinkFixture.line(i, LINE_BYTES).stripTrailing());
    }
    List<String> found = new ArrayList<>();
    List<Path> files = files();
    assertTrue(files.size() >= LINES / 5, files.toString());
    for (Path file : files) {
      String text = text(file);
      assertTrue(text.length() <= 1000 + LINE_BYTES, file.toString());
      assertEquals(compress && !file.equals(path), file.toString().endsWith(".gz"));
      text.lines().forEach(found::add);
    }
    found.sort((a, b) -> expected.indexOf(a) - expected.indexOf(b));
    assertEquals(expected, found);
  }

  @Test
  void appendsToWhatIsThere() throws IOException {
    Path path = directory.resolve("duologger.log");
    Files.writeString(path, "old\n");
    try (Sink sink = sink(path, new Rotation(1000, 0, 0, false))) {
      sink.write(report("a=1\n"));
      assertEquals("old\na=1\n", Files.readString(path));
    }
  }

  @Test
  void fileOfAnEarlierDayIsRotated() throws IOException {
    Path path = directory.resolve("duologger.log");
    Files.writeString(path, "old\n");
    Files.setLastModifiedTime(path, FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
    try (Sink sink = sink(path, new Rotation(1000, 0, 0, false))) {
      sink.write(report("a=1\n"));
    }
    assertEquals("a=1\n", Files.readString(path));
    assertEquals("old\n", Files.readString(directory.resolve("duologger.log.2001-02-03.0")));
  }

  @Test
  void oldFilesGoWhenTheirSizeExceedsTheTotal() throws IOException {
    Path path = directory.resolve("duologger.log");
    try (Sink sink = sink(path, new Rotation(1000, 10, 3000, false))) {
      for (int i = 0; i < LINES; i++) {
        sink.write(report(SinkFixture.line(i, LINE_BYTES)));
      }
    }
    long total = 0;
    for (Path file : files()) {
      total += Files.size(file);
    }
    assertTrue(total <= 3000 + 1000 + LINE_BYTES, total + " bytes in " + files());
    assertTrue(Files.readString(path).endsWith(SinkFixture.line(LINES - 1, LINE_BYTES)));
  }

  @Test
  void oldFilesGoWithAge() throws IOException {
    Path path = directory.resolve("duologger.log");
    String day = Instant.now().minus(Duration.ofDays(9)).toString().substring(0, 10);
    Path stale = Files.writeString(directory.resolve("duologger.log." + day + ".0"), "stale\n");
    try (Sink sink = sink(path, new Rotation(10, 5, 0, false))) {
      sink.write(report("line=1 xxxx\n"));
      sink.write(report("line=2 xxxx\n"));
    }
    assertTrue(Files.notExists(stale));
    assertEquals(2, files().size());
  }

  @Test
  void deletedFileIsMadeAnew() throws IOException {
    Path path = directory.resolve("duologger.log");
    try (Sink sink = sink(path, new Rotation(1000, 0, 0, false))) {
      sink.write(report("a=1\n"));
      Files.delete(path);
      sink.write(report("b=2\n"));
      assertEquals("b=2\n", Files.readString(path));
    }
  }

  @Test
  void missingDirectoryIsNamedAndTheNextReportTriesAgain() throws IOException {
    Path missing = directory.resolve("missing");
    Path path = missing.resolve("duologger.log");
    try (Sink sink = sink(path, new Rotation(1000, 0, 0, false))) {
      IOException failure = assertThrows(IOException.class, () -> sink.write(report("a=1\n")));
      assertEquals(
          "cannot open " + path + ": there is no directory " + missing, failure.getMessage());
      Files.createDirectory(missing);
      sink.write(report("b=2\n"));
      assertEquals("b=2\n", Files.readString(path));
    }
  }

  @Test
  void directoryInPlaceOfTheFileFailsUntilItIsGone() throws IOException {
    Path path = Files.createDirectory(directory.resolve("duologger.log"));
    try (Sink sink = sink(path, new Rotation(1000, 0, 0, false))) {
      IOException failure = assertThrows(IOException.class, () -> sink.write(report("a=1\n")));
      assertTrue(failure.getMessage().startsWith("cannot open " + path + ": "));
      assertTrue(failure.getMessage().contains("Is a directory"), failure.getMessage());
      Files.delete(path);
      sink.write(report("b=2\n"));
      assertEquals("b=2\n", Files.readString(path));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4000, 2 * SmallDisk.BYTES})
  @SuppressWarnings("try") // the disk is there to be full, not to be used
  void reportThatDoesNotFitFailsAndLeavesNothingBehind(int length)
      throws IOException, InterruptedException {
    Path path = directory.resolve("duologger.log");
    try (SmallDisk disk = new SmallDisk(directory)) {
      Path ballast = disk.file(Path.of("ballast"));
      try (Sink sink = sink(path, new Rotation(1_000_000, 0, 0, false))) {
        sink.write(report(SinkFixture.line(1, 2000)));
        Files.writeString(ballast, "x".repeat(SmallDisk.BYTES - 4096));
        IOException failure =
            assertThrows(IOException.class, () -> sink.write(report(SinkFixture.line(2, length))));
        assertTrue(failure.getMessage().startsWith("cannot write " + path), failure.getMessage());
        assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
        assertEquals(SinkFixture.line(1, 2000), Files.readString(path));
        Files.delete(ballast);
        sink.write(report(SinkFixture.line(3, 4000)));
        assertEquals(SinkFixture.line(1, 2000) + SinkFixture.line(3, 4000), Files.readString(path));
      }
    }
  }

  @Test
  @SuppressWarnings("try") // the disk is there to be full, not to be used
  void fileThatCannotBeCompressedStays() throws IOException, InterruptedException {
    Path path = directory.resolve("duologger.log");
    try (SmallDisk disk = new SmallDisk(directory);
        Sink sink = sink(disk.file(path), new Rotation(1000, 0, 0, true))) {
      sink.write(report(SinkFixture.line(1, 2000)));
      Files.writeString(directory.resolve("ballast"), "x".repeat(SmallDisk.BYTES - 4096));
      IOException failure =
          assertThrows(IOException.class, () -> sink.write(report(SinkFixture.line(2, 100))));
      assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
      assertTrue(failure.getMessage().contains("stays uncompressed"), failure.getMessage());
      Path old = Path.of(path + "." + today() + ".0");
      assertEquals(SinkFixture.line(1, 2000), Files.readString(old));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void olderFileOfTheSameNameIsNotReplaced(String suffix) throws IOException {
    Path path = directory.resolve("duologger.log");
    try (Sink sink = sink(path, new Rotation(1000, 0, 0, true))) {
      sink.write(report(SinkFixture.line(1, 2000)));
      Path old = Path.of(path + "." + today() + ".0" + suffix);
      Files.writeString(old, "old\n");
      IOException failure =
          assertThrows(IOException.class, () -> sink.write(report(SinkFixture.line(2, 2000))));
      assertTrue(failure.getMessage().startsWith("the report is written, but "));
      assertTrue(failure.getMessage().contains(old.toString()), failure.getMessage());
      assertEquals("old\n", Files.readString(old));
      assertEquals(SinkFixture.line(1, 2000) + SinkFixture.line(2, 2000), Files.readString(path));
      sink.write(report(SinkFixture.line(3, 100)));
      assertEquals(SinkFixture.line(3, 100), Files.readString(path));
      assertEquals(
          SinkFixture.line(1, 2000) + SinkFixture.line(2, 2000),
          text(Path.of(path + "." + today() + ".1.gz")));
    }
  }

  @Test
  void namesThatLogbackWouldReadAsPatternsAreRefused() {
    Rotation rotation = new Rotation(1000, 0, 0, false);
    for (String name : List.of("a%d.log", "a b", "a(1).log", "%d/x.log", "a\\b/x.log", "/")) {
      Path path = directory.resolve(name);
      assertThrows(
          IllegalArgumentException.class,
          () -> new RollingFileSink(SinkFixture.FORMAT, path, rotation),
          name);
    }
  }

  @Test
  void rotationsThatMeanNothingAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Rotation(0, 0, 0, false));
    assertThrows(IllegalArgumentException.class, () -> new Rotation(1, -1, 0, false));
    assertThrows(IllegalArgumentException.class, () -> new Rotation(1, 1, -1, false));
    assertThrows(IllegalArgumentException.class, () -> new Rotation(1, 0, 1, false));
  }

  private static Sink sink(Path path, Rotation rotation) {
    return new RollingFileSink(SinkFixture.FORMAT, path, rotation);
  }

  private static String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static String text(Path file) throws IOException {
    if (!file.toString().endsWith(".gz")) {
      return Files.readString(file);
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
