package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.duologger.collector.process.ProcessCollector;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessCollectorTest {
  /** Takes readings and keeps nothing. */
  private static final class Nothing implements Readings {
    @Override
    public void gauge(Series series, double value) {}

    @Override
    public void counter(Series series, long value) {}

    @Override
    public void counter(Series series, long value, double capacity) {}

    @Override
    public void ratio(Series series, long numerator, long denominator) {}

    @Override
    public void info(Series series, String text) {}

    @Override
    public void event(Series series, String text) {}
  }

  @TempDir Path folder;
  private FixtureHost host;
  private ProcessFixture init;
  private Collector collector;

  @BeforeEach
  void aHost() throws IOException {
    host = FixtureHost.empty(folder);
    init = new ProcessFixture(host, 1, "init", 10).withPages(10).write(0, 0);
    collector = with("open-files", "1000");
  }

  @AfterEach
  void close() throws IOException {
    collector.close();
  }

  private static ModuleSettings settings(String key, String value) {
    ModuleSettings defaults =
        ModuleSettings.defaults(ProcessCollector.DESCRIPTOR, Duration.ofSeconds(1));
    return defaults.with(defaults.options().with(key, value));
  }

  private Collector with(String key, String value) {
    return new ProcessCollector(host.root(), settings(key, value));
  }

  private Collector with(String key, List<String> value) {
    ModuleSettings defaults = settings("top", "5");
    return new ProcessCollector(host.root(), defaults.with(defaults.options().with(key, value)));
  }

  private ProcessFixture process(int pid, String name, long start) {
    return new ProcessFixture(host, pid, name, start);
  }

  private Recording read() throws IOException {
    return Recording.of(collector);
  }

  private List<String> told() throws IOException {
    return told("command");
  }

  private List<String> told(String label) throws IOException {
    return read().series().stream()
        .filter(series -> series.metric().name().equals("processes"))
        .filter(series -> series.instance().labels().containsKey(label))
        .map(series -> series.instance().labels().get(label))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "1000"})
  void anotherProcessUnderTheSameNumberIsAnotherOne(String openFiles) throws IOException {
    collector = with("open-files", openFiles);
    ProcessFixture one = process(7, "one", 100).used(500, 50).withPages(1).write();
    read();
    read();
    one.used(510, 50).write();
    assertEquals("counter 560", read().value("cpu_ratio{command=one}"));
    // Of the same name and with less time: a counter that fell, if it were the same.
    one.startedAt(900).used(3, 1).write();
    assertEquals("counter 564", read().value("cpu_ratio{command=one}"));
    one.startedAt(950).called("two").used(600, 0).withPages(2).write();
    Recording last = read();
    assertEquals("counter 564", last.value("cpu_ratio{command=one}"));
    assertEquals("gauge 0", last.value("processes{command=one}"));
    assertEquals("counter 600", last.value("cpu_ratio{command=two}"));
  }

  @Test
  void whatEndedProcessesUsedStaysInTheSum() throws IOException {
    ProcessFixture one = process(7, "job", 100).used(500, 0).write();
    process(8, "job", 100).used(100, 0).write();
    read();
    one.end();
    assertEquals("counter 600", read().value("cpu_ratio{command=job}"));
    process(9, "job", 200).used(30, 0).write();
    assertEquals("counter 630", read().value("cpu_ratio{command=job}"));
  }

  @Test
  void aProcessThatCallsItselfOtherwiseGoesOnUnderTheOtherName() throws IOException {
    ProcessFixture shell = process(7, "sh", 100).used(50, 0).withPages(1).write();
    read();
    shell.called("make").used(70, 0).write();
    Recording read = read();
    assertEquals("counter 50", read.value("cpu_ratio{command=sh}"));
    assertEquals("counter 20", read.value("cpu_ratio{command=make}"));
  }

  @Test
  void aProcessThatCouldNotBeSeenBeforeHasUsedNothingYet() throws IOException {
    process(7, "known", 1000).withPages(1).write();
    read();
    process(8, "hidden", 500).used(99_999, 5).withPages(1).write();
    assertEquals("counter 0", read().value("cpu_ratio{command=hidden}"));
  }

  @Test
  void whatNoReadSawOfAChildIsItsParents() throws IOException {
    ProcessFixture shell = process(7, "sh", 100).withPages(1).write();
    ProcessFixture child = process(8, "cc", 110).childOf(shell).used(200, 0).write();
    read();
    // Another 40 ticks until its end, and a child that came and went: 5.
    child.end();
    shell.inherited(245).write();
    Recording read = read();
    assertEquals("counter 45", read.value("children_cpu_ratio{command=sh}"));
    assertEquals("counter 45", read.value("children_cpu_ratio"));
  }

  @Test
  void aChildThatItsParentHasNotWaitedForYetIsNotCountedTwice() throws IOException {
    ProcessFixture shell = process(7, "sh", 100).withPages(1).write();
    ProcessFixture child = process(8, "cc", 110).childOf(shell).used(20_000, 0).write();
    read();
    child.end();
    assertEquals("counter 0", read().value("children_cpu_ratio{command=sh}"));
    shell.inherited(20_003).write();
    assertEquals("counter 3", read().value("children_cpu_ratio{command=sh}"));
    shell.inherited(20_010).write();
    assertEquals("counter 10", read().value("children_cpu_ratio{command=sh}"));
  }

  @Test
  void whoTakesOverFromAParentThatEndedTooIsNotToldToHaveUsedIt() throws IOException {
    ProcessFixture shell = process(7, "sh", 100).used(10, 0).withPages(1).write();
    ProcessFixture child = process(8, "cc", 110).childOf(shell).used(20_000, 0).write();
    read();
    child.end();
    shell.end();
    init.inherited(20_012).write();
    assertEquals("counter 2", read().value("children_cpu_ratio"));
  }

  @Test
  void ioOfAChildIsNotCountedTwice() throws IOException {
    ProcessFixture shell = process(7, "sh", 100).withPages(1).write(4096, 0);
    ProcessFixture child = process(8, "dd", 110).childOf(shell).write(1 << 20, 1 << 30);
    read();
    child.end();
    shell.inherited(1).write((1 << 20) + 4096 + 512, (1 << 30) + 1024);
    Recording read = read();
    assertEquals("counter 4608", read.value("read_bytes_per_second{command=sh}"));
    assertEquals("counter 1024", read.value("write_bytes_per_second{command=sh}"));
    assertEquals("counter 1073741824", read.value("write_bytes_per_second{command=dd}"));
  }

  @Test
  void ioIsAskedForWhereTimeWasUsedOnly() throws IOException {
    ProcessFixture idle = process(7, "idle", 100).withPages(1).write(0, 0);
    ProcessFixture busy = process(8, "busy", 100).withPages(1).write(0, 0);
    read();
    idle.write(4096, 0);
    busy.used(1, 0).write(4096, 0);
    Recording read = read();
    assertEquals("counter 0", read.value("read_bytes_per_second{command=idle}"));
    assertEquals("counter 4096", read.value("read_bytes_per_second{command=busy}"));
    idle.in('D').write();
    assertEquals("counter 4096", read().value("read_bytes_per_second{command=idle}"));
  }

  @Test
  void ioOfACommandOfWhichOneProcessDoesNotTellIsAbsent() throws IOException {
    process(7, "db", 100).used(1, 0).withPages(1).write(4096, 0);
    Recording alone = read();
    assertEquals("counter 4096", alone.value("read_bytes_per_second{command=db}"));
    // Opens as a folder does: not at all.
    host.folder("proc/8/io");
    process(8, "db", 200).used(1, 0).write();
    Recording both = read();
    assertEquals("", both.value("read_bytes_per_second{command=db}"));
    assertEquals("counter 2", both.value("cpu_ratio{command=db}"));
    assertTrue(both.value("io").contains("CAP_SYS_PTRACE"), both.value("io"));
    collector.close();
    collector = with("io", "false");
    Recording without = read();
    assertEquals("", without.value("io"));
    assertEquals("", without.value("read_bytes_per_second{command=init}"));
  }

  @Test
  void aProcessThatEndsBetweenListAndReadIsNone() throws IOException {
    host.folder("proc/7");
    host.write("proc/notes", "not a process");
    Recording read = read();
    assertEquals("gauge 1", read.value("processes"));
    assertEquals("gauge 1", read.value("threads"));
  }

  @Test
  void statesAreCounted() throws IOException {
    int pid = 10;
    for (char state : "RRSDDDZTtIX".toCharArray()) {
      process(pid++, "many", 100).in(state).withPages(1).write();
    }
    Recording read = read();
    assertEquals("gauge 12", read.value("processes"));
    assertEquals("gauge 2", read.value("running_processes"));
    assertEquals("gauge 3", read.value("blocked_processes"));
    assertEquals("gauge 3", read.value("blocked_processes{command=many}"));
    assertEquals("gauge 1", read.value("zombie_processes"));
    assertEquals("gauge 2", read.value("stopped_processes"));
  }

  @Test
  void theMostOfEachKindAreToldOf() throws IOException {
    collector = with("top", "1");
    ProcessFixture busy = process(7, "busy", 1000).write(0, 0);
    ProcessFixture large = process(8, "large", 1000).withPages(5000).write(0, 0);
    ProcessFixture writer = process(9, "writer", 1000).write(0, 0);
    process(10, "other", 1000).used(1, 1).withPages(20).write(512, 0);
    read();
    busy.used(90, 3).write();
    writer.used(2, 0).write(0, 1 << 20);
    List<String> told = told();
    assertTrue(told.containsAll(List.of("busy", "large", "writer")), told.toString());
    assertEquals(told, told());
    large.end();
    assertTrue(told().contains("large"), "for a while");
  }

  @Test
  void whoNoLongerRanksIsToldOfForAWhileOnly() throws IOException {
    ModuleSettings defaults = settings("top", "1");
    collector =
        new ProcessCollector(host.root(), defaults.with(defaults.options().with("hold", "PT5S")));
    read();
    ProcessFixture burst = process(7, "burst", 1000).used(100, 0).write();
    assertTrue(told().contains("burst"));
    burst.end();
    // Its use counts half after a minute; then it holds for five more reads.
    int reads = 0;
    while (told().contains("burst")) {
      reads++;
    }
    assertTrue(reads > 60 && reads < 60 * 10, reads + " reads");
  }

  @Test
  void namesWithoutEndMakeABoundedNumberOfSeries() throws IOException {
    collector = with("top", "3");
    ProcessFixture liar = process(7, "name", 1000).write(0, 0);
    read();
    Set<String> names = new HashSet<>();
    for (int i = 1; i <= 500; i++) {
      liar.called("n" + i).used(i * 90L, 0).withPages(i).write(i << 20, 0);
      List<String> told = told();
      assertTrue(told.size() <= 3 * 2 * 3, told.toString());
      names.addAll(told);
    }
    // 500 of the 600 reads of hold: at most six let in at the start, and another six later.
    assertTrue(names.size() <= 3 * 12 + 1, names.size() + " names");
  }

  @Test
  void watchedCommandsAreToldOfAlways() throws IOException {
    collector = with("watch", List.of("sshd", "ora_*", "nobody"));
    process(7, "ora_pmon_A", 100).withPages(1).write();
    process(8, "ora_dbw0_A", 100).withPages(1).write();
    Recording read = read();
    assertEquals("gauge 0", read.value("processes{command=sshd}"));
    assertEquals("gauge 2", read.value("processes{command=ora_*}"));
    assertEquals("", read.value("processes{command=ora_pmon_A}"));
    process(9, "sshd", 200).used(3, 0).write();
    read = read();
    assertEquals("gauge 1", read.value("processes{command=sshd}"));
    assertEquals("counter 3", read.value("cpu_ratio{command=sshd}"));
  }

  @Test
  void commandsAndUsersCanBeSkipped() throws IOException {
    host.write("etc/passwd", "root:x:0:0::/:/bin/sh\nbackup:x:34:34::/:/bin/sh\n");
    init.ofUser(0);
    process(7, "work", 100).used(9, 0).withPages(1).ofUser(34);
    process(8, "work", 100).used(5, 0).withPages(1).ofUser(1234);
    process(9, "work", 100).used(2, 0).withPages(1).ofUser(0);
    collector = with("skip-users", List.of("back*", "12??"));
    Recording read = read();
    assertEquals("counter 2", read.value("cpu_ratio{command=work}"));
    assertEquals("counter 16", read.value("cpu_ratio"));
    assertEquals("gauge 4", read.value("processes"));
    collector.close();
    collector =
        new ProcessCollector(
            host.root(), FixtureHost.excluding(ProcessCollector.DESCRIPTOR, "wo*"));
    assertEquals(List.of("init"), told());
    assertEquals("counter 16", read().value("cpu_ratio"));
  }

  @Test
  void processesCanBeSummedByUser() throws IOException {
    host.write("etc/passwd", "root:x:0:0::/:/bin/sh\nalice:x:1000:100::/:/bin/sh\n");
    init.ofUser(0);
    ProcessFixture one = process(7, "a", 100).used(9, 0).withPages(1).ofUser(0);
    process(8, "b", 100).used(5, 0).withPages(1).ofUser(1000);
    process(9, "c", 100).used(2, 0).withPages(1).ofUser(4711);
    collector = with("by", "user");
    assertEquals(List.of("root", "alice", "4711"), told("user"));
    // A daemon that has laid down the rights of root since it was new.
    one.ofUser(1000);
    one.used(19, 0).write();
    Recording read = read();
    assertEquals("counter 9", read.value("cpu_ratio{user=root}"));
    assertEquals("counter 15", read.value("cpu_ratio{user=alice}"));
    assertEquals("", read.value("cpu_ratio{command=a}"));
    collector.close();
    collector = with("by", "both");
    assertEquals(List.of("root", "alice", "4711"), told("user"));
    assertEquals(List.of("init", "a", "b", "c"), told());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {")", "(", ") R (", "a\nb", "xid=1 x", "\u00fc", "", " ", "[kworker]", "\"'\\"})
  void anyNameIsAName(String name) throws IOException {
    process(7, name, 100).used(5, 2).withPages(3).write();
    String command = name.isEmpty() ? "?" : name;
    Recording read = read();
    assertEquals("counter 7", read.value("cpu_ratio{command=" + command + "}"));
    assertEquals("gauge 12288", read.value("resident_bytes{command=" + command + "}"));
  }

  @Test
  void aNameThatTheKernelHasCutIsThatOfTheProgram() throws IOException {
    host.write("proc/7/cmdline", "/usr/lib/systemd/systemd-journald\0-x\0");
    process(7, "systemd-journal", 100).withPages(1).write();
    host.write("proc/8/cmdline", "/opt/something-else-altogether\0");
    process(8, "celery_worker_1", 100).withPages(1).write();
    host.write("proc/9/cmdline", "/bin/" + "fifteen_letters".repeat(20) + "\0");
    process(9, "fifteen_letters", 100).withPages(1).write();
    assertEquals(List.of("init", "systemd-journald", "celery_worker_1", "fifteen_letters"), told());
  }

  @Test
  void aMalformedStatIsNamedAndTheNextReadGoesOn() throws IOException {
    ProcessFixture one = process(7, "one", 100).used(5, 0).withPages(1).write(0, 0);
    read();
    host.write("proc/7/stat", "7 (one) S 1 1 1 0 -1 x");
    IOException bad = assertThrows(IOException.class, this::read);
    assertEquals(
        folder.resolve("proc/7/stat") + " line 1: flags is no number: '7 (one) S 1 1 1 0 -1 x'",
        bad.getMessage());
    one.used(8, 0).write();
    assertEquals("counter 8", read().value("cpu_ratio{command=one}"));
    host.write("proc/7/io", "rchar: 1\n");
    one.used(9, 0).write();
    bad = assertThrows(IOException.class, this::read);
    assertTrue(bad.getMessage().startsWith(folder.resolve("proc/7/io") + " line "));
    one.used(11, 0).write(0, 0);
    assertEquals("counter 11", read().value("cpu_ratio{command=one}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "7 (one", "7 (one)", "7 (one) S", "7 (one) S 1 1 1"})
  void aTruncatedStatIsRefused(String text) throws IOException {
    host.write("proc/7/stat", text);
    IOException bad = assertThrows(IOException.class, this::read);
    assertTrue(bad.getMessage().startsWith(folder.resolve("proc/7/stat") + " line 1: "));
  }

  @Test
  void aHugeStatIsRefused() throws IOException {
    host.write("proc/7/stat", "7 (one) S" + " 1".repeat(100_000));
    assertTrue(assertThrows(IOException.class, this::read).getMessage().contains("longer than"));
  }

  @Test
  void noProcessesIsNoSource() throws IOException {
    init.end();
    assertThrows(SourceAbsentException.class, this::read);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20_000})
  void tenThousandProcessesTakeNothingButTheirListAndOpenFiles(int openFiles) throws IOException {
    int count = openFiles == 0 ? 10_000 : 2_000;
    for (int pid = 100; pid < 100 + count; pid++) {
      process(pid, "name" + pid % 300, 1000).used(pid % 7, 0).withPages(pid % 11).write(0, 0);
    }
    collector = with("open-files", Integer.toString(openFiles));
    for (int i = 0; i < 5; i++) {
      assertEquals("gauge " + (count + 1), read().value("processes"));
    }
    Readings nothing = new Nothing();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    int reads = 5;
    for (int i = 0; i < reads; i++) {
      collector.collect(nothing);
    }
    long before = threads.getThreadAllocatedBytes(thread);
    for (int i = 0; i < reads; i++) {
      collector.collect(nothing);
    }
    double each = (threads.getThreadAllocatedBytes(thread) - before) / (double) reads / (count + 1);
    // The list takes about 65 bytes each, a file that is opened 160 and its folder's length.
    assertTrue(each < (openFiles == 0 ? 350 : 100), each + " bytes a process and read");
  }

  @Test
  void theFilesThatStayOpenAreBoundedByWhatIsAllowed() throws IOException {
    host.write(
        "proc/self/limits",
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max cpu time              unlimited            unlimited            seconds
        Max open files            8                    4096                 files
        """);
    for (int pid = 100; pid < 150; pid++) {
      process(pid, "many", 1000).write();
    }
    long before = openStats();
    read();
    read();
    read();
    assertEquals(4, openStats() - before);
    collector.close();
    assertEquals(before, openStats());
  }

  private long openStats() throws IOException {
    long count = 0;
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      for (Path file : files.toList()) {
        try {
          count += Files.readSymbolicLink(file).startsWith(folder.toRealPath()) ? 1 : 0;
        } catch (IOException closedSince) {
          continue;
        }
      }
    }
    return count;
  }
}
