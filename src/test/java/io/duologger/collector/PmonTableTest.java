package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PmonTableTest {
  private static final Path OUTPUTS = Path.of("src/test/resources/outputs/pmon");
  private static final String HEADER = "# gpu pid type sm mem enc dec fb command";

  private final MovedClock clock = new MovedClock();
  private final PmonTable table = new PmonTable(clock, Duration.ofSeconds(1).toNanos());

  private List<String> of(String output) throws IOException {
    for (String line : Files.readAllLines(OUTPUTS.resolve(output))) {
      assertTrue(table.take(line.strip()), line);
    }
    return uses();
  }

  private List<String> uses() {
    List<String> uses = new ArrayList<>();
    for (NvidiaMonitor.Use use : table.present().orElseThrow()) {
      String memory =
          use.memoryBytes().isPresent() ? (use.memoryBytes().getAsLong() >> 20) + " MiB" : "-";
      String busy = use.busyPercent().isPresent() ? use.busyPercent().getAsInt() + " %" : "-";
      uses.add(use.pid() + " on " + use.gpu() + ": " + memory + ", " + busy);
    }
    return uses;
  }

  @Test
  void oldDriversHaveTheMemoryBehind() throws IOException {
    assertEquals(
        List.of(
            "7372 on 0: 136 MiB, 2 %",
            "12176 on 0: 782 MiB, 5 %", "1100 on 0: 39 MiB, 0 %", "7372 on 1: 1145 MiB, 93 %"),
        of("um-440.txt"));
    assertEquals(3, table.processors());
  }

  @Test
  void newDriversHaveMoreColumns() throws IOException {
    assertEquals(
        List.of(
            "1673 on 0: 277 MiB, 2 %",
            "1865400 on 0: 574 MiB, 17 %", "2959442 on 0: 9085 MiB, 81 %"),
        of("um-550.txt"));
    assertEquals(2, table.processors());
  }

  @Test
  void columnsAreFoundByTheirNames() throws IOException {
    assertEquals(
        List.of("8548 on 0: 912 MiB, 12 %", "269934 on 0: 127 MiB, 0 %"), of("mu-550.txt"));
  }

  @Test
  void aProcessWithoutANumberIsIdleOnAProcessorThatTellsOfOthers() throws IOException {
    assertEquals(
        List.of(
            "447153 on 0: 7669 MiB, 0 %",
            "1864615 on 0: 1635 MiB, 40 %",
            "1864615 on 1: 535 MiB, 0 %",
            "2233095 on 1: 24395 MiB, 84 %"),
        of("mu-545.txt"));
  }

  @Test
  void whatIsNeverToldIsNotKnown() {
    table.take(HEADER);
    table.take("0 42 C - - - - - python");
    assertEquals(List.of("42 on 0: -, -"), uses());
    table.take("1 43 C 7 - - - 1 python");
    assertEquals(List.of("42 on 0: -, -", "43 on 1: 1 MiB, 7 %"), uses());
  }

  @Test
  void moreThanAllOfTheTimeIsNotKnown() {
    table.take(HEADER);
    table.take("0 42 C 101 - - - 5 python");
    assertEquals(List.of("42 on 0: 5 MiB, -"), uses());
  }

  @Test
  void theLatestRowCountsAndWhoHasNoneAnyMoreIsGone() {
    table.take(HEADER);
    table.take("0 42 C 50 1 - - 5 a");
    table.take("0 43 C 50 1 - - 7 b");
    clock.pass(Duration.ofSeconds(1));
    table.take("0 42 C 60 1 - - 6 a");
    assertEquals(List.of("42 on 0: 6 MiB, 60 %", "43 on 0: 7 MiB, 50 %"), uses());
    clock.pass(Duration.ofMillis(1600));
    assertEquals(List.of("42 on 0: 6 MiB, 60 %"), uses());
  }

  @Test
  void silenceIsNotNothing() {
    table.take(HEADER);
    table.take("0 - - - - - - - -");
    assertEquals(List.of(), uses());
    clock.pass(Duration.ofMillis(2501));
    assertEquals(Optional.empty(), table.present());
  }

  @Test
  void afterTwoIntervalsAllMustHaveBeenSeen() {
    assertFalse(table.isSettled());
    table.take(HEADER);
    table.take("0 - - - - - - - -");
    clock.pass(Duration.ofSeconds(2));
    assertFalse(table.isSettled());
    clock.pass(Duration.ofNanos(1));
    assertTrue(table.isSettled());
    table.clear();
    assertEquals(0, table.processors());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "0 42 C 1 2 3 4",
        "x 42 C 1 2 3 4 5 a",
        "0 x C 1 2 3 4 5 a",
        "0 -1 C 1 2 3 4 5 a",
        "0 0 C 1 2 3 4 5 a",
        "0 42 C 1% 2 3 4 5 a",
        "0 42 C 1 2 3 4 5MB a",
        "0 99999999999 C 1 2 3 4 5 a",
        "0 42 C 1 2 3 4 9999999999 a",
        "Process monitoring is not supported"
      })
  void otherLinesAreRefused(String line) {
    table.take(HEADER);
    assertFalse(table.take(line));
    assertEquals("nvidia-smi pmon: unexpected line: '" + line + "'", table.refused());
    assertEquals(0, table.processors());
    table.take("0 42 C 1 2 3 4 5 a");
    assertEquals("", table.refused());
  }

  @Test
  void rowsNeedTheNamesOfTheirColumns() {
    assertFalse(table.take("0 42 C 1 2 3 4 5 python"));
    table.take("# Idx # C/G % % % % MB name");
    assertFalse(table.take("0 42 C 1 2 3 4 5 python"));
    table.take("# gpu pid command");
    assertTrue(table.take("0 42 python"));
    assertEquals(List.of("42 on 0: -, -"), uses());
  }

  @Test
  void rowsAreBounded() {
    table.take(HEADER);
    for (int pid = 1; pid <= 10_050; pid++) {
      table.take("0 " + pid + " C 1 1 - - 5 a");
    }
    table.take("0 1 C 2 1 - - 6 a");
    assertEquals(10_000, uses().size());
    assertEquals("1 on 0: 6 MiB, 2 %", uses().get(0));
  }
}
