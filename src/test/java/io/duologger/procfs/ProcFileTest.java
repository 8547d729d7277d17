package io.duologger.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcFileTest {
  @TempDir Path folder;

  private static String all(ByteScanner in) {
    StringBuilder text = new StringBuilder();
    while (in.nextLine()) {
      in.nextToken();
      text.append(in.token()).append('\n');
    }
    return text.toString();
  }

  @Test
  void readsTheContentOfNowEachTime() throws IOException {
    Path path = folder.resolve("f");
    Files.writeString(path, "long content\n");
    try (ProcFile file = new ProcFile(path)) {
      assertEquals("long\n", all(file.read()));
      Files.writeString(path, "b\n");
      assertEquals("b\n", all(file.read()));
      Files.writeString(path, "");
      assertEquals("", all(file.read()));
    }
  }

  @Test
  void growsWithTheFile() throws IOException {
    Path path = folder.resolve("f");
    String large = "0123456789\n".repeat(50_000);
    Files.writeString(path, large);
    try (ProcFile file = new ProcFile(path)) {
      assertEquals(large, all(file.read()));
      assertEquals(large, all(file.read()));
    }
  }

  @Test
  void opensAtTheFirstReadOnly() throws IOException {
    Path path = folder.resolve("f");
    try (ProcFile file = new ProcFile(path)) {
      assertThrows(NoSuchFileException.class, file::read);
      Files.writeString(path, "late\n");
      assertEquals("late\n", all(file.read()));
    }
  }

  @Test
  void takesAMissingKernelFileToBeMissingForGood() throws IOException {
    Path path = folder.resolve("f");
    try (ProcFile file = new ProcFile(path)) {
      assertFalse(file.exists());
      Files.writeString(path, "late\n");
      assertFalse(file.exists());
    }
    try (ProcFile file = new ProcFile(path)) {
      assertTrue(file.exists());
      assertEquals("late\n", all(file.read()));
    }
  }

  @Test
  void readsOnAfterBeingClosed() throws IOException {
    Path path = folder.resolve("f");
    Files.writeString(path, "a\n");
    ProcFile file = new ProcFile(path);
    try (file) {
      file.read();
    }
    try (file) {
      assertEquals("a\n", all(file.read()));
    }
  }

  @Test
  void replacesAHandleThatAnInterruptClosed() throws IOException {
    Path path = folder.resolve("f");
    Files.writeString(path, "a\n");
    try (ProcFile file = new ProcFile(path)) {
      file.read();
      Thread.currentThread().interrupt();
      assertThrows(IOException.class, file::read);
      assertTrue(Thread.interrupted());
      assertEquals("a\n", all(file.read()));
    }
  }

  @Test
  void complaintsNameThePath() throws IOException {
    try (ProcFile file = new ProcFile(folder)) {
      String message = assertThrows(IOException.class, file::read).getMessage();
      assertTrue(message.startsWith(folder + ": "), message);
    }
  }

  @Test
  void refusesAnEndlessFile() throws IOException {
    try (ProcFile file = new ProcFile(Path.of("/dev/zero"))) {
      String message = assertThrows(IOException.class, file::read).getMessage();
      assertEquals("/dev/zero: longer than 16777216 bytes", message);
    }
  }

  private static void assertReads(String content, ProcFile file) throws IOException {
    try (file) {
      Files.writeString(file.path(), content);
      assertEquals(content, all(file.read()));
      assertEquals(content, all(file.read()));
    }
  }

  @Test
  void readsContentsThatJustFitTheBufferWhole() throws IOException {
    Path path = folder.resolve("f");
    for (int around : new int[] {64, 256, 3584, 4096, 16384}) {
      for (int length = around - 2; length <= around + 2; length++) {
        String content = "0".repeat(length - 1) + "\n";
        assertReads(content, new ProcFile(path));
        assertReads(content, ProcFile.ofOneRecord(path));
        assertReads(content, ProcFile.ofShortRecords(path, 512));
        assertReads(content, ProcFile.ofAttribute(path));
      }
    }
  }

  /** What does not change from read to read: the lines' first words. */
  private static String keys(ProcFile file) throws IOException {
    try (file) {
      return all(file.read());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stat", "meminfo", "pressure/cpu", "pressure/memory", "pressure/io", "uptime"})
  void filesOfOneRecordOfTheRunningHostEndWhereOthersDo(String name) throws IOException {
    Path path = Path.of("/proc", name);
    Assumptions.assumeTrue(Files.exists(path));
    String whole = keys(new ProcFile(path));
    String fast = keys(ProcFile.ofOneRecord(path));
    assertEquals(whole.lines().count(), fast.lines().count());
    assertEquals(last(whole), last(fast));
  }

  @ParameterizedTest
  @CsvSource({"net/dev, 512", "vmstat, 128"})
  void filesOfShortRecordsOfTheRunningHostEndWhereOthersDo(String name, int record)
      throws IOException {
    Path path = Path.of("/proc", name);
    Assumptions.assumeTrue(Files.exists(path));
    assertEquals(keys(new ProcFile(path)), keys(ProcFile.ofShortRecords(path, record)));
    for (String line : Files.readAllLines(path)) {
      assertTrue(line.length() < record, line);
    }
  }

  private static String last(String lines) {
    String key = lines.substring(lines.lastIndexOf('\n', lines.length() - 2) + 1);
    // Of a file without keys the first word is a value.
    return key.replaceAll("[0-9.]+", "0");
  }
}
