package io.duologger.collector.job;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.LineKeys;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.List;

/**
 * Reads processes below {@code /proc}. Of members the stat stays open from the first look on, and
 * what else is read of those that live on: that costs a third of opening it anew, and is never that
 * of another process of the same number. Used by one thread at a time.
 */
final class ProcFolder implements Processes {
  /** A file that is opened when it is read first, and stays open. */
  private static final class Kept {
    private final File file;
    private RandomAccessFile open;

    private Kept(File file) {
      this.file = file;
    }

    private void close() throws IOException {
      if (open != null) {
        open.close();
      }
    }
  }

  /** What one member has open; null where nothing is. */
  static final class Handles {
    private Kept stat;
    private Kept io;
    private Kept children;
  }

  /** How many members have handles, one each or three. To open one costs as much as five reads. */
  private static final int MOST_HANDLES = 128;

  private static final int BUFFER = 64 << 10;

  /**
   * A read that brings less was the last: stat and io are single records, and children are short
   * ones, of which the kernel hands out as many as fit a page.
   */
  private static final int PAGE_WITH_ROOM = 4000;

  /** What is read at once, for which the JVM needs no memory of its own. */
  private static final int CHUNK = 8 << 10;

  /** The greatest number of a process, PID_MAX_LIMIT of the kernel. */
  private static final int GREATEST = 1 << 22;

  private static final String[] IO_NAMES = {
    "read_bytes", "write_bytes", "rchar", "wchar", "syscr", "syscw"
  };
  private static final LineKeys IO = new LineKeys(':', List.of(IO_NAMES));

  private final File proc;
  private final byte[] bytes = new byte[BUFFER];
  private final ByteScanner in = new ByteScanner();
  private final Kept load;
  private int length;
  private int handles;

  /** The stat that was looked at last, and of which number; null if it has been taken over. */
  private Kept seen;

  private int seenPid;

  ProcFolder(File proc) {
    this.proc = proc;
    load = new Kept(new File(proc, "loadavg"));
  }

  private File file(int pid, String name) {
    return new File(proc, pid + name);
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
  public int latest() {
    if (!fill(load)) {
      return -1;
    }
    try {
      in.reset(load.file.getPath(), bytes, length);
      in.nextLine();
      for (int i = 0; i < 4; i++) {
        in.nextToken();
      }
      long latest = in.nextUnsigned("the latest process in field 5");
      return latest > 0 && latest <= GREATEST ? (int) latest : -1;
    } catch (IOException notTold) {
      return -1;
    }
  }

  @Override
  public boolean isThere(int pid) {
    return file(pid, "/stat").exists();
  }

  @Override
  public boolean isThere(Member of) {
    return isThere(of.pid);
  }

  @Override
  public void close() throws IOException {
    forget();
    load.close();
  }

  private void forget() throws IOException {
    close(seen);
    seen = null;
  }

  @Override
  public boolean stat(int pid, Stat into) throws IOException {
    forget();
    seen = new Kept(file(pid, "/stat"));
    seenPid = pid;
    return fill(seen) && parsed(seen.file, pid, into);
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

  private boolean parsed(File file, int pid, Stat into) throws IOException {
    into.parse(file.getPath(), bytes, length);
    return into.pid == pid && into.isThere();
  }

  @Override
  public boolean stat(Member of, Stat into) throws IOException {
    Handles open = handles(of);
    if (open == null) {
      return stat(of.pid, into) && into.start == of.start;
    }
    if (open.stat == null) {
      open.stat = new Kept(file(of.pid, "/stat"));
    }
    return fill(open.stat) && parsed(open.stat.file, of.pid, into) && into.start == of.start;
  }

  @Override
  public boolean io(Member of, long[] into) throws IOException {
    Handles open = handles(of);
    if (open != null && open.io == null && of.settled() && !of.ioRefused) {
      open.io = new Kept(file(of.pid, "/io"));
    }
    boolean stays = open != null && open.io != null;
    File file = stays ? open.io.file : file(of.pid, "/io");
    // Of those that are new many are gone: to ask costs a fraction of an exception.
    if (!(stays ? fill(open.io) : file.exists() && fill(file))) {
      return false;
    }
    in.reset(file.getPath(), bytes, length);
    return parseIo(in, into);
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

  @Override
  public boolean children(int pid, Pids into) throws IOException {
    return fill(file(pid, "/task/" + pid + "/children")) && parseChildren(into);
  }

  @Override
  public boolean children(Member of, Pids into) throws IOException {
    Handles open = handles(of);
    if (open == null) {
      return children(of.pid, into);
    }
    if (open.children == null) {
      open.children = new Kept(file(of.pid, "/task/" + of.pid + "/children"));
    }
    return fill(open.children) && parseChildren(into);
  }

  /** Numbers with blanks behind; a number cut off at the end of the buffer is left out. */
  private boolean parseChildren(Pids into) {
    int pid = 0;
    for (int i = 0; i < length; i++) {
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

  /** Null if that can't be opened. */
  private static RandomAccessFile opened(File file) {
    try {
      return new RandomAccessFile(file, "r");
    } catch (IOException goneOrRefused) {
      return null;
    }
  }

  /** Fills {@link #bytes}; false if nothing can be read. */
  private boolean fill(Kept kept) {
    if (kept.open == null) {
      kept.open = opened(kept.file);
    }
    return kept.open != null && fill(kept.open);
  }

  /** Fills {@link #bytes} from what is open; false if nothing can be read. */
  private boolean fill(RandomAccessFile open) {
    length = 0;
    try {
      open.seek(0);
      int count;
      do {
        count = open.read(bytes, length, Math.min(CHUNK, bytes.length - length));
        length += Math.max(0, count);
      } while (count > 0 && length >= PAGE_WITH_ROOM && length < bytes.length);
    } catch (IOException goneOrRefused) {
      return false;
    }
    return true;
  }

  /** Fills {@link #bytes} from a file that is opened for that; false if nothing can be read. */
  private boolean fill(File file) throws IOException {
    try (RandomAccessFile open = opened(file)) {
      return open != null && fill(open);
    }
  }

  @Override
  public void release(Member of) throws IOException {
    Handles open = of.handles;
    of.handles = null;
    if (open != null) {
      handles--;
      close(open.stat);
      close(open.io);
      close(open.children);
    }
  }

  private static void close(Kept kept) throws IOException {
    if (kept != null) {
      kept.close();
    }
  }
}
