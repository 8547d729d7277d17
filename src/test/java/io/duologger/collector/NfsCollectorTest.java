package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NfsCollectorTest {
  private static final String RPC = "proc/net/rpc/nfs";
  private static final String MOUNTSTATS = "proc/self/mountstats";
  private static final String CALLS = "net 0 0 0 0\nrpc 10 1 10\n";

  @TempDir Path folder;
  private FixtureHost host;

  @BeforeEach
  void clientWithoutMounts() throws IOException {
    host =
        FixtureHost.empty(folder)
            .write(RPC, CALLS)
            .write(MOUNTSTATS, "device proc mounted on /proc with fstype proc\n");
  }

  private NfsCollector collector() {
    return collector(FixtureHost.defaults(NfsCollector.DESCRIPTOR));
  }

  private NfsCollector collector(ModuleSettings settings) {
    return new NfsCollector(host.root(), settings);
  }

  private Recording read() throws IOException {
    try (NfsCollector nfs = collector()) {
      return Recording.of(nfs);
    }
  }

  private String problem() {
    return assertThrows(IOException.class, this::read).getMessage();
  }

  private static String mount(String device, String point, long age, String operations) {
    return """
    device %s mounted on %s with fstype nfs statvers=1.1
    \topts:\trw
    \tage:\t%d
    \tbytes:\t1 2 3 4 5 6 7 8\s
    \tRPC iostats version: 1.1  p/v: 100003/3 (nfs)
    \tper-op statistics
    %s
    """
        .formatted(device, point, age, operations);
  }

  private static String reads(long operations, long transmissions) {
    return "\t        READ: " + operations + " " + transmissions + " 0 1 2 3 4 5";
  }

  private String retransmits(NfsCollector nfs, String mountstats) throws IOException {
    host.write(MOUNTSTATS, mountstats);
    return Recording.of(nfs).value("retransmits_per_second{mount=/m}");
  }

  @Test
  void aClientWithoutMountsHasCallsOnly() throws IOException {
    assertEquals(
        "[calls_per_second counter 10, call_retransmits_per_second counter 1, mounts gauge 0]",
        read().lines().toString());
  }

  @Test
  void callsOfAllVersionsAreAdded() throws IOException {
    host.write(
        RPC,
        CALLS
            + "proc2 18 9 1 1 1 1 1 100 1 200 1 1 1 1 1 1 1 1 1\n"
            + "proc3 22 9 1 1 1 1 1 10 20 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n"
            + "proc4 6 9 1000 2000 1 1 1\n");
    Recording readings = read();
    assertEquals("counter 1110", readings.value("read_calls_per_second"));
    assertEquals("counter 2220", readings.value("write_calls_per_second"));
    assertEquals("counter 37", readings.value("other_calls_per_second"));
  }

  @Test
  void aSumOfNumbersThatWrapWrapsAsTheyDo() throws IOException {
    host.write(RPC, CALLS + "proc3 8 0 0 0 0 0 0 4294967290 0\nproc4 3 0 7 0\n");
    assertEquals("counter 1", read().value("read_calls_per_second"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rpc 10 | missing retransmissions",
        "rpc x 1 1 | calls is no number",
        "net 0 0 0 0 | missing line rpc",
        "rpc 1 1 1;proc3 | missing number of procedures",
        "rpc 1 1 1;proc3 22 1 2 3 | missing calls of a procedure",
        "rpc 1 1 1;proc4 18446744073709551615 1 | missing calls of a procedure",
        "rpc 1 1 1;proc4 2 1 -1 | calls of a procedure is no number"
      })
  void callsThatDoNotFitAreMalformed(String text, String problem) throws IOException {
    host.write(RPC, text.replace(';', '\n') + "\n");
    assertTrue(problem().contains("/rpc/nfs line "), this::problem);
    assertTrue(problem().contains(problem), this::problem);
  }

  @Test
  void withoutClientAndMountsTheSourceIsAbsent() throws IOException {
    Files.delete(folder.resolve(RPC));
    assertThrows(SourceAbsentException.class, this::read);
    Files.delete(folder.resolve(MOUNTSTATS));
    assertThrows(SourceAbsentException.class, this::read);
  }

  @Test
  void mountsOfAContainerAreMeasuredWithoutTheFileOfTheClient() throws IOException {
    Files.delete(folder.resolve(RPC));
    host.write(MOUNTSTATS, mount("s:/e", "/m", 1, reads(1, 1)));
    Recording readings = read();
    assertEquals("", readings.value("calls_per_second"));
    assertEquals("gauge 1", readings.value("mounts"));
    assertEquals("counter 1", readings.value("read_operations_per_second{mount=/m}"));
  }

  @Test
  void aClientThatIsLoadedLaterIsFound() throws IOException {
    Files.delete(folder.resolve(RPC));
    try (NfsCollector nfs = collector()) {
      assertThrows(SourceAbsentException.class, () -> Recording.of(nfs));
      host.write(RPC, CALLS);
      assertEquals("counter 10", Recording.of(nfs).value("calls_per_second"));
    }
  }

  @Test
  void operationsThatWereNeverSentDoNotOffsetRetransmissions() throws IOException {
    host.write(MOUNTSTATS, mount("s:/e", "/m", 1, reads(10, 4) + "\n\tWRITE: 5 8 0 0 0 0 0 0"));
    assertEquals("counter 3", read().value("retransmits_per_second{mount=/m}"));
  }

  @Test
  void retransmissionsNeverFall() throws IOException {
    try (NfsCollector nfs = collector()) {
      assertEquals("counter 3", retransmits(nfs, mount("s:/e", "/m", 1, reads(5, 8))));
      assertEquals("counter 3", retransmits(nfs, mount("s:/e", "/m", 2, reads(7, 9))));
      assertEquals("counter 4", retransmits(nfs, mount("s:/e", "/m", 3, reads(8, 12))));
    }
  }

  @Test
  void aNewMountOnAPointEndsTheRatesOfTheOldOne() throws IOException {
    try (NfsCollector nfs = collector()) {
      assertEquals("counter 3", retransmits(nfs, mount("s:/e", "/m", 9, reads(5, 8))));
      // Mounted anew: younger, and all counted from 0.
      assertEquals("", retransmits(nfs, mount("s:/e", "/m", 1, reads(0, 0))));
      assertEquals("counter 1", retransmits(nfs, mount("s:/e", "/m", 2, reads(1, 2))));
      // Another export, which was mounted elsewhere before.
      assertEquals("", retransmits(nfs, mount("s:/other", "/m", 99, reads(70, 80))));
      assertEquals("counter 11", retransmits(nfs, mount("s:/other", "/m", 100, reads(71, 82))));
    }
  }

  @Test
  void aNewMountIsNotedThoughTheReadThatSawItFailed() throws IOException {
    try (NfsCollector nfs = collector()) {
      assertEquals("counter 3", retransmits(nfs, mount("s:/e", "/m", 9, reads(5, 8))));
      String other = mount("s:/other", "/m", 99, reads(70, 80));
      assertThrows(IOException.class, () -> retransmits(nfs, other + "device"));
      assertEquals("", retransmits(nfs, other));
      assertEquals("counter 10", retransmits(nfs, other));
    }
  }

  @Test
  void theMountOnTopOfAnotherCounts() throws IOException {
    try (NfsCollector nfs = collector()) {
      String under = mount("s:/under", "/m", 9, reads(5, 8));
      String over = mount("s:/over", "/m", 5, reads(6, 7));
      for (int tick = 0; tick < 3; tick++) {
        assertEquals("counter 1", retransmits(nfs, under + over));
      }
      host.write(MOUNTSTATS, under + over);
      Recording readings = Recording.of(nfs);
      assertEquals("info s:/over", readings.value("export{mount=/m}"));
      assertEquals("gauge 1", readings.value("mounts"));
    }
  }

  @Test
  void onlyTheMountsThatAreIncludedAreRead() throws IOException {
    host.write(
        MOUNTSTATS,
        mount("s:/e", "/m", 1, "\tREAD: broken") + mount("s:/e", "/home/x", 1, reads(1, 1)));
    try (NfsCollector nfs = collector(FixtureHost.including(NfsCollector.DESCRIPTOR, "/home/*"))) {
      Recording readings = Recording.of(nfs);
      assertEquals("gauge 1", readings.value("mounts"));
      assertEquals("info s:/e", readings.value("export{mount=/home/x}"));
    }
  }

  @Test
  void atMostAThousandMountsAreMeasured() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1_200; i++) {
      text.append(mount("s:/e", "/m" + i, 1, reads(1, 1)));
    }
    host.write(MOUNTSTATS, text.toString());
    Recording readings = read();
    assertEquals("gauge 1000", readings.value("mounts"));
    assertEquals("", readings.value("export{mount=/m1000}"));
  }

  @Test
  void aMountWithoutStatisticsOfOperationsHasNone() throws IOException {
    host.write(MOUNTSTATS, "device s:/e mounted on /m with fstype nfs4\n\tage:\t5\n\n");
    assertEquals(
        List.of("export{mount=/m} info s:/e", "mounts gauge 1"), read().lines().subList(2, 4));
  }

  @Test
  void whatAServerCallsItselfIsPassedOver() throws IOException {
    String identity = "\timpl_id:\tname='a\nb mounted on c\n \nbuild@host','x'\n\tbytes:";
    host.write(MOUNTSTATS, mount("s:/e", "/m", 1, reads(1, 1)).replace("\tbytes:", identity));
    assertEquals("counter 5", read().value("read_bytes_per_second{mount=/m}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "device a b mounted on /x with fstype nfs",
        "no device mounted on /x with fstype nfs",
        "device s:/e mounted on /x y with fstype nfs",
        "device s:/e mounted on /x with fstype nfsd",
        "device s:/e mounted on /x with fstype fuse.nfs",
        "devices"
      })
  void linesOfOtherFileSystemsAreTheirs(String line) throws IOException {
    host.write(MOUNTSTATS, line + "\n\tbytes: x\n" + mount("s:/e", "/m", 1, reads(1, 1)));
    assertEquals("gauge 1", read().value("mounts"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "device s:/e mounted on | missing mount point",
        "device | missing device",
        "device s:/e mounted on /x with | missing mount point or type",
        "device s:/e mounted on /x with fstype | missing type"
      })
  void aLineThatEndsEarlyIsMalformed(String line, String problem) throws IOException {
    host.write(MOUNTSTATS, line + "\n");
    assertTrue(problem().contains("mountstats line 1: " + problem), this::problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 2 3 4 5 6 7 8 | 1 2 3 4 5 6 7 | missing bytes",
        "1 2 3 4 5 6 7 8 | 1 2 3 4 5 6 7 y | bytes is no number",
        "0 1 2 3 4 5 | 0 1 2 3 4 | missing number of an operation",
        "0 1 2 3 4 5 | 0 1 2 3 4 -5 | number of an operation is no number",
        "0 1 2 3 4 5 | 0 1 2 3 4 99999999999999999999 | does not fit 64 bits",
        "age:\t1 | age: | missing age"
      })
  void numbersThatDoNotFitAreMalformed(String good, String bad, String problem) throws IOException {
    host.write(MOUNTSTATS, mount("s:/e", "/m", 1, reads(1, 1)).replace(good, bad));
    assertTrue(problem().contains("mountstats line "), this::problem);
    assertTrue(problem().contains(problem), this::problem);
  }

  @Test
  void tensOfThousandsOfOtherMountsCostLittle() throws IOException {
    String others = "device auto.home mounted on /home/u%d with fstype autofs\n".formatted(12345);
    host.write(MOUNTSTATS, others.repeat(50_000) + mount("s:/e", "/m", 1, reads(1, 1)));
    try (NfsCollector nfs = collector()) {
      Recording.of(nfs);
      assertTimeoutPreemptively(Duration.ofSeconds(5), () -> Recording.of(nfs));
    }
  }
}
