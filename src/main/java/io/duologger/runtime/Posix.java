package io.duologger.runtime;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Calls of the C library about processes that Java lacks, through JNA, which is loaded with the
 * first of them. All structures are those of glibc on 64-bit Linux.
 */
final class Posix {
  static final int ENOENT = 2;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int ENOEXEC = 8;
  static final int EINTR = 4;

  private Posix() {}

  /** The C library. Loaded when it is first called. */
  static final class Libc {
    static {
      Native.register(Libc.class, NativeLibrary.getProcess());
    }

    private Libc() {}

    // These two return their error.
    static native int posix_spawnp(
        Memory pid, Pointer file, Pointer actions, Pointer attributes, Pointer argv, Pointer envp);

    static native int posix_spawn(
        Memory pid, Pointer file, Pointer actions, Pointer attributes, Pointer argv, Pointer envp);

    static native int posix_spawnattr_init(Memory attributes);

    static native int posix_spawnattr_setflags(Memory attributes, short flags);

    static native int posix_spawnattr_setsigdefault(Memory attributes, Memory signals);

    static native int posix_spawnattr_setsigmask(Memory attributes, Memory signals);

    static native String strerror(int error);

    static native Pointer signal(int number, Pointer handler) throws LastErrorException;

    static native int sigaction(int number, Pointer action, Pointer before)
        throws LastErrorException;

    static native int fcntl(int file, int what, NativeLong value) throws LastErrorException;

    static native int mkfifo(byte[] path, int mode) throws LastErrorException;

    static native int raise(int signal) throws LastErrorException;

    static native int kill(int pid, int signal) throws LastErrorException;

    static native int tcsetpgrp(int descriptor, int group) throws LastErrorException;

    static native int waitid(int kind, int id, Memory info, int options) throws LastErrorException;

    static native int wait4(int pid, Memory status, int options, Memory usage)
        throws LastErrorException;

    static native int prctl(
        int what, NativeLong two, NativeLong three, NativeLong four, NativeLong five)
        throws LastErrorException;
  }

  /**
   * Loads what calls need.
   *
   * @throws IOException if there is no such library for this machine
   */
  static void load() throws IOException {
    try {
      Class.forName(Libc.class.getName());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IOException(
          "the native library does not load (" + e + "); -Djna.tmpdir=FOLDER may help", e);
    }
    if (Native.LONG_SIZE != Long.BYTES) {
      throw new IOException("needs a 64-bit machine");
    }
  }

  /** The environment of this process, as it was given to it. */
  static Pointer environment() {
    return NativeLibrary.getProcess().getGlobalVariableAddress("environ").getPointer(0);
  }

  /** A signal set of those whose bits are set, bit 0 for signal 1. */
  static Memory signals(long bits) {
    Memory set = new Memory(128);
    set.clear();
    set.setLong(0, bits);
    return set;
  }

  /** A text for C. */
  static byte[] string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /** Texts for C: an array of them with a null behind the last. */
  static Memory strings(List<byte[]> texts) {
    long room = 0;
    for (byte[] text : texts) {
      room += text.length + 1;
    }
    long pointers = (texts.size() + 1L) * Long.BYTES;
    Memory memory = new Memory(pointers + room);
    long at = pointers;
    for (int i = 0; i < texts.size(); i++) {
      byte[] text = texts.get(i);
      memory.write(at, text, 0, text.length);
      memory.setByte(at + text.length, (byte) 0);
      memory.setPointer((long) i * Long.BYTES, memory.share(at));
      at += text.length + 1;
    }
    memory.setPointer((long) texts.size() * Long.BYTES, Pointer.NULL);
    return memory;
  }
}
