package io.duologger.collector.inventory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.tool.Ipv6;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class OshiInventoryTest {
  private static final Path OUTPUTS = Path.of("src/test/resources/outputs");

  private static List<String> lines(String file) throws IOException {
    return Files.readAllLines(OUTPUTS.resolve(file));
  }

  @Test
  void placeholdersAreAbsent() throws IOException {
    for (String line : lines("host/texts.txt")) {
      String[] words = line.split(" ", 2);
      String text = words.length > 1 ? words[1] : "";
      assertEquals(words[0].equals("known"), Inventory.known(text).isPresent(), line);
    }
    assertEquals(Optional.empty(), Inventory.known(null));
    assertEquals(Optional.of("R650"), Inventory.known(" R650\n"));
    assertEquals(
        Inventory.LONGEST_TEXT, Inventory.known("x".repeat(1 << 20)).orElseThrow().length());
  }

  @Test
  void numbersThatMeanUnknownAreAbsent() {
    assertEquals(OptionalInt.empty(), OshiInventory.count(0));
    assertEquals(OptionalInt.of(2), OshiInventory.count(2));
    assertEquals(OptionalLong.empty(), OshiInventory.positive(-1));
    assertEquals(OptionalDouble.empty(), OshiInventory.hertz(-1));
    assertEquals(OptionalDouble.empty(), OshiInventory.mean(new long[] {-1, 0}));
    assertEquals(OptionalDouble.empty(), OshiInventory.mean(new long[0]));
    assertEquals(
        OptionalDouble.of(3e9), OshiInventory.mean(new long[] {2_000_000_000L, 0, 4_000_000_000L}));
  }

  @Test
  void anIdentifierNeedsAllThree() {
    assertEquals(Optional.of("25.17.0"), OshiInventory.identifier("25", "17", "0"));
    assertEquals(Optional.of("8.0xd40.r1p1"), OshiInventory.identifier("8", "0xd40", "r1p1"));
    assertEquals(Optional.empty(), OshiInventory.identifier("25", "", "0"));
    assertEquals(Optional.empty(), OshiInventory.identifier("unknown", "1", "0"));
  }

  @Test
  void flagsAreTheWordsOfTheLines() throws IOException {
    assertEquals(
        List.of(
            "fpu", "vme", "de", "pse", "tsc", "msr", "pae", "mce", "cx8", "avx512f", "hypervisor"),
        OshiInventory.flags(lines("cpuinfo/flags.txt")));
    assertEquals(
        List.of("fpu", "vme", "avx2", "waitpkg"), OshiInventory.flags(lines("cpuinfo/hybrid.txt")));
  }

  @Test
  void addressesAreInTheirUsualForm() throws IOException {
    for (String line : lines("netconfig/addresses.txt")) {
      String[] words = line.split(" ");
      assertEquals(words[1], Ipv6.shortened(words[0]));
    }
  }

  @Test
  void aPrefixMayBeMissing() {
    List<Inventory.Address> addresses =
        OshiInventory.addresses(
            new String[] {"192.0.2.1", "unknown", "192.0.2.3"}, new Short[] {24, 24}, 32);
    assertEquals(
        List.of(
            new Inventory.Address("192.0.2.1", OptionalInt.of(24)),
            new Inventory.Address("192.0.2.3", OptionalInt.empty())),
        addresses);
    assertEquals(
        OptionalInt.empty(),
        OshiInventory.addresses(new String[] {"192.0.2.1"}, new Short[] {64}, 32).get(0).prefix());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theRunningHostHasProcessorsASystemAndInterfaces() throws IOException {
    Inventory inventory = new OshiInventory();
    Inventory.Processor processor = inventory.processor();
    assertTrue(processor.logical().getAsInt() >= Runtime.getRuntime().availableProcessors());
    assertTrue(processor.cores().getAsInt() <= processor.logical().getAsInt());
    assertTrue(processor.sockets().getAsInt() <= processor.cores().getAsInt());
    assertTrue(inventory.software().name().isPresent());
    for (Inventory.Interface each : inventory.interfaces()) {
      assertTrue(NetworkInterface.getByName(each.name()) != null, each.name());
    }
    Inventory.Computer computer = inventory.computer();
    Stream.of(computer.vendor(), computer.model(), inventory.serialNumber())
        .flatMap(Optional::stream)
        .forEach(text -> assertTrue(Inventory.known(text).isPresent(), text));
    inventory.graphicsCards();
  }
}
