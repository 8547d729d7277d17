package io.duologger.collector.job;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.LineKeys;
import io.duologger.procfs.ProcFile;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Reads processes below {@code /proc}. Members that live on are read by handles that stay open,
 * which costs a third of opening and never reads another process of the same number. Used by one
 * thread at a time.
 */
final class ProcFolder implements Processes {
  /** What one member has open. */
  static final class Handles {
    private final File statFile;
    private final File ioFile;
    private final File childrenFile;
    private FileChannel stat;
    private FileChannel io;
    private FileChannel children;

    private Handles(File proc, int pid) {
      statFile = new File(proc, pid + "/stat");
      ioFile = new File(proc, pid + "/io");
      childrenFile = new File(proc, pid + "/task/" + pid + "/children");
    }
  }

  /** How many members have handles, three each. To open them costs as much as five reads. */
  private static final int MOST_HANDLES = 128;

  private static final int BUFFER = 64 << 10;

  /**
   * A read that brings less was the last: stat and io are single records, and children are short
   * ones, of which the kernel hands out as many as fit a page.
   */
  private static final int PAGE_WITH_ROOM = 4000;

  /** The greatest number of a process, PID_MAX_LIMIT of the kernel. */
  private static final int GREATEST = 1 << 22;

  private static final String[] IO_NAMES = {
    "read_bytes", "write_bytes", "rchar", "wchar", "syscr", "syscw"
  };
  private static final LineKeys IO = new LineKeys(':', List.of(IO_NAMES));

  private final File proc;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final byte[] bytes = new byte[BUFFER];
  private final ByteScanner in = new ByteScanner();
  private final ProcFile load;
  private int length;
  private int handles;

  ProcFolder(File proc) {
    this.proc = proc;
    load = ProcFile.ofOneRecord(proc.toPath().resolve("loadavg"));
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
    try {
      ByteScanner fields = load.read();
      fields.nextLine();
      for (int i = 0; i < 4; i++) {
        fields.nextToken();
      }
      long latest = fields.nextUnsigned("the latest process in field 5");
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
    load.close();
  }

  @Override
  public boolean stat(int pid, Stat into) throws IOException {
    File file = file(pid, "/stat");
    return fill(file) && parsed(file, pid, into);
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
    open.stat = opened(open.stat, open.statFile);
    return open.stat != null
        && fill(open.stat)
        && parsed(open.statFile, of.pid, into)
        && into.start == of.start;
  }

  @Override
  public boolean io(Member of, long[] into) throws IOException {
    Handles open = handles(of);
    File file = open == null ? file(of.pid, "/io") : open.ioFile;
    if (open == null || (of.ioRefused && open.io == null)) {
      if (!fill(file)) {
        return false;
      }
    } else {
      open.io = opened(open.io, file);
      if (open.io == null || !fill(open.io)) {
        return false;
      }
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
    open.children = opened(open.children, open.childrenFile);
    return open.children != null && fill(open.children) && parseChildren(into);
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
      of.handles = new Handles(proc, of.pid);
    }
    return of.handles;
  }

  /** The channel, or one in its place if it is closed; null if that can't be opened. */
  private static FileChannel opened(FileChannel channel, File file) {
    if (channel != null && channel.isOpen()) {
      return channel;
    }
    try {
      return FileChannel.open(file.toPath(), StandardOpenOption.READ);
    } catch (IOException goneOrRefused) {
      return null;
    }
  }

  /** Fills {@link #bytes} from what is open; false if nothing can be read. */
  private boolean fill(FileChannel channel) {
    buffer.clear();
    try {
      int count = channel.read(buffer, 0);
      while (count > 0 && buffer.hasRemaining() && buffer.position() >= PAGE_WITH_ROOM) {
        count = channel.read(buffer, buffer.position());
      }
    } catch (IOException goneOrRefused) {
      return false;
    }
    length = buffer.position();
    buffer.get(0, bytes, 0, length);
    return true;
  }

  /** Fills {@link #bytes} from a file that is opened for that; false if nothing can be read. */
  private boolean fill(File file) {
    length = 0;
    try (FileInputStream stream = new FileInputStream(file)) {
      int count = stream.read(bytes, 0, Math.min(8192, bytes.length));
      while (count > 0 && length + count < bytes.length) {
        length += count;
        if (length < PAGE_WITH_ROOM) {
          break;
        }
        count = stream.read(bytes, length, Math.min(8192, bytes.length - length));
      }
    } catch (IOException goneOrRefused) {
      return false;
    }
    return true;
  }

  @Override
  public void release(Member gone) throws IOException {
    Handles open = gone.handles;
    gone.handles = null;
    if (open != null) {
      handles--;
      close(open.stat);
      close(open.io);
      close(open.children);
    }
  }

  private static void close(FileChannel channel) throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
