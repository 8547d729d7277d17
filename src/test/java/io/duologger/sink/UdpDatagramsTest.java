package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UdpDatagramsTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

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
        assertEquals(
            "cannot send to localhost port " + port + ": nobody listens there",
            assertThrows(IOException.class, () -> send(datagrams, "b")).getMessage());
        send(datagrams, "c");
        assertEquals("c", receive(receiver));
      }
    }
  }

  @Test
  void aNameWithoutAddressFailsEachTime() throws Exception {
    try (Datagrams datagrams = new UdpDatagrams("no-such-host.invalid", 514)) {
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
          assertThrows(MessageTooLongException.class, () -> send(datagrams, "x".repeat(65_508)))
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
      assertThrows(IllegalArgumentException.class, () -> new UdpDatagrams("localhost", port));
    }
  }

  private static int freePort() throws IOException {
    try (DatagramSocket any = new DatagramSocket(0, LOOPBACK)) {
      return any.getLocalPort();
    }
  }

  private static Datagrams datagrams(int port) {
    return new UdpDatagrams("localhost", port);
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
