package io.duologger.collector.tool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * The lines that are added to a file. Lines that it holds when it is first looked at are old; a
 * file that comes later is read from its start.
 *
 * <ul>
 *   <li>Another file of its name: what the one before still gets is read to its end first, until it
 *       has had nothing new for some reads, since whoever writes goes on in it for a while.
 *   <li>A file that has become shorter, or whose last bytes that were read are others now, has been
 *       emptied: it is read from its start.
 *   <li>A line without its end yet is left for later. Of a line that is too long the start counts;
 *       NUL bytes before a line, as in a file that was emptied under its writer, are left out.
 *   <li>What exceeds a number of bytes is passed over but for its end, and counted.
 * </ul>
 *
 * <p>Used by one thread at a time. May block for as long as the file system likes.
 */
public final class NewLines implements Closeable {
  /** Of more files that were moved away the oldest are left. */
  private static final int MOST_MOVED = 8;

  private final Path file;
  private final int most;
  private final int idleReads;
  private final Deque<OpenLog> moved = new ArrayDeque<>();
  private boolean old;

  /** The file of the name; null if it is not there. */
  private OpenLog current;

  /**
   * What came of a read.
   *
   * @param there whether there is a file of the name
   * @param open whether any file is open, that one or one that had the name before
   * @param bytes how many were read
   * @param skipped how many were passed over
   */
  public record Progress(boolean there, boolean open, long bytes, long skipped) {}

  /**
   * @param fromStart whether what the file holds at first is new
   * @param most how many bytes are read at once
   * @param idleReads so many reads without anything new end the interest in a file that was moved
   *     away
   */
  public NewLines(Path file, boolean fromStart, int most, int idleReads) {
    this.file = file;
    this.most = most;
    this.idleReads = idleReads;
    old = !fromStart;
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /**
   * Hands each new line to {@code taker}, without its end.
   *
   * @throws IOException if there is something of the name that can't be read as a file
   */
  public Progress read(Consumer<String> taker) throws IOException {
    BasicFileAttributes now = attributes();
    long bytes = 0;
    long skipped = 0;
    if (current != null && (now == null || !current.is(now))) {
      moved.add(current);
      current = null;
    }
    for (Iterator<OpenLog> all = moved.iterator(); all.hasNext(); ) {
      OpenLog log = all.next();
      if (now != null && log.is(now)) {
        current = log;
        all.remove();
        continue;
      }
      skipped += log.read(most, taker);
      bytes += log.lastBytes();
      if (log.idleReads() >= idleReads || moved.size() > MOST_MOVED) {
        log.finish(taker);
        log.close();
        all.remove();
      }
    }
    if (current == null && now != null) {
      current = OpenLog.of(file, now);
      if (old) {
        current.toEnd();
      }
    }
    old = false;
    if (current != null) {
      skipped += current.read(most, taker);
      bytes += current.lastBytes();
    }
    return new Progress(current != null, current != null || !moved.isEmpty(), bytes, skipped);
  }

  /** Null if there is no such file. Opening anything but a file might block, or rewind a tape. */
  private BasicFileAttributes attributes() throws IOException {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      if (!now.isRegularFile()) {
        throw new IOException(
            file + ": " + (now.isDirectory() ? "a directory" : "no regular file"));
      }
      return now;
    } catch (NoSuchFileException missing) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
    }
    for (OpenLog log : moved) {
      log.close();
    }
  }
}
