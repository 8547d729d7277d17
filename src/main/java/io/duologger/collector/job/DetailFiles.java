package io.duologger.collector.job;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.LineKeys;
import io.duologger.procfs.NativeFiles;
import java.io.File;
import java.io.IOException;
import java.util.List;

/**
 * Reads what is wanted of members less often than their stat. What is gone or refused meanwhile is
 * not known. Used by one thread at a time.
 */
final class DetailFiles {
  /** How many threads of a process are asked for their context switches. */
  private static final int MOST_THREADS = 1000;

  private static final long KIBI = 1024;
  private static final LineKeys PSS = new LineKeys(':', List.of("Pss"));

  private static final byte[] STATUS = NativeFiles.name("/status");
  private static final byte[] ROLLUP = NativeFiles.name("/smaps_rollup");

  private final File proc;
  private final NativeFiles files;

  DetailFiles(File proc, NativeFiles files) {
    this.proc = proc;
    this.files = files;
  }

  private File file(Member member, String name) {
    return new File(proc, member.pid + name);
  }

  void status(Member member) throws IOException {
    NativeFiles.Handle file = files.of(member.pid, STATUS);
    if (files.readOnce(file)) {
      member.details.parse(files.scan(file), member.residentPages);
    }
  }

  /** From Linux 6.2 on the size of the folder is their number; before, it has to be listed. */
  void openFiles(Member member) {
    File folder = file(member, "/fd");
    long size = proc.getPath().equals("/proc") ? folder.length() : 0;
    if (size == 0) {
      String[] names = folder.list();
      member.details.openFilesKnown = names != null;
      member.details.openFiles = names == null ? 0 : names.length;
    } else {
      member.details.openFilesKnown = true;
      member.details.openFiles = (int) size;
    }
  }

  /** Context switches of the threads beside the first. */
  void threads(Member member) throws IOException {
    File folder = file(member, "/task");
    String[] names = folder.list();
    if (names == null) {
      return;
    }
    member.details.beginThreads();
    for (int i = 0; i < Math.min(MOST_THREADS, names.length); i++) {
      int tid = ProcFolder.pid(names[i]);
      if (tid > 0 && tid != member.pid) {
        thread(member, tid);
      }
    }
    member.details.endThreads();
  }

  private void thread(Member member, int tid) throws IOException {
    byte[] status = NativeFiles.name("/task/" + tid + "/status");
    NativeFiles.Handle file = files.of(member.pid, status);
    if (files.readOnce(file)) {
      member.details.thread(tid, files.scan(file));
    }
  }

  /** Since Linux 4.14. */
  void proportional(Member member) throws IOException {
    member.details.proportionalKnown = false;
    NativeFiles.Handle file = files.of(member.pid, ROLLUP);
    if (!files.readOnce(file)) {
      return;
    }
    ByteScanner in = files.scan(file);
    if (in.nextLineOf(PSS) >= 0) {
      long value = in.nextUnsigned("Pss");
      if (value < 0 || value > Long.MAX_VALUE / KIBI) {
        throw in.malformed("Pss is out of range");
      }
      member.details.proportional = value * KIBI;
      member.details.proportionalKnown = true;
    }
  }
}
