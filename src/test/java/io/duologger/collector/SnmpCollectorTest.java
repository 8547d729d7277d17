package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.snmp.SnmpCollector;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Options;
import io.duologger.model.Series;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snmp4j.smi.OID;

/** Ports of an agent on loopback: what they count, how they move, and what a device may do. */
class SnmpCollectorTest {
  private static final String NAME_OF_FIRST = "1.3.6.1.2.1.31.1.1.1.1.1";

  @TempDir Path folder;

  private final Map<String, Options> targets = new LinkedHashMap<>();
  private SnmpAgent agent;
  private Collector collector;

  @BeforeEach
  void anAgent() throws IOException {
    agent = new SnmpAgent().load("switch.txt");
    targets.put("sw1", target(agent.address()));
  }

  @AfterEach
  void close() throws IOException {
    if (collector != null) {
      collector.close();
    }
    agent.close();
  }

  private static Options target(String address) {
    ModuleOption entries = SnmpCollector.DESCRIPTOR.options().get(0);
    return Options.defaults(entries.keys())
        .with("address", address)
        .with("community", SnmpAgent.COMMUNITY);
  }

  /** A silent device is given up after a second, long for a busy machine. */
  private Collector start() {
    ModuleSettings settings = FixtureHost.defaults(SnmpCollector.DESCRIPTOR);
    Options options =
        settings
            .options()
            .with("targets", targets)
            .with("answer-within", "PT1S")
            .with("retries", "0");
    collector = new SnmpCollector(FixtureHost.empty(folder).surroundings(), settings.with(options));
    return collector;
  }

  /** Without how long it took. */
  private static List<String> lines(Recording recording) {
    List<String> lines = new ArrayList<>(recording.lines());
    lines.removeIf(line -> line.startsWith("answer_seconds"));
    return lines;
  }

  @Test
  void countsEachPort() throws IOException {
    targets.put("sw1", targets.get("sw1").with("interfaces", List.of("ge-*", "old*")));
    assertEquals(
        List.of(
            "up{target=sw1} gauge 1",
            "rx_bytes_per_second{target=sw1}{device=ge-0/0/1} counter 6001 of 125000000",
            "tx_bytes_per_second{target=sw1}{device=ge-0/0/1} counter 10001 of 125000000",
            "rx_packets_per_second{target=sw1}{device=ge-0/0/1} counter 24003",
            "rx_multicast_packets_per_second{target=sw1}{device=ge-0/0/1} counter 8001",
            "tx_packets_per_second{target=sw1}{device=ge-0/0/1} counter 36003",
            "rx_errors_per_second{target=sw1}{device=ge-0/0/1} counter 2",
            "rx_drops_per_second{target=sw1}{device=ge-0/0/1} counter 1",
            "tx_errors_per_second{target=sw1}{device=ge-0/0/1} counter 4",
            "tx_drops_per_second{target=sw1}{device=ge-0/0/1} counter 3",
            "speed_bytes_per_second{target=sw1}{device=ge-0/0/1} gauge 125000000",
            "operstate{target=sw1}{device=ge-0/0/1} info up",
            "alias{target=sw1}{device=ge-0/0/1} info to node1",
            "rx_bytes_per_second{target=sw1}{device=ge-0/0/2} counter 18446744073709551615"
                + " of 1250000000",
            "tx_bytes_per_second{target=sw1}{device=ge-0/0/2} counter 10002 of 1250000000",
            "rx_packets_per_second{target=sw1}{device=ge-0/0/2} counter 24006",
            "rx_multicast_packets_per_second{target=sw1}{device=ge-0/0/2} counter 8002",
            "tx_packets_per_second{target=sw1}{device=ge-0/0/2} counter 36006",
            "rx_errors_per_second{target=sw1}{device=ge-0/0/2} counter 4",
            "rx_drops_per_second{target=sw1}{device=ge-0/0/2} counter 2",
            "tx_errors_per_second{target=sw1}{device=ge-0/0/2} counter 8",
            "tx_drops_per_second{target=sw1}{device=ge-0/0/2} counter 6",
            "speed_bytes_per_second{target=sw1}{device=ge-0/0/2} gauge 1250000000",
            "operstate{target=sw1}{device=ge-0/0/2} info down",
            "rx_errors_per_second{target=sw1}{device=old3} counter 6",
            "rx_drops_per_second{target=sw1}{device=old3} counter 3",
            "tx_errors_per_second{target=sw1}{device=old3} counter 12",
            "tx_drops_per_second{target=sw1}{device=old3} counter 9",
            "speed_bytes_per_second{target=sw1}{device=old3} gauge 12500000",
            "operstate{target=sw1}{device=old3} info up",
            "devices{target=sw1} gauge 3"),
        lines(Recording.of(start())));
  }

  @Test
  void answersThatAreCutAnywhereGoOn() throws IOException {
    List<String> whole = lines(Recording.of(start()));
    assertTrue(whole.contains("devices{target=sw1} gauge 4"), whole::toString);
    assertTrue(whole.contains("alias{target=sw1}{device=xe-0/1/0} info up?link"), whole::toString);
    agent.cut(7);
    assertEquals(whole, lines(Recording.of(collector)));
  }

  @Test
  void portsAreKnownByNameWhateverTheirNumber() throws IOException {
    List<String> before = new ArrayList<>(lines(Recording.of(start())));
    Series first = ofPort(Recording.of(collector), "ge-0/0/1");
    agent.renumber(1, 77);
    Recording after = Recording.of(collector);
    assertSame(first, ofPort(after, "ge-0/0/1"));
    List<String> now = new ArrayList<>(lines(after));
    before.sort(null);
    now.sort(null);
    assertEquals(before, now);

    agent.put("1.3.6.1.2.1.31.1.1.1.1.77", "string", "");
    Recording gone = Recording.of(collector);
    assertTrue(gone.lines().stream().noneMatch(line -> line.contains("ge-0/0/1")));
    assertEquals("gauge 3", gone.value("devices{target=sw1}"));
  }

  private static Series ofPort(Recording recording, String port) {
    return recording.series().stream()
        .filter(series -> port.equals(series.instance().labels().get("device")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSilentDeviceIsDownAndTheOthersAreNot() throws IOException {
    try (SnmpAgent other = new SnmpAgent().load("switch.txt")) {
      targets.put("sw2", target(other.address()));
      targets.put("sw3", target("udp:127.0.0.1/none"));
      targets.put("sw4", target(other.address()).with("community", "wrong"));
      targets.put("sw5", target(other.address()).with("community", ""));
      agent.beSilent(true);
      Recording read = Recording.of(start());
      assertEquals("gauge 0", read.value("up{target=sw1}"));
      assertEquals("info no answer", read.value("failure{target=sw1}"));
      assertEquals("gauge 1", read.value("up{target=sw2}"));
      assertEquals("gauge 4", read.value("devices{target=sw2}"));
      assertEquals(
          "info the address is not of the form udp:HOST/PORT", read.value("failure{target=sw3}"));
      assertEquals("info no answer", read.value("failure{target=sw4}"));
      assertEquals("info no community is configured", read.value("failure{target=sw5}"));

      agent.beSilent(false);
      for (int tries = 0; read.value("up{target=sw1}").equals("gauge 0"); tries++) {
        assertTrue(tries < 1_000_000, "it is back");
        read = Recording.of(collector);
      }
      assertEquals("gauge 4", read.value("devices{target=sw1}"));
    }
  }

  @Test
  void hostileAnswersEnd() throws IOException {
    agent.lie(oid -> new OID(NAME_OF_FIRST));
    assertEquals(
        "info answers that lead nowhere", Recording.of(start()).value("failure{target=sw1}"));
    collector.close();
    agent.lie(oid -> oid);
    for (int port = 100; port < 4200; port++) {
      agent.put("1.3.6.1.2.1.31.1.1.1.1." + port, "string", "p" + port);
    }
    assertEquals("info more than 4096 ports", Recording.of(start()).value("failure{target=sw1}"));
  }

  /** Before each true answer come some that are cut or have bytes changed. */
  @Test
  void damagedMessagesArePassedOver() throws Exception {
    Random random = new Random(6);
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    int behind = Integer.parseInt(agent.address().replaceAll(".*/", ""));
    try (DatagramSocket front = new DatagramSocket(0, loopback);
        DatagramSocket back = new DatagramSocket(0, loopback)) {
      Thread relay =
          new Thread(
              () -> {
                try {
                  while (!front.isClosed()) {
                    DatagramPacket asked = new DatagramPacket(new byte[65_535], 65_535);
                    front.receive(asked);
                    back.send(
                        new DatagramPacket(asked.getData(), asked.getLength(), loopback, behind));
                    DatagramPacket said = new DatagramPacket(new byte[65_535], 65_535);
                    back.receive(said);
                    for (int i = 0; i < 20; i++) {
                      byte[] bad = Arrays.copyOf(said.getData(), random.nextInt(said.getLength()));
                      for (int j = 0; j < bad.length && j < 3; j++) {
                        bad[random.nextInt(Math.min(20, bad.length))] = (byte) random.nextInt();
                      }
                      front.send(new DatagramPacket(bad, bad.length, asked.getSocketAddress()));
                    }
                    said.setSocketAddress(asked.getSocketAddress());
                    front.send(said);
                  }
                } catch (IOException closed) {
                  assertTrue(front.isClosed(), closed.toString());
                }
              });
      relay.setDaemon(true);
      relay.start();
      targets.put("sw1", target("127.0.0.1:" + front.getLocalPort()));
      Recording read = Recording.of(start());
      assertEquals("gauge 1", read.value("up{target=sw1}"), read.lines()::toString);
      assertEquals("gauge 4", read.value("devices{target=sw1}"));
    }
  }

  @Test
  void valuesOfOtherTypesAreLeftOut() throws IOException {
    agent.put(NAME_OF_FIRST, "string", "a\nb\u00e9" + "x".repeat(100));
    agent.put("1.3.6.1.2.1.31.1.1.1.6.1", "string", "many");
    agent.put("1.3.6.1.2.1.31.1.1.1.15.1", "string", "fast");
    agent.put("1.3.6.1.2.1.2.2.1.8.1", "integer", "99");
    agent.put("1.3.6.1.2.1.2.2.1.14.1", "gauge", "1");
    Recording read = Recording.of(start());
    String port = "{target=sw1}{device=a?b?" + "x".repeat(59) + "}";
    assertEquals("counter 10001", read.value("tx_bytes_per_second" + port));
    for (String left : List.of("rx_bytes", "rx_errors", "speed_bytes")) {
      assertEquals("", read.value(left + "_per_second" + port));
    }
    assertEquals("", read.value("operstate" + port));
  }

  @Test
  void secretsAreInNoMessage() throws IOException {
    Options three =
        target(agent.address())
            .with("version", "3")
            .with("user", "reader")
            .with("auth-passphrase", "top-secret-1")
            .with("privacy-passphrase", "top-secret-2");
    targets.put("silent", three);
    targets.put("short", three.with("auth-passphrase", "short"));
    targets.put("nobody", three.with("user", ""));
    Recording read = Recording.of(start());
    assertEquals(
        "info a passphrase needs at least 8 characters", read.value("failure{target=short}"));
    assertEquals("info no user is configured", read.value("failure{target=nobody}"));
    assertEquals("gauge 0", read.value("up{target=silent}"));
    for (String secret : List.of("secret", "short\"", SnmpAgent.COMMUNITY)) {
      assertFalse(read.lines().toString().contains(secret), read.lines().toString());
    }
  }

  @Test
  void withoutTargetsItIsAbsent() {
    targets.clear();
    assertThrows(SourceAbsentException.class, () -> Recording.of(start()));
  }
}
