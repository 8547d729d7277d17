package io.duologger.sink;

import static io.duologger.sink.SinkFixture.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {
  @TempDir private Path directory;
  private Path path;
  private FileSink sink;

  @BeforeEach
  void open() {
    path = directory.resolve("duologger.log");
    sink = new FileSink(SinkFixture.FORMAT, path);
  }

  @AfterEach
  void close() throws IOException {
    sink.close();
  }

  @Test
  void createsTheFileWithTheFirstReport() throws IOException {
    assertFalse(Files.exists(path));
    sink.write(report("a=1\n"));
    assertEquals("a=1\n", Files.readString(path));
  }

  @Test
  void appendsToWhatIsThere() throws IOException {
    Files.writeString(path, "old\n");
    sink.write(report("a=1\n"));
    sink.write(report("b=2\n"));
    assertEquals("old\na=1\nb=2\n", Files.readString(path));
  }

  @Test
  void renamedFileIsLeftAndANewOneBegun() throws IOException {
    sink.write(report("a=1\n"));
    Path moved = Files.move(path, directory.resolve("duologger.log.1"));
    sink.write(report("b=2\n"));
    assertEquals("a=1\n", Files.readString(moved));
    assertEquals("b=2\n", Files.readString(path));
  }

  @Test
  void fileThatLogrotateCreatedAnewIsTakenUp() throws IOException {
    sink.write(report("a=1\n"));
    Path moved = Files.move(path, directory.resolve("duologger.log.1"));
    Files.createFile(path);
    sink.write(report("b=2\n"));
    sink.write(report("c=3\n"));
    assertEquals("a=1\n", Files.readString(moved));
    assertEquals("b=2\nc=3\n", Files.readString(path));
  }

  @Test
  void deletedFileIsMadeAnew() throws IOException {
    sink.write(report("a=1\n"));
    Files.delete(path);
    sink.write(report("b=2\n"));
    assertEquals("b=2\n", Files.readString(path));
  }

  @Test
  void truncatedFileGoesOnAtItsNewEnd() throws IOException {
    sink.write(report("a=1\n"));
    Files.newByteChannel(path, StandardOpenOption.WRITE).truncate(0).close();
    sink.write(report("b=2\n"));
    assertEquals("b=2\n", Files.readString(path));
  }

  @Test
  void symbolicLinkIsFollowed() throws IOException {
    Path target = directory.resolve("target.log");
    Files.createSymbolicLink(path, target);
    sink.write(report("a=1\n"));
    sink.write(report("b=2\n"));
    assertEquals("a=1\nb=2\n", Files.readString(target));
  }

  @Test
  void missingDirectoryIsNamedAndTheNextReportTriesAgain() throws IOException {
    Path missing = directory.resolve("missing");
    try (FileSink inMissing = new FileSink(SinkFixture.FORMAT, missing.resolve("x.log"))) {
      IOException failure = assertThrows(IOException.class, () -> inMissing.write(report("a=1\n")));
      assertEquals(
          "cannot open " + missing.resolve("x.log") + ": there is no directory " + missing,
          failure.getMessage());
      Files.createDirectory(missing);
      inMissing.write(report("b=2\n"));
      assertEquals("b=2\n", Files.readString(missing.resolve("x.log")));
    }
  }

  @Test
  void directoryInPlaceOfTheFileFailsUntilItIsGone() throws IOException {
    Files.createDirectory(path);
    IOException failure = assertThrows(IOException.class, () -> sink.write(report("a=1\n")));
    assertEquals("cannot open " + path + ": Is a directory", failure.getMessage());
    Files.delete(path);
    sink.write(report("b=2\n"));
    assertEquals("b=2\n", Files.readString(path));
  }

  @Test
  void unwritableFileFailsUntilItIsWritable() throws IOException {
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--r--r--")));
    assumeFalse(Files.isWritable(path), "root may write to every file");
    IOException failure = assertThrows(IOException.class, () -> sink.write(report("a=1\n")));
    assertEquals("cannot open " + path + ": permission denied", failure.getMessage());
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
    sink.write(report("b=2\n"));
    assertEquals("b=2\n", Files.readString(path));
  }

  @Test
  void fullDeviceFailsEachReport() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "no /dev/full");
    try (FileSink onFull = new FileSink(SinkFixture.FORMAT, full)) {
      for (int i = 0; i < 2; i++) {
        IOException failure = assertThrows(IOException.class, () -> onFull.write(report("a=1\n")));
        assertEquals("cannot write /dev/full: No space left on device", failure.getMessage());
      }
    }
  }

  @Test
  @SuppressWarnings("try") // the disk is there to be full, not to be used
  void reportThatDoesNotFitLeavesNothingBehind() throws IOException, InterruptedException {
    try (SmallDisk disk = new SmallDisk(directory);
        FileSink onDisk = new FileSink(SinkFixture.FORMAT, disk.file(path))) {
      onDisk.write(report(SinkFixture.line(1, 5000)));
      IOException failure =
          assertThrows(
              IOException.class,
              () -> onDisk.write(report(SinkFixture.line(2, 2 * SmallDisk.BYTES))));
      assertTrue(failure.getMessage().endsWith("No space left on device"), failure.getMessage());
      assertEquals(SinkFixture.line(1, 5000), Files.readString(path));
      onDisk.write(report(SinkFixture.line(3, 5000)));
      assertEquals(SinkFixture.line(1, 5000) + SinkFixture.line(3, 5000), Files.readString(path));
    }
  }

  @Test
  void interruptFailsOneReportOnly() throws IOException {
    sink.write(report("a=1\n"));
    Thread.currentThread().interrupt();
    assertThrows(IOException.class, () -> sink.write(report("b=2\n")));
    assertTrue(Thread.interrupted());
    sink.write(report("c=3\n"));
    assertEquals("a=1\nc=3\n", Files.readString(path));
  }

  @Test
  void closedSinkHoldsNoFile() throws IOException {
    sink.write(report("a=1\n"));
    sink.close();
    sink.close();
    try (var handles = Files.list(Path.of("/proc/self/fd"))) {
      assertFalse(handles.anyMatch(this::leadsToPath));
    }
  }

  private boolean leadsToPath(Path handle) {
    try {
      return Files.readSymbolicLink(handle).equals(path);
    } catch (IOException alreadyClosed) {
      return false;
    }
  }
}
