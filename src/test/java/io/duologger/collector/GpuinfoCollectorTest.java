package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.duologger.collector.inventory.Inventory;
import io.duologger.model.ModuleSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuinfoCollectorTest {
  private static final Path TWO = Path.of("src/test/resources/outputs/gpuinfo/two.csv");

  @TempDir Path folder;

  private final FakeInventory inventory = new FakeInventory();

  private static Inventory.GraphicsCard card(String name, String vendor) {
    return new Inventory.GraphicsCard(
        Optional.of(name), Optional.of(vendor), Optional.empty(), OptionalLong.of(1 << 28));
  }

  private ModuleSettings settings(String program) {
    return FixtureHost.with(GpuinfoCollector.DESCRIPTOR, "nvidia-smi", program);
  }

  private String program(String script) throws IOException {
    Path program = Files.writeString(folder.resolve("smi"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program.toString();
  }

  private List<String> read(ModuleSettings settings) throws IOException {
    FixtureHost host = FixtureHost.empty(folder);
    try (Collector collector =
        new GpuinfoCollector(host.surroundings(), inventory.source(), settings)) {
      return Recording.of(collector).lines();
    }
  }

  @Test
  void cardsOfNvidiaAreThoseOfItsProgram() throws IOException {
    inventory.cards =
        List.of(
            card("GA100 [A100]", "NVIDIA Corporation (0x10de)"),
            card("ASPEED Graphics Family", "ASPEED Technology, Inc. (0x1a03)"));
    assertEquals(
        List.of(
            "model{gpu=0} info NVIDIA A100-SXM4-80GB",
            "vendor{gpu=0} info NVIDIA",
            "driver{gpu=0} info 535.161.08",
            "uuid{gpu=0} info GPU-11111111-2222-3333-4444-555555555555",
            "memory_bytes{gpu=0} gauge 85899345920",
            "model{gpu=1} info NVIDIA A100-SXM4-80GB",
            "vendor{gpu=1} info NVIDIA",
            "uuid{gpu=1} info GPU-66666666-7777-8888-9999-000000000000",
            "model{gpu=2} info ASPEED Graphics Family",
            "vendor{gpu=2} info ASPEED Technology, Inc. (0x1a03)",
            "memory_bytes{gpu=2} gauge 268435456",
            "gpus gauge 3"),
        read(settings(program("cat " + TWO.toAbsolutePath()))));
  }

  @Test
  void withoutTheProgramOrItsDriverOthersAreTold() throws IOException {
    inventory.cards = List.of(card("GA100", "NVIDIA Corporation (0x10de)"));
    List<String> lines =
        List.of(
            "model{gpu=0} info GA100",
            "vendor{gpu=0} info NVIDIA Corporation (0x10de)",
            "memory_bytes{gpu=0} gauge 268435456",
            "gpus gauge 1");
    assertEquals(lines, read(settings(folder + "/missing")));
    assertEquals(lines, read(settings(program("exit 9"))));
  }

  @Test
  void globsChooseCards() throws IOException {
    inventory.cards = List.of(card("a", "b"), card("c", "d"));
    ModuleSettings second = FixtureHost.including(GpuinfoCollector.DESCRIPTOR, "1");
    assertEquals("gpus gauge 1", read(second).get(3));
  }

  @Test
  void aHostWithoutCardsLacksTheSource() {
    assertThrows(SourceAbsentException.class, () -> read(settings(folder + "/missing")));
  }

  @Test
  void aProgramThatFailsIsAnError() throws IOException {
    String program = program("echo 'GPU is lost' >&2; exit 15");
    IOException e = assertThrows(IOException.class, () -> read(settings(program)));
    assertEquals("nvidia-smi: exit status 15: GPU is lost", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0, a, b, 1", "x, a, b, 1, d", "0, a, b, 1, d\n0, a, b, 1, d", "No devices"})
  void otherLinesAreRefused(String text) {
    IOException e = assertThrows(IOException.class, () -> NvidiaCards.parse(text));
    assertEquals("nvidia-smi: unexpected line: '" + text.split("\n")[0] + "'", e.getMessage());
  }
}
