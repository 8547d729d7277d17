package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.batch.SlurmCollector;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both layouts of Slurm's JSON, and what the programs may do instead. */
class SlurmCollectorTest {
  private static final String SQUEUE = "squeue";
  private static final String SINFO = "sinfo";

  @TempDir Path folder;

  private FixtureHost host;
  private Scripts scripts;

  @BeforeEach
  void aHostWithAConfiguration() throws IOException {
    host = FixtureHost.empty(folder.resolve("host")).write("etc/slurm/slurm.conf", "");
    scripts = new Scripts(folder.resolve("bin"));
  }

  private Collector collector(String squeue, String sinfo) {
    ModuleSettings settings = FixtureHost.defaults(SlurmCollector.DESCRIPTOR);
    return new SlurmCollector(
        host.surroundings(),
        settings.with(settings.options().with(SQUEUE, squeue).with(SINFO, sinfo)));
  }

  private Collector of(String version) throws IOException {
    return collector(
        scripts.printing(SQUEUE, "slurm/squeue-" + version + ".json"),
        scripts.printing(SINFO, "slurm/sinfo-" + version + ".json"));
  }

  private void process(int pid, String comm, String title) throws IOException {
    host.write("proc/" + pid + "/comm", comm + "\n").write("proc/" + pid + "/cmdline", title);
  }

  @Test
  void plainNumbersOfSlurm2205() throws IOException {
    assertEquals(
        List.of(
            "jobs gauge 4",
            "jobs{state=completing} gauge 1",
            "jobs{state=pending} gauge 2",
            "jobs{state=running} gauge 1",
            "jobs_pending gauge 2",
            "jobs_running gauge 1",
            "cpus_pending gauge 8",
            "nodes gauge 5",
            "nodes{state=down} gauge 1",
            "nodes{state=drained} gauge 1",
            "nodes{state=draining} gauge 1",
            "nodes{state=idle} gauge 1",
            "nodes{state=mixed} gauge 1",
            "cpus_allocated gauge 2",
            "cpus_idle gauge 3",
            "cpus_other gauge 5",
            "cpus gauge 10",
            "node_names{state=down} info n5",
            "node_names{state=drained} info n3",
            "node_names{state=draining} info n4",
            "host_jobs gauge 0",
            "host_steps gauge 0"),
        Recording.of(of("22.05")).lines());
  }

  @Test
  void whereOtherUsersProcessesAreHiddenJobsOnThisHostAreNotCounted() throws IOException {
    host.folder("proc/self");
    Recording hidden = Recording.of(of("22.05"));
    assertEquals("gauge 4", hidden.value("jobs"));
    assertEquals("", hidden.value("host_jobs"));
    assertEquals(
        "processes of other users are hidden in /proc, needs root (CAP_SYS_PTRACE)",
        hidden.lacking());
    process(1, "init", "init");
    assertEquals("gauge 0", Recording.of(of("22.05")).value("host_jobs"));
  }

  @Test
  void numbersAsObjectsOfLaterOnes() throws IOException {
    process(10, "slurmstepd", "slurmstepd: [100.batch]");
    process(11, "slurmstepd", "slurmstepd: [100.0]");
    process(12, "slurmstepd", "slurmstepd: [101.extern]");
    process(13, "slurmstepd", "/usr/sbin/slurmstepd\0infinity");
    process(14, "bash", "slurmstepd: [102.batch]");
    assertEquals(
        List.of(
            "jobs gauge 6",
            "jobs{state=completed} gauge 1",
            "jobs{state=pending} gauge 2",
            "jobs{state=running} gauge 2",
            "jobs{state=suspended} gauge 1",
            "jobs_pending gauge 2",
            "jobs_running gauge 2",
            "cpus_pending gauge 8",
            "nodes gauge 5",
            "nodes{state=allocated} gauge 1",
            "nodes{state=down} gauge 1",
            "nodes{state=drained} gauge 1",
            "nodes{state=idle} gauge 1",
            "nodes{state=mixed} gauge 1",
            "cpus_allocated gauge 118",
            "cpus_idle gauge 74",
            "cpus_other gauge 128",
            "cpus gauge 320",
            "node_names{state=down} info n5",
            "node_names{state=drained} info n4",
            "host_jobs gauge 2",
            "host_steps gauge 3",
            "host_job_list info 100,101"),
        Recording.of(of("24.05")).lines());
  }

  @Test
  void keepsItsSeriesAndForgetsStatesThatAreGone() throws IOException {
    Collector collector = of("22.05");
    List<Series> first = Recording.of(collector).series();
    List<Series> second = Recording.of(collector).series();
    for (int i = 0; i < first.size(); i++) {
      assertSame(first.get(i), second.get(i));
    }
    scripts.script(SQUEUE, "echo '{\"jobs\": []}'");
    List<String> left = new ArrayList<>(Recording.of(collector).lines());
    left.removeIf(line -> !line.startsWith("jobs"));
    assertEquals(List.of("jobs gauge 0", "jobs_pending gauge 0", "jobs_running gauge 0"), left);
  }

  @Test
  void hostileNamesAreBounded() throws IOException {
    String nodes = "{\"name\":\"a\\u001b[1m\",\"state\":\"DOWN\",\"cpus\":1,\"alloc_cpus\":0},";
    for (int i = 0; i < 40; i++) {
      nodes += "{\"name\":\"n" + i + "\",\"state\":\"Down\"},";
    }
    Collector collector =
        collector(
            scripts.script(SQUEUE, "echo '{\"jobs\":[{\"job_state\":\"a b\"},7,[]]}'"),
            scripts.script(SINFO, "cat <<'X'\n{\"nodes\":[" + nodes + "{\"name\":\"\"}]}\nX"));
    Recording read = Recording.of(collector);
    assertEquals("gauge 1", read.value("jobs{state=other}"));
    assertEquals("gauge 41", read.value("nodes{state=down}"));
    String names = read.value("node_names{state=down}");
    assertTrue(names.startsWith("info a?[1m,n0,"), names);
    assertTrue(names.endsWith(",n18,+21"), names);
    assertEquals("", read.value("cpus"));
  }

  @Test
  void aFailureNamesTheProgram() throws IOException {
    String good = scripts.printing(SINFO, "slurm/sinfo-22.05.json");
    for (String bad :
        List.of("echo '{\"jobs\": [{\"job_id\": 1'", "echo '{}'", "echo 7", "", "echo '[]' x")) {
      String message =
          assertThrows(
                  IOException.class,
                  () -> Recording.of(collector(scripts.script(SQUEUE, bad), good)))
              .getMessage();
      assertTrue(message.contains(SQUEUE), message);
    }
    String squeue =
        scripts.script(SQUEUE, "echo 'slurm_load_jobs error: Unable to contact' >&2; exit 1");
    String message =
        assertThrows(IOException.class, () -> Recording.of(collector(squeue, good))).getMessage();
    assertEquals(squeue + ": status 1: slurm_load_jobs error: Unable to contact", message);
  }

  @Test
  void aFloodIsCut() throws IOException {
    String squeue = scripts.script(SQUEUE, "exec cat /dev/zero");
    String message =
        assertThrows(IOException.class, () -> Recording.of(collector(squeue, SINFO))).getMessage();
    assertTrue(message.contains("more than 16777216 bytes"), message);
  }

  @Test
  void withoutProgramsOrConfigurationTheJobsOfThisHostAreLeft() throws IOException {
    Collector none = collector("/no/squeue", "/no/sinfo");
    assertThrows(SourceAbsentException.class, () -> Recording.of(none));
    process(10, "slurmstepd", "slurmstepd: [7.batch]");
    List<String> here = List.of("host_jobs gauge 1", "host_steps gauge 1", "host_job_list info 7");
    assertEquals(here, Recording.of(none).lines());
    ModuleSettings alone = FixtureHost.with(SlurmCollector.DESCRIPTOR, "cluster", "false");
    assertEquals(here, Recording.of(new SlurmCollector(host.surroundings(), alone)).lines());
  }
}
