package io.duologger.collector.file;

import io.duologger.collector.Probe;
import io.duologger.collector.Surroundings;
import io.duologger.collector.tool.KeyValues;
import io.duologger.procfs.ByteScanner;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * One file of values. It is read on a thread of its own, never twice at a time, so that a file that
 * hangs holds up no other. Used by one thread at a time.
 */
final class ValueFile {
  private static final int LARGEST = 4 << 20;
  private static final long MILLION = 1_000_000;

  /** After so long nobody is still writing a line. */
  private static final long SETTLED_NANOS = 2_000_000_000;

  private final Surroundings surroundings;
  private final Path path;
  private final int most;
  private final Probe<Content> probe;

  /**
   * What a file said.
   *
   * @param age for how long it has not been changed
   * @param items what is in it
   */
  record Content(Duration age, List<Item> items) {}

  /**
   * @param most how many values there may be
   */
  ValueFile(Surroundings surroundings, Path path, int most) {
    this.surroundings = surroundings;
    this.path = path;
    this.most = most;
    probe = new Probe<>(surroundings, this::read);
  }

  /** Starts a read, unless one has not ended yet. Returns at once. */
  void ask() {
    probe.ask();
  }

  /**
   * What came of the read, waiting for it until {@code patience} has passed since it began; empty
   * if it has not ended by then.
   */
  Optional<Content> content(Duration patience) throws ExecutionException {
    return probe.answer(patience);
  }

  /** For how long a read has not ended; empty if none is under way. */
  Optional<Duration> stuck() {
    return probe.stuck();
  }

  private Content read() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      String what = attributes.isDirectory() ? "a directory" : "no regular file";
      throw new IOException(path + ": " + what);
    }
    if (!Files.isReadable(path)) {
      throw new AccessDeniedException(path.toString());
    }
    byte[] bytes;
    try (InputStream in = new FileInputStream(path.toFile())) {
      bytes = in.readNBytes(LARGEST + 1);
    }
    if (bytes.length > LARGEST) {
      throw new IOException(path + ": longer than " + LARGEST + " bytes");
    }
    long modified = attributes.lastModifiedTime().toMillis() * MILLION;
    long age = Math.max(0, surroundings.clock().wall() - modified);
    return new Content(Duration.ofNanos(age), parse(path.toString(), ByteScanner.text(bytes), age));
  }

  private List<Item> parse(String source, String text, long age) throws IOException {
    if (source.endsWith(".prom")) {
      return PrometheusText.parse(source, text, most);
    }
    if (!text.isEmpty() && !text.endsWith("\n") && age < SETTLED_NANOS) {
      throw new IOException(source + ": a last line without its end, half written?");
    }
    List<Item> items = new ArrayList<>();
    for (KeyValues.Pair pair : KeyValues.parse(source, text, most)) {
      items.add(new Item(pair.key(), Map.of(), false, pair.text(), pair.number()));
    }
    return items;
  }
}
