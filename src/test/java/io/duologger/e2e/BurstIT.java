package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reason for the program: a burst of 2 s inside a long heartbeat is in the line. Two network
 * namespaces with a cable between them, so that no byte is there that the test did not send.
 */
@Tag(Machine.ALONE)
class BurstIT {
  private static final int HEARTBEAT = 10;
  private static final int SAMPLES = 20;
  private static final int DATAGRAMS = 2_000;
  private static final int DATAGRAM_BYTES = 1_000;
  private static final int HEADER_BYTES = 14 + 20 + 8;
  private static final long BURST_BYTES = DATAGRAMS * (long) (DATAGRAM_BYTES + HEADER_BYTES);
  private static final int BURST_SECONDS = 2;

  private static final String DEVICE = "cable0";
  private static final String RECORDER_ADDRESS = "10.77.0.1";
  private static final String RECORDER_MAC = "02:00:00:00:00:01";

  private final String recorderSide = "duologger-r" + ProcessHandle.current().pid();
  private final String senderSide = "duologger-s" + ProcessHandle.current().pid();
  private final List<String> namespaces = new ArrayList<>();

  @BeforeEach
  void layCable() throws Exception {
    Machine.needsPrograms("ip");
    Machine.needsRoot();
    for (String name : List.of(recorderSide, senderSide)) {
      Running.run("ip", "netns", "add", name);
      namespaces.add(name);
      // Nothing but the test's own bytes: no neighbour discovery, see also the fixed neighbour
      // below.
      inside(
          name,
          "sh",
          "-c",
          "for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do [ ! -e $f ] || echo 1 > $f; done");
    }
    Running.run(
        "ip",
        "link",
        "add",
        DEVICE,
        "address",
        RECORDER_MAC,
        "netns",
        recorderSide,
        "type",
        "veth",
        "peer",
        "name",
        DEVICE,
        "netns",
        senderSide);
    Running.run("ip", "-n", recorderSide, "addr", "add", RECORDER_ADDRESS + "/24", "dev", DEVICE);
    Running.run("ip", "-n", senderSide, "addr", "add", "10.77.0.2/24", "dev", DEVICE);
    for (String name : namespaces) {
      Running.run("ip", "-n", name, "link", "set", DEVICE, "up");
    }
    Running.run(
        "ip",
        "-n",
        senderSide,
        "neigh",
        "replace",
        RECORDER_ADDRESS,
        "lladdr",
        RECORDER_MAC,
        "dev",
        DEVICE,
        "nud",
        "permanent");
    // A datagram without a taker would be answered, and the answer's way be asked for.
    inside(recorderSide, "ip", "route", "add", "blackhole", "10.77.0.2/32");
  }

  @AfterEach
  void removeCable() throws Exception {
    for (String name : namespaces) {
      Running.run("ip", "netns", "del", name);
    }
  }

  @Test
  void aBurstOfTwoSecondsIsInTheLine(@TempDir Path folder) throws Exception {
    Path config = folder.resolve("burst.conf");
    Files.writeString(
        config,
        """
        heartbeat = %d s
        modules {
          net { every = 500 ms, include = ["%s"] }
        }
        outputs = [ { type = stdout } ]
        """
            .formatted(HEARTBEAT, DEVICE));
    long before = receivedBytes();
    ProcessBuilder command =
        new ProcessBuilder(
            Stream.of(
                    List.of("ip", "netns", "exec", recorderSide),
                    Running.command("--config", config.toString(), "--modules", "net").command())
                .flatMap(List::stream)
                .toList());
    try (Running recorder = Running.start(command)) {
      Duration heartbeats = Running.MARGIN.plusSeconds(2 * HEARTBEAT);
      long start = recorder.await(heartbeats, "first report", line -> true).xid();
      recorder.poll(
          heartbeats,
          "a third of the heartbeat",
          () -> System.currentTimeMillis() > (start + HEARTBEAT / 3) * 1000);
      burst();
      Logfmt line =
          recorder.await(
              heartbeats,
              "report of the burst",
              report -> isOfTheCable(report) && report.xid() == start + HEARTBEAT);
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Duration.ofSeconds(5)), recorder::all);

      assertEquals(SAMPLES, line.integer("n"), line.text());
      assertEquals(0, line.integer("missed"), line.text());
      assertEquals(0, line.integer("resets"), line.text());
      assertEquals(1, line.integer("exact"), line.text());
      assertEquals(HEARTBEAT, line.number("covered"), 0.5, line.text());
      // The burst fills 3 of the 20 intervals and touches 2 more, or fills 4.
      double burstRate = BURST_BYTES / (double) BURST_SECONDS;
      assertEquals(0, line.number("rx_bytes_per_second_min"), line.text());
      assertEquals(0, line.number("rx_bytes_per_second_p50"), line.text());
      assertTrue(line.number("rx_bytes_per_second_p95") > burstRate * 0.75, line.text());
      assertEquals(burstRate, line.number("rx_bytes_per_second_max"), burstRate / 4, line.text());
      double mean = BURST_BYTES / line.number("covered");
      assertEquals(mean, line.number("rx_bytes_per_second_mean"), mean / 1000, line.text());

      long received = receivedBytes() - before;
      assertEquals(BURST_BYTES, received, "bytes that are not the test's are on the cable");
      double reported =
          recorder.reported("net").stream()
              .filter(BurstIT::isOfTheCable)
              .mapToDouble(
                  report -> report.number("rx_bytes_per_second_mean") * report.number("covered"))
              .sum();
      assertEquals(received, reported, received / 1000.0, recorder::all);
    }
  }

  /** Whether it is the part of the device's line that has what the test looks at. */
  private static boolean isOfTheCable(Logfmt line) {
    return DEVICE.equals(line.pairs().get("device"))
        && line.pairs().containsKey("rx_bytes_per_second_mean");
  }

  private void burst() throws Exception {
    List<String> sender =
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            Machine.HOME.resolve("target/test-classes").toString(),
            BurstSender.class.getName(),
            RECORDER_ADDRESS,
            "9",
            Integer.toString(DATAGRAMS),
            Integer.toString(DATAGRAM_BYTES),
            Integer.toString(BURST_SECONDS * 1000));
    inside(senderSide, sender.toArray(String[]::new));
  }

  private long receivedBytes() throws Exception {
    return Long.parseLong(
        inside(recorderSide, "cat", "/sys/class/net/" + DEVICE + "/statistics/rx_bytes").get(0));
  }

  private static List<String> inside(String namespace, String... command) throws Exception {
    return Running.run(
        Stream.concat(Stream.of("ip", "netns", "exec", namespace), Stream.of(command))
            .toArray(String[]::new));
  }
}
