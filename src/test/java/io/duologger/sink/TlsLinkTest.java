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

import io.duologger.peer.Certificates;
import io.duologger.peer.Certificates.Identity;
import io.duologger.peer.Relay;
import io.duologger.peer.StreamReceiver;
import io.duologger.peer.StreamReceiver.Peer;
import io.duologger.peer.TlsReceiver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS over real sockets, with the server of the Java installation at the other end. */
@Timeout(60)
class TlsLinkTest {
  private static final Identity AUTHORITY = Certificates.authority("authority");
  private static final Identity STRANGER = Certificates.authority("stranger");
  private static final Identity SERVER =
      Certificates.signed(
          "EC", "server", Certificates.VALID, AUTHORITY, "localhost", "127.0.0.1", "::1");

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void reportsArriveWithTheirLengths(String protocol) throws Exception {
    for (String server : new String[] {"localhost", "127.0.0.1"}) {
      TlsReceiver receiver = receiver(SERVER, protocol);
      Link link = link(server, receiver, trusting(AUTHORITY));
      CompletableFuture<String> read = receiver.reading();
      send(link, "a", "größer");
      send(link, "b");
      awaitTaken(link);
      assertTrue(link.finish(millis(10_000)));
      assertEquals("1 a8 größer1 b", read.get());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void ourCertificateIsShownToAServerThatAsks(String algorithm) throws Exception {
    for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
      Identity below = Certificates.authority("below", Certificates.VALID, AUTHORITY);
      Identity own = Certificates.signed(algorithm, "node7", Certificates.VALID, below);
      TlsReceiver receiver = receiver(SERVER, protocol, true);
      Link link = link("localhost", receiver, showing(own));
      CompletableFuture<String> who =
          receiver.accept(
              socket -> {
                socket.getInputStream().readAllBytes();
                return socket.getSession().getPeerPrincipal().getName();
              });
      send(link, "a");
      assertTrue(link.finish(millis(10_000)));
      assertEquals("CN=node7", who.get());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerThatWantsACertificateIsUnderstoodBeforeAReportIsLost(String protocol)
      throws Exception {
    TlsReceiver receiver = receiver(SERVER, protocol, true);
    CompletableFuture<String> read = receiver.reading();
    Link link = link("localhost", receiver, trusting(AUTHORITY));
    String message = failure(link, 10_000, "a");
    assertTrue(
        message.startsWith(start(receiver) + "the server wants a certificate of us (TLS alert "),
        message);
    assertThrows(Exception.class, read::get);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerThatDoesNotAcceptOurCertificateIsUnderstood(String protocol) throws Exception {
    TlsReceiver receiver = receiver(SERVER, protocol, true);
    CompletableFuture<String> read = receiver.reading();
    Identity own = Certificates.signed("EC", "node7", Certificates.VALID, STRANGER);
    String message = failure(link("localhost", receiver, showing(own)), 10_000, "a");
    assertTrue(
        message.startsWith(
            start(receiver) + "the server does not accept our certificate (TLS alert "),
        message);
    assertThrows(Exception.class, read::get);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aCertificateThatHasExpiredIsToldWithItsDate(String protocol) throws Exception {
    assertEquals(
        "the server's certificate has expired (on 2021-01-01T00:00:00Z)",
        refusal(
            protocol,
            Certificates.signed("EC", "server", Certificates.EXPIRED, AUTHORITY, "localhost")));
  }

  @Test
  void aCertificateThatIsNotValidYetIsToldWithItsDate() throws Exception {
    assertEquals(
        "the server's certificate is not valid yet (before 2048-01-01T00:00:00Z)",
        refusal(
            "TLSv1.3",
            Certificates.signed("EC", "server", Certificates.EARLY, AUTHORITY, "localhost")));
  }

  @Test
  void anAuthorityInBetweenThatHasExpiredIsNamed() throws Exception {
    Identity below = Certificates.authority("below", Certificates.EXPIRED, AUTHORITY);
    assertEquals(
        "the certificate of the server's authority CN=below has expired (on 2021-01-01T00:00:00Z)",
        refusal(
            "TLSv1.3",
            Certificates.signed("EC", "server", Certificates.VALID, below, "localhost")));
  }

  @Test
  void aCertificateForAnotherHostIsToldWithItsNames() throws Exception {
    assertEquals(
        "the server's certificate is for another host (it names 192.0.2.1, logs.example.org;"
            + " expected localhost)",
        refusal(
            "TLSv1.3",
            Certificates.signed(
                "EC", "server", Certificates.VALID, AUTHORITY, "logs.example.org", "192.0.2.1")));
    assertEquals(
        "the server's certificate is for another host (it names logs; expected localhost)",
        refusal("TLSv1.2", Certificates.signed("EC", "logs", Certificates.VALID, AUTHORITY)));
  }

  @Test
  void anAddressHasToBeNamedToo() throws Exception {
    Identity named =
        Certificates.signed("EC", "server", Certificates.VALID, AUTHORITY, "localhost");
    TlsReceiver receiver = receiver(named, "TLSv1.3");
    CompletableFuture<String> read = receiver.reading();
    String message = failure(link("127.0.0.1", receiver, trusting(AUTHORITY)), 10_000, "a");
    assertTrue(message.endsWith("(it names localhost; expected 127.0.0.1)"), message);
    assertThrows(Exception.class, read::get);
  }

  @Test
  void theNameThatIsExpectedMayBeAnother() throws Exception {
    Identity named =
        Certificates.signed("EC", "server", Certificates.VALID, AUTHORITY, "logs.example.org");
    TlsReceiver receiver = receiver(named, "TLSv1.3");
    CompletableFuture<String> read = receiver.reading();
    TlsSettings settings =
        new TlsSettings(
            trusting(AUTHORITY).authority(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("logs.example.org"));
    Link link = link("127.0.0.1", receiver, settings);
    send(link, "a");
    assertTrue(link.finish(millis(10_000)));
    assertEquals("1 a", read.get());
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
    String expected =
        "the server's certificate is not signed by an authority that is trusted (its issuer is"
            + " CN=stranger)";
    assertEquals(
        expected,
        refusal(
            "TLSv1.3",
            Certificates.signed("EC", "server", Certificates.VALID, STRANGER, "localhost")));
    assertEquals(expected, refusal("TLSv1.2", STRANGER));
  }

  @Test
  void aServerThatIsRefusedIsToldByAnAlert() throws Exception {
    TlsReceiver receiver = receiver(STRANGER, "TLSv1.2");
    boolean told = false;
    // An alert is lost if the server still sends when the connection ends.
    for (int i = 0; i < 20 && !told; i++) {
      CompletableFuture<String> read = receiver.reading();
      failure(link("localhost", receiver, trusting(AUTHORITY)), 10_000, "a");
      told = assertThrows(Exception.class, read::get).getMessage().contains("certificate_unknown");
    }
    assertTrue(told);
  }

  @Test
  void anAuthorityOfTheSameNameButAnotherKeyIsRefused() throws Exception {
    Identity impostor = Certificates.authority("authority");
    assertEquals(
        "the server's certificate is not signed by an authority that is trusted (its issuer is"
            + " CN=authority)",
        refusal(
            "TLSv1.3",
            Certificates.signed("EC", "server", Certificates.VALID, impostor, "localhost")));
  }

  @Test
  void withoutAnAuthorityThoseOfTheJavaInstallationCount() throws Exception {
    TlsReceiver receiver = receiver(SERVER, "TLSv1.3");
    CompletableFuture<String> read = receiver.reading();
    TlsSettings none =
        new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    String message = failure(link("localhost", receiver, none), 10_000, "a");
    assertTrue(message.contains("not signed by an authority that is trusted"), message);
    assertThrows(Exception.class, read::get);
  }

  @Test
  void aFileThatIsRenewedIsReadAnew() throws Exception {
    TlsReceiver receiver = receiver(SERVER, "TLSv1.3");
    TlsSettings settings = trusting(STRANGER);
    Link link = link("localhost", receiver, settings);
    CompletableFuture<String> refused = receiver.reading();
    failure(link, 10_000, "a");
    assertThrows(Exception.class, refused::get);
    Certificates.write(settings.authority().orElseThrow(), AUTHORITY.chain());
    CompletableFuture<String> read = receiver.reading();
    send(link, "a");
    assertTrue(link.finish(millis(10_000)));
    assertEquals("1 a", read.get());
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws Exception {
    Path none = folder.resolve("none.pem");
    TlsSettings settings =
        new TlsSettings(Optional.of(none), Optional.empty(), Optional.empty(), Optional.empty());
    Link link = opened(StreamLink.tls("localhost", 6514, settings, SyslogFixture.CLOCK));
    assertEquals(
        "cannot send to localhost port 6514: cannot read " + none + ": it is not there",
        failure(link, 1000, "a"));
  }

  @Test
  void aServerWithAnOldProtocolOnlyIsToldSo() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    // alert: fatal, protocol_version
    answering(receiver, new byte[] {21, 3, 1, 0, 2, 2, 70});
    String message = failure(tls(receiver), 10_000, "a");
    assertTrue(
        message.endsWith(
            ": the server has neither TLS 1.3 nor TLS 1.2 (TLS alert protocol_version)"),
        message);
  }

  @Test
  void aServerThatSaysNothingIsNotWaitedForLonger() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    assertEquals(
        "cannot send to localhost port "
            + receiver.port()
            + ": it does not answer the TLS handshake",
        failure(tls(receiver), 300, "a"));
  }

  @Test
  void aServerThatClosesIsTold() throws Exception {
    StreamReceiver receiver = opened(StreamReceiver.tcp());
    answering(receiver, new byte[0]);
    String message = failure(tls(receiver), 10_000, "a");
    assertTrue(
        message.endsWith(": it closes the connection in the TLS handshake")
            || message.endsWith(": the receiver has broken the connection"),
        message);
  }

  @Test
  void aServerThatDoesNotSpeakTlsIsTold() throws Exception {
    for (String garbage :
        new String[] {"220 mail.example.org ESMTP\r\n", "x".repeat(100_000), "\0".repeat(50)}) {
      StreamReceiver receiver = opened(StreamReceiver.tcp());
      answering(receiver, garbage.getBytes(StandardCharsets.UTF_8));
      assertEquals(
          "cannot send to localhost port "
              + receiver.port()
              + ": the server does not speak TLS on this port",
          failure(tls(receiver), 10_000, "a"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void recordsMayComeAndGoInPieces(String protocol) throws Exception {
    TlsReceiver receiver = receiver(SERVER, protocol);
    Relay relay = opened(new Relay(receiver.port(), 7));
    Link link =
        opened(StreamLink.tls("localhost", relay.port(), trusting(AUTHORITY), SyslogFixture.CLOCK));
    CompletableFuture<String> read = receiver.reading();
    send(link, messages(30));
    send(link, "a");
    assertTrue(link.finish(millis(20_000)));
    assertEquals(counted(messages(30)) + "1 a", read.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bigReportsGoThroughSmallBuffers(String protocol) throws Exception {
    TlsReceiver receiver =
        opened(
            new TlsReceiver(
                StreamReceiver.tcp("127.0.0.1", 0, 4096), context(SERVER), protocol, false));
    Link link = link("localhost", receiver, trusting(AUTHORITY));
    CompletableFuture<String> read = receiver.reading();
    for (int i = 0; i < 3; i++) {
      send(link, messages(300));
    }
    assertTrue(link.finish(millis(20_000)));
    assertEquals(counted(messages(300)).repeat(3), read.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void newKeysMayBeAgreedOnAtAnyTime(String protocol) throws Exception {
    TlsReceiver receiver = receiver(SERVER, protocol);
    Link link = link("localhost", receiver, trusting(AUTHORITY));
    CompletableFuture<String> read =
        receiver.accept(
            socket -> {
              StringBuilder text = new StringBuilder();
              InputStream in = socket.getInputStream();
              byte[] bytes = new byte[100_000];
              int next = 0;
              for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                text.append(new String(bytes, 0, n, StandardCharsets.UTF_8));
                if (text.length() >= next) {
                  next += 500_000;
                  socket.startHandshake();
                }
              }
              return text.toString();
            });
    send(link, messages(3000));
    for (int i = 0; i < 20; i++) {
      send(link, "b");
      awaitTaken(link);
    }
    assertTrue(link.finish(millis(20_000)));
    assertEquals(counted(messages(3000)) + "1 b".repeat(20), read.get());
  }

  @Test
  void whatThePeerSendsIsThrownAway() throws Exception {
    TlsReceiver receiver = receiver(SERVER, "TLSv1.3");
    Link link = link("localhost", receiver, trusting(AUTHORITY));
    CompletableFuture<Void> flooding = new CompletableFuture<>();
    CompletableFuture<String> read = new CompletableFuture<>();
    CompletableFuture<Boolean> server =
        receiver.accept(
            socket -> {
              OutputStream out = socket.getOutputStream();
              Thread flood =
                  new Thread(
                      () -> {
                        try {
                          while (true) {
                            out.write(new byte[50_000]);
                          }
                        } catch (IOException e) {
                          flooding.complete(null);
                        }
                      });
              flood.start();
              byte[] bytes = socket.getInputStream().readNBytes(300);
              return read.complete(new String(bytes, StandardCharsets.UTF_8));
            });
    for (int i = 0; i < 100; i++) {
      send(link, "b");
    }
    assertEquals("1 b".repeat(100), read.get());
    // The server cannot close as long as its other thread cannot write.
    link.close();
    flooding.get();
    server.handle((done, failure) -> done).get();
  }

  @Test
  void aConnectionThatWasClosedInBetweenIsReplacedBeforeAnythingIsSent() throws Exception {
    TlsReceiver receiver = receiver(SERVER, "TLSv1.3");
    Link link = link("localhost", receiver, trusting(AUTHORITY));
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Void> taken = new CompletableFuture<>();
      CompletableFuture<String> read =
          receiver.accept(
              socket -> {
                byte[] bytes = socket.getInputStream().readNBytes(6);
                taken.get();
                return new String(bytes, StandardCharsets.UTF_8);
              });
      send(link, "a", "b");
      awaitTaken(link);
      taken.complete(null);
      assertEquals("1 a1 b", read.get());
    }
  }

  @Test
  void aReceiverThatDoesNotReadFailsWhenThePatienceIsOver() throws Exception {
    TlsReceiver receiver =
        opened(
            new TlsReceiver(
                StreamReceiver.tcp("127.0.0.1", 0, 4096), context(SERVER), "TLSv1.3", false));
    Link link = link("localhost", receiver, trusting(AUTHORITY));
    CompletableFuture<Void> over = new CompletableFuture<>();
    CompletableFuture<Boolean> mute = receiver.accept(socket -> over.thenApply(v -> true).get());
    assertEquals(
        start(receiver) + "the receiver does not read", failure(link, 1000, messages(20_000)));
    over.complete(null);
    assertTrue(mute.get());
    CompletableFuture<String> read = receiver.reading();
    send(link, "a");
    assertTrue(link.finish(millis(10_000)));
    assertEquals("1 a", read.get());
  }

  @Test
  void aReportOfWhichNothingIsOnItsWayLeavesTheConnection() throws Exception {
    TlsReceiver receiver =
        opened(
            new TlsReceiver(
                StreamReceiver.tcp("127.0.0.1", 0, 4096), context(SERVER), "TLSv1.3", false));
    Link link = link("localhost", receiver, trusting(AUTHORITY));
    CompletableFuture<Void> over = new CompletableFuture<>();
    CompletableFuture<String> read =
        receiver.accept(
            socket -> {
              over.get();
              return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            });
    String message = messages(1)[0];
    StringBuilder sent = new StringBuilder();
    try {
      while (sent.length() < 100_000_000) {
        link.send(LinkFixture.report(message), millis(sent.length() == 0 ? 10_000 : 500));
        sent.append(counted(message));
      }
    } catch (IOException full) {
      assertEquals(start(receiver) + "the receiver does not read", full.getMessage());
    }
    assertFalse(link.isTaken());
    over.complete(null);
    send(link, "more");
    assertTrue(link.finish(millis(20_000)));
    assertEquals(sent + "4 more", read.get());
  }

  @Test
  void finishingWithAReceiverThatBreaksOffFails() throws Exception {
    StreamReceiver plain = opened(StreamReceiver.tcp());
    TlsReceiver receiver = new TlsReceiver(plain, context(SERVER), "TLSv1.3", false);
    Link link = link("localhost", receiver, trusting(AUTHORITY));
    CompletableFuture<Void> sent = new CompletableFuture<>();
    CompletableFuture<Boolean> reset =
        receiver.accept(
            socket -> {
              sent.get();
              socket.setSoLinger(true, 0);
              return true;
            });
    send(link, "a", "b".repeat(5000));
    sent.complete(null);
    reset.get();
    String message =
        assertThrows(IOException.class, () -> link.finish(millis(10_000))).getMessage();
    assertTrue(message.startsWith(start(receiver)), message);
  }

  @Test
  void finishingWithAReceiverThatStaysIsBounded() throws Exception {
    TlsReceiver receiver = receiver(SERVER, "TLSv1.3");
    Link link = link("localhost", receiver, trusting(AUTHORITY));
    CompletableFuture<Void> over = new CompletableFuture<>();
    CompletableFuture<Boolean> mute = receiver.accept(socket -> over.thenApply(v -> true).get());
    send(link, "a");
    assertTrue(link.finish(millis(300)), "the receiver's system has it");
    over.complete(null);
    mute.get();
  }

  @Test
  void closingSaysFarewellAndGivesTheHandlesBack() throws Exception {
    TlsReceiver receiver = receiver(SERVER, "TLSv1.3");
    long before = 0;
    for (int i = 0; i < 60; i++) {
      Link link = link("localhost", receiver, trusting(AUTHORITY));
      CompletableFuture<String> read = receiver.reading();
      send(link, "a");
      link.close();
      // The server's reading fails if the connection ends without close_notify.
      assertEquals("1 a", read.get());
      if (i == 10) {
        before = LinkFixture.handles();
      }
    }
    assertTrue(LinkFixture.handles() < before + 20, before + " became " + LinkFixture.handles());
  }

  /** What is said of a server with this certificate, if localhost and the authority are wanted. */
  private String refusal(String protocol, Identity server) throws Exception {
    TlsReceiver receiver = receiver(server, protocol);
    CompletableFuture<String> read = receiver.reading();
    String message = failure(link("localhost", receiver, trusting(AUTHORITY)), 10_000, "a");
    assertThrows(Exception.class, read::get);
    assertEquals(start(receiver), message.substring(0, start(receiver).length()));
    return message.substring(start(receiver).length());
  }

  private static void answering(StreamReceiver receiver, byte[] answer) {
    CompletableFuture.runAsync(
        () -> {
          try (Peer peer = receiver.accept()) {
            peer.channel().write(ByteBuffer.wrap(answer));
            peer.channel().shutdownOutput();
            peer.readAll();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static String start(TlsReceiver receiver) throws IOException {
    return "cannot send to localhost port " + receiver.port() + ": ";
  }

  private static SSLContext context(Identity server) {
    return Certificates.context(server, server.chain(), AUTHORITY);
  }

  private TlsReceiver receiver(Identity server, String protocol) throws IOException {
    return receiver(server, protocol, false);
  }

  private TlsReceiver receiver(Identity server, String protocol, boolean asking)
      throws IOException {
    return opened(new TlsReceiver(StreamReceiver.tcp(), context(server), protocol, asking));
  }

  private TlsSettings trusting(Identity authority) throws Exception {
    Path file = Certificates.write(folder.resolve("authority.pem"), authority.chain());
    return new TlsSettings(Optional.of(file), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private TlsSettings showing(Identity own) throws Exception {
    return new TlsSettings(
        trusting(AUTHORITY).authority(),
        Optional.of(Certificates.write(folder.resolve("own.pem"), own.chain())),
        Optional.of(Certificates.writeKey(folder.resolve("own.key"), own)),
        Optional.empty());
  }

  private Link tls(StreamReceiver receiver) throws Exception {
    return opened(
        StreamLink.tls("localhost", receiver.port(), trusting(AUTHORITY), SyslogFixture.CLOCK));
  }

  private Link link(String server, TlsReceiver receiver, TlsSettings settings) throws IOException {
    return opened(StreamLink.tls(server, receiver.port(), settings, SyslogFixture.CLOCK));
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }
}
