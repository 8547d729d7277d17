package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.peer.LocalReceiver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LocalDatagramsTest {
  private static final int MORE_THAN_A_QUEUE = 100_000;

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void aSocketThatIsNotThereIsNamedAndFoundLater() throws Exception {
    Datagrams datagrams = datagrams();
    assertEquals(
        "cannot send to " + socket() + ": no such file or directory", failure(datagrams, "a"));
    LocalReceiver receiver = receiver();
    send(datagrams, "b");
    assertEquals(List.of("b"), receiver.received());
  }

  @Test
  void aReceiverThatIsRestartedIsFoundAgain() throws Exception {
    LocalReceiver first = receiver();
    Datagrams datagrams = datagrams();
    send(datagrams, "a");
    assertEquals(List.of("a"), first.received());
    first.close();
    LocalReceiver second = receiver();
    send(datagrams, "b");
    assertEquals(List.of("b"), second.received());
  }

  @Test
  void aReceiverThatEndedIsNamedAndFoundAgain() throws Exception {
    LocalReceiver first = receiver();
    Datagrams datagrams = datagrams();
    send(datagrams, "a");
    first.close();
    assertEquals("cannot send to " + socket() + ": connection refused", failure(datagrams, "b"));
    Files.delete(socket());
    assertEquals(
        "cannot send to " + socket() + ": no such file or directory", failure(datagrams, "c"));
    LocalReceiver second = receiver();
    send(datagrams, "d");
    assertEquals(List.of("d"), second.received());
  }

  @Test
  void aReceiverThatDoesNotReadIsWaitedForUntilTheDeadline() throws Exception {
    LocalReceiver receiver = receiver();
    Datagrams datagrams = datagrams();
    int sent = fill(datagrams);
    long start = SyslogFixture.CLOCK.monotonicNanos();
    IOException failure =
        assertThrows(
            SlowReceiverException.class,
            () -> datagrams.send(bytes("more"), SyslogFixture.in(300)));
    long waited = SyslogFixture.CLOCK.monotonicNanos() - start;
    assertEquals(
        "cannot send to " + socket() + ": the receiver does not read", failure.getMessage());
    assertTrue(waited >= TimeUnit.MILLISECONDS.toNanos(300), waited + " ns");
    assertTrue(waited < TimeUnit.SECONDS.toNanos(5), waited + " ns");
    assertEquals(IntStream.range(0, sent).mapToObj(i -> "fill " + i).toList(), receiver.received());
    send(datagrams, "again");
    assertEquals(List.of("again"), receiver.received());
  }

  @Test
  void aSlowReceiverGetsEverything() throws Exception {
    LocalReceiver receiver = receiver();
    Datagrams datagrams = datagrams();
    int sent = fill(datagrams);
    CompletableFuture<List<String>> reading =
        CompletableFuture.supplyAsync(
            () -> {
              List<String> messages = new ArrayList<>();
              while (!messages.contains("last")) {
                messages.addAll(receiver.received());
              }
              return messages;
            });
    boolean waited = false;
    for (int i = 0; i < 1000; i++) {
      waited |= datagrams.send(bytes("more " + i), SyslogFixture.in(20_000));
    }
    assertTrue(waited);
    datagrams.send(bytes("last"), SyslogFixture.in(20_000));
    assertEquals(sent + 1001, reading.get().size());
  }

  @Test
  void aReceiverThatEndsWhileItIsWaitedForEndsTheWait() throws Exception {
    LocalReceiver receiver = receiver();
    Datagrams datagrams = datagrams();
    fill(datagrams);
    CompletableFuture<Void> ending = CompletableFuture.runAsync(receiver::close);
    IOException failure =
        assertThrows(
            IOException.class, () -> datagrams.send(bytes("more"), SyslogFixture.in(20_000)));
    ending.get();
    assertEquals("cannot send to " + socket() + ": connection refused", failure.getMessage());
  }

  @Test
  void aMessageThatIsTooLongIsNamedAndTheNextIsSent() throws Exception {
    LocalReceiver receiver = receiver();
    Datagrams datagrams = datagrams();
    MessageTooLongException lost =
        assertThrows(
            MessageTooLongException.class,
            () -> datagrams.send(new byte[3_000_000], SyslogFixture.in(1000)));
    assertEquals(
        "cannot send to " + socket() + ": a message of 3000000 bytes is too long, lower line-bytes",
        lost.getMessage());
    send(datagrams, "b");
    assertEquals(List.of("b"), receiver.received());
  }

  @Test
  void aNameThatIsTooLongIsNamed() {
    Path socket = folder.resolve("x".repeat(108));
    LocalDatagrams datagrams = new LocalDatagrams(socket);
    assertEquals(
        "cannot send to " + socket + ": the name is longer than 107 bytes",
        failure(datagrams, "a"));
  }

  @Test
  void closingGivesTheHandleBack() throws Exception {
    receiver();
    long before = handles();
    for (int i = 0; i < 10; i++) {
      Datagrams datagrams = datagrams();
      send(datagrams, "a");
      datagrams.close();
      failure(new LocalDatagrams(folder.resolve("none")), "a");
    }
    assertTrue(handles() < before + 10, before + " handles became " + handles());
  }

  /** Sends until the queue is full, and says how many messages went in. */
  private int fill(Datagrams datagrams) throws IOException {
    for (int i = 0; i < MORE_THAN_A_QUEUE; i++) {
      try {
        datagrams.send(bytes("fill " + i), SyslogFixture.in(0));
      } catch (SlowReceiverException full) {
        return i;
      }
    }
    throw new AssertionError("the queue does not fill");
  }

  private String failure(Datagrams datagrams, String text) {
    return assertThrows(IOException.class, () -> send(datagrams, text)).getMessage();
  }

  private static void send(Datagrams datagrams, String text) throws IOException {
    datagrams.send(bytes(text), SyslogFixture.in(1000));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Path socket() {
    return folder.resolve("log");
  }

  private LocalReceiver receiver() throws Exception {
    return opened(new LocalReceiver(socket()));
  }

  private Datagrams datagrams() {
    return opened(new LocalDatagrams(socket()));
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }

  private static long handles() throws IOException {
    try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
      return handles.count();
    }
  }
}
