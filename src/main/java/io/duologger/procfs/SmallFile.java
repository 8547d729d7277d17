package io.duologger.procfs;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;

/**
 * Reads small files that are read seldom (sysfs attributes): opens, reads up to a page and closes.
 * One object serves many files. Used by one thread at a time.
 */
public final class SmallFile {
  private static final int PAGE = 4096;

  private final byte[] bytes = new byte[PAGE];
  private final ByteScanner scanner = new ByteScanner();

  /**
   * Reads {@code file} and returns a scanner on its first line, which is valid until the next read.
   *
   * @throws IOException if it cannot be read or is empty; the message names the path
   */
  public ByteScanner read(File file) throws IOException {
    int length = 0;
    try (FileInputStream in = new FileInputStream(file)) {
      int count = in.read(bytes, 0, PAGE);
      while (count > 0) {
        length += count;
        count = length < PAGE ? in.read(bytes, length, PAGE - length) : 0;
      }
    } catch (java.io.FileNotFoundException namesThePath) {
      throw namesThePath;
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    scanner.reset(file.getPath(), bytes, length);
    if (!scanner.nextLine()) {
      throw new IOException(file + ": empty");
    }
    return scanner;
  }
}
