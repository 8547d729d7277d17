package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSettings;
import io.duologger.model.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of records of /dev/kmsg; a plain file gives several of them in one read. */
class KernelCollectorTest {
  private static final Path OUTPUTS = Path.of("src/test/resources/outputs/kernel");
  private static final String LOG = "dev/kmsg";

  @TempDir Path folder;

  private static ModuleSettings settings() {
    return FixtureHost.defaults(KernelCollector.DESCRIPTOR);
  }

  private static String output(String name) throws IOException {
    return Files.readString(OUTPUTS.resolve(name));
  }

  private FixtureHost host(String log) throws IOException {
    return FixtureHost.empty(folder).write(LOG, log);
  }

  /** Two reads, between which the second text was logged. */
  private Recording second(ModuleSettings settings, String before, String after)
      throws IOException {
    FixtureHost host = host(before);
    try (Collector collector = new KernelCollector(host.root(), settings)) {
      Recording first = Recording.of(collector);
      assertTrue(first.lines().stream().allMatch(line -> line.endsWith(" counter 0")));
      host.write(LOG, before + after);
      return Recording.of(collector);
    }
  }

  private static List<String> told(Recording recording) {
    return recording.lines().stream().filter(line -> !line.endsWith(" 0")).toList();
  }

  @Test
  void tellsAndCountsWhatCameAfterTheStart() throws IOException {
    assertEquals(
        List.of(
            "messages_per_second counter 7",
            "criticals_per_second counter 2",
            "errors_per_second counter 2",
            "warnings_per_second counter 1",
            "lost_per_second counter 3",
            "oopses_per_second counter 1",
            "message{category=oops} event Kernel panic - not syncing: really two lines \\ ä ÿ"
                .replace("ä ÿ", "\u00c3\u00a4 \u00ff"),
            "throttlings_per_second counter 1",
            "message{category=throttling} event mce: CPU4: Package temperature above threshold,"
                + " cpu clock throttled (total events = 12)",
            "io_errors_per_second counter 2",
            "message{category=io_error} event Buffer I/O error on dev sda1, logical block 0, async"
                + " page read | I/O error, dev sda, sector 2176",
            "others_per_second counter 1",
            "message{category=other} event grave, but of no kind; with a semicolon"),
        told(second(settings(), output("before.kmsg"), output("after.kmsg"))));
  }

  @Test
  void programsMessagesCountIfWanted() throws IOException {
    ModuleSettings settings =
        settings().with(settings().options().with("user-space", "true").with("level", "debug"));
    Recording recording = second(settings, output("before.kmsg"), output("after.kmsg"));
    assertEquals("counter 9", recording.value("messages_per_second"));
    assertEquals("counter 3", recording.value("io_errors_per_second"));
    assertEquals(
        "event random: crng init done | grave, but of no kind; with a semicolon"
            + " | systemd[1]: a program's message | a debug message",
        recording.value("message{category=other}"));
  }

  @Test
  void whatIsThereFromBeforeTheStartIsToldIfWanted() throws IOException {
    ModuleSettings settings = settings().with(settings().options().with("since-boot", "true"));
    Recording recording = second(settings, output("before.kmsg"), "");
    assertEquals("counter 2", recording.value("messages_per_second"));
    assertEquals("counter 1", recording.value("io_errors_per_second"));
    assertEquals("counter 0", recording.value("lost_per_second"));
  }

  @Test
  void textsAreBoundedPerCategoryAndTheRestIsCounted() throws IOException {
    StringBuilder storm = new StringBuilder();
    for (int i = 2; i < 100; i++) {
      storm.append("3," + i + ",1,-;I/O error, dev sda, sector " + i + "\n");
    }
    storm.append("2,100,1,-;Out of memory: Killed process 1 (a)\n");
    ModuleSettings settings = settings().with(settings().options().with("texts", "2"));
    Recording recording = second(settings, output("before.kmsg"), storm.toString());
    assertEquals("counter 98", recording.value("io_errors_per_second"));
    assertEquals("counter 96", recording.value("untold_per_second"));
    assertEquals(
        "event I/O error, dev sda, sector 2 | I/O error, dev sda, sector 3",
        recording.value("message{category=io_error}"));
    assertEquals(
        "event Out of memory: Killed process 1 (a)", recording.value("message{category=oom}"));
  }

  private static Options pattern(String expression) {
    return Options.of(Map.of("match", expression));
  }

  @Test
  void ownPatternsComeFirstAndWhatIsIgnoredOnlyHasALevel() throws IOException {
    ModuleSettings settings =
        settings()
            .with(
                settings()
                    .options()
                    .with("ignore", List.of("Kernel panic*really*"))
                    .with("patterns", Map.of("disk", pattern("sd[a-z]1?, (logical|sector)"))));
    Recording recording = second(settings, output("before.kmsg"), output("after.kmsg"));
    assertEquals("counter 2", recording.value("matches_per_second{category=disk}"));
    assertEquals("counter 0", recording.value("given_up_per_second{category=disk}"));
    assertEquals("counter 0", recording.value("io_errors_per_second"));
    assertEquals("counter 0", recording.value("oopses_per_second"));
    assertEquals("counter 2", recording.value("criticals_per_second"));
    assertTrue(recording.value("message{category=disk}").contains("sector 2176"));
  }

  @Test
  void anExpressionThatRunsAwayIsCountedAndHoldsNothingUp() throws IOException {
    ModuleSettings settings =
        settings()
            .with(settings().options().with("patterns", Map.of("bad", pattern("(.*a){20}$"))));
    String after = "3,2,1,-;" + "a".repeat(900) + "!\n3,3,1,-;I/O error, dev sda, sector 1\n";
    Recording recording = second(settings, output("before.kmsg"), after);
    assertEquals("counter 1", recording.value("given_up_per_second{category=bad}"));
    assertEquals("counter 1", recording.value("io_errors_per_second"));
  }

  @Test
  void categoriesCanBeLeftOut() throws IOException {
    ModuleSettings settings =
        FixtureHost.excluding(KernelCollector.DESCRIPTOR, "io_error", "other");
    Recording recording = second(settings, output("before.kmsg"), output("after.kmsg"));
    assertEquals("", recording.value("io_errors_per_second"));
    assertEquals("", recording.value("message{category=io_error}"));
    assertEquals("", recording.value("others_per_second"));
    assertEquals("counter 1", recording.value("oopses_per_second"));
  }

  /** Lines {@code category|message}. */
  static Stream<String> messages() throws IOException {
    return Files.readAllLines(OUTPUTS.resolve("messages.txt")).stream();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messagesOfManyKernelsAreOfTheirCategory(String line) throws IOException {
    int bar = line.indexOf('|');
    String folded = KernelCategory.folded(line.substring(bar + 1));
    List<String> found = new ArrayList<>(List.of("-"));
    for (KernelCategory category : KernelCategory.ALL) {
      if (category.has(folded)) {
        found.add(category.name());
      }
    }
    assertEquals(line.substring(0, bar), found.get(Math.min(1, found.size() - 1)));
  }

  @Test
  void everyCategoryHasAMessage() throws IOException {
    List<String> tested = messages().map(line -> line.split("\\|")[0]).distinct().toList();
    KernelCategory.ALL.forEach(each -> assertTrue(tested.contains(each.name()), each.name()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no record",
        "6,2,3",
        "6,2,3;too few fields",
        "x,2,3,-;text",
        "6,-2,3,-;text",
        "6,99999999999999999999,3,-;text",
        "6,,3,-;text"
      })
  void whatIsNoRecordIsNamedAndTheNextReadGoesOn(String bad) throws IOException {
    String before = output("before.kmsg");
    FixtureHost host = host(before);
    try (Collector collector = new KernelCollector(host.root(), settings())) {
      Recording.of(collector);
      host.write(LOG, before + bad + "\n");
      IOException refusal = assertThrows(IOException.class, () -> Recording.of(collector));
      assertFalse(refusal instanceof SourceAbsentException);
      assertTrue(refusal.getMessage().contains("kmsg: not a record of the kernel: '"), bad);
      host.write(LOG, before + bad + "\n3,9,1,-;I/O error, dev sda, sector 1\n");
      assertEquals("counter 1", Recording.of(collector).value("errors_per_second"));
    }
  }

  @Test
  void aHostWithoutTheLogHasNoSource() {
    Collector collector = new KernelCollector(FixtureHost.empty(folder).root(), settings());
    SourceAbsentException absent =
        assertThrows(SourceAbsentException.class, () -> Recording.of(collector));
    assertTrue(absent.getMessage().endsWith("dev/kmsg"), absent.getMessage());
  }

  @Test
  void theSameSeriesAreToldInEachRead() throws IOException {
    FixtureHost host = host(output("before.kmsg"));
    try (Collector collector = new KernelCollector(host.root(), settings())) {
      assertEquals(Recording.of(collector).series(), Recording.of(collector).series());
    }
  }
}
