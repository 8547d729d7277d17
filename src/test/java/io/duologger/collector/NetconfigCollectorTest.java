package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.collector.inventory.Inventory;
import io.duologger.model.ModuleSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetconfigCollectorTest {
  private static final ModuleSettings DEFAULTS =
      FixtureHost.defaults(NetconfigCollector.DESCRIPTOR);

  @TempDir Path folder;

  private final FakeInventory inventory = new FakeInventory();
  private FixtureHost host;

  private static Inventory.Address address(String text, int prefix) {
    return new Inventory.Address(text, OptionalInt.of(prefix));
  }

  private static Inventory.Interface device(String name, Inventory.Address... addresses) {
    return new Inventory.Interface(
        name, Optional.empty(), OptionalLong.of(65536), List.of(addresses), List.of());
  }

  @BeforeEach
  void host() throws IOException {
    host = FixtureHost.empty(folder).folder("sys/class/net");
    inventory.interfaces =
        List.of(
            new Inventory.Interface(
                "eth0",
                Optional.of("02:00:00:00:00:01"),
                OptionalLong.of(1500),
                List.of(address("192.0.2.17", 28), address("198.51.100.1", 32)),
                List.of(address("fd00::2", 64))),
            device("veth1", address("10.0.0.1", 8)),
            device("lo", address("127.0.0.1", 8)));
    host.link("sys/class/net/veth1", "../../devices/virtual/net/veth1");
    host.link("sys/class/net/lo", "../../devices/virtual/net/lo");
  }

  private List<String> read(ModuleSettings settings) throws IOException {
    try (Collector collector = new NetconfigCollector(host.root(), inventory.source(), settings)) {
      return Recording.of(collector).lines();
    }
  }

  @Test
  void tellsTheAddressesOfHardware() throws IOException {
    host.link("sys/class/net/eth0", "../../devices/pci0000:00/0000:00:03.0/net/eth0");
    assertEquals(
        List.of(
            "mac{device=eth0} info 02:00:00:00:00:01",
            "ip{device=eth0} info 192.0.2.17",
            "netmask{device=eth0} info 255.255.255.240",
            "broadcast{device=eth0} info 192.0.2.31",
            "ipv4{device=eth0} info 192.0.2.17/28,198.51.100.1/32",
            "ipv6{device=eth0} info fd00::2/64",
            "mtu_bytes{device=eth0} gauge 1500"),
        read(DEFAULTS));
  }

  @Test
  void withoutHardwareVirtualOnesButLoopbackAreTold() throws IOException {
    host.link("sys/class/net/eth0", "../../devices/virtual/net/eth0");
    assertEquals("ip{device=veth1} info 10.0.0.1", read(DEFAULTS).get(7));
    assertEquals(12, read(DEFAULTS).size());
  }

  @Test
  void virtualOnesAreToldWhenAskedFor() throws IOException {
    host.link("sys/class/net/eth0", "../../devices/pci0000:00/0000:00:03.0/net/eth0");
    assertEquals(
        17, read(FixtureHost.with(NetconfigCollector.DESCRIPTOR, "virtual", "true")).size());
    assertEquals(
        List.of(
            "ip{device=lo} info 127.0.0.1",
            "netmask{device=lo} info 255.0.0.0",
            "broadcast{device=lo} info 127.255.255.255",
            "ipv4{device=lo} info 127.0.0.1/8",
            "mtu_bytes{device=lo} gauge 65536"),
        read(FixtureHost.including(NetconfigCollector.DESCRIPTOR, "lo")));
  }

  @Test
  void interfacesWithoutAnAddressAreToldTooUnlessSysfsSaysNothing() throws IOException {
    host.link("sys/class/net/eth0", "../../devices/pci0000:00/0000:00:03.0/net/eth0");
    host.write("sys/class/net/eth1/address", "02:00:00:00:00:02\n")
        .write("sys/class/net/eth1/mtu", "9000\n")
        .folder("sys/class/net/eth1/device")
        .write("sys/class/net/eth2/address", "00:00:00:00:00:00\n")
        .folder("sys/class/net/eth2/device")
        .write("sys/class/net/bonding_masters", "\n");
    assertEquals(
        List.of("mac{device=eth1} info 02:00:00:00:00:02", "mtu_bytes{device=eth1} gauge 9000"),
        read(DEFAULTS).subList(7, 9));
    assertEquals(9, read(DEFAULTS).size());
  }

  @ParameterizedTest
  @CsvSource({
    "0,0.0.0.0",
    "1,128.0.0.0",
    "24,255.255.255.0",
    "31,255.255.255.254",
    "32,255.255.255.255"
  })
  void masksAreThoseOfPrefixes(int prefix, String mask) {
    assertEquals(mask, NetconfigCollector.dotted(NetconfigCollector.mask(prefix)));
    assertEquals(OptionalInt.of(NetconfigCollector.mask(prefix)), NetconfigCollector.ipv4(mask));
  }

  @ParameterizedTest
  @CsvSource({"1.2.3", "1.2.3.256", "1.2.3.x", "1.2.3.4.5", "fd00::1"})
  void otherTextsAreNoAddresses(String text) {
    assertEquals(OptionalInt.empty(), NetconfigCollector.ipv4(text));
  }
}
