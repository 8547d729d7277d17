package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables are those of a machine with its lowest byte first. */
class SendQueueTest {
  private static final String HEAD =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode\n";
  private static final String TCP =
      HEAD
          + "   0: 0100007F:0016 00000000:0000 0A 00000000:00000007 00:00000000 00000000     0"
          + "        0 1145 1 0000000059bfc025 100 0 0 10 0\n"
          + "   1: 0F02000A:B2C4 C80200C0:0202 01 000001F4:00000000 01:00000014 00000000     0"
          + "        0 4711 2 0000000059bfc026 20 4 30 10 -1\n"
          + "  12: 0F02000A:B2C5 C80200C0:0202 01 00000000:00000009 02:00000014 00000000     0"
          + "        0 4711 2 0000000059bfc026 20 4 30 10 -1\n";
  private static final String TCP6 =
      HEAD
          + "   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A"
          + " 00000000:00000000 00:00000000 00000000     0        0 1 1 0000000059bfc025 100\n"
          + "   1: 0000000000000000FFFF00000F02000A:B2C6 0000000000000000FFFF0000C80200C0:0202 01"
          + " 00000001:00000000 01:00000014 00000000     0        0 2 2 0000000059bfc025 100\n"
          + "   2: B80D0120000000000000000001000000:B2C7 B80D0120000000000000000002000000:198A 01"
          + " 00000000:00000000 00:00000000 00000000     0        0 3 2 0000000059bfc025 100\n";

  @TempDir private Path proc;

  @BeforeEach
  void needsTheOrderOfTheTables() {
    Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void theRowOfBothAddressesAndPortsCounts() throws Exception {
    write("tcp", TCP);
    write("tcp6", TCP6);
    assertEquals(SendQueue.State.WAITING, state("10.0.2.15", 0xb2c4, "192.0.2.200", 514));
    assertEquals(SendQueue.State.EMPTY, state("10.0.2.15", 0xb2c5, "192.0.2.200", 514));
    assertEquals(SendQueue.State.UNKNOWN, state("10.0.2.15", 0xb2c5, "192.0.2.201", 514));
    assertEquals(SendQueue.State.UNKNOWN, state("10.0.2.15", 0xb2c5, "192.0.2.200", 515));
    assertEquals(SendQueue.State.UNKNOWN, state("10.0.2.16", 0xb2c5, "192.0.2.200", 514));
  }

  @Test
  void aSocketOfIpv6ThatSpeaksIpv4IsFound() throws Exception {
    write("tcp6", TCP6);
    assertEquals(SendQueue.State.WAITING, state("10.0.2.15", 0xb2c6, "192.0.2.200", 514));
  }

  @Test
  void addressesOfIpv6AreFound() throws Exception {
    write("tcp6", TCP6);
    assertEquals(SendQueue.State.EMPTY, state("2001:db8::1", 0xb2c7, "2001:db8::2", 6538));
  }

  @Test
  void withoutTablesNothingIsKnown() {
    assertEquals(SendQueue.State.UNKNOWN, state("10.0.2.15", 0xb2c4, "192.0.2.200", 514));
  }

  @Test
  void aTableThatIsSomethingElseIsNoReasonToFail() throws Exception {
    String row = TCP.lines().toList().get(2);
    for (String text :
        List.of(
            "",
            "\n\n",
            ":",
            "x".repeat(200_000) + "\n" + TCP,
            row.substring(0, 40) + "\n",
            row.substring(0, 36) + "\n",
            row.replace("000001F4", "many") + "\n",
            row)) {
      write("tcp", text);
      assertEquals(SendQueue.State.UNKNOWN, state("10.0.2.15", 0xb2c4, "192.0.2.200", 514), text);
    }
  }

  @Test
  void aLongTableIsReadToItsEnd() throws Exception {
    StringBuilder table = new StringBuilder(HEAD);
    for (int i = 0; i < 100_000; i++) {
      table.append(
          String.format(
              Locale.ROOT,
              "%4d: 0F02000A:%04X C90200C0:%04X 01 00000000:00000000 00:00000000 00000000 0 0 %d%n",
              i,
              i % 60_000,
              i / 60_000,
              i));
    }
    write("tcp", table + TCP.substring(HEAD.length()));
    assertEquals(SendQueue.State.WAITING, state("10.0.2.15", 0xb2c4, "192.0.2.200", 514));
    assertEquals(SendQueue.State.EMPTY, state("10.0.2.15", 0xb2c5, "192.0.2.200", 514));
    assertEquals(SendQueue.State.UNKNOWN, state("10.0.2.15", 0xb2c6, "192.0.2.200", 514));
  }

  @Test
  void whatIsNotTcpHasNothingWaiting() {
    UnixDomainSocketAddress socket = UnixDomainSocketAddress.of("/run/log");
    assertEquals(SendQueue.State.EMPTY, new SendQueue(proc).state(socket, socket));
  }

  private SendQueue.State state(String local, int localPort, String remote, int remotePort) {
    try {
      return new SendQueue(proc)
          .state(
              new InetSocketAddress(InetAddress.getByName(local), localPort),
              new InetSocketAddress(InetAddress.getByName(remote), remotePort));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void write(String table, String text) throws IOException {
    Path folder = Files.createDirectories(proc.resolve("self/net"));
    Files.writeString(folder.resolve(table), text);
  }
}
