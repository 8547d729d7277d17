package io.duologger.sink;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The reports that were not delivered yet, oldest first: on disk, where there is a spool, or else
 * in memory. While the spool can't be written, a few wait in memory behind those on disk, and go
 * there when it can.
 *
 * <p>Safe for use by several threads: one adds, one delivers, any asks for the counts.
 */
final class Backlog implements Closeable {
  private final Optional<SpoolOpener> opener;
  private final int memoryLimit;
  private final SinkLog log;
  private final Deque<ReportMessages> memory = new ArrayDeque<>();
  private Optional<Spool> spool = Optional.empty();

  /** What {@link #oldest} gave from memory; nothing else is older. */
  private Optional<ReportMessages> inHand = Optional.empty();

  private long lostInMemory;
  private boolean closed;

  /** Whether the disk does not do what it should. */
  private boolean troubled;

  /** Whether the last attempt went well. A disk that is nearly full fails now and then. */
  private boolean recovering;

  private boolean losing;

  /** For those who must not wait for a slow disk. */
  private volatile Counts counts = new Counts(0, 0, 0, 0);

  /** Opens the spool. */
  interface SpoolOpener {
    Spool open() throws IOException;
  }

  /**
   * How much waits, and what became of the rest.
   *
   * @param waiting reports not delivered yet
   * @param bytes what they take on disk
   * @param lost reports dropped for size, age, or lack of memory
   * @param corrupt pieces of the spool that could not be read
   */
  record Counts(long waiting, long bytes, long lost, long corrupt) {}

  /**
   * @param opener empty if reports wait in memory only
   * @param memoryLimit how many reports wait in memory at most
   */
  Backlog(Optional<SpoolOpener> opener, int memoryLimit, SinkLog log) {
    this.opener = opener;
    this.memoryLimit = memoryLimit;
    this.log = log;
  }

  /** Finds what was left by an earlier run; that it can't is said and no failure. */
  synchronized void open() {
    if (opener.isPresent() && spool.isEmpty() && !closed) {
      try {
        spool = Optional.of(opener.get().open());
        recovering = true;
        long corrupt = spool.get().counts().corrupt();
        if (corrupt > 0) {
          log.warn("skipped " + corrupt + " pieces of the spool that make no sense");
        }
      } catch (IOException e) {
        troubled(e);
      }
      count();
    }
  }

  /** A report more. */
  synchronized void add(ReportMessages report) {
    open();
    memory.add(report);
    flush();
    while (memory.size() > memoryLimit) {
      memory.remove();
      lostInMemory++;
    }
    count();
  }

  private void flush() {
    try {
      while (spool.isPresent() && !memory.isEmpty()) {
        spool.get().append(memory.element());
        memory.remove();
        recovering = true;
      }
    } catch (IOException e) {
      troubled(e);
    }
  }

  /** The report that is to be delivered next; the same until {@link #delivered} is called. */
  synchronized Optional<ReportMessages> oldest() {
    Optional<ReportMessages> oldest = inHand;
    if (oldest.isEmpty()) {
      oldest = onDisk();
    }
    if (oldest.isEmpty()) {
      inHand = Optional.ofNullable(memory.poll());
      oldest = inHand;
    }
    count();
    return oldest;
  }

  private Optional<ReportMessages> onDisk() {
    try {
      return spool.isPresent() ? spool.get().oldest() : Optional.empty();
    } catch (IOException e) {
      troubled(e);
      return Optional.empty();
    }
  }

  /** What {@link #oldest} gave last has been delivered. */
  synchronized void delivered() {
    if (inHand.isPresent()) {
      inHand = Optional.empty();
    } else if (spool.isPresent()) {
      try {
        spool.get().delivered();
      } catch (IOException e) {
        troubled(e);
      }
    }
    count();
  }

  /** As of the last change; does not wait. */
  Counts counts() {
    return counts;
  }

  private Counts current() {
    SpoolCounts onDisk = spool.isPresent() ? spool.get().counts() : new SpoolCounts(0, 0, 0, 0);
    return new Counts(
        memory.size() + (inHand.isPresent() ? 1 : 0) + onDisk.reports(),
        onDisk.bytes(),
        lostInMemory + onDisk.dropped(),
        onDisk.corrupt());
  }

  private void count() {
    Counts now = current();
    if (now.lost() > counts.lost() && !losing) {
      losing = true;
      log.warn("more reports wait than may: the oldest are dropped");
    } else if (now.waiting() == 0 && losing) {
      losing = false;
      log.info("no report waits any more; " + now.lost() + " were lost so far");
    }
    if (now.waiting() == 0 && troubled && recovering) {
      troubled = false;
      log.info("the spool works again");
    }
    counts = now;
  }

  /** What is on disk stays there; what is in memory is lost, and said to be. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    inHand.ifPresent(memory::addFirst);
    inHand = Optional.empty();
    flush();
    long inMemory = memory.size();
    lostInMemory += inMemory;
    memory.clear();
    if (inMemory > 0) {
      log.warn("ends before they are delivered: " + reports(inMemory) + " lost");
    }
    if (spool.isPresent()) {
      long kept = spool.get().counts().reports();
      if (kept > 0) {
        log.info(reports(kept) + " kept for the next start");
      }
    }
    counts = current();
    if (spool.isPresent()) {
      spool.get().close();
    }
  }

  private void troubled(IOException e) {
    recovering = false;
    if (!troubled) {
      troubled = true;
      log.warn(e.getMessage() + "; up to " + memoryLimit + " reports are kept in memory");
    }
  }

  private static String reports(long number) {
    return number == 1 ? "1 report is" : number + " reports are";
  }
}
