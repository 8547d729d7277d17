package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.duologger.model.ModuleSettings;
import io.duologger.model.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuCollectorTest {
  private static final String REST = "intr 5 1 2 x\nctxt 7\nbtime 1\nprocesses 3\n";

  @TempDir Path folder;

  private Collector on(ModuleSettings settings, String stat) throws IOException {
    FixtureHost host = FixtureHost.empty(folder).write("proc/stat", stat);
    return new CpuCollector(host.root(), settings);
  }

  private Collector on(String stat) throws IOException {
    return on(FixtureHost.defaults(CpuCollector.DESCRIPTOR), stat);
  }

  private Recording then(Collector collector, String stat) throws IOException {
    FixtureHost.empty(folder).write("proc/stat", stat);
    return Recording.of(collector);
  }

  @Test
  void guestTimeIsNotCountedTwice() throws IOException {
    Recording readings = Recording.of(on("cpu 50 10 5 30 4 3 2 1 40 8\n" + REST));
    assertEquals("ratio 71 / 105", readings.value("busy_ratio"));
    assertEquals("ratio 75 / 105", readings.value("nonidle_ratio"));
    assertEquals("ratio 50 / 105", readings.value("user_ratio"));
    assertEquals("ratio 48 / 105", readings.value("guest_ratio"));
    assertEquals("ratio 5 / 105", readings.value("irq_ratio"));
  }

  @Test
  void sharesThatAnOldKernelLacksAreAbsent() throws IOException {
    Recording readings = Recording.of(on("cpu 1 2 3 4\n" + REST));
    assertEquals(
        List.of(
            "busy_ratio ratio 6 / 10",
            "nonidle_ratio ratio 6 / 10",
            "user_ratio ratio 1 / 10",
            "nice_ratio ratio 2 / 10",
            "system_ratio ratio 3 / 10",
            "idle_ratio ratio 4 / 10",
            "interrupts_per_second counter 5",
            "context_switches_per_second counter 7",
            "forks_per_second counter 3",
            "cpus_online gauge 0"),
        readings.lines());
  }

  @Test
  void smallStepsBackOfIdleAndIowaitHoldThePreviousValue() throws IOException {
    Collector collector = on("cpu 10 0 0 1000 500\n" + REST);
    Recording.of(collector);
    Recording readings = then(collector, "cpu 10 0 0 701 499\n" + REST);
    assertEquals("ratio 1000 / 1510", readings.value("idle_ratio"));
    assertEquals("ratio 500 / 1510", readings.value("iowait_ratio"));
    assertEquals("ratio 10 / 1510", readings.value("busy_ratio"));
    assertEquals(
        "ratio 1001 / 1511", then(collector, "cpu 10 0 0 1001 499\n" + REST).value("idle_ratio"));
  }

  @Test
  void largeStepsBackPassAsTheyAre() throws IOException {
    Collector collector = on("cpu 10 0 0 1000 500\n" + REST);
    Recording.of(collector);
    Recording readings = then(collector, "cpu 10 0 0 700 500\n" + REST);
    assertEquals("ratio 700 / 1210", readings.value("idle_ratio"));
  }

  @Test
  void aFailedReadDoesNotChangeWhatIsHeld() throws IOException {
    Collector collector = on("cpu 10 0 0 1000 0\n" + REST);
    Recording.of(collector);
    assertThrows(IOException.class, () -> then(collector, "cpu 10 0 0 2000 0\nctxt x\n"));
    Recording readings = then(collector, "cpu 10 0 0 1001 0\n" + REST);
    assertEquals("ratio 1001 / 1011", readings.value("idle_ratio"));
  }

  @Test
  void aProcessorThatReturnsHasNewSeries() throws IOException {
    String both = "cpu 1 2 3 4\ncpu0 1 2 3 4\ncpu1 1 2 3 4\n" + REST;
    Collector collector = on(both);
    List<Series> before = Recording.of(collector).series();
    Recording without = then(collector, "cpu 1 2 3 4\ncpu0 1 2 3 4\n" + REST);
    assertEquals("gauge 1", without.value("cpus_online"));
    assertEquals("", without.value("busy_ratio{cpu=1}"));
    List<Series> after = then(collector, both).series();
    int last = before.size() - 1;
    assertEquals(before.get(last), after.get(last));
    assertNotSame(before.get(last), after.get(last));
  }

  @Test
  void perCpuSaysNothingBusyOrAll() throws IOException {
    String stat = "cpu 1 2 3 4\ncpu0 1 2 3 4\n" + REST;
    ModuleSettings none = FixtureHost.with(CpuCollector.DESCRIPTOR, "per-cpu", "none");
    ModuleSettings all = FixtureHost.with(CpuCollector.DESCRIPTOR, "per-cpu", "all");
    Recording nothing = Recording.of(on(none, stat));
    assertEquals("", nothing.value("busy_ratio{cpu=0}"));
    assertEquals("gauge 1", nothing.value("cpus_online"));
    assertEquals("", Recording.of(on(stat)).value("user_ratio{cpu=0}"));
    assertEquals("", Recording.of(on(stat)).value("nonidle_ratio{cpu=0}"));
    assertEquals("ratio 6 / 10", Recording.of(on(all, stat)).value("nonidle_ratio{cpu=0}"));
    assertEquals("ratio 1 / 10", Recording.of(on(all, stat)).value("user_ratio{cpu=0}"));
  }

  @Test
  void globsChooseProcessorsByNumber() throws IOException {
    String stat = "cpu 1 2 3 4\ncpu0 1 2 3 4\ncpu1 1 2 3 4\n" + REST;
    Recording readings =
        Recording.of(on(FixtureHost.excluding(CpuCollector.DESCRIPTOR, "0"), stat));
    assertEquals("", readings.value("busy_ratio{cpu=0}"));
    assertEquals("ratio 6 / 10", readings.value("busy_ratio{cpu=1}"));
    assertEquals("ratio 6 / 10", readings.value("busy_ratio"));
  }

  @Test
  void unknownLinesAreIgnored() throws IOException {
    assertEquals(
        "ratio 6 / 10", Recording.of(on("new 1\n\ncpu 1 2 3 4\n" + REST)).value("busy_ratio"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "cpu 1 2 3\nctxt 1\n", "cpu 1 2 3 4\n", "ctxt 1\n", "cpu a b c d\nctxt 1\n"})
  void truncatedOrGarbledFilesAreRefusedByPathAndLine(String stat) throws IOException {
    Collector collector = on(stat);
    String message = assertThrows(IOException.class, () -> Recording.of(collector)).getMessage();
    assertEquals(true, message.matches("(?s)" + folder + "/proc/stat line \\d: .*: '.*'"), message);
  }
}
