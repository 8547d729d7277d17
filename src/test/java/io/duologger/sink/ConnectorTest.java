package io.duologger.sink;

import static io.duologger.sink.LinkFixture.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.peer.StreamReceiver;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ConnectorTest {
  @Test
  void allAddressesAreTriedAndTheOneThatServedIsKept() throws Exception {
    try (StreamReceiver receiver = StreamReceiver.tcp("127.0.0.3", 0, 0)) {
      Connector connector = connector(receiver.port(), "127.0.0.2", "127.0.0.3", "127.0.0.4");
      for (int i = 0; i < 3; i++) {
        assertEquals("127.0.0.3", connected(connector));
      }
      try (StreamReceiver another = StreamReceiver.tcp("127.0.0.4", receiver.port(), 0)) {
        assertEquals("127.0.0.3", connected(connector));
        connector.turnAway();
        assertEquals("127.0.0.4", connected(connector));
        assertEquals(receiver.port(), another.port());
      }
    }
  }

  @Test
  void ifNoneAcceptsItIsSaidWhy() throws Exception {
    Connector connector = connector(StreamReceiver.freePort(), "127.0.0.1", "127.0.0.2");
    for (int i = 0; i < 2; i++) {
      ConnectException refused =
          assertThrows(ConnectException.class, () -> connector.connect(millis(1000)));
      assertEquals("Connection refused", refused.getMessage());
    }
  }

  @Test
  void theNameIsLookedUpEachTime() throws Exception {
    try (StreamReceiver receiver = StreamReceiver.tcp("127.0.0.2", 0, 0)) {
      List<String> known = new ArrayList<>(List.of("127.0.0.1"));
      Connector connector =
          new Connector(
              new Lookup("server", name -> addresses(known.get(0))),
              receiver.port(),
              SyslogFixture.CLOCK);
      assertThrows(ConnectException.class, () -> connector.connect(millis(1000)));
      known.set(0, "127.0.0.2");
      assertEquals("127.0.0.2", connected(connector));
    }
  }

  @Test
  void aResolverThatIsSlowIsNotAskedTwiceAndItsAnswerIsUsed() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    List<String> questions = new ArrayList<>();
    Lookup lookup =
        new Lookup(
            "server",
            name -> {
              questions.add(name);
              await(answered);
              return addresses("127.0.0.1");
            });
    for (int i = 0; i < 2; i++) {
      SocketTimeoutException late =
          assertThrows(SocketTimeoutException.class, () -> lookup.addresses(millis(100)));
      assertEquals("the lookup of its name is not answered in time", late.getMessage());
    }
    answered.countDown();
    assertEquals(List.of(InetAddress.getByName("127.0.0.1")), lookup.addresses(millis(10_000)));
    assertEquals(List.of("server"), questions);
  }

  @Test
  void aResolverThatKnowsNothingIsAskedAgain() throws Exception {
    List<String> questions = new ArrayList<>();
    Lookup lookup =
        new Lookup(
            "server",
            name -> {
              questions.add(name);
              throw new UnknownHostException(name);
            });
    for (int i = 0; i < 2; i++) {
      assertThrows(UnknownHostException.class, () -> lookup.addresses(millis(1000)));
    }
    assertTrue(questions.size() == 2);
  }

  private static Connector connector(int port, String... addresses) {
    return new Connector(
        new Lookup("server", name -> addresses(addresses)), port, SyslogFixture.CLOCK);
  }

  private static InetAddress[] addresses(String... texts) throws UnknownHostException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : texts) {
      addresses.add(InetAddress.getByName(text));
    }
    return addresses.toArray(new InetAddress[0]);
  }

  private static String connected(Connector connector) throws IOException {
    try (Connection connection = connector.connect(millis(5000))) {
      return ((InetSocketAddress) connection.remote()).getAddress().getHostAddress();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
