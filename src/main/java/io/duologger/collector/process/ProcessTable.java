package io.duologger.collector.process;

import io.duologger.collector.SourceAbsentException;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.SmallFile;
import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The processes of the host, in the order of their numbers. A process is who had the same number
 * and the same start before. Used by one thread at a time.
 *
 * <p>Of what a read costs half is opening and closing the file, so that the files of some stay
 * open; each that does takes about 6 KB of the kernel's memory. A file that is open never shows
 * another process: its reads fail once its own is gone.
 */
final class ProcessTable implements Closeable {
  private static final int BUFFER = 4096;
  private static final int LONGEST_NUMBER = 9;
  private static final byte[] MAX = ByteScanner.key("Max");
  private static final byte[] OPEN = ByteScanner.key("open");

  private final File proc;
  private final File limits;
  private final int wanted;
  private final byte[] bytes = new byte[BUFFER];
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final ProcessStat stat = new ProcessStat();
  private int[] numbers = new int[512];
  private List<KnownProcess> known = new ArrayList<>();
  private List<KnownProcess> present = new ArrayList<>();
  private final List<KnownProcess> ended = new ArrayList<>();
  private int openable = -1;
  private int open;

  /**
   * @param wanted how many files stay open
   */
  ProcessTable(HostRoot root, int wanted) {
    this.proc = root.proc().toFile();
    this.limits = root.proc().resolve("self").resolve("limits").toFile();
    this.wanted = wanted;
  }

  /** The processes that the last read found, by number. */
  List<KnownProcess> known() {
    return known;
  }

  /** Those that it no longer found. */
  List<KnownProcess> ended() {
    return ended;
  }

  /** The process {@code pid} as the last read found it; null if it did not. */
  KnownProcess find(int pid) {
    int low = 0;
    int high = known.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int there = known.get(middle).pid;
      if (there == pid) {
        return known.get(middle);
      }
      if (there < pid) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  /**
   * Reads the stat of every process there is; one that ends meanwhile is none.
   *
   * @throws SourceAbsentException if there are no processes to be seen
   */
  void read() throws IOException {
    if (openable < 0) {
      openable = Math.min(wanted, filesAllowed() / 2);
    }
    int count = list();
    present.clear();
    ended.clear();
    int cursor = 0;
    for (int i = 0; i < count; i++) {
      int pid = numbers[i];
      while (cursor < known.size() && known.get(cursor).pid < pid) {
        ended.add(known.get(cursor++));
      }
      boolean before = cursor < known.size() && known.get(cursor).pid == pid;
      KnownProcess process = before ? known.get(cursor++) : new KnownProcess(proc, pid);
      if (before && !refresh(process)) {
        ended.add(process);
        process = new KnownProcess(proc, pid);
        before = false;
      }
      if (before || refresh(process)) {
        present.add(process);
      }
    }
    if (present.isEmpty()) {
      throw new IOException(proc + ": none of " + count + " processes could be read");
    }
    while (cursor < known.size()) {
      ended.add(known.get(cursor++));
    }
    for (int i = 0; i < ended.size(); i++) {
      shut(ended.get(i));
    }
    List<KnownProcess> spare = known;
    known = present;
    present = spare;
  }

  /** Lists the numbers, ascending. The kernel lists them so. */
  private int list() throws IOException {
    String[] names = proc.list();
    if (names == null) {
      throw new SourceAbsentException("no " + proc);
    }
    if (numbers.length < names.length) {
      numbers = new int[2 * names.length];
    }
    int count = 0;
    boolean ascending = true;
    for (String name : names) {
      int number = number(name);
      if (number > 0) {
        ascending &= count == 0 || numbers[count - 1] < number;
        numbers[count++] = number;
      }
    }
    if (count == 0) {
      throw new SourceAbsentException("no processes in " + proc);
    }
    if (!ascending) {
      Arrays.sort(numbers, 0, count);
    }
    return count;
  }

  /** The number that {@code name} is; 0 if it is none. */
  private static int number(String name) {
    int length = name.length();
    if (length > LONGEST_NUMBER) {
      return 0;
    }
    int number = 0;
    for (int i = 0; i < length; i++) {
      int digit = name.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Reads a process; false if it is gone, or another one has its number. */
  private boolean refresh(KnownProcess process) throws IOException {
    int length;
    try {
      // Most processes that come are gone soon.
      if (process.open == null && process.sights > 0 && open < openable) {
        process.open = FileChannel.open(process.stat.toPath(), StandardOpenOption.READ);
        open++;
      }
      length = process.open == null ? readOnce(process.stat) : readOpen(process.open);
    } catch (IOException gone) {
      return false;
    }
    if (length == BUFFER) {
      throw new IOException(process.stat + ": longer than " + (BUFFER - 1) + " bytes");
    }
    stat.parse(process.stat.getPath(), bytes, length);
    if (process.sights > 0 && stat.start() != process.start) {
      return false;
    }
    process.take(stat);
    return true;
  }

  private int readOpen(FileChannel channel) throws IOException {
    buffer.clear();
    int length = Math.max(0, channel.read(buffer, 0));
    buffer.get(0, bytes, 0, length);
    return length;
  }

  private int readOnce(File file) throws IOException {
    try (FileInputStream in = new FileInputStream(file)) {
      return Math.max(0, in.read(bytes, 0, BUFFER));
    }
  }

  private void shut(KnownProcess process) throws IOException {
    if (process.open != null) {
      open--;
      process.close();
    }
  }

  /** How many files this process may have open. */
  private int filesAllowed() {
    try {
      ByteScanner in = new SmallFile().readWhole(limits);
      while (in.nextLine()) {
        // Max open files            1024                 524288               files
        if (in.nextToken() && in.tokenIs(MAX) && in.nextToken() && in.tokenIs(OPEN)) {
          in.nextToken();
          return (int) Math.min(Integer.MAX_VALUE, in.nextUnsigned("limit"));
        }
      }
    } catch (IOException unknown) {
      // As "unlimited", which is no number.
      return Integer.MAX_VALUE;
    }
    return Integer.MAX_VALUE;
  }

  @Override
  public void close() throws IOException {
    for (KnownProcess process : known) {
      shut(process);
    }
    known.clear();
  }
}
