package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpCollectorTest {
  private static final String SNMP =
      """
      Tcp: MaxConn CurrEstab InSegs OutSegs RetransSegs
      Tcp: -1 3 100 90 10
      Udp: InDatagrams NoPorts
      Udp: 7 1
      """;

  @TempDir Path folder;
  private FixtureHost host;

  @BeforeEach
  void hostWithSnmp() throws IOException {
    host = FixtureHost.empty(folder).write("proc/net/snmp", SNMP);
  }

  private TcpCollector collector() {
    return new TcpCollector(host.root(), FixtureHost.defaults(TcpCollector.DESCRIPTOR));
  }

  private Recording read() throws IOException {
    try (TcpCollector tcp = collector()) {
      return Recording.of(tcp);
    }
  }

  private String problem() {
    return assertThrows(IOException.class, this::read).getMessage();
  }

  @Test
  void snmpAloneIsEnough() throws IOException {
    assertEquals(
        """
        rx_segments_per_second counter 100
        tx_segments_per_second counter 90
        retransmits_per_second counter 10
        established gauge 3
        retransmit_ratio ratio 10 / 100
        udp_rx_datagrams_per_second counter 7
        udp_no_ports_per_second counter 1""",
        String.join("\n", read().lines()));
  }

  @Test
  void columnsGoByTheirNamesWhereverTheyAre() throws IOException {
    host.write(
        "proc/net/snmp",
        """
        Udp: NoPorts New InDatagrams
        Tcp: OutSegs Odd InSegs
        Tcp: 1 x 2
        Udp: 3 -1 4
        """);
    Recording readings = read();
    assertEquals("counter 2", readings.value("rx_segments_per_second"));
    assertEquals("counter 1", readings.value("tx_segments_per_second"));
    assertEquals("counter 4", readings.value("udp_rx_datagrams_per_second"));
    assertEquals("counter 3", readings.value("udp_no_ports_per_second"));
    assertEquals("", readings.value("retransmit_ratio"));
  }

  @Test
  void columnsThatChangeAreLookedUpAnew() throws IOException {
    try (TcpCollector tcp = collector()) {
      Recording.of(tcp);
      host.write("proc/net/snmp", "Tcp: OutSegs InSegs\nTcp: 5 6\nUdp: NoPorts\nUdp: 8\n");
      assertEquals(
          "[rx_segments_per_second counter 6, tx_segments_per_second counter 5,"
              + " udp_no_ports_per_second counter 8]",
          Recording.of(tcp).lines().toString());
    }
  }

  @Test
  void countersAreUnsigned() throws IOException {
    host.write("proc/net/snmp", SNMP.replace("-1 3 100", "-1 3 18446744073709551615"));
    assertEquals("counter 18446744073709551615", read().value("rx_segments_per_second"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"18446744073709551615", "4294967295"})
  void aSumOfProcessorsBelowZeroIsNoNumberOfConnections(String below) throws IOException {
    host.write("proc/net/snmp", SNMP.replace("-1 3 100", "-1 " + below + " 100"));
    assertEquals("", read().value("established"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1 3 100 90 10 | -1 3 100 90 | line 2: missing RetransSegs",
        "-1 3 100 90 10 | | line 2: fewer values than columns",
        "-1 3 100 90 10 | -1 3 100 90 10 11 | line 2: more values than columns",
        "-1 3 100 90 10 | -1 3 -5 90 10 | line 2: InSegs is no number",
        "-1 3 100 90 10 | -1 3 18446744073709551616 90 10 | line 2: InSegs does not fit 64 bits",
        "Udp: InDatagrams | InDatagrams | line 3: missing colon",
        "Udp: 7 1 | Udx: 7 1 | missing values of Udp",
        "Udp: | Udx: | missing line Udp",
        "Tcp: | Tcx: | missing line Tcp"
      })
  void linesThatDoNotFitAreMalformed(String good, String bad, String problem) throws IOException {
    host.write("proc/net/snmp", SNMP.replace(good, bad == null ? "" : bad));
    assertTrue(problem().contains("snmp line "), this::problem);
    assertTrue(problem().contains(problem), this::problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"snmp", "netstat", "snmp6", "sockstat", "sockstat6"})
  void aFileThatIsThereButEmptyIsMalformed(String name) throws IOException {
    host.write("proc/net/" + name, "");
    assertTrue(problem().contains("/net/" + name + " line 0: missing line"), this::problem);
  }

  @Test
  void aFileCutOffAnywhereIsMalformedOrLacksOnlyItsEnd() throws IOException {
    for (int end = 0; end < SNMP.length() - 1; end++) {
      host.write("proc/net/snmp", SNMP.substring(0, end));
      if (end == SNMP.length() - 2) {
        assertTrue(problem().contains("missing NoPorts"), this::problem);
      } else {
        assertTrue(problem().contains("snmp line "), this::problem);
      }
    }
  }

  @Test
  void whatIpv6CountsIsAdded() throws IOException {
    host.write("proc/net/snmp6", "Ip6InReceives \t9\nUdp6InDatagrams  \t30\nUdp6InErrors\t2\n");
    Recording readings = read();
    assertEquals("counter 37", readings.value("udp_rx_datagrams_per_second"));
    assertEquals("counter 1", readings.value("udp_no_ports_per_second"));
    assertEquals("counter 2", readings.value("udp_rx_errors_per_second"));
  }

  @Test
  void whatIpv6CountsIsAddedOnceATick() throws IOException {
    host.write("proc/net/snmp6", "Udp6InDatagrams 30\nUdp6InErrors 2\n");
    try (TcpCollector tcp = collector()) {
      for (int tick = 0; tick < 3; tick++) {
        Recording readings = Recording.of(tcp);
        assertEquals("counter 37", readings.value("udp_rx_datagrams_per_second"));
        assertEquals("counter 2", readings.value("udp_rx_errors_per_second"));
      }
    }
  }

  @Test
  void ipv6LinesThatAreMissingOfASuddenWouldLookLikeTraffic() throws IOException {
    host.write("proc/net/snmp6", "Udp6InDatagrams 30\nUdp6InErrors 2\n");
    try (TcpCollector tcp = collector()) {
      Recording.of(tcp);
      host.write("proc/net/snmp6", "Udp6InDatagrams 31\n");
      IOException missing = assertThrows(IOException.class, () -> Recording.of(tcp));
      assertTrue(missing.getMessage().contains("missing lines of Udp6"), missing.getMessage());
      host.write("proc/net/snmp6", "Udp6InDatagrams 32\nUdp6InErrors 2\n");
      assertEquals("counter 39", Recording.of(tcp).value("udp_rx_datagrams_per_second"));
    }
  }

  @Test
  void socketsAreOfBothFamiliesAndBuffersInBytes() throws IOException {
    host.write(
            "proc/net/sockstat",
            "sockets: used 9\nTCP: inuse 5 orphan 1 tw 2 alloc 6 mem 3\nUDP: inuse 2 mem 1\n")
        .write("proc/net/sockstat6", "TCP6: inuse 4\nUDP6: inuse 1\nRAW6: inuse 1\n");
    Recording readings = read();
    assertEquals("gauge 9", readings.value("all_sockets"));
    assertEquals("gauge 9", readings.value("sockets"));
    assertEquals("gauge 1", readings.value("orphans"));
    assertEquals("gauge 2", readings.value("time_wait"));
    assertEquals("gauge 6", readings.value("sockets_allocated"));
    assertEquals("gauge 12288", readings.value("memory_bytes"));
    assertEquals("gauge 3", readings.value("udp_sockets"));
    assertEquals("gauge 4096", readings.value("udp_memory_bytes"));
  }

  @Test
  void aNumberOfPagesBelowZeroIsAbsent() throws IOException {
    host.write("proc/net/sockstat", "TCP: inuse 5 mem -2 new 8\nUDP: inuse 1\n");
    Recording readings = read();
    assertEquals("gauge 5", readings.value("sockets"));
    assertEquals("", readings.value("memory_bytes"));
    assertEquals("", readings.value("udp_memory_bytes"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TCP: inuse", "TCP: inuse x", "TCP: inuse 5 tw", "UDP: mem 1.5"})
  void socketsWithoutANumberAreMalformed(String line) throws IOException {
    host.write("proc/net/sockstat", line + "\n");
    assertTrue(problem().contains("sockstat line 1: "), this::problem);
    assertTrue(problem().contains(line), this::problem);
  }

  @Test
  void withoutSnmpTheSourceIsAbsent() {
    host = FixtureHost.empty(folder.resolve("none"));
    assertThrows(SourceAbsentException.class, this::read);
  }
}
