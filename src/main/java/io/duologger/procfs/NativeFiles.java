package io.duologger.procfs;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads files of processes by descriptors of the C library. Most processes of a busy job are gone
 * soon: with Java's own files each of those costs an exception, each that is opened an fstat(2) and
 * each read an lseek(2). Used by one thread at a time.
 */
public final class NativeFiles {
  /** A file, open or not. Whoever reads it closes it. */
  public final class Handle {
    private final int pid;
    private final byte[] name;
    private int descriptor = NONE;

    private Handle(int pid, byte[] name) {
      this.pid = pid;
      this.name = name;
    }

    /** Its path. */
    @Override
    public String toString() {
      String start = pid == NONE ? folder.getPath() : folder.getPath() + "/" + pid;
      return start + new String(name, 0, name.length - 1, StandardCharsets.US_ASCII);
    }
  }

  /** No descriptor, or no process. */
  private static final int NONE = -1;

  /** That, or room for many records; a longer file takes several reads. */
  private static final int CHUNK = 32 << 10;

  /**
   * A read that brings less was the last: the kernel hands out whole records, as many as fit a
   * page, and those of processes that have more than one are short.
   */
  private static final int PAGE_WITH_ROOM = 4000;

  private static final int LARGEST = 1 << 20;
  private static final int LONGEST_NAME = 64;
  private static final int MOST_DIGITS = 10;

  /** O_RDONLY and O_CLOEXEC, of all machines but Alpha, PA-RISC and SPARC. */
  private static final int TO_READ = 02000000;

  private static final int EXISTS = 0;

  private final File folder;
  private final int folderLength;
  private final byte[] path;
  private final ByteScanner scanner = new ByteScanner();
  private byte[] bytes = new byte[CHUNK];
  private int length;

  /** Where paths are handed over and contents taken; null until needed. */
  private ByteBuffer buffer;

  private long address;

  /** The C library. Loaded when it is first called; an address is a long on 64-bit Linux. */
  private static final class Libc {
    static {
      Native.register(Libc.class, NativeLibrary.getProcess());
    }

    private Libc() {}

    static native int open(long path, int flags);

    static native int access(long path, int mode);

    static native long pread(int file, long into, long length, long offset);

    static native int close(int file);
  }

  /** Files below {@code folder}: {@code /proc}, or what stands for it. */
  public NativeFiles(File folder) {
    this.folder = folder;
    byte[] start = folder.getPath().getBytes(StandardCharsets.UTF_8);
    folderLength = start.length;
    path = Arrays.copyOf(start, folderLength + 1 + MOST_DIGITS + LONGEST_NAME);
  }

  /**
   * A name as the others take it.
   *
   * @param name of at most 60 characters of ASCII, with a slash before it
   */
  public static byte[] name(String name) {
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    return Arrays.copyOf(text, text.length + 1);
  }

  /** A file of a process, not open yet. */
  public Handle of(int pid, byte[] name) {
    return new Handle(pid, name);
  }

  /** A file that is no process's, not open yet. */
  public Handle of(byte[] name) {
    return new Handle(NONE, name);
  }

  /**
   * Whether a process has such a file, which costs less than to open it.
   *
   * @throws IOException if native calls can't be had
   */
  public boolean isThere(int pid, byte[] name) throws IOException {
    put(pid, name);
    return Libc.access(address, EXISTS) == 0;
  }

  /**
   * Reads what a file holds now, up to 1 MiB of it, from its beginning on. It is opened by its
   * first read and stays open.
   *
   * @return whether there is anything to {@link #scan}; not if the file is gone or refused
   * @throws IOException if native calls can't be had
   */
  public boolean read(Handle file) throws IOException {
    length = 0;
    if (file.descriptor == NONE) {
      put(file.pid, file.name);
      file.descriptor = Libc.open(address, TO_READ);
    }
    return file.descriptor != NONE && fill(file.descriptor);
  }

  private boolean fill(int descriptor) {
    int count;
    do {
      if (bytes.length - length < CHUNK && bytes.length < LARGEST) {
        bytes = Arrays.copyOf(bytes, Math.min(LARGEST, 4 * bytes.length));
      }
      int room = Math.min(CHUNK, bytes.length - length);
      count = (int) Libc.pread(descriptor, address, room, length);
      if (count > 0) {
        buffer.get(0, bytes, length, count);
        length += count;
      }
    } while (count >= PAGE_WITH_ROOM && length < LARGEST);
    return count >= 0;
  }

  private void put(int pid, byte[] name) throws IOException {
    if (buffer == null) {
      NativeCalls.load(Libc.class);
      buffer = ByteBuffer.allocateDirect(Math.max(CHUNK, path.length));
      address = Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }
    int end = pid == NONE ? folderLength : putNumber(pid);
    System.arraycopy(name, 0, path, end, name.length);
    buffer.put(0, path, 0, end + name.length);
  }

  /** Puts a process's folder into the path and returns where that ends. */
  private int putNumber(int pid) {
    int end = folderLength + 2;
    for (int rest = pid; rest >= 10; rest /= 10) {
      end++;
    }
    path[folderLength] = '/';
    int rest = pid;
    for (int at = end - 1; at > folderLength; at--) {
      path[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return end;
  }

  /** Reads a file that is not open and closes it: see {@link #read}. */
  public boolean readOnce(Handle file) throws IOException {
    boolean told = read(file);
    close(file);
    return told;
  }

  /** What was read last, before its first line; valid until the next read. */
  public ByteScanner scan(Handle file) {
    scanner.reset(file, bytes, length);
    return scanner;
  }

  /** The bytes that were read last, up to {@link #length}; valid until the next read. */
  public byte[] bytes() {
    return bytes;
  }

  /** How many bytes were read last. */
  public int length() {
    return length;
  }

  /** Closes a file if it is open: the next read opens it anew. */
  public void close(Handle file) {
    if (file.descriptor != NONE) {
      Libc.close(file.descriptor);
      file.descriptor = NONE;
    }
  }
}
