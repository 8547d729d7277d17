package io.duologger.collector;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The kernel's log, open for reading without waiting, which Java can't: a read of it would wait for
 * the next message for ever. Nor can Java start at its end. Used by one thread at a time.
 */
final class KernelLog implements Closeable {
  /** What a record needs: with less room the kernel refuses to tell it. */
  static final int LONGEST_RECORD = 8192;

  private static final int READ_ONLY = 0;
  private static final int NONBLOCK = 04000;
  private static final int CLOSE_ON_EXEC = 02000000;
  private static final int SEEK_END = 2;

  private final Path path;
  private final int handle;

  /**
   * Opens it.
   *
   * @param all whether what the kernel still has from before is read too
   * @throws SourceAbsentException if there is no {@code path}
   */
  KernelLog(Path path, boolean all) throws IOException {
    this.path = path;
    if (!Files.exists(path)) {
      throw new SourceAbsentException("no " + path);
    }
    SystemCalls.load();
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    try {
      handle =
          SystemCalls.Libc.open(
              Arrays.copyOf(name, name.length + 1), READ_ONLY | NONBLOCK | CLOSE_ON_EXEC);
      if (!all) {
        SystemCalls.Libc.lseek(handle, new NativeLong(0), SEEK_END);
      }
    } catch (LastErrorException e) {
      throw refusal(e);
    }
  }

  /** Where it is. */
  Path path() {
    return path;
  }

  /**
   * Reads the next record.
   *
   * @return its length; 0 if there is none at the moment
   */
  int read(byte[] into) throws IOException {
    while (true) {
      try {
        return SystemCalls.Libc.read(handle, into, new NativeLong(into.length)).intValue();
      } catch (LastErrorException e) {
        switch (e.getErrorCode()) {
          case SystemCallException.EAGAIN, SystemCallException.EINTR:
            return 0;
          case SystemCallException.EPIPE:
            // The next ones are overwritten: the read after this goes on with the oldest there is.
            break;
          default:
            throw refusal(e);
        }
      }
    }
  }

  private IOException refusal(LastErrorException e) {
    SystemCallException refused = SystemCallException.of(e);
    return switch (refused.number()) {
      case SystemCallException.ENOENT ->
          new FileNotFoundException(path + ": " + refused.getMessage());
      case SystemCallException.EPERM, SystemCallException.EACCES ->
          new IOException(
              path + ": " + refused.getMessage() + ", needs root or CAP_SYSLOG", refused);
      default -> new IOException(path + ": " + refused.getMessage(), refused);
    };
  }

  @Override
  public void close() throws IOException {
    try {
      SystemCalls.Libc.close(handle);
    } catch (LastErrorException e) {
      throw refusal(e);
    }
  }
}
