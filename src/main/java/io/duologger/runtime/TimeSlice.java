package io.duologger.runtime;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How long a thread may use a processor before others get their turn. Whoever asks for little is
 * woken sooner on busy processors: the kernel's scheduler (EEVDF) picks the earliest deadline,
 * which is a slice after the turn began. No more of the processor comes with it, and no right is
 * needed.
 *
 * <p>Source: sched_setattr(2), whose {@code sched_runtime} is the slice since Linux 6.12; before,
 * it means nothing to threads of the usual class.
 */
public final class TimeSlice {
  /** The shortest that the kernel takes. */
  private static final long NANOS = 100_000;

  /** The kernel's number of sched_setattr by {@code os.arch}; that of sched_getattr is one more. */
  private static final Map<String, Integer> SET_ATTRIBUTES =
      Map.of("amd64", 314, "aarch64", 274, "riscv64", 274, "ppc64le", 355, "s390x", 345);

  // struct sched_attr
  private static final int SIZE = 48;
  private static final int POLICY = 4;
  private static final int RUNTIME = 24;

  private static final int SCHED_OTHER = 0;

  private TimeSlice() {}

  /** The C library. Loaded when it is first called. */
  private static final class Libc {
    static {
      Native.register(Libc.class, NativeLibrary.getProcess());
    }

    private Libc() {}

    static native NativeLong syscall(
        NativeLong number, int thread, Memory attributes, int third, int fourth)
        throws LastErrorException;
  }

  /**
   * Asks for the shortest slice for the threads that keep time and that read, and so for those that
   * they start. Does that on a thread of its own, as native calls take long to load; where it can't
   * be done, nothing is lost but that.
   *
   * @param told what was done, or why not
   */
  public static void shorten(Consumer<String> told) {
    Threads.daemon("slice", () -> shortenAll(told)).start();
  }

  private static void shortenAll(Consumer<String> told) {
    Integer number = SET_ATTRIBUTES.get(System.getProperty("os.arch"));
    if (number == null) {
      return;
    }
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : threads) {
        if (keepsTime(thread)) {
          String name = thread.getFileName().toString();
          long before = shorten(number, Integer.parseInt(name));
          told.accept("thread " + name + ": a time slice of " + before + " ns before");
        }
      }
    } catch (IOException | LinkageError | LastErrorException not) {
      told.accept("no shorter time slices: " + not);
    }
  }

  private static boolean keepsTime(Path thread) {
    try {
      String name = Files.readString(thread.resolve("comm"));
      return name.startsWith(Timekeeper.THREADS) || name.startsWith(Threads.READS);
    } catch (IOException ended) {
      return false;
    }
  }

  private static long shorten(int number, int thread) {
    Memory attributes = new Memory(SIZE);
    attributes.clear();
    Libc.syscall(new NativeLong(number + 1L), thread, attributes, SIZE, 0);
    long before = attributes.getLong(RUNTIME);
    // Whoever gave it another class than the usual one knows better. An older kernel says 0.
    if (attributes.getInt(POLICY) == SCHED_OTHER && before > NANOS) {
      attributes.setLong(RUNTIME, NANOS);
      Libc.syscall(new NativeLong(number), thread, attributes, 0, 0);
    }
    return before;
  }
}
