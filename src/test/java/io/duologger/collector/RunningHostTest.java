package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The host that the tests run on, against what other readers say of it. */
@EnabledOnOs(OS.LINUX)
class RunningHostTest {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static Recording read(String module) throws IOException {
    CollectorType type = Collectors.find(module).orElseThrow();
    try (Collector collector =
        type.factory()
            .create(
                FixtureHost.surroundings(HostRoot.running()),
                FixtureHost.defaults(type.descriptor()))) {
      collector.collect(new Recording());
      return Recording.of(collector);
    } catch (SourceAbsentException notHere) {
      return Assumptions.abort(notHere.getMessage());
    }
  }

  private static List<String> lines(String path) throws IOException {
    return Files.readAllLines(Path.of(path));
  }

  @Test
  void cpuAgreesWithTheVirtualMachineAndTheFile() throws IOException {
    Recording readings = read("cpu");
    assertTrue(readings.number("cpus_online") >= Runtime.getRuntime().availableProcessors());
    long contextSwitches =
        lines("/proc/stat").stream()
            .filter(line -> line.startsWith("ctxt "))
            .mapToLong(line -> Long.parseLong(line.substring(5)))
            .findFirst()
            .orElseThrow();
    double read = readings.number("context_switches_per_second");
    assertTrue(read <= contextSwitches && read > contextSwitches * 0.9 - 10_000);
  }

  @Test
  void loadAgreesWithTheVirtualMachine() throws IOException {
    double load = SYSTEM.getSystemLoadAverage();
    assertEquals(load, read("load").number("load1"), 1 + load / 4);
    assertTrue(read("load").number("runnable_tasks") >= 1);
  }

  @Test
  void memoryAgreesWithTheVirtualMachine() throws IOException {
    Recording readings = read("memory");
    double total = readings.number("total_bytes");
    assertTrue(total >= SYSTEM.getTotalMemorySize(), "a container's limit may be lower");
    assertTrue(readings.number("free_bytes") < total);
    assertEquals(total - readings.number("free_bytes"), readings.number("used_with_cache_bytes"));
  }

  @Test
  void pressureIsInTheFile() throws IOException {
    Recording readings = read("pressure");
    String line = lines("/proc/pressure/io").get(0);
    double total = Double.parseDouble(line.substring(line.indexOf("total=") + 6));
    double read = readings.number("some_ratio{resource=io}");
    assertTrue(read <= total && read > total - 10e6, read + " before " + total);
  }

  @Test
  void netReadsInterfacesThatTheVirtualMachineKnows() throws IOException {
    Recording readings = read("net");
    List<String> devices =
        readings.lines().stream()
            .filter(line -> line.startsWith("rx_packets_per_second{"))
            .map(line -> line.substring(line.indexOf('=') + 1, line.indexOf('}')))
            .toList();
    assertEquals(readings.number("devices"), devices.size());
    for (String device : devices) {
      assertTrue(NetworkInterface.getByName(device) != null, device);
      long now = Long.parseLong(lines("/sys/class/net/" + device + "/statistics/rx_bytes").get(0));
      String read = readings.value("rx_bytes_per_second{device=" + device + "}");
      assertTrue(Long.parseLong(read.split(" ")[1]) <= now, read + " before " + now);
    }
  }

  @Test
  void tcpCountsAConnectionAndUdpADatagram() throws IOException {
    Recording before = read("tcp");
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    try (ServerSocket listener = new ServerSocket(0, 1, loopback);
        Socket one = new Socket(loopback, listener.getLocalPort());
        Socket other = listener.accept();
        DatagramSocket udp = new DatagramSocket(0, loopback)) {
      udp.send(new DatagramPacket(new byte[1], 1, loopback, udp.getLocalPort()));
      udp.receive(new DatagramPacket(new byte[1], 1));
      Recording after = read("tcp");
      for (String counter :
          List.of("active_opens", "passive_opens", "rx_segments", "tx_segments")) {
        assertTrue(grown(counter, before, after) >= 1, counter);
      }
      assertTrue(grown("udp_rx_datagrams", before, after) >= 1);
      assertTrue(grown("udp_tx_datagrams", before, after) >= 1);
      assertTrue(after.number("established") >= 2, () -> one + " and " + other);
      assertTrue(after.number("sockets") >= 3);
      assertTrue(after.number("udp_sockets") >= 1);
      assertTrue(after.number("all_sockets") >= 4);
    }
  }

  private static double grown(String counter, Recording before, Recording after) {
    String name = counter + "_per_second";
    return after.number(name) - before.number(name);
  }

  @Test
  void diskAgreesWithSysfs() throws IOException {
    Recording readings = read("disk");
    for (String line : readings.lines()) {
      if (line.startsWith("reads_per_second{")) {
        String device = line.substring(line.indexOf('=') + 1, line.indexOf('}'));
        Path stat = Path.of("/sys/block/" + device.replace('/', '!') + "/stat");
        long now = Long.parseLong(Files.readString(stat).trim().split(" +")[0]);
        long read = Long.parseLong(line.split(" ")[2]);
        assertTrue(read <= now && read > now - 1_000_000, line + " before " + now);
        assertFalse(device.startsWith("loop") || device.startsWith("zram"), device);
      }
    }
  }
}
