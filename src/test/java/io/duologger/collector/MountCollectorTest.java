package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSettings;
import io.duologger.model.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is watched, and what is said of mounts in each state. */
class MountCollectorTest {
  private static final String SCRATCH = "/scratch";
  private static final String MOUNTINFO = "proc/self/mountinfo";

  @TempDir Path folder;

  private FixtureHost host;
  private AnsweringMounts mounts;

  @BeforeEach
  void aHostWithMounts() throws IOException {
    host = FixtureHost.of("mounts", folder);
    mounts = new AnsweringMounts(host.root());
  }

  private Collector collector(ModuleSettings settings) {
    return new MountCollector(
        mounts.surroundings(host.root()),
        settings.with(settings.options().with("answer-within", "PT0.001S")),
        mounts);
  }

  private Collector collector() {
    return collector(FixtureHost.defaults(MountCollector.DESCRIPTOR));
  }

  private static ModuleSettings only(String... points) {
    return FixtureHost.including(MountCollector.DESCRIPTOR, points);
  }

  private void replace(String what, String by) throws IOException {
    String table = Files.readString(folder.resolve(MOUNTINFO));
    assertTrue(table.contains(what));
    host.write(MOUNTINFO, table.replace(what, by));
  }

  private static List<String> states(Recording readings) {
    return readings.lines().stream()
        .filter(line -> line.startsWith("state{"))
        .map(line -> line.replaceAll("state\\{mount=|\\} info", ""))
        .toList();
  }

  @Test
  void watchesWhatIsExpectedAndWhatIsRemote() throws IOException {
    Recording readings = Recording.of(collector());
    assertEquals(
        List.of(
            "/ up",
            "/home up",
            "/scratch up",
            "/software up",
            "/archive missing",
            "/errors read-only",
            "/mnt/a b\\ up",
            "/remote up"),
        states(readings));
    assertEquals("gauge 8", readings.value("mounts"));
    assertEquals("gauge 7", readings.value("mounts_up"));
    assertEquals(
        List.of("/", "/home", SCRATCH, "/software", "/errors", "/mnt/a b\\", "/remote"),
        mounts.asked());
  }

  @Test
  void watchesOthersOnRequest() throws IOException {
    ModuleSettings defaults = FixtureHost.defaults(MountCollector.DESCRIPTOR);
    assertEquals(
        List.of(
            "/tmp up", "/gone missing", "/net idle", "/scratch up", "/software up", "/remote up"),
        states(
            Recording.of(
                collector(
                    defaults.with(
                        defaults
                            .options()
                            .with("fstab", "false")
                            .with("expected", List.of("/tmp/", "/gone", "/net")))))));
    assertEquals(List.of("/data up"), states(Recording.of(collector(only("/data*")))));
    assertEquals(
        List.of("/ up", "/home up"),
        states(
            Recording.of(
                collector(
                    FixtureHost.excluding(
                        MountCollector.DESCRIPTOR, "/s*", "/r*", "/a*", "/e*", "/m*")))));
  }

  @Test
  void tellsOfEachMount() throws IOException {
    Collector collector = collector(only(SCRATCH));
    Recording first = Recording.of(collector);
    assertEquals(
        List.of(
            "mounts gauge 1",
            "answer_seconds{mount=/scratch} gauge 0",
            "read_only{mount=/scratch} gauge 0",
            "up{mount=/scratch} gauge 1",
            "verdict{mount=/scratch} gauge 1",
            "state{mount=/scratch} info up",
            "mounts_up gauge 1"),
        first.lines());
    List<Series> second = Recording.of(collector).series();
    for (int i = 0; i < second.size(); i++) {
      assertSame(first.series().get(i), second.get(i));
    }
  }

  @Test
  void oneThatHangsIsAskedOnceUntilItComesBack() throws IOException {
    mounts.hangs(SCRATCH);
    Collector collector = collector(only(SCRATCH, "/home"));
    for (int tick = 0; tick < 3; tick++) {
      Recording readings = Recording.of(collector);
      assertEquals(List.of("/home up", "/scratch hung"), states(readings));
      assertEquals("gauge " + tick, readings.value("stuck_seconds{mount=/scratch}"));
      assertEquals("gauge 0", readings.value("up{mount=/scratch}"));
      assertEquals("gauge 0", readings.value("verdict{mount=/scratch}"));
      assertEquals(tick == 0, mounts.asked().contains(SCRATCH));
      mounts.passSeconds(1);
    }
    String table = Files.readString(folder.resolve(MOUNTINFO));
    host.write(MOUNTINFO, table.replaceAll("(?m)^35 .*\n", ""));
    assertEquals(List.of("/home up", "/scratch missing"), states(Recording.of(collector)));
    host.write(MOUNTINFO, table);
    assertEquals(List.of("/home up", "/scratch hung"), states(Recording.of(collector)));
    assertFalse(mounts.asked().contains(SCRATCH));
    mounts.goesOn(SCRATCH);
    assertEquals(List.of("/home up", "/scratch up"), states(Recording.of(collector)));
    assertTrue(mounts.asked().contains(SCRATCH));
  }

  @Test
  void staleAndFailedMountsAreDown() throws IOException {
    Collector collector = collector(only(SCRATCH));
    mounts.refuses(SCRATCH, SystemCallException.ESTALE);
    Recording stale = Recording.of(collector);
    assertEquals(List.of("/scratch stale"), states(stale));
    assertEquals("info stale file handle", stale.value("failure{mount=/scratch}"));
    assertEquals("gauge -1", stale.value("verdict{mount=/scratch}"));
    mounts.refuses(SCRATCH, SystemCallException.ENOTCONN);
    assertEquals(List.of("/scratch failed"), states(Recording.of(collector)));
    mounts.recovers(SCRATCH);
    assertEquals(List.of("/scratch up"), states(Recording.of(collector)));
  }

  @Test
  void ofAMountThatThisUserMayNotLookAtNothingIsSaid() throws IOException {
    mounts.refuses(SCRATCH, SystemCallException.EACCES);
    Recording denied = Recording.of(collector(only(SCRATCH, "/home")));
    assertEquals(List.of("/home up", "/scratch denied"), states(denied));
    assertEquals("", denied.value("up{mount=/scratch}"));
    assertEquals("gauge 0", denied.value("verdict{mount=/scratch}"), "unknown");
    String why = "permission denied, needs root (CAP_DAC_READ_SEARCH)";
    assertEquals("info " + why, denied.value("failure{mount=/scratch}"));
    assertEquals("/scratch: " + why, denied.lacking());
  }

  @Test
  void readOnlyIsToldWhereItIsNotMeant() throws IOException {
    Collector collector = collector(only("/remote", "/home", "/software", "/snap/*"));
    List<String> fine = List.of("/home up", "/software up", "/remote up", "/snap/core/1 up");
    Recording before = Recording.of(collector);
    assertEquals(fine, states(before));
    assertEquals("gauge 1", before.value("read_only{mount=/software}"));
    assertEquals("gauge 0", before.value("read_only{mount=/home}"));
    replace("/home rw", "/home ro");
    replace("rw,user_id=0", "ro,user_id=0");
    Recording after = Recording.of(collector);
    assertEquals(
        List.of("/home read-only", "/software up", "/remote read-only", "/snap/core/1 up"),
        states(after));
    assertEquals("gauge 1", after.value("up{mount=/remote}"));
    // Mounted anew, on purpose.
    replace("37 27 0:52 / /remote rw", "77 27 0:52 / /remote ro");
    assertEquals("/remote up", states(Recording.of(collector)).get(2));
  }

  @Test
  void nothingToWatchIsAnAbsentSource() {
    SourceAbsentException absent =
        assertThrows(
            SourceAbsentException.class, () -> Recording.of(collector(only("/nothing/*"))));
    assertEquals("no mount to watch", absent.getMessage());
  }

  @Test
  void everyMetricIsTold() throws IOException {
    mounts.hangs(SCRATCH);
    mounts.refuses("/remote", SystemCallException.EIO);
    List<String> told = new ArrayList<>();
    for (Series series : Recording.of(collector()).series()) {
      told.add(series.metric().name());
    }
    mounts.goesOn(SCRATCH);
    MountCollector.DESCRIPTOR
        .metrics()
        .forEach(metric -> assertTrue(told.contains(metric.name()), metric.name()));
  }

  @Test
  void fstabIsRead() throws IOException {
    assertEquals(
        Map.of(
            "/",
            false,
            "/home",
            false,
            SCRATCH,
            false,
            "/software",
            true,
            "/archive",
            false,
            "/errors",
            false,
            "/mnt/a b\\",
            false),
        FileSystemTable.read(folder.resolve("etc/fstab")));
    assertEquals(Map.of(), FileSystemTable.read(folder.resolve("etc/nothing")));
    assertEquals(
        Map.of("/", false), FileSystemTable.parse("a // b\n/dev/x / ext4 rw,rootflags=ro"));
  }

  @Property(tries = 500)
  void anyFstabIsRead(
      @ForAll @Chars({'/', '\\', '0', '7', ' ', '\t', '\n', '#', 'a', ','}) String s) {
    FileSystemTable.parse(s).keySet().forEach(point -> assertTrue(point.startsWith("/")));
  }

  @Test
  void aHugeFstabTakesBoundedTime() {
    for (String part : List.of("/", "\\057", "a /b/ c d\n", " ", "\n", "a / b ro,,,,\n")) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(10), () -> FileSystemTable.parse(part.repeat(20_000)));
    }
  }
}
