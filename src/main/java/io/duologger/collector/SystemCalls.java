package io.duologger.collector;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import io.duologger.procfs.NativeCalls;
import java.io.IOException;

/**
 * Calls of the C library that Java lacks, through JNA, which is loaded with the first of them. All
 * structures are those of 64-bit Linux.
 */
final class SystemCalls {
  private SystemCalls() {}

  /** The C library. Loaded when it is first called. */
  static final class Libc {
    static {
      Native.register(Libc.class, NativeLibrary.getProcess());
    }

    private Libc() {}

    // What may block for ever gets its arguments outside the heap, so that no call can pin it.
    static native int statvfs(Pointer path, Pointer into) throws LastErrorException;

    static native int open(byte[] path, int flags) throws LastErrorException;

    static native NativeLong lseek(int handle, NativeLong offset, int whence)
        throws LastErrorException;

    static native NativeLong read(int handle, byte[] into, NativeLong length)
        throws LastErrorException;

    static native int close(int handle) throws LastErrorException;
  }

  /**
   * Loads what calls need, so that the first of them does not take longer than others.
   *
   * @throws IOException if there is no such library for this machine
   */
  static void load() throws IOException {
    NativeCalls.load(Libc.class);
  }
}
