package io.duologger.collector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A process of a fixture host: written whenever it has changed. */
final class ProcessFixture {
  private final FixtureHost host;
  private final int pid;
  private String name;
  private char state = 'S';
  private int parent = 1;
  private long start;
  private long user;
  private long system;
  private long children;
  private long pages;

  ProcessFixture(FixtureHost host, int pid, String name, long start) {
    this.host = host;
    this.pid = pid;
    this.name = name;
    this.start = start;
  }

  ProcessFixture called(String other) {
    name = other;
    return this;
  }

  ProcessFixture in(char otherState) {
    state = otherState;
    return this;
  }

  ProcessFixture childOf(ProcessFixture other) {
    parent = other.pid;
    return this;
  }

  ProcessFixture startedAt(long ticks) {
    start = ticks;
    return this;
  }

  ProcessFixture used(long userTicks, long systemTicks) {
    user = userTicks;
    system = systemTicks;
    return this;
  }

  ProcessFixture inherited(long ticks) {
    children = ticks;
    return this;
  }

  ProcessFixture withPages(long resident) {
    pages = resident;
    return this;
  }

  /** Writes stat. */
  ProcessFixture write() throws IOException {
    // Fields 3 and on of proc(5), with 52 of them as since Linux 3.5.
    host.write(
        "proc/" + pid + "/stat",
        "%d (%s) %c %d 1 1 0 -1 4194304 0 0 0 0 %d %d %d 0 20 0 1 0 %d 4096 %d"
                .formatted(pid, name, state, parent, user, system, children, start, pages)
            + " 18446744073709551615"
            + " 0".repeat(27)
            + "\n");
    return this;
  }

  /** Writes io. */
  ProcessFixture write(long readBytes, long writtenBytes) throws IOException {
    host.write(
        "proc/" + pid + "/io",
        "rchar: 1\nwchar: 1\nsyscr: 1\nsyscw: 1\nread_bytes: %d\nwrite_bytes: %d\n"
                .formatted(readBytes, writtenBytes)
            + "cancelled_write_bytes: 0\n");
    return write();
  }

  /** Writes status. */
  ProcessFixture ofUser(int number) throws IOException {
    host.write("proc/" + pid + "/status", "Name:\tx\nUid:\t0\t" + number + "\t0\t0\n");
    return write();
  }

  /** It is gone. */
  void end() throws IOException {
    Path gone = host.root().proc().resolve(Integer.toString(pid));
    try (Stream<Path> all = Files.walk(gone)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
