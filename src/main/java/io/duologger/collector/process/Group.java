package io.duologger.collector.process;

/**
 * The processes of one command or one user. What they have used only grows: what has ended stays in
 * it. Used by one thread at a time.
 */
final class Group {
  /** What it is called. */
  final String name;

  /** Whether it is always told of. */
  final boolean watched;

  /** Its series, once it is told of; else null. */
  ProcessMetrics series;

  /** Time in ticks: of its processes, the part of it in the kernel, and of ended children. */
  long time;

  long system;
  long childTime;

  /** Bytes from and to devices. */
  long readBytes;

  long writtenBytes;

  /** How many processes it has now, and of these. */
  long processes;

  long threads;
  long blocked;
  long pages;

  /** How many of them do not tell of their I/O. */
  long refused;

  /** What was used since the last read: time in ticks and bytes. */
  double timeUsed;

  double bytesUsed;

  /** What was used lately, by {@link Ranking.By}. */
  final double[] scores = new double[Ranking.By.COUNT];

  /** The read in which it was among the top last, by {@link Ranking.By}; 0 if never. */
  final long[] ranked = new long[Ranking.By.COUNT];

  /** In how many rankings it is. */
  int memberships;

  Group(String name, boolean watched) {
    this.name = name;
    this.watched = watched;
  }

  /** Forgets what holds for one read only. */
  void begin() {
    processes = 0;
    threads = 0;
    blocked = 0;
    pages = 0;
    refused = 0;
    timeUsed = 0;
    bytesUsed = 0;
  }

  /** Adds what a process is now. */
  void addPresence(KnownProcess process) {
    processes++;
    threads += process.threads;
    pages += process.pages;
    if (process.state == 'D') {
      blocked++;
    }
  }

  /** Whether it is told of. */
  boolean told() {
    return watched || memberships > 0;
  }
}
