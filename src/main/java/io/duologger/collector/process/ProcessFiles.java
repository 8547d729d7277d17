package io.duologger.collector.process;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.LineKeys;
import io.duologger.procfs.SmallFile;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The files of a process beside its stat, each read when it is needed. One thread at a time. */
final class ProcessFiles {
  /** TASK_COMM_LEN - 1: a name that long may have been cut. */
  private static final int LONGEST_COMM = 15;

  private static final int LONGEST_NAME = 64;
  private static final String NAMELESS = "?";
  private static final LineKeys UID = new LineKeys(':', List.of("Uid"));
  private static final LineKeys IO = new LineKeys(':', List.of("read_bytes", "write_bytes"));

  private final SmallFile reader = new SmallFile();
  private long readBytes;
  private long writtenBytes;

  /** The user in whose name it acts; empty if it is gone. */
  OptionalLong user(KnownProcess process) throws IOException {
    ByteScanner in;
    try {
      in = reader.readWhole(new File(process.folder, "status"));
    } catch (IOException gone) {
      return OptionalLong.empty();
    }
    return user(in);
  }

  /** The second number of the line "Uid: REAL EFFECTIVE SAVED FILE". */
  static OptionalLong user(ByteScanner in) throws IOException {
    if (in.nextLineOf(UID) < 0) {
      return OptionalLong.empty();
    }
    in.nextUnsigned("real uid");
    return OptionalLong.of(in.nextUnsigned("effective uid"));
  }

  /** What it is called: as ps has it, but for threads of the kernel only the first word. */
  String command(KnownProcess process) {
    String name = process.name.length == 0 ? NAMELESS : ByteScanner.text(process.name);
    if (process.kernel) {
      int slash = name.indexOf('/');
      return "[" + (slash > 0 ? name.substring(0, slash) : name) + "]";
    }
    // The command line is in the process's memory: who waits there may let others wait.
    return process.name.length < LONGEST_COMM || process.state == 'D'
        ? name
        : uncut(process, name).orElse(name);
  }

  /** The name of the program that it was started as, if the kernel has cut that. */
  private Optional<String> uncut(KnownProcess process, String name) {
    try {
      ByteScanner in = reader.read(new File(process.folder, "cmdline"));
      return in.nextTokenUntil('\0') ? uncut(in.token(), name) : Optional.empty();
    } catch (IOException goneOrEmpty) {
      return Optional.empty();
    }
  }

  static Optional<String> uncut(String argument, String name) {
    int blank = argument.indexOf(' ');
    String path = blank < 0 ? argument : argument.substring(0, blank);
    String program = path.substring(path.lastIndexOf('/') + 1);
    return program.startsWith(name) && program.length() <= LONGEST_NAME
        ? Optional.of(program)
        : Optional.empty();
  }

  /**
   * Reads how much it has read from and written to devices.
   *
   * @return false if it can't be had
   */
  boolean readIo(KnownProcess process) throws IOException {
    if (process.io == null) {
      process.io = new File(process.folder, "io");
    }
    ByteScanner in;
    try {
      in = reader.readWhole(process.io);
    } catch (IOException refused) {
      return false;
    }
    parseIo(in);
    return true;
  }

  void parseIo(ByteScanner in) throws IOException {
    readBytes = bytes(in, 0);
    writtenBytes = bytes(in, 1);
  }

  private static long bytes(ByteScanner in, int key) throws IOException {
    if (in.nextLineOf(IO) != key) {
      throw in.malformed("missing read_bytes or write_bytes");
    }
    return in.nextUnsigned("bytes");
  }

  /** What the last {@link #readIo} said. */
  long readBytes() {
    return readBytes;
  }

  /** What the last {@link #readIo} said. */
  long writtenBytes() {
    return writtenBytes;
  }
}
