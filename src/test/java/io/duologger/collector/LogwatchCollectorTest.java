package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.file.LogwatchCollector;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Options;
import io.duologger.model.RecorderClock;
import io.duologger.model.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted and told of files that grow. */
class LogwatchCollectorTest {
  private static final Path SYSLOG = Path.of("src/test/resources/outputs/logwatch/syslog");

  @TempDir Path folder;
  private Path logs;
  private final List<Collector> opened = new ArrayList<>();

  @BeforeEach
  void make() throws IOException {
    logs = Files.createDirectories(folder.resolve("var/log"));
  }

  @AfterEach
  void close() throws IOException {
    for (Collector collector : opened) {
      collector.close();
    }
  }

  private static Options pattern(String expression, boolean tell) {
    return Options.of(Map.of("match", expression, "tell", Boolean.toString(tell)));
  }

  /** A path of the configuration with patterns by name. */
  private static Options file(String path, Map<String, Options> patterns) {
    ModuleOption files = LogwatchCollector.DESCRIPTOR.options().get(0);
    return Options.defaults(files.keys()).with("path", path).with("patterns", patterns);
  }

  private Collector collector(Map<String, Options> files, String texts) {
    ModuleSettings settings = FixtureHost.defaults(LogwatchCollector.DESCRIPTOR);
    Collector collector =
        new LogwatchCollector(
            FixtureHost.empty(folder).surroundings(),
            settings.with(settings.options().with("texts", texts).with("files", files)));
    opened.add(collector);
    return collector;
  }

  private void append(String name, String text) throws IOException {
    Files.writeString(
        logs.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static Map<String, Options> patterns() {
    Map<String, Options> patterns = new LinkedHashMap<>();
    patterns.put("failed", pattern("sshd.*Failed password for (invalid user )?", true));
    patterns.put("took", pattern("took (?<value>[0-9.]+) ms", false));
    return patterns;
  }

  @Test
  void countsTellsAndMeasuresLinesThatComeAfterTheStart() throws IOException {
    append("syslog", "before: sshd: Failed password for root\n");
    Collector collector = collector(Map.of("sys", file("/var/log/syslog", patterns())), "2");
    List<String> nothing =
        List.of(
            "files{file=sys} gauge 1",
            "lines_per_second{file=sys} counter 0",
            "read_bytes_per_second{file=sys} counter 0",
            "skipped_bytes_per_second{file=sys} counter 0",
            "untold_per_second{file=sys} counter 0",
            "matches_per_second{file=sys}{pattern=failed} counter 0",
            "given_up_per_second{file=sys}{pattern=failed} counter 0",
            "matches_per_second{file=sys}{pattern=took} counter 0",
            "given_up_per_second{file=sys}{pattern=took} counter 0");
    assertEquals(nothing, Recording.of(collector).lines());
    String syslog = Files.readString(SYSLOG);
    append("syslog", syslog);
    assertEquals(
        List.of(
            "files{file=sys} gauge 1",
            "lines_per_second{file=sys} counter 8",
            "read_bytes_per_second{file=sys} counter " + Files.size(SYSLOG),
            "skipped_bytes_per_second{file=sys} counter 0",
            "untold_per_second{file=sys} counter 1",
            "matches_per_second{file=sys}{pattern=failed} counter 3",
            "given_up_per_second{file=sys}{pattern=failed} counter 0",
            "line{file=sys}{pattern=failed} event Nov 29 10:00:01 node1 sshd[811]: Failed password"
                + " for invalid user admin from 192.0.2.7 port 50112 ssh2 | Nov 29 10:00:03 node1"
                + " sshd[811]: Failed password for root from 192.0.2.7 port 50113 ssh2",
            "matches_per_second{file=sys}{pattern=took} counter 2",
            "given_up_per_second{file=sys}{pattern=took} counter 0",
            "value{file=sys}{pattern=took} gauge 7.25"),
        Recording.of(collector).lines());
    Recording third = Recording.of(collector);
    assertEquals("counter 3", third.value("matches_per_second{file=sys}{pattern=failed}"));
    assertEquals("", third.value("line{file=sys}{pattern=failed}"));
    assertEquals("", third.value("value{file=sys}{pattern=took}"));
  }

  @Test
  void aFileThatIsMissingIsWaitedForAndReadFromItsStart() throws IOException {
    Collector collector = collector(Map.of("x", file("/var/log/x", Map.of())), "1");
    assertEquals("gauge 0", Recording.of(collector).value("files{file=x}"));
    append("x", "a\nb\n");
    Recording second = Recording.of(collector);
    assertEquals("gauge 1", second.value("files{file=x}"));
    assertEquals("counter 2", second.value("lines_per_second{file=x}"));
    Files.delete(logs.resolve("x"));
    Recording third = Recording.of(collector);
    assertEquals("gauge 0", third.value("files{file=x}"));
    assertEquals("counter 2", third.value("lines_per_second{file=x}"));
  }

  @Test
  void aPatternOfFilesFollowsThoseThatComeButNotThoseThatAreRenamed() throws IOException {
    append("a.log", "old\n");
    append("a.log.1", "older\n");
    append(".hidden.log", "hidden\n");
    Collector collector =
        collector(Map.of("l", file("/var/log/*.log*", Map.of("p", pattern("", true)))), "100");
    assertEquals("gauge 2", Recording.of(collector).value("files{file=l}"));
    append("b.log", "b is new\n");
    append("a.log", "a goes on\n");
    Recording second = Recording.of(collector);
    assertEquals("gauge 3", second.value("files{file=l}"));
    assertEquals("event a goes on | b is new", second.value("line{file=l}{pattern=p}"));

    append("a.log", "a ends\n");
    Files.move(logs.resolve("a.log.1"), logs.resolve("a.log.2"));
    Files.move(logs.resolve("a.log"), logs.resolve("a.log.1"));
    append("a.log", "a anew\n");
    assertEquals("event a ends | a anew", Recording.of(collector).value("line{file=l}{pattern=p}"));
    append("a.log.1", "a late\n");
    append("a.log", "a more\n");
    assertEquals("event a late | a more", Recording.of(collector).value("line{file=l}{pattern=p}"));
    Recording last = Recording.of(collector);
    assertEquals("counter 6", last.value("lines_per_second{file=l}"));
    assertEquals("", last.value("line{file=l}{pattern=p}"));
  }

  @Test
  void whatCannotBeReadIsSaidAndHidesNoOther() throws Exception {
    Files.createDirectory(logs.resolve("folder"));
    Process mkfifo = new ProcessBuilder("mkfifo", logs.resolve("pipe").toString()).start();
    assertEquals(0, mkfifo.waitFor());
    append("good", "");
    Map<String, Options> files = new LinkedHashMap<>();
    files.put("folder", file("/var/log/folder", Map.of("p", pattern("a", true))));
    files.put("pipe", file("/var/log/pipe", Map.of()));
    files.put("good", file("/var/log/good", Map.of()));
    assertEquals(
        List.of(
            "failure{file=folder} info " + logs.resolve("folder") + ": a directory",
            "failure{file=pipe} info " + logs.resolve("pipe") + ": no regular file",
            "files{file=good} gauge 1",
            "lines_per_second{file=good} counter 0",
            "read_bytes_per_second{file=good} counter 0",
            "skipped_bytes_per_second{file=good} counter 0",
            "untold_per_second{file=good} counter 0"),
        Recording.of(collector(files, "1")).lines());
  }

  /** A clock that the test moves. */
  private static final class Manual implements RecorderClock {
    private long nanos = 1;

    @Override
    public long wall() {
      return nanos;
    }

    @Override
    public long monotonicNanos() {
      return nanos;
    }
  }

  @Test
  void aFileThatHangsIsSaidForHowLongAndHidesNoOther() throws IOException {
    append("hung", "");
    append("good", "");
    Map<String, Options> files = new LinkedHashMap<>();
    files.put("hung", file("/var/log/hung", Map.of("p", pattern("a", true))));
    files.put("good", file("/var/log/good", Map.of()));
    ModuleSettings settings = FixtureHost.defaults(LogwatchCollector.DESCRIPTOR);
    Manual clock = new Manual();
    List<Runnable> hanging = new ArrayList<>();
    // The first read of all has no end until the test gives it one; its time passes at once.
    Executor threads =
        task -> {
          if (hanging.isEmpty()) {
            hanging.add(task);
            clock.nanos += 4_000_000_000L;
          } else {
            task.run();
          }
        };
    Collector collector =
        new LogwatchCollector(
            new Surroundings(FixtureHost.empty(folder).root(), clock, threads),
            settings.with(settings.options().with("files", files)));
    opened.add(collector);
    Recording first = Recording.of(collector);
    assertEquals("gauge 4", first.value("stuck_seconds{file=hung}"));
    assertEquals("", first.value("lines_per_second{file=hung}"));
    assertEquals("", first.value("matches_per_second{file=hung}{pattern=p}"));
    assertEquals("gauge 1", first.value("files{file=good}"));

    append("good", "b\n");
    clock.nanos += 10_000_000_000L;
    Recording second = Recording.of(collector);
    assertEquals("gauge 14", second.value("stuck_seconds{file=hung}"));
    assertEquals("counter 1", second.value("lines_per_second{file=good}"));

    hanging.get(0).run();
    Recording third = Recording.of(collector);
    assertEquals("", third.value("stuck_seconds{file=hung}"));
    assertEquals("counter 0", third.value("lines_per_second{file=hung}"));
    append("hung", "a\n");
    assertEquals("event a", Recording.of(collector).value("line{file=hung}{pattern=p}"));
  }

  @Test
  void aLineThatAnExpressionRunsAwayOnIsCounted() throws IOException {
    Map<String, Options> patterns = new LinkedHashMap<>();
    patterns.put("bad", pattern("^b|(.*a){20}$", true));
    patterns.put("good", pattern("next", true));
    Collector collector = collector(Map.of("x", file("/var/log/x", patterns)), "10");
    Recording.of(collector);
    append("x", ("a".repeat(3000) + "!\n").repeat(200) + "next\n");
    Recording second = Recording.of(collector);
    assertEquals("counter 1", second.value("given_up_per_second{file=x}{pattern=bad}"));
    assertEquals("event next", second.value("line{file=x}{pattern=good}"));
    append("x", "b\n");
    Recording third = Recording.of(collector);
    assertEquals("counter 1", third.value("given_up_per_second{file=x}{pattern=bad}"));
    assertEquals("counter 1", third.value("matches_per_second{file=x}{pattern=bad}"));
  }

  @Test
  void keepsItsSeries() throws IOException {
    append("syslog", "a\n");
    Collector collector = collector(Map.of("sys", file("/var/log/syslog", patterns())), "2");
    List<Series> first = Recording.of(collector).series();
    List<Series> second = Recording.of(collector).series();
    assertEquals(first, second);
    for (int i = 0; i < first.size(); i++) {
      assertSame(first.get(i), second.get(i));
    }
  }

  @Test
  void withoutFilesThereIsNoSource() {
    SourceAbsentException absent =
        assertThrows(SourceAbsentException.class, () -> Recording.of(collector(Map.of(), "1")));
    assertTrue(absent.getMessage().contains("no files are configured"));
  }
}
