package io.duologger.procfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The size of a memory page in bytes. Source: entry AT_PAGESZ of {@code /proc/self/auxv}, pairs of
 * 64-bit words in the byte order of the machine.
 */
public final class PageSize {
  /** What is assumed where the host does not tell. */
  public static final int USUAL = 4096;

  private static final long AT_PAGESZ = 6;
  private static final long LARGEST = 1 << 20;

  private PageSize() {}

  /** The page size of {@code host}, or {@link #USUAL} where it has no such file or entry. */
  public static int of(HostRoot host) throws IOException {
    Path path = host.proc().resolve("self").resolve("auxv");
    try {
      return of(ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.nativeOrder()));
    } catch (NoSuchFileException missing) {
      return USUAL;
    }
  }

  static int of(ByteBuffer auxv) {
    while (auxv.remaining() >= 2 * Long.BYTES) {
      long type = auxv.getLong();
      long value = auxv.getLong();
      if (type == AT_PAGESZ && value > 0 && value <= LARGEST) {
        return (int) value;
      }
    }
    return USUAL;
  }
}
