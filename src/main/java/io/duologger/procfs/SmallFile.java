package io.duologger.procfs;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads files that are read seldom (sysfs attributes): opens, reads and closes. One object serves
 * many files. Used by one thread at a time.
 */
public final class SmallFile {
  private static final int PAGE = 4096;

  private static final int LARGEST = 1 << 20;

  private byte[] bytes = new byte[PAGE];
  private final ByteScanner scanner = new ByteScanner();

  /**
   * Reads the first page of {@code file} and returns a scanner on its first line, which is valid
   * until the next read.
   *
   * @throws IOException if it cannot be read or is empty; the message names the path
   */
  public ByteScanner read(File file) throws IOException {
    fill(file, PAGE);
    if (!scanner.nextLine()) {
      throw new IOException(file + ": empty");
    }
    return scanner;
  }

  /**
   * Reads all of {@code file} and returns a scanner before its first line, which is valid until the
   * next read.
   *
   * @throws IOException if it cannot be read or is longer than 1 MiB; the message names the path
   */
  public ByteScanner readWhole(File file) throws IOException {
    if (fill(file, LARGEST) == LARGEST) {
      throw new IOException(file + ": longer than " + LARGEST + " bytes");
    }
    return scanner;
  }

  private int fill(File file, int most) throws IOException {
    int length = 0;
    try (FileInputStream in = new FileInputStream(file)) {
      int count = in.read(bytes, 0, PAGE);
      while (count > 0) {
        length += count;
        if (length == bytes.length && length < most) {
          bytes = Arrays.copyOf(bytes, Math.min(most, 4 * length));
        }
        int room = Math.min(bytes.length, most) - length;
        count = room > 0 ? in.read(bytes, length, room) : 0;
      }
    } catch (java.io.FileNotFoundException namesThePath) {
      throw namesThePath;
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    scanner.reset(file.getPath(), bytes, length);
    return length;
  }
}
