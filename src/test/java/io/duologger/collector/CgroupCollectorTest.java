package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.duologger.model.ModuleSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupCollectorTest {
  private static final String GROUPS = "sys/fs/cgroup/";

  @TempDir Path folder;
  private FixtureHost host;

  @BeforeEach
  void aHost() throws IOException {
    host = FixtureHost.of("cgroups", folder);
  }

  private Collector collector(ModuleSettings settings) {
    return new CgroupCollector(host.root(), settings);
  }

  private static List<String> groups(Collector collector) throws IOException {
    return Recording.of(collector).lines().stream()
        .filter(line -> line.startsWith("memory_bytes{"))
        .map(line -> line.substring(line.indexOf('=') + 1, line.indexOf('}')))
        .toList();
  }

  private static ModuleSettings with(String key, String value) {
    return FixtureHost.with(CgroupCollector.DESCRIPTOR, key, value);
  }

  @Test
  void levelsAndNamesCanBeChosen() throws IOException {
    try (Collector one = collector(with("depth", "1"))) {
      assertEquals(
          List.of("/system.slice", "/system.slice/slurmstepd.scope/job_123", "/user.slice"),
          groups(one));
    }
    ModuleSettings settings =
        FixtureHost.including(CgroupCollector.DESCRIPTOR, "*/job_*/step_*", "*.scope");
    try (Collector any = collector(settings)) {
      assertEquals(
          List.of(
              "/system.slice/slurmstepd.scope",
              "/system.slice/slurmstepd.scope/job_123/step_0",
              "/user.slice/user-1000.slice/session-1.scope"),
          groups(any));
    }
  }

  @Test
  void thereIsAMostOfGroups() throws IOException {
    try (Collector two = collector(with("most", "2"))) {
      assertEquals(2, groups(two).size());
    }
  }

  @Test
  void groupsComeAndGo() throws IOException {
    ModuleSettings settings =
        FixtureHost.including(CgroupCollector.DESCRIPTOR, Duration.ofSeconds(1), "/user.slice*");
    try (Collector collector = collector(settings)) {
      assertEquals(3, groups(collector).size());
      Path session = host.root().root().resolve(GROUPS + "user.slice/user-1000.slice");
      Files.move(session, session.resolveSibling("user-1001.slice"));
      // The next look for new ones is some ticks away.
      assertEquals(List.of("/user.slice"), groups(collector));
      for (int tick = 2; tick < 10; tick++) {
        assertEquals(1, groups(collector).size());
      }
      assertEquals(
          List.of(
              "/user.slice",
              "/user.slice/user-1001.slice",
              "/user.slice/user-1001.slice/session-1.scope"),
          groups(collector));
    }
  }

  @Test
  void whatIsNotCountedIsLeftOut() throws IOException {
    host.write(GROUPS + "user.slice/io.stat", "252:0 cost.usage=12\n");
    host.write(GROUPS + "user.slice/memory.stat", "slab 1\n");
    try (Collector collector =
        collector(FixtureHost.including(CgroupCollector.DESCRIPTOR, "/user.slice"))) {
      Recording read = Recording.of(collector);
      assertEquals("", read.value("read_bytes_per_second{cgroup=/user.slice}"));
      assertEquals("", read.value("anon_bytes{cgroup=/user.slice}"));
      assertEquals("gauge 30", read.value("tasks{cgroup=/user.slice}"));
    }
  }

  @Test
  void aMalformedFileIsNamed() throws IOException {
    host.write(GROUPS + "user.slice/cpu.stat", "usage_usec 1\nuser_usec many\n");
    try (Collector collector = collector(FixtureHost.defaults(CgroupCollector.DESCRIPTOR))) {
      IOException bad = assertThrows(IOException.class, () -> Recording.of(collector));
      assertEquals(
          host.root().root().resolve(GROUPS + "user.slice/cpu.stat") + " line 2: ",
          bad.getMessage().substring(0, bad.getMessage().indexOf(": ") + 2));
    }
  }

  @Test
  void ioIsSummedInWhateverOrderItStands() throws IOException {
    CgroupFiles.Values values = new CgroupFiles.Values();
    for (CgroupFiles.Source source : CgroupFiles.UNIFIED) {
      if (source.file().equals("io.stat")) {
        source
            .parser()
            .parse(Scan.text("8:0 wios=2 rbytes=4096\n9:0 rbytes=1 foo=bar rios=7\n"), values);
      }
    }
    assertEquals(4097, values.get(CgroupFiles.Value.READ_BYTES));
    assertEquals(7, values.get(CgroupFiles.Value.READS));
    assertEquals(2, values.get(CgroupFiles.Value.WRITES));
    assertEquals(0, values.get(CgroupFiles.Value.WRITTEN_BYTES));
  }
}
