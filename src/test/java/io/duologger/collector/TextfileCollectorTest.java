package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.file.TextfileCollector;
import io.duologger.model.Globs;
import io.duologger.model.ModuleSettings;
import io.duologger.model.RecorderClock;
import io.duologger.model.Series;
import io.duologger.runtime.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is taken from files that scripts write. */
class TextfileCollectorTest {
  private static final Path OUTPUTS = Path.of("src/test/resources/outputs/textfile");

  /** When the files were written, and how long ago that is, in milliseconds. */
  private static final long WRITTEN = 1_795_429_000_000L;

  private static final long AGE = 90_500;

  @TempDir Path folder;
  private Path site;

  /** A clock that stands still. */
  private static final class Still implements RecorderClock {
    @Override
    public long wall() {
      return (WRITTEN + AGE) * 1_000_000;
    }

    @Override
    public long monotonicNanos() {
      return 5_000_000_000L;
    }
  }

  @BeforeEach
  void make() throws IOException {
    site = Files.createDirectories(folder.resolve("site"));
  }

  private ModuleSettings settings(List<String> paths) {
    ModuleSettings defaults = FixtureHost.defaults(TextfileCollector.DESCRIPTOR);
    return defaults.with(
        defaults
            .options()
            .with("paths", paths)
            .with("counters", List.of("*_total"))
            .with("most-values", "50"));
  }

  private Collector collector(String... paths) {
    return collector(settings(List.of(paths)));
  }

  private Collector collector(ModuleSettings settings) {
    return new TextfileCollector(
        new Surroundings(FixtureHost.empty(folder).root(), new Still(), Threads.reads()), settings);
  }

  private void write(String name, String text) throws IOException {
    Path file = site.resolve(name);
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.fromMillis(WRITTEN));
  }

  private void copy(String name) throws IOException {
    write(name, Files.readString(OUTPUTS.resolve(name)));
  }

  @Test
  void pairsAreNumbersTextsAndWhatIsCounted() throws IOException {
    copy("values");
    assertEquals(
        List.of(
            "up{file=values} gauge 1",
            "age_seconds{file=values} gauge 90.5",
            "value{file=values}{key=hd_errs_ttl} gauge 0",
            "text{file=values}{key=state} info ok",
            "text{file=values}{key=model} info PowerEdge R7525",
            "value_per_second{file=values}{key=bytes_total} counter 12250000"),
        Recording.of(collector("/site/values")).lines());
  }

  @Test
  void prometheusSamplesHaveTheirLabelsAndTypes() throws IOException {
    copy("node.prom");
    assertEquals(
        List.of(
            "up{file=node.prom} gauge 1",
            "age_seconds{file=node.prom} gauge 90.5",
            "value{file=node.prom}{key=backup_last_success_timestamp_seconds}"
                + "{path=C:\\DIR\\\"x\"\nFILE.TXT}{job=home} gauge 1458255915",
            "value_per_second{file=node.prom}{key=backup_bytes_total}{job=home}"
                + " counter 1027000000",
            "value_per_second{file=node.prom}{key=backup_bytes_total}{job=scratch}"
                + " counter 3500000",
            "value_per_second{file=node.prom}{key=no_type_seconds_total} counter 7000000",
            "value{file=node.prom}{key=smartmon_temperature}{disk=/dev/sdb} gauge -12.75",
            "value_per_second{file=node.prom}{key=http_request_duration_seconds_sum}"
                + " counter 53423250000",
            "value_per_second{file=node.prom}{key=http_request_duration_seconds_count}"
                + " counter 144320000000",
            "value{file=node.prom}{key=rpc_duration_seconds}{quantile=0.5} gauge 4773",
            "value_per_second{file=node.prom}{key=rpc_duration_seconds_sum}"
                + " counter 17560473000000",
            "value_per_second{file=node.prom}{key=rpc_duration_seconds_count}"
                + " counter 2693000000",
            "value_per_second{file=node.prom}{key=jobs_done_total} counter 12000000"),
        Recording.of(collector("/site/*.prom")).lines());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ok 1~bad 2|line 2: a last line without its end, half written?: 'bad 2'",
        "ok 1~ok 2~|line 2: the same sample a second time: 'ok 2'",
        "a{x=\"1\",y=\"2\"} 1~a{y=\"2\",x=\"1\"} 1~|line 2: the same sample a second time: "
            + "'a{y=\"2\",x=\"1\"} 1'",
        "# TYPE a gauge~# TYPE a counter~|line 2: a second type of a: '# TYPE a counter'",
        "a one~|line 1: not a number: 'a one'",
        "a~|line 1: not a number: 'a'",
        "a 1 x~|line 1: neither a time nor the end after the value: 'a 1 x'",
        "a{b=\"c} 1~|line 1: a quote without its end: 'a{b=\"c} 1'",
        "a{b=c} 1~|line 1: a label without a value: 'a{b=c} 1'",
        "a{b=\"c\" 1~|line 1: labels without their end: 'a{b=\"c\" 1'",
        "a{b=\"1\",b=\"2\"} 1~|line 1: the label b a second time: 'a{b=\"1\",b=\"2\"} 1'",
        "{} 1~|line 1: not a sample: '{} 1'",
        "<html>~|line 1: not a sample: '<html>'",
        "é 1~|line 1: not a sample: '? 1'"
      })
  void aFileThatIsWrongAnywhereHasNoValuesButItsProblem(String text, String problem)
      throws IOException {
    write("x.prom", text.replace('~', '\n'));
    copy("values");
    List<String> lines = Recording.of(collector("/site/x.prom", "/site/values")).lines();
    assertEquals("up{file=x.prom} gauge 0", lines.get(6));
    assertEquals(
        "failure{file=x.prom} info " + site.resolve("x.prom") + " " + problem, lines.get(7));
    assertEquals(8, lines.size());
  }

  @Test
  void valuesAreNotRepeatedAndSeriesAreKept() throws IOException {
    write("v", "a=1\nb=2\n");
    Collector collector = collector("/site/v");
    List<Series> first = Recording.of(collector).series();
    List<Series> second = Recording.of(collector).series();
    assertEquals(4, first.size());
    for (int i = 0; i < first.size(); i++) {
      assertSame(first.get(i), second.get(i));
    }
    write("v", "b=3\n");
    Recording third = Recording.of(collector);
    assertEquals("", third.value("value{file=v}{key=a}"));
    assertEquals("gauge 3", third.value("value{file=v}{key=b}"));
    write("v", "b=4\nb=5\n");
    Recording fourth = Recording.of(collector);
    assertEquals("", fourth.value("value{file=v}{key=b}"));
    assertEquals("gauge 0", fourth.value("up{file=v}"));
    Files.delete(site.resolve("v"));
    assertEquals(
        "info " + site.resolve("v") + ": no such file",
        Recording.of(collector).value("failure{file=v}"));
  }

  @Test
  void aLastLineThatNobodyEndsIsOneAfterAWhile() throws IOException {
    write("v", "a=1\nb=2");
    assertEquals("gauge 2", Recording.of(collector("/site/v")).value("value{file=v}{key=b}"));
    Files.setLastModifiedTime(site.resolve("v"), FileTime.fromMillis(WRITTEN + AGE - 1000));
    Recording fresh = Recording.of(collector("/site/v"));
    assertEquals("", fresh.value("value{file=v}{key=a}"));
    assertTrue(fresh.value("failure{file=v}").endsWith("half written?"));
  }

  @Test
  void numbersSizesAndFilesAreBounded() throws IOException {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 51; i++) {
      many.append("k" + i + " " + i + "\n");
    }
    write("many.prom", many.toString());
    write("many", many.toString().replace(' ', '='));
    write("huge", "# " + "x".repeat(4 << 20));
    Recording recording = Recording.of(collector("/site/*"));
    assertTrue(recording.value("failure{file=many.prom}").contains("line 51: more than 50"));
    assertTrue(recording.value("failure{file=many}").contains("line 51: more than 50 pairs"));
    assertTrue(recording.value("failure{file=huge}").endsWith("longer than 4194304 bytes"));
    assertEquals(6, recording.lines().size());
  }

  @Test
  void countersOfAnySizeKeepTheirFractions() throws IOException {
    write("c.prom", "# TYPE c counter\nc 123456789012345678.5\n# TYPE n counter\nn -1\n");
    Collector collector = collector("/site/c.prom");
    long before = (long) Recording.of(collector).number("value_per_second{file=c.prom}{key=c}");
    write("c.prom", "# TYPE c counter\nc 123456789012345679.75\n");
    String after = Recording.of(collector).value("value_per_second{file=c.prom}{key=c}");
    long now = Long.parseLong(after.split(" ")[1]);
    assertEquals(1_250_000, now - before, 1024);
  }

  @Test
  void labelsGetNamesThatLinesCanHave() throws IOException {
    write("l.prom", "a{host=\"h\",file=\"f\",N=\"n\",_x=\"u\",key=\"k\",label_key=\"l\"} 1\n");
    assertEquals(
        "gauge 1",
        Recording.of(collector("/site/l.prom"))
            .value(
                "value{file=l.prom}{key=a}{label_n=n}{label__x=u}{label_file=f}{label_host=h}"
                    + "{label_key=k}{label_label_key=l}"));
  }

  @Test
  void filesOfOneNameAreToldApartAndWhatIsNoFileIsRefused() throws Exception {
    write("v", "a=1\n");
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(other.resolve("v"), "a=2\n");
    Files.createDirectory(other.resolve("d"));
    Process mkfifo = new ProcessBuilder("mkfifo", other.resolve("p").toString()).start();
    assertEquals(0, mkfifo.waitFor());
    Recording recording = Recording.of(collector("/site/v", "/other/*", "/none/*"));
    assertEquals("gauge 1", recording.value("value{file=v}{key=a}"));
    assertEquals("gauge 2", recording.value("value{file=" + other.resolve("v") + "}{key=a}"));
    assertEquals(
        "info " + other.resolve("d") + ": a directory", recording.value("failure{file=d}"));
    assertEquals(
        "info " + other.resolve("p") + ": no regular file", recording.value("failure{file=p}"));
  }

  @Test
  void filesCanBeLeftOut() throws IOException {
    write("a", "x=1\n");
    write("b", "x=1\n");
    ModuleSettings all = settings(List.of("/site/*"));
    Globs notB = new Globs(List.of("*"), List.of("b"));
    Recording recording =
        Recording.of(collector(new ModuleSettings(notB, false, all.every(), all.options())));
    assertEquals("gauge 1", recording.value("up{file=a}"));
    assertEquals("", recording.value("up{file=b}"));
  }

  @Test
  void withoutPathsThereIsNoSource() {
    assertThrows(SourceAbsentException.class, () -> Recording.of(collector()));
  }
}
