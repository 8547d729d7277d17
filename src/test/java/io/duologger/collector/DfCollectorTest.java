package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.MountTable.Mount;
import io.duologger.model.Globs;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Series;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which mounts are measured, and what those do that answer late or never. */
class DfCollectorTest {
  private static final String SCRATCH = "/scratch";

  @TempDir Path folder;

  private FixtureHost host;
  private AnsweringMounts mounts;

  @BeforeEach
  void aHostWithMounts() throws IOException {
    host = FixtureHost.of("mounts", folder);
    mounts = new AnsweringMounts(host.root());
  }

  private static ModuleSettings quick(ModuleSettings settings) {
    return settings.with(settings.options().with("answer-within", "PT0.001S"));
  }

  private Collector collector(ModuleSettings settings) {
    return new DfCollector(mounts.surroundings(host.root()), quick(settings), mounts);
  }

  private Collector collector() {
    return collector(FixtureHost.defaults(DfCollector.DESCRIPTOR));
  }

  private List<String> asked(ModuleSettings settings) throws IOException {
    Recording.of(collector(settings));
    return mounts.asked();
  }

  @Test
  void asksEachFileSystemOnceThatIsNotVirtual() throws IOException {
    assertEquals(
        List.of("/", "/home", "/data", SCRATCH, "/software", "/remote", "/errors", "/mnt/a b\\"),
        asked(FixtureHost.defaults(DfCollector.DESCRIPTOR)));
  }

  @Test
  void whatIsIncludedMayBeVirtualButNoAutomounter() throws IOException {
    assertEquals(
        List.of("/run/netns", "/var/lib/docker/overlay2/1f/merged", "/tmp"),
        asked(FixtureHost.including(DfCollector.DESCRIPTOR, "/net", "/tmp", "/var/*", "/run/*")));
    assertEquals(
        List.of("/", "/data", "/errors", "/mnt/a b\\"),
        asked(FixtureHost.excluding(DfCollector.DESCRIPTOR, "/s*", "/home", "/remote")));
  }

  @Test
  void typesAreChosen() throws IOException {
    assertEquals(
        List.of("/dev/shm", "/", "/home", "/data", SCRATCH, "/software"),
        asked(FixtureHost.with(DfCollector.DESCRIPTOR, "tmpfs", "true")).subList(0, 6));
    ModuleSettings defaults = FixtureHost.defaults(DfCollector.DESCRIPTOR);
    assertEquals(
        List.of("/dev/shm", SCRATCH, "/tmp"),
        asked(
            defaults.with(
                defaults
                    .options()
                    .with("types", List.of("nfs*", "tmpfs"))
                    .with("exclude-types", List.of("nfs")))));
  }

  @Test
  void tellsBytesAndInodes() throws IOException {
    Collector collector = collector(FixtureHost.including(DfCollector.DESCRIPTOR, "/home"));
    assertEquals(
        List.of(
            "mounts gauge 1",
            "size_bytes{mount=/home} gauge 4096000",
            "free_bytes{mount=/home} gauge 2048000",
            "available_bytes{mount=/home} gauge 1638400",
            "used_bytes{mount=/home} gauge 2048000",
            "used_ratio{mount=/home} gauge 0.5555555555555556",
            "inodes{mount=/home} gauge 200",
            "inodes_free{mount=/home} gauge 150",
            "inodes_used_ratio{mount=/home} gauge 0.25",
            "stuck_mounts gauge 0"),
        Recording.of(collector).lines());
    List<Series> first = Recording.of(collector).series();
    List<Series> second = Recording.of(collector).series();
    for (int i = 0; i < first.size(); i++) {
      assertSame(first.get(i), second.get(i));
    }
  }

  @Test
  void whatMakesNoSenseIsLeftOut() throws IOException {
    Collector collector = collector(FixtureHost.including(DfCollector.DESCRIPTOR, "/home"));
    List<String> none = List.of("mounts gauge 1", "stuck_mounts gauge 0");
    for (FileSystemUsage odd :
        List.of(
            new FileSystemUsage(4096, 0, 0, 0, 0, 0),
            new FileSystemUsage(0, 10, 5, 5, -1, 7),
            new FileSystemUsage(4096, 10, 11, 5, 5, 7),
            new FileSystemUsage(4096, 10, -1, 5, 5, -1),
            new FileSystemUsage(4096, 10, 1, -5, 0, 0),
            new FileSystemUsage(-4096, -10, 1, 5, 0, 0))) {
      mounts.answers("/home", odd);
      assertEquals(none, Recording.of(collector).lines(), odd.toString());
    }
    mounts.answers("/home", new FileSystemUsage(1, 8, 8, 0, 0, 0));
    Recording full = Recording.of(collector);
    assertEquals("gauge 0", full.value("used_bytes{mount=/home}"));
    assertEquals("", full.value("used_ratio{mount=/home}"));
    assertEquals("", full.value("inodes{mount=/home}"));
  }

  @Test
  void aHungMountIsAskedOnceAndTheOthersGoOn() throws IOException {
    mounts.hangs(SCRATCH);
    Collector collector = collector();
    for (int tick = 0; tick < 3; tick++) {
      Recording readings = Recording.of(collector);
      assertEquals("gauge 8", readings.value("mounts"));
      assertEquals("gauge 1", readings.value("stuck_mounts"));
      assertEquals("gauge " + tick, readings.value("stuck_seconds{mount=/scratch}"));
      assertEquals("", readings.value("size_bytes{mount=/scratch}"));
      assertEquals("gauge 4096000", readings.value("size_bytes{mount=/software}"));
      assertEquals(tick == 0 ? 8 : 7, mounts.asked().size());
      mounts.passSeconds(1);
    }
    mounts.goesOn(SCRATCH);
    Recording again = Recording.of(collector);
    assertEquals("gauge 0", again.value("stuck_mounts"));
    assertEquals("", again.value("stuck_seconds{mount=/scratch}"));
    assertEquals("gauge 4096000", again.value("size_bytes{mount=/scratch}"));
    assertEquals(8, mounts.asked().size());
  }

  @Test
  void aHungMountThatComesAndGoesIsNotAskedTwice() throws IOException {
    mounts.hangs(SCRATCH);
    Collector collector = collector();
    Recording.of(collector);
    String table = Files.readString(folder.resolve("proc/self/mountinfo"));
    host.write("proc/self/mountinfo", table.replaceAll("(?m)^35 .*\n", ""));
    assertEquals("gauge 0", Recording.of(collector).value("stuck_mounts"));
    host.write("proc/self/mountinfo", "");
    assertThrows(SourceAbsentException.class, () -> Recording.of(collector));
    host.write("proc/self/mountinfo", table);
    mounts.asked();
    assertEquals("gauge 1", Recording.of(collector).value("stuck_mounts"));
    assertTrue(!mounts.asked().contains(SCRATCH));
    mounts.goesOn(SCRATCH);
    assertEquals("gauge 0", Recording.of(collector).value("stuck_mounts"));
  }

  @Test
  void aRefusalConcernsOneMountOnly() throws IOException {
    mounts.refuses(SCRATCH, SystemCallException.ESTALE);
    mounts.refuses("/remote", 4711);
    Recording readings = Recording.of(collector());
    assertEquals("info stale file handle", readings.value("failure{mount=/scratch}"));
    assertEquals("info error 4711", readings.value("failure{mount=/remote}"));
    assertEquals("gauge 0", readings.value("stuck_mounts"));
    assertEquals("gauge 4096000", readings.value("size_bytes{mount=/home}"));
    assertEquals("", readings.lacking());
  }

  @Test
  void whatThisUserMayNotLookAtIsSaid() throws IOException {
    mounts.refuses(SCRATCH, SystemCallException.EACCES);
    Recording readings = Recording.of(collector());
    String why = "permission denied, needs root (CAP_DAC_READ_SEARCH)";
    assertEquals("info " + why, readings.value("failure{mount=/scratch}"));
    assertEquals("/scratch: " + why, readings.lacking());
  }

  @Test
  void everyMetricIsTold() throws IOException {
    mounts.refuses("/remote", SystemCallException.EACCES);
    mounts.hangs(SCRATCH);
    List<String> told = new ArrayList<>();
    for (Series series : Recording.of(collector()).series()) {
      told.add(series.metric().name());
    }
    mounts.goesOn(SCRATCH);
    DfCollector.DESCRIPTOR
        .metrics()
        .forEach(metric -> assertTrue(told.contains(metric.name()), metric.name()));
  }

  @Test
  void mountsLieOverOthersOnlyWhereAPathLeads() {
    List<Mount> all =
        List.of(
            mount(2, 5, "/proc"),
            mount(1, 0, "/"),
            mount(5, 1, "/"),
            mount(6, 5, "/a/b"),
            mount(7, 6, "/a/b/c"),
            mount(8, 5, "/a"),
            mount(9, 8, "/a/b"),
            mount(10, 11, "/x"),
            mount(11, 10, "/y"),
            mount(12, 12, "/z"));
    assertEquals(
        List.of(2L, 5L, 8L, 9L, 10L, 11L, 12L),
        MountTable.visible(all).stream().map(Mount::id).toList());
  }

  private static Mount mount(long id, long parent, String point) {
    byte[] path = point.getBytes(StandardCharsets.UTF_8);
    return new Mount(id, parent, "0:" + id, "/", path, point, false, false, "ext4", "x", "rw");
  }

  @Test
  void mountinfoIsParsed() throws IOException {
    List<Mount> all = new ArrayList<>();
    MountTable.parse(Scan.text("7 1 8:1 /s\\040t /a\\011\\\\12 ro - nfs h:/x rw,ro\n"), all);
    Mount mount = all.get(0);
    assertEquals("/s t", mount.top());
    assertArrayEquals("/a\t\\\\12".getBytes(StandardCharsets.UTF_8), mount.path());
    assertTrue(mount.readOnly() && mount.frozen() && mount.remote());
    for (String bad : List.of("7", "7 1 8:1 / /a rw ext4 x rw", "x 1 8:1 / /a rw - a b c", "\n")) {
      assertThrows(
          IOException.class, () -> MountTable.parse(Scan.text(bad), new ArrayList<>()), bad);
    }
  }

  @Test
  void theKernelSaysWhatTheVirtualMachineSays() throws IOException {
    SystemCalls.load();
    byte[] here = folder.toString().getBytes(StandardCharsets.UTF_8);
    FileSystemUsage usage = FileSystemUsage.of(here);
    FileStore store = Files.getFileStore(folder);
    assertEquals(store.getTotalSpace(), usage.blocks() * usage.blockBytes());
    assertEquals(
        store.getUsableSpace(), usage.available() * usage.blockBytes(), store.getTotalSpace() / 50);
    assertTrue(usage.inodes() == 0 || usage.inodesFree() <= usage.inodes());
    byte[] nowhere = (folder + "/nowhere").getBytes(StandardCharsets.UTF_8);
    SystemCallException refusal =
        assertThrows(SystemCallException.class, () -> FileSystemUsage.of(nowhere));
    assertEquals(SystemCallException.ENOENT, refusal.number());
    assertEquals("no such file or directory", refusal.getMessage());
  }

  @Test
  void theRunningHostHasAFileSystem() throws IOException {
    ModuleSettings settings =
        new ModuleSettings(
            Globs.ALL,
            true,
            DfCollector.DESCRIPTOR.every(),
            FixtureHost.defaults(DfCollector.DESCRIPTOR).options());
    try (Collector collector =
        new DfCollector(FixtureHost.surroundings(HostRoot.running()), settings)) {
      assertTrue(Recording.of(collector).number("mounts") > 0);
    }
  }
}
