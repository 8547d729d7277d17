package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.duologger.collector.inventory.Inventory;
import io.duologger.model.ModuleSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostCollectorTest {
  private static final ModuleSettings DEFAULTS = FixtureHost.defaults(HostCollector.DESCRIPTOR);

  @TempDir Path folder;

  private final FakeInventory inventory = new FakeInventory();

  private List<String> read(ModuleSettings settings) throws IOException {
    FixtureHost host = FixtureHost.empty(folder);
    try (Collector collector = new HostCollector(host.root(), inventory.source(), settings)) {
      return Recording.of(collector).lines();
    }
  }

  @Test
  void tellsTheMachineButNotItsNumber() throws IOException {
    inventory.computer =
        new Inventory.Computer(
            Optional.of("Dell Inc."),
            Optional.of("PowerEdge R650"),
            Optional.of("Dell Inc."),
            Optional.of("1.6.5"),
            Optional.empty(),
            Optional.of("Dell Inc."),
            Optional.of("0PYXKY"));
    inventory.serialNumber = Optional.of("ABC1234");
    FixtureHost.empty(folder).write("sys/class/dmi/id/product_sku", "SKU=090E;ModelName=R650\n");
    List<String> lines =
        List.of(
            "vendor info Dell Inc.",
            "product info PowerEdge R650",
            "part_number info SKU=090E;ModelName=R650",
            "firmware_vendor info Dell Inc.",
            "firmware info 1.6.5",
            "board_vendor info Dell Inc.",
            "board info 0PYXKY");
    assertEquals(lines, read(DEFAULTS));
    assertEquals(0, inventory.serialNumbersTold);
    List<String> more = read(FixtureHost.with(HostCollector.DESCRIPTOR, "serial-number", "true"));
    assertEquals("serial_number info ABC1234", more.get(3));
    assertEquals(8, more.size());
  }

  @Test
  void aMachineThatNothingIsSaidOfIsAbsent() throws IOException {
    FixtureHost.empty(folder).write("sys/class/dmi/id/product_sku", "Default string\n");
    assertThrows(SourceAbsentException.class, () -> read(DEFAULTS));
  }
}
