package io.duologger.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
