package io.duologger.procfs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A kernel file that is read often: opened at the first read, kept open, and read whole from its
 * start into a buffer that grows and is reused. A handle that has gone bad (device removed, channel
 * closed by an interrupt) is replaced. Used by one thread at a time.
 *
 * <p>The kernel makes most of these files record by record (fs/seq_file.c) and hands out as many
 * whole records as fit a buffer of its own, of a page or more: that a read brings less than was
 * asked for says nothing, only one that brings nothing is the end. Two cases need no such read. A
 * file of a single record is handed out as far as the reader has room: one that leaves room has
 * reached the end. And where a page would have had room for one more record, whichever, there was
 * none.
 */
public final class ProcFile implements Closeable {
  private static final int FIRST_SIZE = 4096;
  private static final int SMALLEST_PAGE = 4096;
  private static final int NEVER_SURE = -1;
  private static final int ALWAYS_SURE = Integer.MAX_VALUE;

  /** Attributes of sysfs are a word or a number. */
  private static final int FIRST_SIZE_OF_ATTRIBUTE = 64;

  private static final int LARGEST = 16 << 20;

  private final Path path;
  private final String name;

  /** A read that leaves room has reached the end if it came no further than this. */
  private final int sureUpTo;

  private final ByteScanner scanner = new ByteScanner();

  /** Outside the heap, as the JVM would otherwise read into such a buffer of its own first. */
  private ByteBuffer buffer;

  private byte[] bytes;
  private boolean absent;

  /** Null while closed. */
  private FileChannel channel;

  /** The file {@code path}; opens nothing yet. */
  public ProcFile(Path path) {
    this(path, NEVER_SURE, FIRST_SIZE);
  }

  private ProcFile(Path path, int sureUpTo, int size) {
    this.path = path;
    this.name = path.toString();
    this.sureUpTo = sureUpTo;
    this.buffer = ByteBuffer.allocateDirect(size);
    this.bytes = new byte[size];
  }

  /**
   * The file {@code path}, which the kernel makes as a single record; opens nothing yet. Such are
   * stat, meminfo, loadavg and those in pressure, but no file with a line for each of many things.
   */
  public static ProcFile ofOneRecord(Path path) {
    return new ProcFile(path, ALWAYS_SURE, FIRST_SIZE);
  }

  /**
   * The file {@code path}, of which the kernel makes no record longer than {@code record} bytes;
   * opens nothing yet.
   */
  public static ProcFile ofShortRecords(Path path, int record) {
    return new ProcFile(path, SMALLEST_PAGE - record, FIRST_SIZE);
  }

  /** The attribute {@code path} of sysfs; opens nothing yet. */
  public static ProcFile ofAttribute(Path path) {
    return new ProcFile(path, ALWAYS_SURE, FIRST_SIZE_OF_ATTRIBUTE);
  }

  /** Where the file is. */
  public Path path() {
    return path;
  }

  /**
   * Reads the file whole and returns a scanner before its first line, which is valid until the next
   * read.
   *
   * @throws NoSuchFileException if there is no such file
   * @throws IOException if it cannot be read or is implausibly long; the message names the path
   */
  public ByteScanner read() throws IOException {
    boolean reused = channel != null;
    try {
      return fill();
    } catch (IOException first) {
      close();
      if (!reused) {
        throw named(first);
      }
    }
    try {
      return fill();
    } catch (IOException second) {
      close();
      throw named(second);
    }
  }

  /**
   * Whether the kernel has the file at all. A kernel file that was missing once is taken to be
   * missing for good, so that it is not looked for at each tick.
   */
  public boolean exists() throws IOException {
    if (channel == null && !absent) {
      try {
        open();
      } catch (NoSuchFileException missing) {
        absent = true;
      } catch (IOException e) {
        throw named(e);
      }
    }
    return !absent;
  }

  private void open() throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.READ);
  }

  /** The size of a proc file is not known beforehand, and a long one comes in several parts. */
  private ByteScanner fill() throws IOException {
    if (channel == null) {
      open();
    }
    buffer.clear();
    int count = channel.read(buffer, 0);
    while (count >= 0 && !(buffer.hasRemaining() && buffer.position() <= sureUpTo)) {
      if (!buffer.hasRemaining()) {
        grow();
      }
      count = channel.read(buffer, buffer.position());
    }
    int length = buffer.position();
    buffer.get(0, bytes, 0, length);
    scanner.reset(name, bytes, length);
    return scanner;
  }

  private void grow() throws IOException {
    if (buffer.capacity() >= LARGEST) {
      throw new IOException("longer than " + LARGEST + " bytes");
    }
    ByteBuffer larger = ByteBuffer.allocateDirect(buffer.capacity() * 4);
    buffer.flip();
    larger.put(buffer);
    buffer = larger;
    bytes = new byte[larger.capacity()];
  }

  /** File system exceptions name the path already. */
  private IOException named(IOException e) {
    return e instanceof FileSystemException ? e : new IOException(name + ": " + text(e), e);
  }

  private static String text(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}
