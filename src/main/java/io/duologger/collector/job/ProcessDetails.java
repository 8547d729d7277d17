package io.duologger.collector.job;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.LineKeys;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of a process beside its stat and io: of {@code /proc/PID/status} and what is read
 * seldom. Used by one thread at a time.
 */
final class ProcessDetails {
  private static final long KIBI = 1024;

  /** The lines: first those of memory in the order of {@link #MEMORY}. */
  private static final List<String> LINES =
      List.of(
          "VmPeak",
          "VmSize",
          "VmHWM",
          "VmData",
          "VmStk",
          "VmExe",
          "VmLib",
          "VmPTE",
          "VmSwap",
          "RssAnon",
          "RssFile",
          "RssShmem",
          "VmRSS",
          "voluntary_ctxt_switches",
          "nonvoluntary_ctxt_switches");

  private static final Value[] MEMORY = {
    Value.VIRTUAL_PEAK,
    Value.VIRTUAL,
    Value.HIGHEST,
    Value.DATA,
    Value.STACK,
    Value.TEXT,
    Value.LIBRARIES,
    Value.PAGE_TABLES,
    Value.SWAP,
    Value.ANONYMOUS,
    Value.FILE,
    Value.SHARED
  };

  private static final int RESIDENT = MEMORY.length;
  private static final int VOLUNTARY = RESIDENT + 1;
  private static final int HIGHEST = LINES.indexOf("VmHWM");

  private static final LineKeys KEYS = new LineKeys(':', LINES);

  private final long[] memory = new long[MEMORY.length];
  private int known;

  /** The sum over its threads, ended ones included that were seen. */
  long voluntary;

  long involuntary;
  boolean switchesKnown;

  int openFiles;
  boolean openFilesKnown;
  long proportional;
  boolean proportionalKnown;

  /** The line of its own that it has; null if it has none. */
  ProcessLines.Line line;

  private long firstVoluntary;
  private long firstInvoluntary;
  private long voluntaryRead;
  private long involuntaryRead;

  /** By thread but the first: the switches at the last read, and which round that was. */
  private Map<Integer, long[]> others;

  private long round;

  /** VmRSS, and what stat said of it then. */
  long resident;

  long residentPagesThen;
  boolean residentKnown;

  /**
   * Takes the status of the process, which counts switches of the first thread only.
   *
   * @param pages its memory in RAM as stat has it
   */
  void parse(ByteScanner in, long pages) throws IOException {
    known = 0;
    residentKnown = false;
    int switches = 0;
    for (int key = in.nextLineOf(KEYS); key >= 0; key = in.nextLineOf(KEYS)) {
      long value = in.nextUnsigned(LINES.get(key));
      if (key >= VOLUNTARY) {
        switches |= 1 << key;
        take(key == VOLUNTARY, value);
        continue;
      }
      if (value < 0 || value > Long.MAX_VALUE / KIBI) {
        throw in.malformed(LINES.get(key) + " is out of range");
      }
      if (key == RESIDENT) {
        resident = value * KIBI;
        residentPagesThen = pages;
        residentKnown = true;
      } else {
        memory[key] = value * KIBI;
        known |= 1 << key;
      }
    }
    if (switches == 3 << VOLUNTARY) {
      voluntary += increase(voluntaryRead, firstVoluntary);
      involuntary += increase(involuntaryRead, firstInvoluntary);
      firstVoluntary = voluntaryRead;
      firstInvoluntary = involuntaryRead;
      switchesKnown = true;
    }
  }

  private void take(boolean isVoluntary, long value) {
    if (isVoluntary) {
      voluntaryRead = value;
    } else {
      involuntaryRead = value;
    }
  }

  /** A counter that went back is another thread's. */
  private static long increase(long now, long before) {
    return now >= before ? now - before : now;
  }

  /** Starts a round of {@link #thread}. */
  void beginThreads() {
    round++;
    if (others == null) {
      others = new HashMap<>();
    }
  }

  /** Takes the status of a thread other than the first. */
  void thread(int tid, ByteScanner in) throws IOException {
    int found = 0;
    for (int key = in.nextLineOf(KEYS); key >= 0; key = in.nextLineOf(KEYS)) {
      if (key >= VOLUNTARY) {
        found |= 1 << key;
        take(key == VOLUNTARY, in.nextUnsigned(LINES.get(key)));
      }
    }
    if (found == 3 << VOLUNTARY) {
      long[] last = others.computeIfAbsent(tid, none -> new long[3]);
      voluntary += increase(voluntaryRead, last[0]);
      involuntary += increase(involuntaryRead, last[1]);
      last[0] = voluntaryRead;
      last[1] = involuntaryRead;
      last[2] = round;
    }
  }

  /** Forgets the threads that the round has not seen; what they counted stays. */
  void endThreads() {
    others.values().removeIf(last -> last[2] != round);
  }

  /** The most memory in RAM; 0 if it is not known. */
  long highest() {
    return (known & 1 << HIGHEST) == 0 ? 0 : memory[HIGHEST];
  }

  /** Forgets the memory: the process has ended. */
  void end() {
    known = 0;
    openFilesKnown = false;
    proportional = 0;
  }

  /** Adds what is known. */
  void addTo(Values values) {
    for (int i = 0; i < MEMORY.length; i++) {
      if ((known & 1 << i) != 0) {
        values.add(MEMORY[i], memory[i]);
      }
    }
    if (openFilesKnown) {
      values.add(Value.OPEN_FILES, openFiles);
    }
    if (switchesKnown) {
      values.add(Value.VOLUNTARY, voluntary);
      values.add(Value.INVOLUNTARY, involuntary);
    }
    if (proportionalKnown) {
      values.add(Value.PROPORTIONAL, proportional);
    }
  }
}
