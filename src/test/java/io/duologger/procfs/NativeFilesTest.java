package io.duologger.procfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFilesTest {
  private static final int MOST = 1 << 20;
  private static final byte[] STAT = NativeFiles.name("/stat");

  @TempDir private Path proc;
  private NativeFiles files;

  @BeforeEach
  void make() {
    files = new NativeFiles(proc.toFile());
  }

  private Path write(int pid, byte[] content) throws IOException {
    Path folder = Files.createDirectories(proc.resolve(Integer.toString(pid)));
    return Files.write(folder.resolve("stat"), content);
  }

  private byte[] read() {
    return Arrays.copyOf(files.bytes(), files.length());
  }

  @Test
  void processesAreToldApartByTheirNumbers() throws IOException {
    for (int pid : new int[] {1, 9, 10, 4194304, Integer.MAX_VALUE}) {
      byte[] content = Integer.toString(pid).getBytes();
      Path file = write(pid, content);
      NativeFiles.Handle handle = files.of(pid, STAT);
      assertEquals(file.toString(), handle.toString());
      assertTrue(files.isThere(pid, STAT));
      assertTrue(files.readOnce(handle));
      assertArrayEquals(content, read());
    }
    assertFalse(files.isThere(2, STAT));
    assertFalse(files.readOnce(files.of(2, STAT)));
  }

  @Test
  void aFileThatIsNoProcesssIsReadFromTheFolder() throws IOException {
    Path file = Files.writeString(proc.resolve("loadavg"), "1 2\n");
    NativeFiles.Handle handle = files.of(NativeFiles.name("/loadavg"));
    assertEquals(file.toString(), handle.toString());
    assertTrue(files.readOnce(handle));
    assertArrayEquals("1 2\n".getBytes(), read());
  }

  @Test
  void anOpenFileIsReadAnewFromItsBeginningUntilItIsClosed() throws IOException {
    Path file = write(7, new byte[] {1, 2});
    NativeFiles.Handle handle = files.of(7, STAT);
    assertTrue(files.read(handle));
    Files.write(file, new byte[] {3});
    assertTrue(files.read(handle));
    assertArrayEquals(new byte[] {3}, read());
    Files.delete(file);
    assertTrue(files.read(handle), "it is open");
    assertEquals(1, OpenFiles.below(proc));
    files.close(handle);
    files.close(handle);
    assertEquals(0, OpenFiles.below(proc));
    assertFalse(files.read(handle));
    write(7, new byte[] {4});
    assertTrue(files.read(handle));
    files.close(handle);
    assertArrayEquals(new byte[] {4}, read());
  }

  @Test
  void nothingOfAnEarlierFileIsLeft() throws IOException {
    write(7, new byte[] {1, 2});
    write(8, new byte[0]);
    assertTrue(files.readOnce(files.of(7, STAT)));
    assertTrue(files.readOnce(files.of(8, STAT)));
    assertEquals(0, files.length());
    assertTrue(files.readOnce(files.of(7, STAT)));
    assertFalse(files.readOnce(files.of(9, STAT)));
    assertEquals(0, files.length());
  }

  @Test
  void longFilesAreReadWholeUpToALimit() throws IOException {
    for (int length : new int[] {3999, 4096, 32767, 32768, 32769, 200_000, MOST - 1, MOST}) {
      byte[] content = new byte[length];
      for (int i = 0; i < length; i++) {
        content[i] = (byte) (i * 31 + i / 251);
      }
      write(7, content);
      assertTrue(files.readOnce(files.of(7, STAT)));
      assertArrayEquals(content, read());
    }
    write(7, new byte[MOST + 1]);
    assertTrue(files.readOnce(files.of(7, STAT)));
    assertEquals(MOST, files.length());
    assertEquals(0, OpenFiles.below(proc));
  }

  @Test
  void whatCantBeReadIsNotAnExceptionAndStaysNotOpen() throws IOException {
    Files.createDirectories(proc.resolve("7/stat"));
    assertFalse(files.readOnce(files.of(7, STAT)), "a folder");
    assertEquals(0, OpenFiles.below(proc));
  }

  @Test
  void messagesNameThePath() throws IOException {
    Path file = write(7, "x\n".getBytes());
    NativeFiles.Handle handle = files.of(7, STAT);
    assertTrue(files.readOnce(handle));
    ByteScanner in = files.scan(handle);
    assertTrue(in.nextLine());
    IOException malformed = assertThrows(IOException.class, () -> in.nextUnsigned("pid"));
    assertTrue(malformed.getMessage().startsWith(file + " line 1: "), malformed.getMessage());
  }
}
