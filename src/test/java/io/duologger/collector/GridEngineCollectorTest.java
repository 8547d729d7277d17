package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.batch.GridEngineCollector;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What qstat and qhost print, what the spool directory holds, and what else may come. */
class GridEngineCollectorTest {
  private static final String QSTAT = "qstat";
  private static final String QHOST = "qhost";
  private static final String SPOOL = "var/spool/gridengine/execd/node1/";
  private static final String MESSAGES = SPOOL + "messages";
  private static final String FIRST = "11/24/2026 06:23:11|  main|node1|I|starting up\n";

  @TempDir Path folder;

  private FixtureHost host;
  private Scripts scripts;

  @BeforeEach
  void aHostWithAMaster() throws IOException {
    host =
        FixtureHost.empty(folder.resolve("host"))
            .write("opt/sge/c1/common/act_qmaster", "master\n");
    scripts = new Scripts(folder.resolve("bin"));
  }

  private Collector collector(String qstat, String qhost) {
    ModuleSettings settings = FixtureHost.defaults(GridEngineCollector.DESCRIPTOR);
    return new GridEngineCollector(
        host.surroundings(),
        settings.with(
            settings
                .options()
                .with("root", "/opt/sge")
                .with("cell", "c1")
                .with(QSTAT, qstat)
                .with(QHOST, qhost)));
  }

  private Collector ofOutputs() throws IOException {
    return collector(
        scripts.printing(QSTAT, "gridengine/qstat.xml"),
        scripts.printing(QHOST, "gridengine/qhost.xml"));
  }

  private void executes() throws IOException {
    host.write("proc/sys/kernel/hostname", "node1.example.com\n")
        .write(MESSAGES, FIRST)
        .write(SPOOL + "active_jobs/1.1/config", "queue=all.q\npriority=0\njob_id=1\n")
        .write(SPOOL + "active_jobs/3.7/config", "queue=low.q\npriority=19\njob_id=3\n")
        .write("proc/20/comm", "sge_shepherd\n")
        .write("proc/20/cmdline", "sge_shepherd-1\0-bg\0");
  }

  @Test
  void countsJobsHostsAndSlots() throws IOException {
    assertEquals(
        List.of(
            "jobs gauge 10",
            "jobs{state=deleting} gauge 1",
            "jobs{state=error} gauge 1",
            "jobs{state=held} gauge 1",
            "jobs{state=pending} gauge 2",
            "jobs{state=running} gauge 4",
            "jobs{state=suspended} gauge 1",
            "jobs_pending_low gauge 1",
            "jobs_pending_high gauge 1",
            "jobs_running_low gauge 1",
            "jobs_running_high gauge 3",
            "jobs_error_low gauge 0",
            "jobs_error_high gauge 1",
            "hosts gauge 3",
            "hosts_silent gauge 1",
            "cpus gauge 4",
            "slots gauge 6",
            "slots_used gauge 4",
            "slots_closed gauge 5",
            "host_shepherds gauge 0"),
        Recording.of(ofOutputs()).lines());
  }

  @Test
  void countsTheJobsOfThisHostAndTellsNewMessages() throws IOException {
    executes();
    Collector collector = collector("/no/qstat", "/no/qhost");
    List<String> here =
        List.of(
            "host_shepherds gauge 1",
            "host_jobs gauge 2",
            "host_jobs_low gauge 1",
            "host_jobs_high gauge 1",
            "host_job_list info 1.1,3.7");
    assertEquals(here, Recording.of(collector).lines());

    String second = "11/24/2026 06:24:00|  main|node1|E|can't \u001b start\n";
    host.write(MESSAGES, FIRST + second + "11/24/2026 half a l");
    Recording told = Recording.of(collector);
    assertEquals("event 11/24/2026 06:24:00|  main|node1|E|can't ? start", told.value("message"));
    assertEquals("", Recording.of(collector).value("message"));

    host.write(MESSAGES, FIRST + second + "11/24/2026 half a line\n");
    assertEquals("event 11/24/2026 half a line", Recording.of(collector).value("message"));

    host.write(MESSAGES, "anew\n");
    assertEquals("event anew", Recording.of(collector).value("message"));
  }

  @Test
  void keepsItsSeries() throws IOException {
    executes();
    Collector collector = ofOutputs();
    List<Series> first = Recording.of(collector).series();
    List<Series> second = Recording.of(collector).series();
    assertEquals(first, second);
    for (int i = 0; i < first.size(); i++) {
      assertSame(first.get(i), second.get(i));
    }
  }

  @Test
  void entitiesAreNotFollowed() throws IOException {
    String xml =
        "<!DOCTYPE job_info [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
            + "<job_info><job_list><state>&a;</state></job_list></job_info>";
    String message = refusal(scripts.script(QSTAT, "cat <<'X'\n" + xml + "\nX"));
    assertTrue(message.endsWith("qstat: a document type"), message);
  }

  @Test
  void aFailureNamesTheProgram() throws IOException {
    for (String bad :
        List.of(
            "echo '<job_info><job_list>'", "echo '<html></html>'", "", "echo error: x; false")) {
      String message = refusal(scripts.script(QSTAT, bad));
      assertTrue(message.contains(QSTAT), message);
    }
  }

  private String refusal(String qstat) throws IOException {
    String qhost = scripts.printing(QHOST, "gridengine/qhost.xml");
    return assertThrows(IOException.class, () -> Recording.of(collector(qstat, qhost)))
        .getMessage();
  }

  @Test
  void aHostWithoutItIsAbsent() {
    Collector none = collector("/no/qstat", "/no/qhost");
    assertThrows(SourceAbsentException.class, () -> Recording.of(none));
  }
}
