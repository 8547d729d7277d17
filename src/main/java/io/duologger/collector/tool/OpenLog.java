package io.duologger.collector.tool;

import io.duologger.procfs.ByteScanner;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * An open file of lines that grows, by whatever name. A RandomAccessFile, as closing one waits for
 * no read. Used by one thread at a time.
 */
final class OpenLog implements Closeable {
  private static final int BUFFER = 64 << 10;
  private static final int LONGEST_LINE = 4096;

  /** So many bytes before the position tell whether the file is still the one that was read. */
  private static final int MARK = 64;

  private final RandomAccessFile in;
  private final Object identity;
  private final byte[] buffer = new byte[BUFFER];
  private long position;

  /** The bytes before the position, as many as there were. */
  private byte[] mark = {};

  private final byte[] line = new byte[LONGEST_LINE];
  private int length;

  /** Whether the rest of the line is passed over, as its start was. */
  private boolean skipping;

  private long lastBytes;
  private int idleReads;

  private OpenLog(RandomAccessFile in, Object identity) {
    this.in = in;
    this.identity = identity;
  }

  /** Opens {@code file}, at its start. */
  static OpenLog of(Path file, BasicFileAttributes now) throws IOException {
    try {
      return new OpenLog(new RandomAccessFile(file.toFile(), "r"), now.fileKey());
    } catch (FileNotFoundException refused) {
      throw Files.isReadable(file) ? refused : new AccessDeniedException(file.toString());
    }
  }

  /** Whether these are the attributes of this very file. */
  boolean is(BasicFileAttributes other) {
    return Objects.equals(identity, other.fileKey());
  }

  /** Passes over all lines that have their end. */
  void toEnd() throws IOException {
    position = in.length();
    int back = (int) Math.min(position, BUFFER);
    int end = readAt(position - back, back);
    while (end > 0 && buffer[end - 1] != '\n') {
      end--;
    }
    skipping = end == 0 && back == BUFFER;
    position -= skipping ? 0 : back - end;
    int marked = (int) Math.min(position, MARK);
    mark = Arrays.copyOf(buffer, readAt(position - marked, marked));
  }

  /** The number of bytes that there were. */
  private int readAt(long from, int count) throws IOException {
    in.seek(from);
    int filled = 0;
    while (filled < count) {
      int n = in.read(buffer, filled, count - filled);
      if (n < 0) {
        break;
      }
      filled += n;
    }
    return filled;
  }

  /**
   * Reads to where the file ends now.
   *
   * @param most more than so many bytes are passed over, but for the end
   * @return how many were passed over
   */
  long read(int most, Consumer<String> taker) throws IOException {
    long size = in.length();
    if (size < position || !isMarked()) {
      position = 0;
      mark = new byte[0];
      length = 0;
      skipping = false;
    }
    long skipped = Math.max(0, size - position - most);
    if (skipped > 0) {
      position += skipped;
      mark = new byte[0];
      length = 0;
      skipping = true;
    }
    long start = position;
    while (position < size) {
      int count = readAt(position, (int) Math.min(BUFFER, size - position));
      if (count == 0) {
        break;
      }
      take(count, taker);
      position += count;
      remember(count);
    }
    lastBytes = position - start;
    idleReads = lastBytes > 0 ? 0 : idleReads + 1;
    return skipped;
  }

  private boolean isMarked() throws IOException {
    int count = readAt(position - mark.length, mark.length);
    return count == mark.length && Arrays.equals(buffer, 0, count, mark, 0, count);
  }

  private void remember(int count) {
    int kept = Math.min(mark.length, Math.max(0, MARK - count));
    int fresh = Math.min(count, MARK);
    byte[] next = new byte[kept + fresh];
    System.arraycopy(mark, mark.length - kept, next, 0, kept);
    System.arraycopy(buffer, count - fresh, next, kept, fresh);
    mark = next;
  }

  private void take(int count, Consumer<String> taker) {
    for (int i = 0; i < count; i++) {
      byte b = buffer[i];
      if (b == '\n') {
        if (!skipping) {
          taker.accept(text());
        }
        length = 0;
        skipping = false;
      } else if (!skipping && length < LONGEST_LINE && (b != 0 || length > 0)) {
        line[length++] = b;
      }
    }
  }

  private String text() {
    int end = length;
    if (end == LONGEST_LINE) {
      // A character that may have been cut in two would make nonsense of the rest.
      while (end > LONGEST_LINE - 4 && line[end - 1] < 0) {
        end--;
      }
    } else if (end > 0 && line[end - 1] == '\r') {
      end--;
    }
    return ByteScanner.text(Arrays.copyOf(line, end));
  }

  /** Nothing will be added: what there is of a last line is one. */
  void finish(Consumer<String> taker) {
    if (length > 0 && !skipping) {
      taker.accept(text());
      length = 0;
    }
  }

  /** How many bytes the last read had. */
  long lastBytes() {
    return lastBytes;
  }

  /** How many reads had nothing since the last that had something. */
  int idleReads() {
    return idleReads;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
