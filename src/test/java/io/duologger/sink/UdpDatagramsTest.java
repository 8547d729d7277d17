package io.duologger.sink;

import static io.duologger.sink.SinkFixture.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UdpDatagramsTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @Test
  void reportsArriveAsMessagesWithTheHost() throws Exception {
    try (DatagramSocket receiver = new DatagramSocket(0, LOOPBACK);
        Sink sink =
            SyslogSink.udp(
                report -> "a=1\nb=2\n".getBytes(StandardCharsets.US_ASCII),
                "localhost",
                receiver.getLocalPort(),
                new Rfc3164(16, 6, "duologger", 42, HostForm.SHORT, ZoneOffset.UTC),
                SyslogFixture.CLOCK)) {
      sink.write(report("node7.example.org"));
      String head = "<134>Nov  3 04:05:06 node7 duologger[42]: ";
      assertEquals(head + "a=1", receive(receiver));
      assertEquals(head + "b=2", receive(receiver));
    }
  }

  @Test
  void aReceiverThatIsNotThereIsToldAtOnceAndFoundLater() throws Exception {
    int port = freePort();
    try (Datagrams datagrams = datagrams(port)) {
      for (int i = 0; i < 2; i++) {
        assertEquals(
            "cannot send to localhost port " + port + ": nobody listens there",
            assertThrows(IOException.class, () -> send(datagrams, "a")).getMessage());
      }
      try (DatagramSocket receiver = new DatagramSocket(port, LOOPBACK)) {
        send(datagrams, "b");
        assertEquals("b", receive(receiver));
      }
    }
  }

  @Test
  void aReceiverThatWentIsToldAfterwardsAndFoundAgain() throws Exception {
    int port = freePort();
    try (Datagrams datagrams = datagrams(port)) {
      try (DatagramSocket receiver = new DatagramSocket(port, LOOPBACK)) {
        send(datagrams, "a");
        assertEquals("a", receive(receiver));
      }
      send(datagrams, "lost");
      try (DatagramSocket receiver = new DatagramSocket(port, LOOPBACK)) {
        DatagramLostException lost =
            assertThrows(DatagramLostException.class, () -> send(datagrams, "b"));
        assertEquals(
            "cannot send to localhost port "
                + port
                + ": nobody listens there (of a message before)",
            lost.getMessage());
        assertEquals("b", receive(receiver), "the message that told it is sent all the same");
        send(datagrams, "c");
        assertEquals("c", receive(receiver));
      }
    }
  }

  @Test
  void aNameWithoutAddressFailsEachTime() throws Exception {
    try (Datagrams datagrams = new UdpDatagrams("no-such-host.invalid", 514, SyslogFixture.CLOCK)) {
      for (int i = 0; i < 2; i++) {
        String message = assertThrows(IOException.class, () -> send(datagrams, "a")).getMessage();
        assertTrue(
            message.startsWith(
                "cannot send to no-such-host.invalid port 514: no-such-host.invalid"),
            message);
      }
    }
  }

  @Test
  void aMessageThatIsTooLongIsNamedAndTheNextIsSent() throws Exception {
    try (DatagramSocket receiver = new DatagramSocket(0, LOOPBACK);
        Datagrams datagrams = datagrams(receiver.getLocalPort())) {
      String message =
          assertThrows(DatagramLostException.class, () -> send(datagrams, "x".repeat(65_508)))
              .getMessage();
      assertTrue(
          message.endsWith(": a message of 65508 bytes is too long, lower line-bytes"), message);
      send(datagrams, "x".repeat(65_507));
      assertEquals(65_507, receive(receiver).length());
    }
  }

  @Test
  void portsAreChecked() {
    for (int port : new int[] {-1, 0, 65_536}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new UdpDatagrams("localhost", port, SyslogFixture.CLOCK));
    }
  }

  private static int freePort() throws IOException {
    try (DatagramSocket any = new DatagramSocket(0, LOOPBACK)) {
      return any.getLocalPort();
    }
  }

  private static Datagrams datagrams(int port) {
    return new UdpDatagrams("localhost", port, SyslogFixture.CLOCK);
  }

  private static void send(Datagrams datagrams, String text) throws IOException {
    datagrams.send(text.getBytes(StandardCharsets.US_ASCII), SyslogFixture.in(1000));
  }

  private static String receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[70_000], 70_000);
    socket.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
  }
}
