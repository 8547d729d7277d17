package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reports and patience for links. */
final class LinkFixture {
  private LinkFixture() {}

  static Outgoing report(String... messages) {
    return new Outgoing(
        new ReportMessages(
            0, Stream.of(messages).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList()));
  }

  /** Messages of 1000 bytes, and each with its number. */
  static String[] messages(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "message " + i + " ")
        .map(start -> start + "x".repeat(1000 - start.length()))
        .toArray(String[]::new);
  }

  /** As they are on the wire with octet counting. */
  static String counted(String... messages) {
    return String.join("", Stream.of(messages).map(text -> text.length() + " " + text).toList());
  }

  static Patience millis(long millis) {
    return new Patience(SyslogFixture.CLOCK, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Sends a report, and expects all of its messages to be marked. */
  static void send(Link link, String... messages) throws IOException {
    Outgoing report = report(messages);
    link.send(report, millis(10_000));
    assertTrue(!report.hasNext(), "something is left");
  }

  /** The message of a failure to send, within {@code millis} and not more than some seconds. */
  static String failure(Link link, long millis, String... messages) {
    Outgoing report = report(messages);
    Patience tooLong = millis(millis + 5000);
    String message =
        assertThrows(IOException.class, () -> link.send(report, millis(millis))).getMessage();
    assertTrue(!tooLong.isOver(), "it took too long: " + message);
    assertTrue(List.of(messages).size() == remaining(report), "all is left to be sent again");
    return message;
  }

  /** Asks until it is taken. */
  static void awaitTaken(Link link) throws IOException {
    Patience patience = millis(10_000);
    while (!link.isTaken()) {
      assertTrue(!patience.isOver(), "it is not taken");
      Thread.onSpinWait();
    }
  }

  static long handles() throws IOException {
    try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
      return handles.count();
    }
  }

  private static int remaining(Outgoing report) {
    int count = 0;
    while (report.hasNext()) {
      report.sent();
      count++;
    }
    return count;
  }
}
