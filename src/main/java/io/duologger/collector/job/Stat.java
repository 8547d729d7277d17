package io.duologger.collector.job;

import io.duologger.procfs.ByteScanner;
import java.io.IOException;
import java.util.Arrays;

/**
 * What {@code /proc/PID/stat} says, proc(5). The name, field 2, may hold any bytes, parentheses and
 * line feeds too: the other fields are counted from the last closing parenthesis. Used by one
 * thread at a time.
 */
final class Stat {
  private static final int LONGEST = 4096;
  private static final int EXIT_SIGNAL = 38;

  int pid;

  /** The bytes of the name, up to {@link #nameLength}. */
  byte[] name = new byte[LONGEST];

  int nameLength;

  /** R, S, D, T, Z and so on. */
  char state;

  int parent;
  int session;
  int threads;

  /** When it started, in ticks since boot. */
  long start;

  long residentPages;

  /** What it used itself and what its waited-for children used, by {@link Amounts}. */
  final long[] own = new long[Amounts.FROM_STAT];

  final long[] waited = new long[Amounts.FROM_STAT];

  private final byte[] rest = new byte[LONGEST];
  private final ByteScanner in = new ByteScanner();

  /** Whether it has ended, but its parent has not waited for it. */
  static boolean isEnded(char state) {
    return state == 'Z';
  }

  /** Whether it was there still: of what is being removed the kernel tells nothing true. */
  boolean isThere() {
    return session >= 0 && state != 'X' && state != 'x';
  }

  /**
   * Takes the content of the file.
   *
   * @param source whose text is its path
   */
  void parse(Object source, byte[] bytes, int length) throws IOException {
    int open = 0;
    while (open < length && bytes[open] != '(') {
      open++;
    }
    int close = Math.min(length, LONGEST) - 1;
    while (close > open && bytes[close] != ')') {
      close--;
    }
    in.reset(source, bytes, length);
    in.nextLine();
    if (close <= open) {
      throw in.malformed("no name in parentheses");
    }
    pid = number(in.nextUnsigned("pid"));
    nameLength = close - open - 1;
    System.arraycopy(bytes, open + 1, name, 0, nameLength);
    int left = Math.min(length, LONGEST) - close - 1;
    System.arraycopy(bytes, close + 1, rest, 0, left);
    in.reset(source, rest, left);
    in.nextLine();
    fields();
  }

  /** From the third on. */
  private void fields() throws IOException {
    if (!in.nextToken() || in.tokenLength() != 1) {
      throw in.malformed("no state in field 3");
    }
    state = (char) in.tokenBytes()[0];
    parent = number(in.nextUnsigned("ppid in field 4"));
    skip(1);
    // Of a process that is just being removed it is -1, and counters are 0.
    session = (int) Math.max(-1, Math.min(Integer.MAX_VALUE, in.nextSigned("session in field 6")));
    skip(3);
    own[Amounts.MINOR_FAULTS] = in.nextUnsigned("minflt in field 10");
    waited[Amounts.MINOR_FAULTS] = in.nextUnsigned("cminflt in field 11");
    own[Amounts.MAJOR_FAULTS] = in.nextUnsigned("majflt in field 12");
    waited[Amounts.MAJOR_FAULTS] = in.nextUnsigned("cmajflt in field 13");
    own[Amounts.USER] = time("utime in field 14");
    own[Amounts.SYSTEM] = time("stime in field 15");
    waited[Amounts.USER] = time("cutime in field 16");
    waited[Amounts.SYSTEM] = time("cstime in field 17");
    skip(2);
    threads = number(in.nextUnsigned("num_threads in field 20"));
    skip(1);
    start = in.nextUnsigned("starttime in field 22");
    skip(1);
    residentPages = Math.max(0, in.nextSigned("rss in field 24"));
  }

  /**
   * Whether it is a thread other than the first of its process: no signal tells of its end,
   * exit_signal in field 38 is -1 (kernel/fork.c). To be asked once, as it reads on.
   */
  boolean isThread() {
    for (int field = 25; field <= EXIT_SIGNAL; field++) {
      if (!in.nextToken()) {
        return false;
      }
    }
    return in.tokenLength() == 2 && in.tokenBytes()[0] == '-';
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (!in.nextToken()) {
        throw in.malformed("ends before field 24");
      }
    }
  }

  private long time(String field) throws IOException {
    long ticks = in.nextUnsigned(field);
    if (ticks < 0 || ticks > Long.MAX_VALUE / Amounts.MICROS_PER_TICK) {
      throw in.malformed(field + " is out of range");
    }
    return ticks * Amounts.MICROS_PER_TICK;
  }

  private int number(long value) throws IOException {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw in.malformed("a number is out of range");
    }
    return (int) value;
  }

  /** Whether the name is {@code other}. */
  boolean nameIs(byte[] other) {
    return Arrays.equals(name, 0, nameLength, other, 0, other.length);
  }

  /** A copy of the name. */
  byte[] nameBytes() {
    return Arrays.copyOf(name, nameLength);
  }
}
