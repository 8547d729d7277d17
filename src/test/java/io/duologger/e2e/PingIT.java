package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system's ping program and real connections, over loopback and a cable that loses packets. */
class PingIT {
  private static final Duration LIMIT = Running.MARGIN.plusSeconds(30);
  private static final String NEAR = "dlp-near-" + ProcessHandle.current().pid();
  private static final String FAR = "dlp-far-" + ProcessHandle.current().pid();

  private static final String CONFIG =
      """
      heartbeat = 4 s
      modules { ping { every = 250 ms, answer-within = 100 ms, stats = [mean], targets = [%s] } }
      outputs = [ { type = stdout } ]
      """;

  @TempDir private Path folder;
  private final List<String> namespaces = new ArrayList<>();

  @BeforeEach
  void needs() {
    Machine.needsPrograms("ping");
  }

  @AfterEach
  void clean() throws IOException, InterruptedException {
    for (String namespace : namespaces) {
      Running.run("ip", "netns", "del", namespace);
    }
  }

  private String config(String... targets) throws IOException {
    String list = "\"" + String.join("\", \"", targets) + "\"";
    return Files.writeString(folder.resolve("ping.conf"), CONFIG.formatted(list)).toString();
  }

  private static boolean is(Logfmt line, String target) {
    return target.equals(line.pairs().get("target")) && line.partial().isEmpty();
  }

  private static Logfmt whole(Running recorder, String target) throws InterruptedException {
    return recorder.await(LIMIT, "whole window of " + target, line -> is(line, target));
  }

  @Test
  void loopbackAnswersInBothFamiliesAndPortsDoAsTheyAre() throws Exception {
    InetAddress any = InetAddress.getByName("127.0.0.1");
    int free = Machine.freePort();
    try (ServerSocket server = new ServerSocket(0, 100, any)) {
      String open = "tcp:127.0.0.1:" + server.getLocalPort();
      String closed = "tcp:127.0.0.1:" + free;
      String config = config("127.0.0.1", "::1", open, closed, "no-such-host.invalid");
      try (Running recorder = Running.duologger("--config", config)) {
        for (String target : List.of("127.0.0.1", "::1", open)) {
          Logfmt line = whole(recorder, target);
          assertTrue(line.number("up_mean") > 0.5, line.text());
          assertTrue(line.number("loss_ratio_mean") < 0.5, line.text());
          assertTrue(line.number("rtt_seconds_mean") > 0, line.text());
          assertTrue(line.number("rtt_seconds_mean") < 0.1, line.text());
        }
        assertEquals("::1", whole(recorder, "::1").text("address"));
        Logfmt refused = whole(recorder, closed);
        assertEquals(0, refused.number("up_mean"), refused.text());
        assertEquals(1, refused.number("loss_ratio_mean"), refused.text());
        assertEquals("Connection refused", refused.text("failure"));
        Logfmt unknown = whole(recorder, "no-such-host.invalid");
        assertEquals(0, unknown.number("up_mean"), unknown.text());
        assertTrue(!unknown.pairs().containsKey("loss_ratio_mean"), unknown.text());
        recorder.signal("TERM");
        assertEquals(0, recorder.exitWithin(Duration.ofSeconds(10)), recorder::all);
        assertEquals(List.of(), recorder.err());
      }
    }
  }

  @Test
  void theShareOfLossIsThatOfTheCable() throws Exception {
    Machine.needsRoot();
    Machine.needsPrograms("ip", "nft");
    for (String namespace : List.of(NEAR, FAR)) {
      Running.run("ip", "netns", "add", namespace);
      namespaces.add(namespace);
    }
    Running.run(
        "ip", "link", "add", "v1", "netns", NEAR, "type", "veth", "peer", "name", "v2", "netns",
        FAR);
    plug(NEAR, "v1", "10.77.0.1/24");
    plug(FAR, "v2", "10.77.0.2/24");
    // Each fourth request is lost, not each by chance: the share in a window is certain.
    in(FAR, "nft", "add", "table", "inet", "f");
    in(FAR, "nft", "add chain inet f i { type filter hook input priority 0; }");
    in(FAR, "nft", "add rule inet f i icmp type echo-request numgen inc mod 4 < 1 drop");
    ProcessBuilder command = Running.command("--config", config("10.77.0.2", "10.88.0.1"));
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", NEAR));
    words.addAll(command.command());
    command.command(words);
    try (Running recorder = Running.start(command)) {
      Logfmt line = whole(recorder, "10.77.0.2");
      assertEquals(0.25, line.number("loss_ratio_mean"), 0.13, line.text());
      assertEquals(0.75, line.number("up_mean"), 0.2, line.text());
      Logfmt nowhere = whole(recorder, "10.88.0.1");
      assertEquals(1, nowhere.number("loss_ratio_mean"), nowhere.text());
      assertTrue(nowhere.text("failure").contains("Network is unreachable"), nowhere.text());
      Running.run("ip", "-n", FAR, "link", "set", "v2", "down");
      recorder.await(
          LIMIT,
          "loss of all",
          each ->
              is(each, "10.77.0.2")
                  && each.number("up_mean") == 0
                  && each.number("loss_ratio_mean") == 1
                  && !each.pairs().containsKey("rtt_seconds_mean"));
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Duration.ofSeconds(10)), recorder::all);
    }
  }

  private static void plug(String namespace, String device, String address) throws Exception {
    Running.run("ip", "-n", namespace, "addr", "add", address, "dev", device);
    Running.run("ip", "-n", namespace, "link", "set", device, "up");
    Running.run("ip", "-n", namespace, "link", "set", "lo", "up");
  }

  private static void in(String namespace, String... command) throws Exception {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    words.addAll(List.of(command));
    Running.run(words.toArray(new String[0]));
  }
}
