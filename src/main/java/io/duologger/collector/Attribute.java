package io.duologger.collector;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.ProcFile;
import io.duologger.procfs.SmallFile;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/**
 * A file of sysfs that is one number, which the kernel may refuse to tell at any time (EIO, EAGAIN,
 * ENODATA, ENODEV). Used by one thread at a time.
 */
final class Attribute implements Closeable {
  /** Reads what is not to be kept open. */
  static final class Reader {
    private final SmallFile file = new SmallFile();
  }

  private final Path path;

  /** Where the file is. */
  private final File name;

  /** The same file, if it stays open; else null. */
  private final ProcFile open;

  private final Reader reader;
  private long value;
  private IOException refusal = new IOException("not read yet");

  private Attribute(Path path, ProcFile open, Reader reader) {
    this.path = path;
    this.name = path.toFile();
    this.open = open;
    this.reader = reader;
  }

  /**
   * The number in {@code path}; opens nothing yet.
   *
   * @param keep whether the file stays open from the first read on
   */
  static Attribute of(Path path, boolean keep, Reader reader) {
    return new Attribute(path, keep ? ProcFile.ofAttribute(path) : null, reader);
  }

  /** Where the file is. */
  Path path() {
    return path;
  }

  /** Reads it; false if it can't be had, {@link #refusal} says why. */
  boolean read() {
    try {
      ByteScanner in;
      if (open == null) {
        in = reader.file.read(name);
      } else {
        in = open.read();
        in.nextLine();
      }
      value = in.nextSigned("value");
      return true;
    } catch (IOException refused) {
      refusal = refused;
      return false;
    }
  }

  /** What the last successful read said. */
  long value() {
    return value;
  }

  /** Why the last failed read failed. */
  IOException refusal() {
    return refusal;
  }

  /** The refusal as one clear line, where it is for want of a permission. */
  static IOException explained(IOException refusal, String needs) {
    return refusal instanceof AccessDeniedException
        ? new IOException(refusal.getMessage() + ": permission denied, needs " + needs, refusal)
        : refusal;
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
    }
  }
}
