package io.duologger.collector.job;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.LineKeys;
import io.duologger.procfs.NativeFiles;
import java.io.File;
import java.io.IOException;
import java.util.List;

/**
 * Reads processes below {@code /proc}. Of members the stat stays open from the first look on, and
 * what else is read of those that live on: that costs a third of opening it anew, and is never that
 * of another process of the same number. Used by one thread at a time.
 */
final class ProcFolder implements Processes {
  /** What one member has open; null where nothing is. */
  static final class Handles {
    private NativeFiles.Handle stat;
    private NativeFiles.Handle io;
    private NativeFiles.Handle children;
  }

  /** How many members have handles, one each or three. To open one costs as much as five reads. */
  private static final int MOST_HANDLES = 128;

  /** The greatest number of a process, PID_MAX_LIMIT of the kernel. */
  private static final int GREATEST = 1 << 22;

  private static final String[] IO_NAMES = {
    "read_bytes", "write_bytes", "rchar", "wchar", "syscr", "syscw"
  };
  private static final LineKeys IO = new LineKeys(':', List.of(IO_NAMES));

  private static final byte[] STAT_NAME = NativeFiles.name("/stat");
  private static final byte[] IO_NAME = NativeFiles.name("/io");

  private final File proc;
  private final NativeFiles files;
  private final NativeFiles.Handle load;
  private int handles;

  /** The stat that was looked at last, and of which number; null if it has been taken over. */
  private NativeFiles.Handle seen;

  private int seenPid;

  /**
   * Processes below {@code proc}.
   *
   * @param files the same folder's
   */
  ProcFolder(File proc, NativeFiles files) {
    this.proc = proc;
    this.files = files;
    load = files.of(NativeFiles.name("/loadavg"));
  }

  @Override
  public void list(Pids into) throws IOException {
    String[] names = proc.list();
    if (names == null) {
      throw new IOException(proc + ": can't be listed");
    }
    for (String name : names) {
      int pid = pid(name);
      if (pid > 0) {
        into.add(pid);
      }
    }
  }

  /** The number that a name is, or 0. */
  static int pid(String name) {
    int pid = 0;
    for (int i = 0; i < name.length(); i++) {
      int digit = name.charAt(i) - '0';
      if (digit < 0 || digit > 9 || pid > GREATEST) {
        return 0;
      }
      pid = 10 * pid + digit;
    }
    return pid <= GREATEST ? pid : 0;
  }

  /** The fifth field of loadavg. */
  @Override
  public int latest() throws IOException {
    if (!files.read(load)) {
      return -1;
    }
    ByteScanner in = files.scan(load);
    in.nextLine();
    for (int i = 0; i < 4; i++) {
      in.nextToken();
    }
    try {
      long latest = in.nextUnsigned("the latest process in field 5");
      return latest > 0 && latest <= GREATEST ? (int) latest : -1;
    } catch (IOException notTold) {
      return -1;
    }
  }

  @Override
  public boolean isThere(Member of) throws IOException {
    return files.isThere(of.pid, STAT_NAME);
  }

  @Override
  public void close() {
    forget();
    files.close(load);
  }

  private void forget() {
    close(seen);
    seen = null;
  }

  @Override
  public boolean stat(int pid, Stat into) throws IOException {
    forget();
    seen = files.of(pid, STAT_NAME);
    seenPid = pid;
    return files.read(seen) && parsed(seen, pid, into);
  }

  @Override
  public void keep(Member of) {
    if (seen != null && seenPid == of.pid && of.handles == null && handles < MOST_HANDLES) {
      handles++;
      of.handles = new Handles();
      of.handles.stat = seen;
      seen = null;
    }
  }

  private boolean parsed(NativeFiles.Handle file, int pid, Stat into) throws IOException {
    into.parse(file, files.bytes(), files.length());
    return into.pid == pid && into.isThere();
  }

  @Override
  public boolean stat(Member of, Stat into) throws IOException {
    Handles open = handles(of);
    if (open == null) {
      return stat(of.pid, into) && into.start == of.start;
    }
    if (open.stat == null) {
      open.stat = files.of(of.pid, STAT_NAME);
    }
    return files.read(open.stat) && parsed(open.stat, of.pid, into) && into.start == of.start;
  }

  @Override
  public boolean io(Member of, long[] into) throws IOException {
    Handles open = handles(of);
    if (open != null && open.io == null && of.settled() && !of.ioRefused) {
      open.io = files.of(of.pid, IO_NAME);
    }
    boolean stays = open != null && open.io != null;
    NativeFiles.Handle file = stays ? open.io : files.of(of.pid, IO_NAME);
    boolean told = stays ? files.read(file) : files.readOnce(file);
    return told && parseIo(files.scan(file), into);
  }

  /**
   * Takes the lines "name: number".
   *
   * @return false if nothing is said
   */
  static boolean parseIo(ByteScanner in, long[] into) throws IOException {
    int found = 0;
    for (int key = in.nextLineOf(IO); key >= 0; key = in.nextLineOf(IO)) {
      long value = in.nextUnsigned(IO_NAMES[key]);
      if (value < 0) {
        throw in.malformed(IO_NAMES[key] + " is out of range");
      }
      into[Amounts.FROM_STAT + key] = value;
      found |= 1 << key;
    }
    if (found != 0 && found != (1 << IO_NAMES.length) - 1) {
      throw in.malformed("not all of read_bytes, write_bytes, rchar, wchar, syscr, syscw");
    }
    return found != 0;
  }

  private NativeFiles.Handle childrenOf(int pid) {
    return files.of(pid, NativeFiles.name("/task/" + pid + "/children"));
  }

  @Override
  public boolean children(int pid, Pids into) throws IOException {
    return files.readOnce(childrenOf(pid)) && parseChildren(into);
  }

  @Override
  public boolean children(Member of, Pids into) throws IOException {
    Handles open = handles(of);
    if (open == null) {
      return children(of.pid, into);
    }
    if (open.children == null) {
      open.children = childrenOf(of.pid);
    }
    return files.read(open.children) && parseChildren(into);
  }

  /** Numbers with blanks behind; a number cut off at the end of the buffer is left out. */
  private boolean parseChildren(Pids into) {
    byte[] bytes = files.bytes();
    int pid = 0;
    for (int i = 0; i < files.length(); i++) {
      int digit = bytes[i] - '0';
      if (digit >= 0 && digit <= 9 && pid <= GREATEST) {
        pid = 10 * pid + digit;
      } else {
        if (pid > 0 && pid <= GREATEST) {
          into.add(pid);
        }
        pid = 0;
      }
    }
    return true;
  }

  /** Null if it is to be read without. */
  private Handles handles(Member of) {
    if (of.handles == null && of.settled() && handles < MOST_HANDLES) {
      handles++;
      of.handles = new Handles();
    }
    return of.handles;
  }

  @Override
  public void release(Member of) {
    Handles open = of.handles;
    of.handles = null;
    if (open != null) {
      handles--;
      close(open.stat);
      close(open.io);
      close(open.children);
    }
  }

  private void close(NativeFiles.Handle file) {
    if (file != null) {
      files.close(file);
    }
  }
}
