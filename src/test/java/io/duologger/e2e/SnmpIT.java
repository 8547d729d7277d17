package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real snmpd, asked over versions 2c and 3 of SNMP. */
class SnmpIT {
  private static final Duration LIMIT = Running.MARGIN.plusSeconds(30);

  /** More than any window of the test has otherwise. */
  private static final int DATAGRAMS = 500;

  private static final String AGENT =
      """
      agentaddress udp:127.0.0.1:%d
      rocommunity hush-hush 127.0.0.1
      createUser reader SHA "auth-secret-1" AES "priv-secret-1"
      rouser reader priv
      """;

  private static final String CONFIG =
      """
      heartbeat = 3 s
      modules {
        snmp {
          every = 500 ms
          stats = [max]
          answer-within = 500 ms
          retries = 0
          targets {
            two { address = "udp:127.0.0.1/@", community = "hush-hush" }
            three {
              address = "127.0.0.1:@", version = 3, user = reader, security = authPriv
              auth-protocol = sha, auth-passphrase = "auth-secret-1"
              privacy-protocol = aes128, privacy-passphrase = "priv-secret-1"
              interfaces = [lo]
            }
            stranger { address = "127.0.0.1:@", community = "wrong-secret" }
            unknown {
              address = "127.0.0.1:@", version = 3, user = nobody
              auth-passphrase = "auth-secret-2", privacy-passphrase = "priv-secret-2"
            }
          }
        }
      }
      outputs = [ { type = stdout } ]
      """;

  @TempDir private Path folder;

  @Test
  void portsOfARealAgentAreMeasuredOverBothVersions() throws Exception {
    Machine.needsPrograms("snmpd");
    int port = Machine.freePort();
    Path config =
        Files.writeString(
            folder.resolve("module.conf"), CONFIG.replace("@", Integer.toString(port)));
    try (Running agent = agent(port);
        Running recorder = Running.duologger("--config", config.toString())) {
      for (String target : List.of("two", "three")) {
        Logfmt up =
            recorder.await(
                LIMIT,
                "answer of " + target,
                line -> is(line, target, "") && "1".equals(line.pairs().get("up_max")));
        assertTrue(up.number("devices_max") >= 1, up.text());
      }
      assertTrue(agent.isAlive());
      assertMeasures(recorder);
      recorder.await(
          LIMIT,
          "silence for the wrong community",
          line -> "no answer".equals(line.pairs().get("failure")));
      Logfmt unknown =
          recorder.await(
              LIMIT,
              "refusal of the user",
              line -> is(line, "unknown", "") && line.pairs().containsKey("failure"));
      assertEquals("refused: unknown user", unknown.text("failure"));
      assertTrue(
          recorder.reported("snmp").stream()
              .filter(line -> "three".equals(line.pairs().get("target")))
              .allMatch(line -> line.pairs().getOrDefault("device", "lo").equals("lo")));
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Duration.ofSeconds(10)), recorder::all);
      assertFalse(recorder.all().contains("secret"), recorder::all);
      assertFalse(recorder.all().contains("hush"), recorder::all);
      assertEquals(List.of(), recorder.err());
    }
  }

  /** What is sent over loopback is in the rates of both versions. */
  private static void assertMeasures(Running recorder) throws Exception {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
      byte[] content = new byte[1000];
      for (String target : List.of("two", "three")) {
        Running.poll(
            LIMIT,
            "traffic in " + target,
            () -> {
              send(socket, content);
              return recorder.reported("snmp").stream()
                  .filter(line -> is(line, target, "lo"))
                  .anyMatch(
                      line ->
                          line.pairs().containsKey("rx_bytes_per_second_max")
                              && line.number("rx_bytes_per_second_max") > DATAGRAMS * 1000.0);
            },
            recorder::all);
      }
    }
  }

  private static void send(DatagramSocket socket, byte[] content) {
    try {
      DatagramPacket packet =
          new DatagramPacket(content, content.length, socket.getLocalSocketAddress());
      for (int i = 0; i < DATAGRAMS; i++) {
        socket.send(packet);
      }
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean is(Logfmt line, String target, String device) {
    return target.equals(line.pairs().get("target"))
        && device.equals(line.pairs().getOrDefault("device", ""));
  }

  private Running agent(int port) throws Exception {
    Path config = Files.writeString(folder.resolve("snmpd.conf"), AGENT.formatted(port));
    ProcessBuilder command =
        new ProcessBuilder(
            "snmpd",
            "-f",
            "-Lo",
            "-C",
            "-c",
            config.toString(),
            "-p",
            folder.resolve("pid").toString(),
            "-I",
            "-smux");
    command.environment().put("SNMP_PERSISTENT_DIR", folder.resolve("var").toString());
    command.environment().put("MIBS", "");
    return Running.start(command);
  }
}
