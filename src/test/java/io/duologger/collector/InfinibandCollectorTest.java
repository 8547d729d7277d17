package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.duologger.procfs.ByteScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfinibandCollectorTest {
  private static OptionalDouble speed(String line) throws IOException {
    ByteScanner in = Scan.text(line);
    in.nextLine();
    return InfinibandCollector.speed(in);
  }

  @Test
  void theDataRateOfOlderLinksIsFourFifths() throws IOException {
    assertEquals(OptionalDouble.of(4e9), speed("40 Gb/sec (4X QDR)\n"));
    assertEquals(OptionalDouble.of(0.25e9), speed("2.5 Gb/sec (1X SDR)\n"));
    assertEquals(OptionalDouble.of(12.5e9), speed("100 Gb/sec (4X EDR)\n"));
    assertEquals(OptionalDouble.of(12.5e9), speed("100 Gb/sec\n"));
    assertEquals(OptionalDouble.empty(), speed("0 Gb/sec\n"));
    assertThrows(IOException.class, () -> speed("fast\n"));
    assertThrows(IOException.class, () -> speed("100 Mb/sec (4X)\n"));
  }

  @Test
  void portsComeAndGo(@TempDir Path folder) throws IOException {
    FixtureHost host = FixtureHost.of("infiniband", folder);
    Path ports = host.root().sys().resolve("class/infiniband/mlx5_0/ports");
    try (InfinibandCollector collector =
        new InfinibandCollector(
            host.root(),
            FixtureHost.including(
                InfinibandCollector.DESCRIPTOR, Duration.ofSeconds(10), "mlx5_*"))) {
      assertEquals(2, ups(collector));
      Files.move(ports.resolve("2"), ports.resolve("3"));
      Recording moved = Recording.of(collector);
      assertEquals("", moved.value("up{device=mlx5_0}{port=2}"));
      assertEquals("gauge 1", moved.value("up{device=mlx5_0}{port=3}"));
    }
  }

  private static long ups(Collector collector) throws IOException {
    return Recording.of(collector).lines().stream().filter(l -> l.startsWith("up{")).count();
  }

  @Test
  void whatIsNoNumberIsLeftOut(@TempDir Path folder) throws IOException {
    FixtureHost host =
        FixtureHost.of("infiniband", folder)
            .write("sys/class/infiniband/mlx5_0/ports/1/counters/symbol_error", "N/A\n")
            .write("sys/class/infiniband/mlx5_0/ports/1/rate", "");
    try (InfinibandCollector collector =
        new InfinibandCollector(
            host.root(), FixtureHost.defaults(InfinibandCollector.DESCRIPTOR))) {
      Recording read = Recording.of(collector);
      assertEquals("", read.value("symbol_errors_per_second{device=mlx5_0}{port=1}"));
      assertEquals("", read.value("speed_bytes_per_second{device=mlx5_0}{port=1}"));
      assertEquals("counter 1000001", read.value("rx_bytes_per_second{device=mlx5_0}{port=1}"));
    }
  }
}
