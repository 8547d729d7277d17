package io.duologger.collector.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each line once, whatever becomes of the file. */
class NewLinesTest {
  private static final int MOST = 1 << 20;

  @TempDir Path folder;
  private Path file;
  private NewLines lines;

  @BeforeEach
  void follow() {
    file = folder.resolve("log");
    lines = new NewLines(file, false, MOST, 3);
  }

  @AfterEach
  void close() throws IOException {
    lines.close();
  }

  private List<String> read() throws IOException {
    List<String> read = new ArrayList<>();
    lines.read(read::add);
    return read;
  }

  private void append(Path to, String text) throws IOException {
    Files.writeString(
        to,
        text,
        StandardCharsets.ISO_8859_1,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void append(String text) throws IOException {
    append(file, text);
  }

  @Test
  void whatIsThereAtFirstIsOldAndWhatComesIsNew() throws IOException {
    append("a\nb\n");
    assertEquals(List.of(), read());
    append("c\n\nd\r\n");
    assertEquals(List.of("c", "", "d"), read());
    assertEquals(List.of(), read());
  }

  @Test
  void whatIsThereAtFirstIsNewWhereThatIsWanted() throws IOException {
    append("a\nb\n");
    lines = new NewLines(file, true, MOST, 3);
    assertEquals(List.of("a", "b"), read());
  }

  @Test
  void aFileThatComesLaterIsReadFromItsStart() throws IOException {
    assertEquals(new NewLines.Progress(false, false, 0, 0), lines.read(line -> {}));
    append("a\n");
    assertEquals(List.of("a"), read());
  }

  @Test
  void aLineIsToldOnceItHasItsEndAlsoOneBegunBeforeTheStart() throws IOException {
    append("a\nbeg");
    assertEquals(List.of(), read());
    append("un");
    assertEquals(List.of(), read());
    append(" and ended\nhal");
    assertEquals(List.of("begun and ended"), read());
    append("f\n");
    assertEquals(List.of("half"), read());
  }

  @Test
  void aRenamedFileIsReadToItsEndBeforeTheNewOne() throws IOException {
    append("a\n");
    read();
    append("b\nc");
    Path rotated = folder.resolve("log.1");
    Files.move(file, rotated);
    append("x\n");
    assertEquals(List.of("b", "x"), read());
    append(rotated, "c\nd\n");
    append("y\n");
    assertEquals(List.of("cc", "d", "y"), read());
    append(rotated, "last without its end");
    List<String> more = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      more.addAll(read());
    }
    assertEquals(List.of("last without its end"), more);
    append(rotated, "\nnobody looks any more\n");
    assertEquals(List.of(), read());
  }

  @Test
  void aFileThatIsMovedAwayAndBackIsGoneOnWith() throws IOException {
    append("a\n");
    read();
    Path away = folder.resolve("away");
    Files.move(file, away);
    append(away, "b\n");
    assertEquals(List.of("b"), read());
    Files.move(away, file);
    append("c\n");
    assertEquals(List.of("c"), read());
  }

  @Test
  void severalRotationsLoseNothing() throws IOException {
    append("0\n");
    read();
    List<String> all = new ArrayList<>();
    List<String> written = new ArrayList<>();
    for (int i = 1; i <= 30; i++) {
      append(i + "\n");
      written.add(Integer.toString(i));
      if (i % 3 == 0) {
        Files.move(file, folder.resolve("log." + i));
        if (i % 2 == 0) {
          append(folder.resolve("log." + i), i + " late\n");
          written.add(i + " late");
        }
      }
      all.addAll(read());
    }
    assertEquals(written, all);
  }

  @Test
  void aFileThatWasCopiedAndEmptiedIsReadFromItsStart() throws IOException {
    append("one\ntwo\n");
    read();
    append("three\n");
    assertEquals(List.of("three"), read());
    Files.copy(file, folder.resolve("log.1"), StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(file, "");
    append("four\n");
    assertEquals(List.of("four"), read());
  }

  @Test
  void aFileThatHasGrownAgainBeyondWhereItWasIsNoticed() throws IOException {
    append("one\ntwo\n");
    read();
    Files.writeString(file, "a longer line than before\nand one more\n");
    assertEquals(List.of("a longer line than before", "and one more"), read());
  }

  @Test
  void theHoleBeforeTheNextLineOfAWriterThatWasNotToldIsPassedOver() throws IOException {
    append("one\ntwo\n");
    read();
    try (RandomAccessFile writer = new RandomAccessFile(file.toFile(), "rw")) {
      writer.setLength(0);
      writer.seek(200_000);
      writer.write("three\n".getBytes(StandardCharsets.US_ASCII));
    }
    assertEquals(List.of("three"), read());
  }

  @Test
  void ofALineWithoutEndTheStartCounts() throws IOException {
    append("a\n");
    read();
    for (int i = 0; i < 50; i++) {
      append("x".repeat(1 << 16));
      assertEquals(List.of(), read());
    }
    append("\nnext\n");
    assertEquals(List.of("x".repeat(4096), "next"), read());
    append("\u00c3\u00a4".repeat(3000) + "\n");
    String cut = read().get(0);
    assertTrue(cut.matches("\u00e4{2040,2048}"), cut);
  }

  @Test
  void tooMuchAtOnceIsPassedOverButForItsEnd() throws IOException {
    lines = new NewLines(file, true, 1000, 3);
    append("z".repeat(99) + "\n");
    append("0123456789\n".repeat(1000));
    List<String> read = new ArrayList<>();
    NewLines.Progress progress = lines.read(read::add);
    assertEquals(new NewLines.Progress(true, true, 1000, 100 + 11_000 - 1000), progress);
    assertEquals(90, read.size());
    assertTrue(read.stream().allMatch("0123456789"::equals));
  }

  @Test
  void bytesThatAreNoTextAreLinesAllTheSame() throws IOException {
    append("a\n");
    read();
    append("\u00ff\u0000\u0001\n\u0000\u0000\n\u00e4\n");
    assertEquals(List.of("\u00ff\u0000\u0001", "", "\u00e4"), read());
  }

  @Test
  void whatIsNoFileIsRefused() throws IOException, InterruptedException {
    Files.createDirectory(file);
    assertEquals(file + ": a directory", refusal());
    Files.delete(file);
    assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
    assertEquals(file + ": no regular file", refusal());
    Files.delete(file);
    append("new\n");
    assertEquals(List.of(), read(), "there was something of the name from the first");
  }

  private String refusal() {
    return assertThrows(IOException.class, this::read).getMessage();
  }
}
