package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LustreCollectorTest {
  private static LustreCollector.Values parse(String text) throws IOException {
    LustreCollector.Values values = new LustreCollector.Values();
    LustreCollector.parse(Scan.text(text), values);
    return values;
  }

  @Test
  void sumsAreOfBytesOnly() throws IOException {
    LustreCollector.Values values =
        parse("read_bytes 12 samples [bytes] 1 9 55\nopen 3 samples [usecs] 1 2 3 4\n");
    assertTrue(values.present[0] && values.summed[0]);
    assertEquals(12, values.counts[0]);
    assertArrayEquals(new long[] {55, 0}, values.sums);
    assertFalse(values.summed[1]);
    assertEquals(3, values.counts[2]);
  }

  @Test
  void aLineWithoutSamplesIsMalformed() {
    assertThrows(IOException.class, () -> parse("open 3 regs\n"));
    assertThrows(IOException.class, () -> parse("open\n"));
    assertThrows(IOException.class, () -> parse("read_bytes 3 samples [bytes] 1 2 x\n"));
  }

  @Test
  void newerClientsHaveItInDebugfs(@TempDir Path folder) throws IOException {
    FixtureHost host =
        FixtureHost.empty(folder)
            .write("sys/kernel/debug/lustre/llite/home-ffff1/stats", "open 3 samples [usecs]\n");
    try (LustreCollector lustre =
        new LustreCollector(host.root(), FixtureHost.defaults(LustreCollector.DESCRIPTOR))) {
      assertEquals(
          "counter 3", Recording.of(lustre).value("open_operations_per_second{filesystem=home}"));
    }
  }

  @Test
  void onlyWhatIsIncluded(@TempDir Path folder) throws IOException {
    FixtureHost host = FixtureHost.of("lustre", folder);
    try (LustreCollector lustre =
        new LustreCollector(
            host.root(), FixtureHost.including(LustreCollector.DESCRIPTOR, "work"))) {
      assertEquals(1, Recording.of(lustre).lines().size());
    }
  }
}
