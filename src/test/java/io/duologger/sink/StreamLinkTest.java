package io.duologger.sink;

import static io.duologger.sink.LinkFixture.awaitTaken;
import static io.duologger.sink.LinkFixture.counted;
import static io.duologger.sink.LinkFixture.failure;
import static io.duologger.sink.LinkFixture.messages;
import static io.duologger.sink.LinkFixture.millis;
import static io.duologger.sink.LinkFixture.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.peer.StreamReceiver;
import io.duologger.peer.StreamReceiver.Peer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StreamLinkTest {
  private static final int SMALL = 4096;

  /** Of 1000 bytes each: no socket has room for them. */
  private static final int TOO_MANY = 20_000;

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void octetCountingPutsTheLengthInBytesBefore() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    Link link = link(receiver);
    send(link, "<134>1 a", "", "größer");
    try (Peer peer = receiver.accept()) {
      link.close();
      assertEquals("8 <134>1 a0 8 größer", peer.readAll());
    }
  }

  @Test
  void lineFeedsAreAfterEachMessage() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    Link link = link("127.0.0.1", receiver.port(), Framing.LINE_FEED);
    send(link, "a", "b");
    send(link, "c");
    try (Peer peer = receiver.accept()) {
      link.close();
      assertEquals("a\nb\nc\n", peer.readAll());
    }
  }

  @Test
  void aLocalSocketGetsZeroBytesAndHasTakenWhatIsSent() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.local(socket()));
    Link link = local();
    send(link, "a", "b");
    assertTrue(link.isTaken());
    try (Peer peer = receiver.accept()) {
      CompletableFuture<String> read = peer.reading();
      send(link, messages(1000));
      CompletableFuture<Void> end = read.thenRun(() -> closeQuietly(peer));
      assertTrue(link.finish(millis(10_000)));
      end.get();
      assertEquals("a\0b\0" + String.join("\0", messages(1000)) + "\0", read.get());
    }
  }

  @Test
  void aLocalSocketThatIsNotThereIsNamedAndFoundLater() throws Exception {
    Link link = local();
    assertEquals(
        "cannot send to " + socket() + ": no such file or directory", failure(link, 1000, "a"));
    StreamReceiver first = StreamReceiver.local(socket());
    first.close();
    assertEquals("cannot send to " + socket() + ": nobody listens there", failure(link, 1000, "a"));
    Files.delete(socket());
    StreamReceiver receiver = opened(StreamReceiver.local(socket()));
    send(link, "a");
    assertEquals("a\0", opened(receiver.accept()).read(2));
  }

  @Test
  void aLocalReceiverThatAcceptsNothingIsNamed() throws Exception {
    opened(StreamReceiver.local(socket()));
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      try {
        send(local(), "a");
      } catch (IOException e) {
        failures.add(e.getMessage());
      }
    }
    assertFalse(failures.isEmpty());
    assertEquals(
        "cannot send to " + socket() + ": it does not accept connections", failures.get(0));
  }

  @Test
  void aLocalReceiverThatBreaksOffWithUnreadBytesIsNoticed() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.local(socket()));
    Link link = local();
    send(link, "a");
    receiver.accept().close();
    assertEquals(
        "cannot send to " + socket() + ": the receiver has broken the connection",
        assertThrows(IOException.class, link::isTaken).getMessage());
    send(link, "b");
    assertEquals("b\0", opened(receiver.accept()).read(2));
  }

  @Test
  void aNameIsFound() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    Link link = link("localhost", receiver.port(), Framing.OCTET_COUNTING);
    send(link, "a");
    awaitTaken(link);
    assertEquals("1 a", opened(receiver.accept()).read(3));
  }

  @Test
  void anAddressOfIpv6IsTaken() throws Exception {
    StreamReceiver receiver = opened(listening("::1"));
    Link link = link("::1", receiver.port(), Framing.OCTET_COUNTING);
    send(link, "a");
    awaitTaken(link);
    assertEquals("1 a", opened(receiver.accept()).read(3));
  }

  @Test
  void theSystemIsToldToFindOutThatTheReceiversHostIsGone() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    Link link = link(receiver);
    send(link, "a");
    awaitTaken(link);
    String port = String.format(Locale.ROOT, ":%04X ", receiver.port());
    List<String> rows = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/net/tcp6")));
    rows.addAll(Files.readAllLines(Path.of("/proc/self/net/tcp")));
    // The third field is the receiver's address; 02 is the timer of keepalive.
    assertTrue(
        rows.stream()
            .filter(row -> (row.strip().split(" +")[2] + " ").endsWith(port))
            .anyMatch(row -> row.contains(" 02:")),
        () -> String.join("\n", rows));
  }

  @Test
  void aPortThatNobodyListensOnIsNamedAndFoundLater() throws Exception {
    int port = StreamReceiver.freePort();
    Link link = link("localhost", port, Framing.OCTET_COUNTING);
    for (int i = 0; i < 2; i++) {
      assertEquals(
          "cannot send to localhost port " + port + ": nobody listens there",
          failure(link, 1000, "a"));
    }
    StreamReceiver receiver = opened(StreamReceiver.tcp("127.0.0.1", port, 0));
    send(link, "a");
    assertEquals("1 a", opened(receiver.accept()).read(3));
  }

  @Test
  void aNameWithoutAddressIsTold() throws Exception {
    Link link = link("no-such-host.invalid", 514, Framing.OCTET_COUNTING);
    String message = failure(link, 20_000, "a");
    assertTrue(
        message.startsWith("cannot send to no-such-host.invalid port 514: its name is unknown"),
        message);
  }

  @Test
  void aHostThatDoesNotAnswerIsNotWaitedForLonger() throws Exception {
    // A queue of connections that are not accepted, and full: the system ignores any more.
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < 100 && failures.isEmpty(); i++) {
      try {
        link(receiver).send(LinkFixture.report("a"), millis(300));
      } catch (IOException e) {
        failures.add(e.getMessage());
      }
    }
    assertEquals(
        List.of("cannot send to 127.0.0.1 port " + receiver.port() + ": it did not answer in time"),
        failures);
  }

  @Test
  void aConnectionThatWasClosedInBetweenIsReplacedBeforeAnythingIsSent() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    Link link = link(receiver);
    send(link, "a");
    try (Peer peer = receiver.accept()) {
      assertEquals("1 a", peer.read(3));
    }
    send(link, "b", "c");
    assertEquals("1 b1 c", opened(receiver.accept()).read(6));
  }

  @Test
  void aConnectionThatWasBrokenAfterAllWasTakenIsReplacedToo() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    Link link = link(receiver);
    send(link, "a");
    Peer peer = receiver.accept();
    assertEquals("1 a", peer.read(3));
    awaitTaken(link);
    peer.reset();
    send(link, "b");
    assertEquals("1 b", opened(receiver.accept()).read(3));
  }

  @Test
  void aConnectionThatWasBrokenBeforeIsToldInsteadOfReplaced() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    Link link = link(receiver);
    send(link, "a");
    receiver.accept().reset();
    assertEquals(broken(receiver), failure(link, 1000, "b"));
    send(link, "b");
    assertEquals("1 b", opened(receiver.accept()).read(3));
  }

  @Test
  void aReportThatIsBrokenOffGoesWholeOnTheNextConnection() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp("127.0.0.1", 0, SMALL));
    Link link = link(receiver);
    String[] report = messages(TOO_MANY);
    CompletableFuture<Void> reset =
        CompletableFuture.runAsync(
            () -> {
              try {
                Peer peer = receiver.accept();
                peer.read(100_000);
                peer.reset();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    assertEquals(broken(receiver), failure(link, 20_000, report));
    reset.get();
    CompletableFuture<String> read = readingNext(receiver);
    send(link, report);
    link.close();
    assertEquals(counted(report), read.get());
  }

  @Test
  void aReportIsNotSentOnToAReceiverThatHasEndedInTheMiddle() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp("127.0.0.1", 0, SMALL));
    Link link = link(receiver);
    CompletableFuture<Void> shut =
        CompletableFuture.runAsync(
            () -> {
              try {
                opened(receiver.accept()).channel().shutdownOutput();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    assertEquals(
        "cannot send to 127.0.0.1 port "
            + receiver.port()
            + ": the receiver has closed the connection in the middle of a report",
        failure(link, 20_000, messages(TOO_MANY)));
    shut.get();
  }

  @Test
  void aReceiverThatDoesNotReadFailsWhenThePatienceIsOver() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp("127.0.0.1", 0, SMALL));
    Link link = link(receiver);
    String[] report = messages(TOO_MANY);
    assertEquals(unread(receiver), failure(link, 300, report));
    opened(receiver.accept());
    CompletableFuture<String> read = readingNext(receiver);
    send(link, report);
    assertTrue(link.finish(millis(10_000)));
    assertEquals(counted(report), read.get());
  }

  @Test
  void aReportOfWhichNothingIsOnItsWayLeavesTheConnection() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp("127.0.0.1", 0, SMALL));
    Link link = link(receiver);
    int sent = fill(link);
    assertFalse(link.isTaken());
    assertEquals(unread(receiver), failure(link, 200, "more"));
    Peer peer = opened(receiver.accept());
    int bytes = sent * counted(messages(1)).length();
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(() -> readQuietly(peer, bytes + "4 more".length()));
    send(link, "more");
    awaitTaken(link);
    assertTrue(read.get().endsWith("x4 more"), "it is the same connection");
  }

  @Test
  void patienceThatIsShortenedEndsTheWait() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp("127.0.0.1", 0, SMALL));
    Link link = link(receiver);
    Patience patience = millis(600_000);
    CompletableFuture<Void> shortening =
        CompletableFuture.runAsync(() -> patience.shorten(SyslogFixture.after(200)));
    assertThrows(
        IOException.class, () -> link.send(LinkFixture.report(messages(TOO_MANY)), patience));
    shortening.get();
  }

  @Test
  void anInterruptedThreadDoesNotGoOnWaiting() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp("127.0.0.1", 0, SMALL));
    Link link = link(receiver);
    send(link, "a");
    Thread.currentThread().interrupt();
    String message = failure(link, 20_000, messages(TOO_MANY));
    assertTrue(Thread.interrupted());
    assertTrue(message.endsWith(": interrupted"), message);
  }

  @Test
  void whatThePeerSendsIsThrownAway() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    Link link = link(receiver);
    send(link, "a");
    Peer peer = opened(receiver.accept());
    CompletableFuture<Void> flood = peer.flood(new byte[100_000]);
    for (int i = 0; i < 100; i++) {
      send(link, "b");
      awaitTaken(link);
    }
    assertEquals("1 a" + "1 b".repeat(100), peer.read(303));
    assertEquals(unread(receiver), failure(link, 300, messages(TOO_MANY)));
    assertThrows(Exception.class, flood::get);
  }

  @Test
  void aConnectionThatTheReceiverEndsIsToldEvenIfItHasReadAll() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    Link link = link(receiver);
    send(link, "a");
    try (Peer peer = receiver.accept()) {
      assertEquals("1 a", peer.read(3));
    }
    assertEquals(
        "cannot send to 127.0.0.1 port "
            + receiver.port()
            + ": the receiver has ended the connection",
        assertThrows(IOException.class, link::isTaken).getMessage());
    send(link, "b");
    assertEquals("1 b", opened(receiver.accept()).read(3));
  }

  @Test
  void aConnectionThatBreaksBeforeAllIsTakenIsTold() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    Link link = link(receiver);
    send(link, "a");
    receiver.accept().reset();
    assertEquals(broken(receiver), assertThrows(IOException.class, link::isTaken).getMessage());
  }

  @Test
  void finishingWaitsForTheReceiverToReadAll() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp("127.0.0.1", 0, SMALL));
    Link link = link(receiver);
    int sent = fill(link);
    CompletableFuture<String> read = readingNext(receiver);
    assertTrue(link.finish(millis(20_000)));
    assertEquals(sent * counted(messages(1)).length(), read.get().length());
    assertTrue(link.finish(millis(0)), "nothing is under way");
  }

  @Test
  void finishingWithAReceiverThatThrowsItAwayFails() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    Link link = link(receiver);
    send(link, "a");
    Peer peer = receiver.accept();
    CompletableFuture<Void> reset =
        CompletableFuture.runAsync(
            () -> {
              try {
                peer.close();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    assertEquals(
        broken(receiver),
        assertThrows(IOException.class, () -> link.finish(millis(10_000))).getMessage());
    reset.get();
  }

  @Test
  void finishingWithAReceiverThatStaysAsksOnlyWhetherAllIsTaken() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp("127.0.0.1", 0, SMALL));
    Link taken = link(receiver);
    send(taken, "a");
    assertTrue(taken.finish(millis(200)));
    opened(receiver.accept());
    Link waiting = link(receiver);
    fill(waiting);
    assertFalse(waiting.finish(millis(200)));
  }

  @Test
  void closingGivesTheHandlesBack() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    int nobody = StreamReceiver.freePort();
    failure(link("127.0.0.1", nobody, Framing.LINE_FEED), 1000, "a");
    long before = LinkFixture.handles();
    for (int i = 0; i < 200; i++) {
      Link link = link(receiver);
      send(link, "a");
      receiver.accept().close();
      link.close();
      link.close();
      failure(link("127.0.0.1", nobody, Framing.LINE_FEED), 1000, "a");
    }
    assertTrue(LinkFixture.handles() < before + 20, before + " became " + LinkFixture.handles());
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lookup"))
                .count()
            < 20);
  }

  @Test
  void portsAreChecked() {
    for (int port : new int[] {-1, 0, 65_536}) {
      assertThrows(
          IllegalArgumentException.class, () -> link("localhost", port, Framing.OCTET_COUNTING));
    }
  }

  @Test
  void aConnectionToItselfIsNone() throws Exception {
    // Where the system hands out ports from: half of the connections to one of these that is free
    // would be from that very port.
    try (DatagramSocket any = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Link link = link("127.0.0.1", any.getLocalPort(), Framing.OCTET_COUNTING);
      for (int i = 0; i < 100; i++) {
        assertTrue(failure(link, 1000, "a").endsWith(": nobody listens there"));
      }
    }
  }

  /** Sends messages until the receiver's system takes no more, and says how many went. */
  private static int fill(Link link) throws IOException {
    String message = messages(1)[0];
    for (int i = 0; i < 100_000; i++) {
      try {
        link.send(LinkFixture.report(message), millis(500));
      } catch (IOException full) {
        assertTrue(full.getMessage().endsWith("does not read"), full.getMessage());
        assertFalse(link.isTaken(), "the connection is still there");
        return i;
      }
    }
    throw new AssertionError("there is no end of room");
  }

  private static CompletableFuture<String> readingNext(StreamReceiver receiver) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Peer peer = receiver.accept()) {
            return peer.readAll();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static String readQuietly(Peer peer, int bytes) {
    try {
      return peer.read(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void closeQuietly(Peer peer) {
    try {
      peer.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static StreamReceiver listening(String address) {
    try {
      return StreamReceiver.tcp(address, 0, 0);
    } catch (IOException e) {
      return Assumptions.abort("this host has no " + address + ": " + e.getMessage());
    }
  }

  private static String broken(StreamReceiver receiver) throws IOException {
    return "cannot send to 127.0.0.1 port "
        + receiver.port()
        + ": the receiver has broken the connection";
  }

  private static String unread(StreamReceiver receiver) throws IOException {
    return "cannot send to 127.0.0.1 port " + receiver.port() + ": the receiver does not read";
  }

  private Path socket() {
    return folder.resolve("log");
  }

  private Link local() {
    return opened(StreamLink.local(socket(), SyslogFixture.CLOCK));
  }

  private Link link(StreamReceiver receiver) throws IOException {
    return link("127.0.0.1", receiver.port(), Framing.OCTET_COUNTING);
  }

  private Link link(String server, int port, Framing framing) {
    return opened(StreamLink.tcp(server, port, framing, SyslogFixture.CLOCK));
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }
}
