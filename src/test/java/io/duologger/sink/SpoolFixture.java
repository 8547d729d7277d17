package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.model.RecorderClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Spools with reports that tell their number, whole or not at all. */
final class SpoolFixture {
  static final Duration AGE = Duration.ofHours(1);
  static final long NOW = 1_800_000_000_000_000_000L;

  /** What a report of {@link #report} has besides its filling. */
  static final int LEAST = 13 + 12 + 4 + 4 + 4;

  private SpoolFixture() {}

  /** A wall clock that the test sets. */
  static final class WallClock implements RecorderClock {
    long now = NOW;

    @Override
    public long wall() {
      return now;
    }

    @Override
    public long monotonicNanos() {
      return 0;
    }
  }

  /** The report of this number: the same each time, with as much filling. */
  static ReportMessages report(int number, int filling) {
    return report(number, filling, NOW);
  }

  static ReportMessages report(int number, int filling, long wall) {
    byte[] bytes = new byte[filling];
    new Random(number).nextBytes(bytes);
    return new ReportMessages(
        wall, List.of(String.format("%04d", number).getBytes(StandardCharsets.US_ASCII), bytes));
  }

  /** Its number; fails if it is not the report that had that number. */
  static int number(ReportMessages report) {
    int number = Integer.parseInt(new String(report.messages().get(0), StandardCharsets.US_ASCII));
    assertSame(report(number, report.messages().get(1).length, report.wall()), report);
    return number;
  }

  static void assertSame(ReportMessages expected, ReportMessages found) {
    assertEquals(expected.wall(), found.wall());
    assertEquals(texts(expected), texts(found));
  }

  /** Takes all there is. */
  static List<Integer> drain(Spool spool) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    for (Optional<ReportMessages> next = spool.oldest(); next.isPresent(); next = spool.oldest()) {
      numbers.add(number(next.get()));
      spool.delivered();
    }
    return numbers;
  }

  /** The files of the spool, in order. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".spool")).sorted().toList();
    }
  }

  /** What they have together. */
  static long onDisk(Path folder) throws IOException {
    long sum = 0;
    for (Path file : files(folder)) {
      sum += Files.size(file);
    }
    return sum;
  }

  /** Removes the folder with the files in it. */
  static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  private static List<String> texts(ReportMessages report) {
    return report.messages().stream()
        .map(message -> new String(message, StandardCharsets.ISO_8859_1))
        .toList();
  }
}
