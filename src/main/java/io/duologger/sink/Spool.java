package io.duologger.sink;

import io.duologger.model.RecorderClock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A queue of reports on disk, within a limit of size and age: what is appended is there until it is
 * delivered, even if this process is killed. A report may be delivered twice then, never altered.
 *
 * <p>Nothing is forced to the disk: if the host loses its power, the last reports may be lost, or
 * delivered again.
 *
 * <p>The folder has files of several reports each, {@code 0000000000000001.spool} and upwards, and
 * the file {@code lock}; others in it are left alone. A file goes when all its reports are
 * delivered, so that an idle spool has none. After a start a new file is begun, never an old one
 * continued, whose end may be half-written. To keep within the size, the oldest files go, with what
 * is in them. A file of a version of the format that this program does not know goes only then; it
 * counts as corrupt and takes up room until then.
 *
 * <p>Safe for use by two threads, of which one appends and one takes; {@link #counts} never waits
 * for them. An interrupt has no effect on any of this. After a failure of any method the spool can
 * be used as before.
 */
final class Spool implements Closeable {
  private static final int SEGMENTS = 16;
  private static final long SMALLEST_SEGMENT = 4 * 1024;
  private static final long LARGEST_SEGMENT = 1024 * 1024;
  private static final Pattern NAME = Pattern.compile("[0-9]{16}\\.spool");
  private static final long LAST_NUMBER = 9_999_999_999_999_999L;

  private final Path folder;
  private final long maxBytes;
  private final Duration maxAge;
  private final RecorderClock clock;
  private final SpoolLock lock;

  /** In the order of their numbers, which is that of their names. */
  private final NavigableMap<Path, SpoolSegment> segments = new TreeMap<>();

  private Optional<SpoolSegment> active = Optional.empty();
  private Optional<SpoolSegment> given = Optional.empty();
  private long dropped;
  private long corrupt;
  private boolean closed;
  private volatile SpoolCounts counts = new SpoolCounts(0, 0, 0, 0);

  private Spool(Path folder, long maxBytes, Duration maxAge, RecorderClock clock, SpoolLock lock) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.maxAge = maxAge;
    this.clock = clock;
    this.lock = lock;
  }

  /**
   * Takes the folder, which is made if it is not there, and looks through what is in it. Whatever
   * the files hold, it opens.
   *
   * @param maxBytes what all files together may have, at least 1
   * @param maxAge a report older than this is not delivered any more
   * @param clock its wall clock tells how old a report is
   * @throws IOException if the folder is in use by another spool, can be written by other users, or
   *     is no plain folder; if a file of the spool is no plain file, cannot be read, or cannot be
   *     removed
   * @throws IllegalArgumentException if a limit means nothing
   */
  static Spool open(Path folder, long maxBytes, Duration maxAge, RecorderClock clock)
      throws IOException {
    if (maxBytes < 1 || maxAge.isNegative()) {
      throw new IllegalArgumentException("a spool of " + maxBytes + " bytes and " + maxAge);
    }
    Path absolute = folder.toAbsolutePath();
    SpoolLock lock = SpoolLock.take(absolute);
    try {
      Spool spool = new Spool(absolute, maxBytes, maxAge, clock, lock);
      spool.load();
      return spool;
    } catch (IOException | RuntimeException e) {
      try {
        lock.close();
      } catch (IOException next) {
        e.addSuppressed(next);
      }
      throw e;
    }
  }

  /**
   * Adds a report. If there is no room, the oldest ones go.
   *
   * @throws ReportTooLargeException if there would be no room even then; nothing goes
   * @throws IOException if it could not be written; nothing is left of it
   */
  synchronized void append(ReportMessages report) throws IOException {
    requireOpen();
    long size = SpoolRecord.size(report);
    if (SpoolSegment.HEAD_BYTES + size > Math.min(maxBytes, Integer.MAX_VALUE)) {
      throw new ReportTooLargeException(size, maxBytes);
    }
    try {
      if (active.isPresent() && !canTake(size, active.get())) {
        active = Optional.empty();
      }
      shrinkTo(maxBytes - SpoolSegment.HEAD_BYTES - size);
      write(report, active.isPresent() ? active.get() : begin());
    } finally {
      publish();
    }
  }

  /**
   * The oldest report that is not delivered. It is the same one again, unless it has been {@link
   * #delivered} or has become too old. Those that are too old go, and those that are damaged.
   *
   * @throws IOException if a file cannot be read or written; what cannot be read is tried again the
   *     next time
   */
  synchronized Optional<ReportMessages> oldest() throws IOException {
    requireOpen();
    given = Optional.empty();
    try {
      for (Optional<SpoolSegment> next = waiting(); next.isPresent(); next = waiting()) {
        Optional<ReportMessages> report = read(next.get());
        if (report.isPresent()) {
          given = next;
          return report;
        }
      }
      return Optional.empty();
    } finally {
      publish();
    }
  }

  /**
   * What {@link #oldest} has last given has arrived. Does nothing if it has given nothing. What had
   * to make room meanwhile does not count as dropped any more.
   *
   * @throws IOException if that could not be noted on disk; the report is not given again, except
   *     after a start
   */
  synchronized void delivered() throws IOException {
    requireOpen();
    Optional<SpoolSegment> segment = given;
    given = Optional.empty();
    if (segment.isEmpty()) {
      return;
    }
    try {
      if (isHeld(segment.get())) {
        finish(segment.get());
      } else {
        // It had to make room while it was on its way, and has arrived all the same.
        dropped--;
      }
    } finally {
      publish();
    }
  }

  /** How it fares now. */
  SpoolCounts counts() {
    return counts;
  }

  /** Gives the folder free for another. The reports stay. */
  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      lock.close();
    }
  }

  /** Whether a file has not been dropped meanwhile. */
  private boolean isHeld(SpoolSegment segment) {
    return segments.get(segment.path()) == segment;
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the spool " + folder + " is closed");
    }
  }

  private void load() throws IOException {
    byte[] window = new byte[SpoolScan.WINDOW_BYTES];
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (NAME.matcher(file.getFileName().toString()).matches()) {
          segments.put(file, load(file, window));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw Failures.of("read", folder, e.getCause());
    }
    for (SpoolSegment segment : List.copyOf(segments.values())) {
      corrupt += segment.garbage();
      if (segment.onDisk() > maxBytes) {
        drop(segment);
      } else if (!segment.hasWaiting() && !segment.isOtherVersion()) {
        remove(segment);
      }
    }
    shrinkTo(maxBytes);
    publish();
  }

  private static SpoolSegment load(Path file, byte[] window) throws IOException {
    try {
      return SpoolSegment.load(file, window);
    } catch (IOException e) {
      throw Failures.of("read", file, e);
    }
  }

  /** Whether a file may be continued: it is neither full, nor has anyone touched it. */
  private boolean canTake(long size, SpoolSegment segment) throws IOException {
    long full = Math.max(SMALLEST_SEGMENT, Math.min(LARGEST_SEGMENT, maxBytes / SEGMENTS));
    return segment.size() + size <= full && segment.isWhole();
  }

  private SpoolSegment begin() throws IOException {
    long number = 1;
    if (!segments.isEmpty()) {
      String last = segments.lastKey().getFileName().toString();
      number = Long.parseLong(last.substring(0, last.indexOf('.'))) + 1;
    }
    Path path = folder.resolve(String.format(Locale.ROOT, "%016d.spool", number));
    if (number > LAST_NUMBER) {
      throw new IOException("cannot create " + path + ": the number is too large");
    }
    try {
      SpoolSegment segment = SpoolSegment.create(path);
      segments.put(path, segment);
      return segment;
    } catch (IOException e) {
      throw Failures.of("create", path, e);
    }
  }

  private void write(ReportMessages report, SpoolSegment segment) throws IOException {
    active = Optional.empty();
    try {
      segment.append(report);
    } catch (IOException e) {
      IOException failure = Failures.of("append a report to", segment.path(), e);
      try {
        if (segment.size() == 0) {
          remove(segment);
        } else {
          segment.takeBack();
        }
      } catch (IOException next) {
        failure.addSuppressed(next);
      }
      throw failure;
    }
    active = Optional.of(segment);
  }

  /** The first file in which a report waits. */
  private Optional<SpoolSegment> waiting() {
    return segments.values().stream().filter(SpoolSegment::hasWaiting).findFirst();
  }

  /** The first report that waits in this file; if it can't be had or is too old, it goes. */
  private Optional<ReportMessages> read(SpoolSegment segment) throws IOException {
    Optional<ReportMessages> report;
    try {
      report = segment.read();
    } catch (NoSuchFileException gone) {
      lose(segment);
      return Optional.empty();
    } catch (IOException e) {
      throw Failures.of("read", segment.path(), e);
    }
    if (report.isEmpty()) {
      corrupt++;
      segment.skip();
      if (!segment.hasWaiting()) {
        remove(segment);
      }
      return report;
    }
    if (isTooOld(report.get())) {
      dropped++;
      finish(segment);
      return Optional.empty();
    }
    return report;
  }

  /** A wall clock that has gone back makes reports younger; one from the future is not old. */
  private boolean isTooOld(ReportMessages report) {
    long now = clock.wall();
    long age = now - report.wall();
    return now > report.wall() && (age < 0 || Duration.ofNanos(age).compareTo(maxAge) > 0);
  }

  /** The first report that waits in this file is done with. */
  private void finish(SpoolSegment segment) throws IOException {
    try {
      segment.markDelivered();
    } catch (NoSuchFileException gone) {
      lose(segment);
    } catch (IOException e) {
      throw Failures.of("mark a report as delivered in", segment.path(), e);
    } finally {
      if (!segment.hasWaiting()) {
        remove(segment);
      }
    }
  }

  private void shrinkTo(long limit) throws IOException {
    long total = onDisk();
    while (total > limit && !segments.isEmpty()) {
      SpoolSegment oldest = segments.firstEntry().getValue();
      total -= oldest.onDisk();
      drop(oldest);
    }
  }

  private void drop(SpoolSegment segment) throws IOException {
    remove(segment);
    dropped += segment.waiting();
  }

  /** The file has gone, with all that waits in it. */
  private void lose(SpoolSegment segment) throws IOException {
    remove(segment);
    corrupt += segment.waiting();
  }

  private void remove(SpoolSegment segment) throws IOException {
    try {
      Files.deleteIfExists(segment.path());
    } catch (IOException e) {
      throw Failures.of("remove", segment.path(), e);
    }
    segments.remove(segment.path());
    if (active.equals(Optional.of(segment))) {
      active = Optional.empty();
    }
  }

  private long onDisk() {
    return segments.values().stream().mapToLong(SpoolSegment::onDisk).sum();
  }

  private void publish() {
    long reports = segments.values().stream().mapToLong(SpoolSegment::waiting).sum();
    counts = new SpoolCounts(reports, onDisk(), dropped, corrupt);
  }
}
