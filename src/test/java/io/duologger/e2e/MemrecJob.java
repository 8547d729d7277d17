package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.tool.JsonValues;
import io.duologger.collector.tool.KeyValues.Pair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A command that memrec runs, its record and its end. */
final class MemrecJob implements AutoCloseable {
  private static final Path MEMREC = Machine.HOME.resolve("sbin/memrec");
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");

  private final Running running;
  private final Path record;

  private MemrecJob(Running running, Path record) {
    this.running = running;
    this.record = record;
  }

  /**
   * A line of a record.
   *
   * @param text the line
   * @param pairs what is in it
   */
  record Entry(String text, Map<String, String> pairs) {
    static Entry parse(String line) {
      try {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (Pair pair :
            JsonValues.parse("record", line.getBytes(StandardCharsets.UTF_8), 10_000)) {
          pairs.put(pair.key(), pair.text());
        }
        return new Entry(line, pairs);
      } catch (IOException bad) {
        throw new AssertionError(bad.getMessage() + " in: " + line, bad);
      }
    }

    boolean has(String key, String value) {
      return value.equals(pairs.get(key));
    }

    String text(String key) {
      assertTrue(pairs.containsKey(key), () -> "no " + key + " in: " + text);
      return pairs.get(key);
    }

    double number(String key) {
      return Double.parseDouble(text(key));
    }
  }

  /** A command of memrec's with these words, its record being {@code record}. */
  static ProcessBuilder command(Path record, String... words) {
    return new ProcessBuilder(
        Stream.concat(
                Stream.of(MEMREC.toString(), "--output", "file:" + record + ",format=json"),
                Stream.of(words))
            .toList());
  }

  /** Starts memrec with these words; its record is a new file in a folder. */
  static MemrecJob start(Path folder, String... words) throws IOException {
    Path record = Files.createTempFile(folder, "record", ".jsonl");
    return start(record, command(record, words));
  }

  /** Starts a command of memrec's. */
  static MemrecJob start(Path record, ProcessBuilder command) throws IOException {
    return new MemrecJob(Running.start(command), record);
  }

  /** Its process and what it and the job print. */
  Running running() {
    return running;
  }

  /** The exit status. */
  int status() throws InterruptedException {
    return running.exitWithin(Running.MARGIN.plusSeconds(30));
  }

  /** Waits for its end, which has to be a good one. */
  MemrecJob succeeds() throws InterruptedException {
    assertEquals(0, status(), running::all);
    return this;
  }

  /** The whole lines of the record so far, each of them read. */
  List<Entry> entries() throws IOException {
    String text = Files.readString(record);
    List<Entry> entries = new ArrayList<>();
    text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Entry::parse).forEach(entries::add);
    return entries;
  }

  /** The first line of the whole record. */
  Entry head() throws IOException {
    Entry head = entries().get(0);
    assertTrue(head.has("record", "start"), head.text());
    return head;
  }

  /** The last line of the whole record. */
  Entry summary() throws IOException {
    String text = Files.readString(record);
    assertTrue(text.endsWith("\n"), text);
    List<Entry> entries = entries();
    Entry summary = entries.get(entries.size() - 1);
    assertTrue(summary.has("record", "end"), summary.text());
    return summary;
  }

  /** The lines whose {@code key} is {@code value}. */
  List<Entry> where(String key, String value) throws IOException {
    return entries().stream().filter(entry -> entry.has(key, value)).toList();
  }

  /** How much of a rate all windows of the tree had together. */
  double total(String rate) throws IOException {
    double sum = 0;
    for (Entry entry : where("scope", "tree")) {
      sum += entry.number(rate + "_mean") * entry.number("covered");
    }
    return sum;
  }

  /** A line of the summary for people. */
  String said(String row) {
    return running.err().stream()
        .filter(line -> line.startsWith("memrec:   " + row))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + row + ": " + running.all()));
  }

  /** The control groups that it has made and that are there. */
  List<Path> groups() throws IOException {
    List<Path> groups = new ArrayList<>();
    Files.walkFileTree(
        GROUPS,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path group, BasicFileAttributes is) {
            if (group.endsWith("memrec-" + running.pid())) {
              groups.add(group);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path gone, IOException why) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path gone, IOException why) {
            return FileVisitResult.CONTINUE;
          }
        });
    return groups;
  }

  /** Ends it if it has not; if it has, no control group may be left behind. */
  @Override
  public void close() throws IOException {
    boolean ended = !running.isAlive();
    running.close();
    if (ended) {
      assertEquals(List.of(), groups(), running::all);
    }
  }
}
