package io.duologger.sink;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;

/**
 * One file of a spool, and where in it the reports are that wait. It begins with {@code DUOSPOL}
 * and a byte for the version; then come records.
 *
 * <p>No handle is kept: each call opens the file, so that it notices if the file has gone, and an
 * interrupt closes nothing. Used by one thread at a time.
 */
final class SpoolSegment {
  /** Of the format; it is also in how records begin, so that those of another are not taken. */
  static final byte VERSION = 1;

  /** What comes before the first record. */
  static final int HEAD_BYTES = 8;

  private static final byte[] MAGIC = {'D', 'U', 'O', 'S', 'P', 'O', 'L'};

  private final Path path;
  private int[] offsets = {};
  private int first;
  private int end;
  private int size;
  private long onDisk;
  private int garbage;
  private boolean otherVersion;

  private SpoolSegment(Path path) {
    this.path = path;
  }

  /**
   * A new file, empty and for its owner only.
   *
   * @throws IOException if it cannot be made or something is there
   */
  static SpoolSegment create(Path path) throws IOException {
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return new SpoolSegment(path);
  }

  /**
   * Reads what a file holds.
   *
   * @param window for reading, of {@link SpoolScan#WINDOW_BYTES}
   * @throws IOException if it cannot be read or is no plain file; what is in it never matters
   */
  static SpoolSegment load(Path path, byte[] window) throws IOException {
    SpoolSegment segment = new SpoolSegment(path);
    try (RandomAccessFile file = segment.open("r")) {
      segment.onDisk = file.length();
      if (segment.onDisk > Integer.MAX_VALUE) {
        segment.garbage = 1;
        return segment;
      }
      segment.size = (int) segment.onDisk;
      SpoolScan scan = new SpoolScan(file, segment.size, window);
      boolean ours = scan.startsWith(head());
      segment.garbage = scan.records(ours ? HEAD_BYTES : 0, segment::add);
      segment.otherVersion =
          !ours && segment.size >= HEAD_BYTES && scan.startsWith(MAGIC) && !segment.hasWaiting();
      return segment;
    }
  }

  /** Where it is. */
  Path path() {
    return path;
  }

  /** How many bytes of it hold records, its head included. */
  int size() {
    return size;
  }

  /** How long the file is at most. */
  long onDisk() {
    return onDisk;
  }

  /** How many runs of bytes were no records when it was loaded. */
  int garbage() {
    return garbage;
  }

  /** Whether it is of a version that this program does not know. */
  boolean isOtherVersion() {
    return otherVersion;
  }

  /** How many reports in it wait. */
  int waiting() {
    return end - first;
  }

  /** Whether a report in it waits. */
  boolean hasWaiting() {
    return end > first;
  }

  /** Whether the file is there and has the length that it should have. */
  boolean isWhole() throws IOException {
    try {
      BasicFileAttributes found = attributes();
      return found.isRegularFile() && found.size() == size;
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  /**
   * Writes a report behind the others.
   *
   * @throws IOException if that fails; {@link #takeBack} is what to do then
   */
  void append(ReportMessages report) throws IOException {
    int head = size == 0 ? HEAD_BYTES : 0;
    ByteBuffer bytes = ByteBuffer.allocate(head + (int) SpoolRecord.size(report));
    if (head > 0) {
      bytes.put(head());
    }
    SpoolRecord.put(report, bytes);
    onDisk = (long) size + bytes.position();
    try (RandomAccessFile file = open("rw")) {
      file.seek(size);
      file.write(bytes.array());
    }
    add(size + head);
    size = (int) onDisk;
  }

  /** Cuts off what a failed {@link #append} may have left. */
  void takeBack() throws IOException {
    try (RandomAccessFile file = open("rw")) {
      file.setLength(size);
    }
    onDisk = size;
  }

  /**
   * The first report that waits.
   *
   * @return empty if its record is damaged
   * @throws NoSuchFileException if the file has gone
   * @throws IOException if the file cannot be read
   */
  Optional<ReportMessages> read() throws IOException {
    try (RandomAccessFile file = open("r")) {
      int room = (int) Math.min(file.length(), size) - offsets[first];
      if (room < SpoolRecord.HEAD_BYTES) {
        return Optional.empty();
      }
      byte[] head = new byte[SpoolRecord.HEAD_BYTES];
      file.seek(offsets[first]);
      file.readFully(head);
      int length = SpoolRecord.length(head, 0, room);
      if (length == 0) {
        return Optional.empty();
      }
      byte[] record = Arrays.copyOf(head, length);
      file.readFully(record, head.length, length - head.length);
      return SpoolRecord.report(record);
    }
  }

  /** The first report that waits does so no more. Nothing is written. */
  void skip() {
    first++;
  }

  /**
   * The first report that waits does so no more, and the file says so.
   *
   * @throws NoSuchFileException if the file has gone
   * @throws IOException if the file cannot be written
   */
  void markDelivered() throws IOException {
    int offset = offsets[first];
    first++;
    try (RandomAccessFile file = open("rw")) {
      if (file.length() > offset + SpoolRecord.STATE_AT) {
        file.seek(offset + SpoolRecord.STATE_AT);
        file.write(SpoolRecord.DELIVERED);
      }
    }
  }

  private static byte[] head() {
    byte[] head = Arrays.copyOf(MAGIC, HEAD_BYTES);
    head[MAGIC.length] = VERSION;
    return head;
  }

  private void add(int offset) {
    if (end == offsets.length) {
      offsets = Arrays.copyOfRange(offsets, first, first + 2 * waiting() + 4);
      end -= first;
      first = 0;
    }
    offsets[end++] = offset;
  }

  /** Fails if there is no file, or something else in its place that would be followed. */
  private RandomAccessFile open(String mode) throws IOException {
    if (!attributes().isRegularFile()) {
      throw new IOException("it is not a plain file");
    }
    return new RandomAccessFile(path.toFile(), mode);
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
