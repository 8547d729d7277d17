package io.duologger.runtime;

import com.sun.jna.LastErrorException;
import io.reactivex.rxjava3.core.Scheduler;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A named pipe from strace to the module that counts system calls, in a folder of its own. It is
 * held open for a while: strace, and with it the job, begins at once, and should nobody read by the
 * end of that while, strace finds the pipe broken and lets the job go. Safe for use by any thread.
 */
public final class TracePipe {
  private static final int OWNER_ONLY = 0600;

  private final Path path;
  private final RandomAccessFile held;

  private TracePipe(Path path, RandomAccessFile held) {
    this.path = path;
    this.held = held;
  }

  /**
   * Makes one among the temporary files.
   *
   * @throws IOException if that can't be
   */
  public static TracePipe make() throws IOException {
    Path path = Files.createTempDirectory("duologger-").resolve("strace");
    try {
      Posix.Libc.mkfifo(Posix.string(path.toString()), OWNER_ONLY);
    } catch (LastErrorException refused) {
      throw new IOException(
          "cannot make the pipe " + path + ": " + Posix.Libc.strerror(refused.getErrorCode()),
          refused);
    }
    // For reading and writing: either alone would wait for the other.
    return new TracePipe(path, new RandomAccessFile(path.toFile(), "rw"));
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Lets go of it after a while. */
  public void holdFor(Duration span, Scheduler timer) {
    timer.scheduleDirect(this::release, span.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void release() {
    try {
      held.close();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Takes it away. */
  public void remove() {
    release();
    try {
      Files.deleteIfExists(path);
      Files.deleteIfExists(path.getParent());
    } catch (IOException stays) {
      // It is among the temporary files, where somebody will take it away.
      return;
    }
  }
}
