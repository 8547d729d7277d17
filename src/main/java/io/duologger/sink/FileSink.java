package io.duologger.sink;

import io.duologger.format.Format;
import io.duologger.model.Report;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Appends reports to a file that someone else may rotate: before each report it looks whether the
 * path still leads to the file it has open, and otherwise opens or creates the one there. The
 * file's directory must exist.
 *
 * <p>A report that does not fit on the disk is taken back to its first byte, unless another process
 * has appended to the file meanwhile.
 *
 * <p>Used by one thread at a time. It touches the file system in {@link #write} and {@link #close}
 * only; an interrupt during a write makes it fail and the next report open the file anew.
 */
public final class FileSink implements Sink {
  private static final int OPEN_ATTEMPTS = 5;

  private final Format format;
  private final Path path;
  private Optional<OpenFile> file = Optional.empty();

  /** The file as the path led to it when it was opened. */
  private record OpenFile(FileChannel channel, Object key) {}

  /** Appends to {@code path}, which is created if it does not exist. */
  public FileSink(Format format, Path path) {
    this.format = format;
    this.path = path.toAbsolutePath();
  }

  @Override
  public void write(Report report) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(format.bytes(report));
    FileChannel channel = current();
    long before = channel.size();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      IOException failure = Failures.of("write", path, e);
      try {
        if (bytes.position() > 0 && channel.size() == before + bytes.position()) {
          channel.truncate(before);
        }
        close();
      } catch (IOException next) {
        failure.addSuppressed(next);
      }
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    if (file.isPresent()) {
      FileChannel channel = file.get().channel();
      file = Optional.empty();
      channel.close();
    }
  }

  private FileChannel current() throws IOException {
    try {
      Optional<Object> key = key();
      if (file.isPresent()
          && file.get().channel().isOpen()
          && key.equals(Optional.of(file.get().key()))) {
        return file.get().channel();
      }
      close();
      OpenFile opened = open(key);
      file = Optional.of(opened);
      return opened.channel();
    } catch (IOException e) {
      throw Failures.of("open", path, e);
    }
  }

  /**
   * Opens the file and learns its identity. Java gives no identity of an open file, so the path
   * must lead to the same one before and after.
   */
  private OpenFile open(Optional<Object> found) throws IOException {
    Optional<Object> before = found;
    for (int i = 0; i < OPEN_ATTEMPTS; i++) {
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      try {
        Optional<Object> after = key();
        if (after.isPresent() && after.equals(before)) {
          return new OpenFile(channel, after.get());
        }
        before = after;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
      channel.close();
    }
    throw new IOException("the file is replaced again and again");
  }

  /** What identifies the file that the path leads to. */
  private Optional<Object> key() throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
