package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PressureCollectorTest {
  private static final String FULL = "full avg10=0.15 avg60=0.10 avg300=0.05 total=77\n";

  @TempDir Path folder;

  private Recording read(FixtureHost host, ModuleSettings settings) throws IOException {
    try (Collector collector = new PressureCollector(host.root(), settings)) {
      return Recording.of(collector);
    }
  }

  private Recording read(FixtureHost host) throws IOException {
    return read(host, FixtureHost.defaults(PressureCollector.DESCRIPTOR));
  }

  @Test
  void interruptsHaveNoSome() throws IOException {
    assertEquals(
        List.of(
            "full_ratio{resource=irq} counter 77",
            "full_avg10_ratio{resource=irq} gauge 0.0015",
            "full_avg60_ratio{resource=irq} gauge 0.001",
            "full_avg300_ratio{resource=irq} gauge 0.0005"),
        read(FixtureHost.empty(folder).write("proc/pressure/irq", FULL)).lines());
  }

  @Test
  void unknownFieldsAndLinesAreIgnored() throws IOException {
    String text = "most total=1\nfull avg5=x avg10=1.00 total=5 new=7\n";
    assertEquals(
        List.of("full_ratio{resource=io} counter 5", "full_avg10_ratio{resource=io} gauge 0.01"),
        read(FixtureHost.empty(folder).write("proc/pressure/io", text)).lines());
  }

  @Test
  void globsChooseResources() throws IOException {
    FixtureHost host =
        FixtureHost.empty(folder)
            .write("proc/pressure/io", FULL)
            .write("proc/pressure/cpu", "rubbish");
    ModuleSettings onlyIo = FixtureHost.including(PressureCollector.DESCRIPTOR, "io");
    assertEquals(4, read(host, onlyIo).lines().size());
  }

  @Test
  void aKernelThatRefusesToReadThemLacksTheSource() throws IOException {
    FixtureHost host =
        FixtureHost.empty(folder).folder("proc/pressure/cpu").folder("proc/pressure/io");
    SourceAbsentException e = assertThrows(SourceAbsentException.class, () -> read(host));
    assertTrue(e.getMessage().startsWith(folder + "/proc/pressure/io: "), e.getMessage());
  }

  @Test
  void aRefusalOfOneFileOnlyIsAFailure() throws IOException {
    FixtureHost host =
        FixtureHost.empty(folder).folder("proc/pressure/cpu").write("proc/pressure/io", FULL);
    IOException e = assertThrows(IOException.class, () -> read(host));
    assertEquals(IOException.class, e.getClass());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|line 0: neither some nor full up to here: ''",
        "some avg10=0.00|line 1: missing total: 'some avg10=0.00'",
        "some avg10=x total=1|line 1: average is no number: 'some avg10=x total=1'",
        "some total=|line 1: missing total: 'some total='",
      })
  void truncatedOrGarbledFilesAreRefusedByPathAndLine(String text, String message) {
    IOException e =
        assertThrows(
            IOException.class,
            () -> read(FixtureHost.empty(folder).write("proc/pressure/io", text)));
    assertEquals(folder + "/proc/pressure/io " + message, e.getMessage());
  }
}
