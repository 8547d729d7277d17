package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.collector.inventory.Inventory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CpuinfoCollectorTest {
  private final FakeInventory inventory = new FakeInventory();

  private List<String> read() throws IOException {
    try (Collector collector = new CpuinfoCollector(inventory.source())) {
      return Recording.of(collector).lines();
    }
  }

  @Test
  void tellsAllThatIsKnown() throws IOException {
    inventory.processor =
        new Inventory.Processor(
            Optional.of("GenuineIntel"),
            Optional.of("Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz"),
            Optional.of("6.106.6"),
            OptionalInt.of(2),
            OptionalInt.of(64),
            OptionalInt.of(128),
            OptionalDouble.of(2_600_000_000.0),
            OptionalDouble.of(2_000_000_000.0),
            OptionalDouble.of(3_200_000_000.0),
            List.of("fpu", "avx2"));
    assertEquals(
        List.of(
            "vendor info GenuineIntel",
            "model info Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz",
            "identifier info 6.106.6",
            "sockets gauge 2",
            "cores gauge 64",
            "logical_cpus gauge 128",
            "hyper_threading gauge 1",
            "frequency_hertz gauge 2600000000",
            "base_frequency_hertz gauge 2000000000",
            "highest_frequency_hertz gauge 3200000000",
            "flags info fpu avx2"),
        read());
  }

  @Test
  void whatIsNotKnownIsLeftOut() throws IOException {
    assertEquals(List.of(), read());
  }
}
