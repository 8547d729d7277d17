package io.duologger.collector;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.IOException;

/**
 * What a file system says of itself, see statvfs(3). All numbers are unsigned.
 *
 * @param blockBytes the unit of the next three
 * @param blocks its size
 * @param free what is free
 * @param available what is free for others than root
 * @param inodes how many files it has room for; 0 where there is no such limit
 * @param inodesFree how many more it has room for
 */
record FileSystemUsage(
    long blockBytes, long blocks, long free, long available, long inodes, long inodesFree) {
  // The structure of 64-bit Linux: unsigned longs f_bsize, f_frsize and so on.
  private static final int STRUCTURE_BYTES = 256;
  private static final int FRSIZE = 8;
  private static final int BLOCKS = 16;
  private static final int BFREE = 24;
  private static final int BAVAIL = 32;
  private static final int FILES = 40;
  private static final int FFREE = 48;

  /** Asks for the usage; may block for as long as the file system likes. */
  interface Question {
    /**
     * The usage of the file system at {@code path}.
     *
     * @throws SystemCallException if the kernel refuses
     */
    FileSystemUsage of(byte[] path) throws IOException;
  }

  /** The answer of the kernel; {@link SystemCalls#load} comes before the first. */
  static FileSystemUsage of(byte[] path) throws IOException {
    try (Memory name = new Memory(path.length + 1L);
        Memory structure = new Memory(STRUCTURE_BYTES)) {
      name.write(0, path, 0, path.length);
      name.setByte(path.length, (byte) 0);
      structure.clear();
      SystemCalls.Libc.statvfs(name, structure);
      return new FileSystemUsage(
          structure.getLong(FRSIZE),
          structure.getLong(BLOCKS),
          structure.getLong(BFREE),
          structure.getLong(BAVAIL),
          structure.getLong(FILES),
          structure.getLong(FFREE));
    } catch (LastErrorException e) {
      throw SystemCallException.of(e);
    }
  }
}
