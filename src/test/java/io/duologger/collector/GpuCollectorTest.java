package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSettings;
import io.duologger.runtime.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GpuCollectorTest {
  private static final String OUTPUTS =
      Path.of("src/test/resources/outputs/gpu").toAbsolutePath() + "/";

  @TempDir Path folder;

  private final MovedClock clock = new MovedClock();

  private ModuleSettings settings(String program, Duration every) {
    ModuleSettings given = ModuleSettings.defaults(GpuCollector.DESCRIPTOR, every);
    return given.with(given.options().with("nvidia-smi", program));
  }

  private String smi(String script) throws IOException {
    return new Scripts(folder.resolve("bin")).script("nvidia-smi", script);
  }

  private GpuCollector collector(FixtureHost host, String script, Duration every)
      throws IOException {
    return new GpuCollector(
        new Surroundings(host.root(), clock, Threads.reads()), settings(smi(script), every));
  }

  private FixtureHost empty() throws IOException {
    return FixtureHost.empty(Files.createDirectories(folder.resolve("host")));
  }

  private FixtureHost cards() throws IOException {
    return FixtureHost.of("gpus", Files.createDirectories(folder.resolve("host")));
  }

  private List<String> once(FixtureHost host, String script) throws IOException {
    try (Collector collector = collector(host, script, Duration.ofMinutes(10))) {
      return Recording.of(collector).lines();
    }
  }

  private String failure(String script) {
    return assertThrows(IOException.class, () -> once(empty(), script))
        .getMessage()
        .replace(folder + "/bin/", "");
  }

  @Test
  void everythingThatNvidiaTellsIsRead() throws IOException {
    assertEquals(
        List.of(
            "utilisation_ratio{gpu=0} gauge 0.97",
            "memory_utilisation_ratio{gpu=0} gauge 0.41",
            "memory_total_bytes{gpu=0} gauge 85899345920",
            "memory_used_bytes{gpu=0} gauge 42505076736",
            "memory_free_bytes{gpu=0} gauge 43394269184",
            "memory_used_ratio{gpu=0} gauge 0.49482421875",
            "power_watts{gpu=0} gauge 312.45",
            "power_limit_watts{gpu=0} gauge 400",
            "temperature_celsius{gpu=0} gauge 64",
            "memory_temperature_celsius{gpu=0} gauge 71",
            "clock_hertz{gpu=0} gauge 1410000000",
            "memory_clock_hertz{gpu=0} gauge 1593000000",
            "performance_state{gpu=0} gauge 0",
            "power_throttled{gpu=0} gauge 1",
            "thermal_throttled{gpu=0} gauge 0",
            "hardware_throttled{gpu=0} gauge 0",
            "uncorrected_errors{gpu=0} gauge 0"),
        once(empty(), "cat " + OUTPUTS + "two.csv").subList(0, 17));
    List<String> both = once(empty(), "cat " + OUTPUTS + "two.csv");
    assertTrue(both.contains("uncorrected_errors{gpu=1} gauge 2"));
    assertTrue(both.contains("power_throttled{gpu=1} gauge 0"), "idle is not throttled");
    assertEquals("gpus gauge 2", both.get(both.size() - 1));
  }

  @Test
  void theQueryIsInBaseUnitsOfTheProgram() throws IOException {
    once(empty(), "echo \"$@\" >" + folder + "/asked; cat " + OUTPUTS + "two.csv");
    String asked = Files.readString(folder.resolve("asked"));
    assertTrue(asked.startsWith("--query-gpu=index,utilization.gpu,"), asked);
    assertTrue(asked.endsWith(" --format=csv,noheader,nounits\n"), asked);
  }

  @Test
  void whatIsNotKnownIsLeftOut() throws IOException {
    List<String> mig = once(empty(), "cat " + OUTPUTS + "mig.csv");
    assertTrue(mig.stream().noneMatch(line -> line.contains("utilisation")), mig::toString);
    assertEquals("memory_total_bytes{gpu=0} gauge 42949672960", mig.get(0));
    List<String> desktop = once(empty(), "cat " + OUTPUTS + "desktop.csv");
    assertTrue(desktop.contains("fan_ratio{gpu=0} gauge 0.45"));
    assertTrue(desktop.contains("thermal_throttled{gpu=0} gauge 1"));
    assertTrue(desktop.contains("hardware_throttled{gpu=0} gauge 1"));
    assertTrue(desktop.contains("power_throttled{gpu=0} gauge 0"));
    assertTrue(desktop.stream().noneMatch(line -> line.contains("memory_temperature")));
  }

  @Test
  void columnsThatADriverDoesNotKnowAreNotAskedFor() throws IOException {
    String script =
        "echo \"$1\" >>"
            + folder
            + "/asked\n"
            + "for field in temperature.memory clocks_event_reasons.active"
            + " ecc.errors.uncorrected.volatile.total; do\n"
            + "  case \",${1#*=},\" in *,$field,*)\n"
            + "    echo \"Field \\\"$field\\\" is not a valid field to query.\"; exit 2;; esac\n"
            + "done\ncat "
            + OUTPUTS
            + "old.csv";
    List<String> lines = once(empty(), script);
    assertTrue(lines.contains("memory_clock_hertz{gpu=0} gauge 2600000000"), lines::toString);
    assertTrue(lines.stream().noneMatch(line -> line.contains("throttled")));
    List<String> asked = Files.readAllLines(folder.resolve("asked"));
    assertEquals(4, asked.size());
    assertTrue(asked.get(3).contains(",clocks_throttle_reasons.active"), asked.get(3));
  }

  @Test
  void oneProgramGoesOnPrintingWhereSamplesAreClose() throws Exception {
    String script =
        "echo run >>"
            + folder
            + "/runs\ncase \"$*\" in *-lms*) while cat "
            + folder
            + "/now; do sleep 0.01; done;; *) cat "
            + OUTPUTS
            + "two.csv;; esac";
    Files.copy(Path.of(OUTPUTS, "two.csv"), folder.resolve("now"));
    try (Collector collector = collector(empty(), script, Duration.ofSeconds(1))) {
      Recording.of(collector);
      assertEquals(0.97, Recording.of(collector).number("utilisation_ratio{gpu=0}"));
      Files.writeString(
          folder.resolve("next"),
          Files.readString(Path.of(OUTPUTS, "two.csv")).replace("0, 97,", "0, 50,"));
      Files.move(
          folder.resolve("next"),
          folder.resolve("now"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      while (Recording.of(collector).number("utilisation_ratio{gpu=0}") != 0.5) {
        Thread.onSpinWait();
      }
      assertEquals(2, Files.readAllLines(folder.resolve("runs")).size());
    }
  }

  @Test
  void aProcessorThatIsNoLongerPrintedIsLeftOut() throws Exception {
    Path loop =
        Files.writeString(
            folder.resolve("loop"),
            Files.readString(Path.of(OUTPUTS, "two.csv")).replace("1, 0,", "1, 7,"));
    String script =
        "case \"$*\" in *-lms*) cat "
            + loop
            + "; read x <"
            + folder
            + "/fifo; head -n 1 "
            + loop
            + "; exec sleep 600;; *) cat "
            + OUTPUTS
            + "two.csv;; esac";
    assertEquals(0, new ProcessBuilder("mkfifo", folder + "/fifo").start().waitFor());
    try (Collector collector = collector(empty(), script, Duration.ofSeconds(1))) {
      Recording.of(collector);
      while (Recording.of(collector).number("utilisation_ratio{gpu=1}") != 0.07) {
        Thread.onSpinWait();
      }
      clock.pass(Duration.ofMillis(3501));
      String stale = assertThrows(IOException.class, () -> Recording.of(collector)).getMessage();
      assertTrue(stale.endsWith("nvidia-smi: no line since 1000 ms"), stale);
      Files.writeString(folder.resolve("fifo"), "go\n");
      double answered = 0;
      while (answered == 0) {
        try {
          answered = Recording.of(collector).number("gpus");
        } catch (IOException notYet) {
          Thread.onSpinWait();
        }
      }
      assertEquals(1, answered);
    }
  }

  @Test
  void aDriverThatIsUnloadedIsAbsent() throws Exception {
    String script =
        "case \"$*\" in *-lms*) echo NVIDIA-SMI has failed; exit 9;; *) cat "
            + OUTPUTS
            + "two.csv;; esac";
    try (Collector collector = collector(empty(), script, Duration.ofSeconds(1))) {
      Recording.of(collector);
      // Until its end is noticed, what was printed last counts.
      Optional<SourceAbsentException> failure = Optional.empty();
      while (failure.isEmpty()) {
        try {
          Recording.of(collector);
        } catch (SourceAbsentException absent) {
          failure = Optional.of(absent);
        }
      }
      assertTrue(
          failure.get().getMessage().endsWith("ended with status 9: NVIDIA-SMI has failed"),
          failure.get().getMessage());
      assertEquals(2, Recording.of(collector).number("gpus"), "looked for anew");
    }
  }

  @Test
  void garbageInALoopIsAnErrorUnlessThereIsSomethingElse() throws Exception {
    String script =
        "case \"$*\" in *-lms*) echo 'Unable to determine the device handle'; exec sleep 600;; *)"
            + " cat "
            + OUTPUTS
            + "two.csv;; esac";
    try (Collector collector = collector(empty(), script, Duration.ofSeconds(1))) {
      Recording.of(collector);
      clock.pass(Duration.ofMillis(3501));
      assertEquals(
          "nvidia-smi: unexpected line: 'Unable to determine the device handle'",
          assertThrows(IOException.class, () -> Recording.of(collector)).getMessage());
    }
  }

  @Test
  void cardsOfOtherVendorsHaveTheNumbersAfterNvidias() throws IOException {
    List<String> lines = once(cards(), "cat " + OUTPUTS + "mig.csv");
    assertEquals(
        List.of(
            "clock_hertz{gpu=1} gauge 1350000000",
            "utilisation_ratio{gpu=2} gauge 0.35",
            "memory_utilisation_ratio{gpu=2} gauge 0.07",
            "memory_total_bytes{gpu=2} gauge 68702699520",
            "memory_used_bytes{gpu=2} gauge 17175674880",
            "memory_free_bytes{gpu=2} gauge 51527024640",
            "memory_used_ratio{gpu=2} gauge 0.25",
            "power_watts{gpu=2} gauge 213",
            "power_limit_watts{gpu=2} gauge 500",
            "temperature_celsius{gpu=2} gauge 45",
            "memory_temperature_celsius{gpu=2} gauge 48",
            "clock_hertz{gpu=2} gauge 1700000000",
            "memory_clock_hertz{gpu=2} gauge 1600000000",
            "clock_hertz{gpu=4} gauge 2400000000",
            "gpus gauge 4"),
        lines.subList(lines.size() - 15, lines.size()));
  }

  @Test
  void withoutNvidiasDriverItsCardsHaveNumbersToo() throws IOException {
    List<String> lines = once(cards(), "exit 9");
    assertEquals("clock_hertz{gpu=0} gauge 1350000000", lines.get(0));
    assertTrue(lines.contains("clock_hertz{gpu=4} gauge 2400000000"), lines::toString);
    assertEquals("gpus gauge 3", lines.get(lines.size() - 1));
  }

  @Test
  void anotherVendorsFailureIsSaid() throws IOException {
    try (Collector collector =
        collector(cards(), "echo lost >&2; exit 15", Duration.ofMinutes(10))) {
      Recording recording = Recording.of(collector);
      assertEquals("gauge 3", recording.value("gpus"));
      assertTrue(recording.lacking().endsWith("nvidia-smi: exit status 15: lost"));
    }
  }

  @Test
  void aCardThatSleepsIsNotTouchedAndIsReadWhenItWakes() throws IOException {
    FixtureHost host = cards();
    try (Collector collector = collector(host, "exit 9", Duration.ofMinutes(10))) {
      assertEquals("", Recording.of(collector).value("power_watts{gpu=2}"));
      host.write("sys/devices/pci0000:00/0000:2c:00.0/power/runtime_status", "active\n");
      Recording awake = Recording.of(collector);
      assertEquals("gauge 11", awake.value("power_watts{gpu=2}"));
      assertEquals("gauge 31", awake.value("temperature_celsius{gpu=2}"));
      assertEquals("gauge 0.2", awake.value("fan_ratio{gpu=2}"));
      host.write("sys/devices/pci0000:00/0000:2c:00.0/gpu_busy_percent", "garbage\n");
      assertEquals("", Recording.of(collector).value("utilisation_ratio{gpu=2}"));
    }
  }

  @Test
  void globsChooseProcessors() throws IOException {
    ModuleSettings second =
        FixtureHost.including(GpuCollector.DESCRIPTOR, Duration.ofMinutes(10), "1");
    second = second.with(second.options().with("nvidia-smi", smi("cat " + OUTPUTS + "two.csv")));
    try (Collector collector = new GpuCollector(empty().surroundings(), second)) {
      Recording recording = Recording.of(collector);
      assertEquals("gauge 31", recording.value("temperature_celsius{gpu=1}"));
      assertEquals("", recording.value("temperature_celsius{gpu=0}"));
      assertEquals("gauge 1", recording.value("gpus"));
    }
  }

  @Test
  void aHostWithoutCardsLacksTheSource() throws IOException {
    assertThrows(SourceAbsentException.class, () -> once(empty(), "exit 9"));
    assertThrows(SourceAbsentException.class, () -> once(empty(), "exit 0"));
    ModuleSettings none = settings(folder + "/nothing", Duration.ofSeconds(1));
    try (Collector collector = new GpuCollector(empty().surroundings(), none)) {
      assertThrows(SourceAbsentException.class, () -> Recording.of(collector));
    }
  }

  @Test
  void aProgramThatFailsIsAnErrorThatIsPrintable() {
    assertEquals(
        "nvidia-smi: exit status 15: GPU is lost?",
        failure("printf 'GPU is lost\\007\\n' >&2; exit 15"));
    assertEquals(
        "nvidia-smi: exit status 2: Field \"index\" is not a valid field to query.",
        failure("echo 'Field \"index\" is not a valid field to query.'; exit 2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0, 1",
        "x, 0, 0, 1, 0, 1, 54, 400, 31, 30, 210, 1593, P8, 0, 0x1, 2",
        "0, 0%, 0, 1, 0, 1, 54, 400, 31, 30, 210, 1593, P8, 0, 0x1, 2",
        "0, 0, 0, 1, 0, 1, 54, 400, 31, 30, 210, 1593, 8, 0, 0x1, 2",
        "0, 0, 0, 1, 0, 1, 54, 400, 31, 30, 210, 1593, P8, 0, 1, 2",
        "0, 0, 0, 1, 0, 1, 54, 400, 31, 30, 210, 1593, P8, 0, 0x1, 2, 3",
        "No devices were found"
      })
  void otherLinesAreRefused(String text) {
    IOException e =
        assertThrows(
            IOException.class, () -> NvidiaGpus.parse(NvidiaGpus.Query.all(), text + "\n"));
    String shown = text.substring(0, Math.min(80, text.length()));
    assertEquals("nvidia-smi: unexpected line: '" + shown + "'", e.getMessage());
  }

  @Test
  void processesUseMemoryOfProcessors() throws IOException {
    String gpu = "GPU-11111111-2222-3333-4444-555555555555";
    String other = "GPU-66666666-7777-8888-9999-000000000000";
    try (NvidiaProcesses processes =
        new NvidiaProcesses(empty().surroundings(), smi("cat " + OUTPUTS + "apps.csv"))) {
      assertEquals(
          List.of(
              new NvidiaProcesses.Use(4242, gpu, OptionalLong.of(40802189312L)),
              new NvidiaProcesses.Use(4243, gpu, OptionalLong.of(1 << 30)),
              new NvidiaProcesses.Use(4242, other, OptionalLong.empty())),
          processes.read());
    }
    assertEquals(List.of(), NvidiaProcesses.parse("\n"));
    assertThrows(IOException.class, () -> NvidiaProcesses.parse("No running processes found"));
    try (NvidiaProcesses processes =
        new NvidiaProcesses(empty().surroundings(), smi("echo no driver; exit 9"))) {
      assertThrows(SourceAbsentException.class, processes::read);
    }
  }
}
