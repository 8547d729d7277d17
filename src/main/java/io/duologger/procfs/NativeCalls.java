package io.duologger.procfs;

import com.sun.jna.Native;
import java.io.IOException;

/** Loads calls of the C library, for which there is JNA. Safe for use by any thread. */
public final class NativeCalls {
  private NativeCalls() {}

  /**
   * Loads what calls need, so that the first of them does not take longer than others.
   *
   * @param calls the class that registers them when it is initialised
   * @throws IOException if there is no such library for this machine
   */
  public static void load(Class<?> calls) throws IOException {
    try {
      Class.forName(calls.getName(), true, calls.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IOException(
          "the native library does not load (" + e + "); -Djna.tmpdir=FOLDER may help", e);
    }
    if (Native.LONG_SIZE != Long.BYTES) {
      throw new IOException("needs a 64-bit machine");
    }
  }
}
