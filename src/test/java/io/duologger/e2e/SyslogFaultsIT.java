package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reports over connections while the receiver, the way to it, the disk or the program itself fails.
 * The witness is a file that got the same reports in the same run: what it has must be at rsyslog,
 * whole and in order, with at most one report repeated for each failure.
 */
class SyslogFaultsIT {
  private static final Duration STOP = Duration.ofSeconds(6);
  private static final BigDecimal HEARTBEAT = new BigDecimal("0.250");
  private static final String SMALL = "load.every = 125 ms";

  /** So that each of many short runs has a few windows. */
  private static final BigDecimal SHORT_HEARTBEAT = new BigDecimal("0.100");

  /** A few kilobytes a report, but no line that one output would split and another not. */
  private static final String LARGE =
      "load.every = 125 ms, cpu { every = 125 ms, per-cpu = all, stats = [min, mean] }";

  @TempDir private Path folder;

  private Path witness;

  @BeforeEach
  void needRsyslog() {
    Machine.needsPrograms("rsyslogd");
    witness = folder.resolve("witness");
  }

  @Test
  void aServerThatIsNotThereYetGetsEverythingWhenItComes() throws Exception {
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      List<Rsyslog.Listener> listeners = tcpAndTls(rsyslog);
      try (Running run = start(SMALL, listeners)) {
        windows(run, 6);
        assertTold(run, listeners, 1, 0);
        rsyslog.start();
        awaitAll(run, rsyslog, listeners);
        assertTold(run, listeners, 1, 1);
        stop(run);
      }
      assertComplete(rsyslog, listeners, 0);
    }
  }

  @Test
  void whatIsReportedWhileTheServerIsStoppedArrivesAfterwards() throws Exception {
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      List<Rsyslog.Listener> listeners = tcpAndTls(rsyslog);
      rsyslog.start();
      try (Running run = start(SMALL, listeners)) {
        for (int stops = 1; stops <= 2; stops++) {
          windows(run, 4);
          // Only a way that has worked can break.
          for (Rsyslog.Listener listener : listeners) {
            run.poll(
                Running.MARGIN, "delivery", () -> self(listener).integer("reports_delivered") > 0);
          }
          rsyslog.stop();
          windows(run, 12);
          assertTold(run, listeners, stops, stops - 1);
          for (Rsyslog.Listener listener : listeners) {
            Logfmt self = self(listener);
            double down = self.number("down_seconds");
            assertTrue(down > 2 && down < 4, self::text);
            assertTrue(self.integer("reports_waiting") > 8, self::text);
            assertTrue(self.integer("spool_bytes") > 4_000, self::text);
          }
          rsyslog.start();
          awaitAll(run, rsyslog, listeners);
          assertTold(run, listeners, stops, stops);
        }
        windows(run, 2);
        for (Rsyslog.Listener listener : listeners) {
          Logfmt self = self(listener);
          assertEquals(0, self.integer("reports_lost"), self::text);
          assertEquals(2, self.integer("connection_breaks"), self::text);
          assertEquals(0, self.number("down_seconds"), self::text);
        }
        stop(run);
      }
      assertComplete(rsyslog, listeners, 2);
    }
  }

  @Test
  void aKilledServerMissesNothing() throws Exception {
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      List<Rsyslog.Listener> listeners = tcpAndTls(rsyslog);
      rsyslog.start();
      try (Running run = start(SMALL, listeners)) {
        for (int kills = 1; kills <= 2; kills++) {
          windows(run, 3);
          rsyslog.kill();
          windows(run, 3);
          rsyslog.start();
          awaitAll(run, rsyslog, listeners);
          assertTold(run, listeners, kills, kills);
        }
        stop(run);
      }
      assertComplete(rsyslog, listeners, 2);
    }
  }

  @Test
  @Tag(Machine.ALONE)
  void aServerThatHangsDelaysNobodyElse() throws Exception {
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      List<Rsyslog.Listener> listeners = tcpAndTls(rsyslog);
      rsyslog.start();
      // First in the middle of connections, then before they are there.
      for (boolean early : List.of(false, true)) {
        if (early) {
          rsyslog.pause();
        }
        int before = reports().size();
        try (Running run = start(SMALL, listeners)) {
          windows(run, 4);
          if (!early) {
            rsyslog.pause();
          }
          windows(run, early ? 4 : 16);
          List<String> xids = new ArrayList<>(reports().keySet());
          xids = xids.subList(before + 1, xids.size());
          for (int i = 1; i < xids.size(); i++) {
            assertEquals(HEARTBEAT, seconds(xids.get(i)).subtract(seconds(xids.get(i - 1))));
          }
          for (String xid : xids) {
            for (String line : reports().get(xid)) {
              assertEquals("0", Logfmt.parse(line).pairs().getOrDefault("missed", "0"), line);
            }
          }
          rsyslog.resume();
          awaitAll(run, rsyslog, listeners);
          stop(run);
        }
      }
      assertComplete(rsyslog, listeners, 1);
    }
  }

  @Test
  void whatAPeerTakesBeforeItHangsUpIsSentAgain() throws Exception {
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      List<Rsyslog.Listener> listeners = List.of(rsyslog.tcp("127.0.0.1"));
      int port = listeners.get(0).port();
      try (Running run = start(SMALL, listeners)) {
        windows(run, 2);
        try (ServerSocket peer = new ServerSocket(port, 5, InetAddress.getByName("127.0.0.1"))) {
          peer.setSoTimeout(20);
          // A peer that takes a report and hangs up, time after time, counts as one that has it.
          for (boolean atOnce : List.of(true, false, true)) {
            run.poll(Running.MARGIN, "call", () -> hangUp(peer, atOnce));
          }
        }
        rsyslog.start();
        awaitAll(run, rsyslog, listeners);
        stop(run);
      }
      assertComplete(rsyslog, listeners, 0);
    }
  }

  @Test
  void nothingIsSentToAServerThatIsNotTheRightOne() throws Exception {
    Certificates certificates = new Certificates(folder.resolve("c"));
    List<Certificates.Identity> wrong =
        List.of(certificates.expired(), certificates.otherHost(), certificates.unknown());
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      List<Rsyslog.Listener> listeners = new ArrayList<>();
      for (Certificates.Identity identity : wrong) {
        listeners.add(rsyslog.tlsWith(identity, "127.0.0.1", certificates));
      }
      rsyslog.start();
      try (Running run = start(SMALL, listeners)) {
        windows(run, 8);
        assertTold(run, listeners, 1, 0);
        List<String> reasons = List.of("expired", "127.0.0.1", "trust");
        for (int i = 0; i < wrong.size(); i++) {
          String warning = told(run, listeners.get(i), ": warn: output ").get(0);
          String reason = warning.substring(warning.indexOf("cannot send to"));
          assertTrue(
              reason.replaceFirst("cannot send to [^:]*: ", "").contains(reasons.get(i)), run::all);
        }
        assertEquals(List.of(), rsyslog.received());
        rsyslog.stop();
        for (Certificates.Identity identity : wrong) {
          Certificates.Identity right = certificates.server();
          Files.copy(
              right.certificate(), identity.certificate(), StandardCopyOption.REPLACE_EXISTING);
          Files.copy(right.key(), identity.key(), StandardCopyOption.REPLACE_EXISTING);
        }
        rsyslog.start();
        awaitAll(run, rsyslog, listeners);
        // That nobody was there in between may have been said as well.
        for (Rsyslog.Listener listener : listeners) {
          assertEquals(1, told(run, listener, ": works again after ").size(), run::all);
        }
        stop(run);
      }
      assertComplete(rsyslog, listeners, 0);
    }
  }

  @Test
  void aFullDiskLosesOnlyWhatIsCounted() throws Exception {
    Machine.needsRoot();
    Machine.needsPrograms("unshare", "mount");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      List<Rsyslog.Listener> listeners = List.of(rsyslog.tcp("127.0.0.1"));
      List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c"));
      command.add("mount -t tmpfs -o size=48k,mode=700 none \"$0\" && exec \"$@\"");
      command.add(disk.toString());
      Path config = config(LARGE, listeners, "queue = 4, spool.path = \"" + disk + "\"");
      command.addAll(Running.command("--config", config.toString()).command());
      try (Running run = Running.start(new ProcessBuilder(command))) {
        windows(run, 24);
        rsyslog.start();
        run.poll(
            Running.MARGIN,
            "delivery of what was kept",
            () -> self(listeners.get(0)).integer("reports_waiting") <= 1);
        windows(run, 2);
        stop(run);
        // Room comes and goes while the disk is emptied, and is told each time.
        assertTrue(run.err().size() <= 12, run::all);
      }
      Arrivals arrivals = arrivals(rsyslog, listeners.get(0), true);
      long lost = self(listeners.get(0)).integer("reports_lost");
      assertTrue(lost > 0, "all of it found room");
      assertEquals(lost, arrivals.missing().size(), arrivals::toString);
      assertEquals(0, arrivals.repeats(), arrivals::toString);
      assertRegular();
    }
  }

  @Test
  void killsOfTheProgramLoseNothing() throws Exception {
    int kills = 20;
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<String> last = new LinkedHashSet<>();
    int stops = 0;
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      List<Rsyslog.Listener> listeners = List.of(rsyslog.tcp("127.0.0.1"));
      rsyslog.start();
      boolean up = true;
      for (int i = 0; i < kills; i++) {
        try (Running run = start("load.every = 50 ms", listeners, SHORT_HEARTBEAT)) {
          windows(run, 1);
          run.pass(Duration.ofMillis(random.nextInt(400)));
          if (i >= kills / 2) {
            if (up) {
              rsyslog.stop();
              stops++;
            } else {
              rsyslog.start();
            }
            up = !up;
          }
          run.pass(Duration.ofMillis(random.nextInt(400)));
          run.signal("KILL");
          run.exitWithin(Running.MARGIN);
        }
        reports().keySet().stream().reduce((a, b) -> b).ifPresent(last::add);
      }
      if (!up) {
        rsyslog.start();
      }
      try (Running run = start("load.every = 50 ms", listeners, SHORT_HEARTBEAT)) {
        windows(run, 2);
        Running.poll(
            Running.MARGIN.multipliedBy(2),
            "delivery",
            () -> last.containsAll(arrivals(rsyslog, listeners.get(0), false).missing()),
            () -> arrivals(rsyslog, listeners.get(0), false) + " not " + last + run.all());
        stop(run);
      }
      rsyslog.await(
          Running.MARGIN,
          "last report",
          all -> last.containsAll(arrivals(rsyslog, listeners.get(0), false).missing()));
      Arrivals arrivals = arrivals(rsyslog, listeners.get(0), false);
      Set<String> onlySent =
          arrivals.strange().stream().map(Arrivals::xid).collect(Collectors.toSet());
      String result =
          "kills of the program %d, stops of rsyslogd %d, reports %d, repeated %d, missing %d, only sent %d, seed %d"
              .formatted(
                  kills,
                  stops,
                  arrivals.reports(),
                  arrivals.repeats(),
                  arrivals.missing().size(),
                  onlySent.size(),
                  seed);
      Files.writeString(Machine.HOME.resolve("target/syslog-kills.txt"), result + "\n");
      assertEquals(List.of(), arrivals.disorder(), result);
      assertTrue(arrivals.repeats() <= kills + stops, result);
      assertTrue(last.containsAll(arrivals.missing()), () -> result + arrivals.missing());
      // What only rsyslog has comes right after the last report that the witness has of a run.
      TreeSet<BigDecimal> all = new TreeSet<>();
      Stream.concat(reports().keySet().stream(), onlySent.stream())
          .forEach(xid -> all.add(seconds(xid)));
      Set<BigDecimal> ends = last.stream().map(SyslogFaultsIT::seconds).collect(Collectors.toSet());
      for (String xid : onlySent) {
        BigDecimal before = all.lower(seconds(xid));
        assertTrue(before == null || ends.contains(before), () -> result + ", but sent: " + xid);
      }
      assertTrue(arrivals.reports() >= kills, result);
    }
  }

  @Test
  void aStopWhileTheServerIsAwayIsQuickAndLosesNothing() throws Exception {
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      List<Rsyslog.Listener> listeners = tcpAndTls(rsyslog);
      try (Running run = start(SMALL, listeners)) {
        windows(run, 5);
        assertTold(run, listeners, 1, 0);
        stop(run);
        for (Rsyslog.Listener listener : listeners) {
          String kept = ": " + reports().size() + " reports are kept for the next start";
          assertEquals(1, told(run, listener, kept).size(), run::all);
        }
      }
      int before = reports().size();
      rsyslog.start();
      try (Running run = start(SMALL, listeners)) {
        awaitAll(run, rsyslog, listeners);
        stop(run);
        assertEquals(List.of(), run.err());
      }
      assertTrue(reports().size() > before, "the second run has reported nothing");
      assertComplete(rsyslog, listeners, 0);
    }
  }

  @Test
  void aFullSpoolDropsTheOldest() throws Exception {
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      List<Rsyslog.Listener> listeners = List.of(rsyslog.tcp("127.0.0.1"));
      Path config =
          config(LARGE, listeners, "spool { path = \"" + spool() + "\", max-size = 64 KiB }");
      try (Running run = Running.duologger("--config", config.toString())) {
        windows(run, 30);
        long lost = self(listeners.get(0)).integer("reports_lost");
        assertTrue(lost > 0, "all of it found room");
        rsyslog.start();
        run.poll(
            Running.MARGIN,
            "delivery of what was kept",
            () -> self(listeners.get(0)).integer("reports_waiting") <= 1);
        stop(run);
      }
      Arrivals arrivals = arrivals(rsyslog, listeners.get(0), true);
      // The very first one was on its way when its file was dropped, and arrives all the same.
      List<String> xids = new ArrayList<>(reports().keySet());
      int missing = arrivals.missing().size();
      assertEquals(xids.subList(1, 1 + missing), new ArrayList<>(arrivals.missing()));
      assertEquals(missing, self(listeners.get(0)).integer("reports_lost"), arrivals::toString);
      assertTrue(arrivals.missing().size() < 30, arrivals::toString);
      assertEquals(0, arrivals.repeats(), arrivals::toString);
    }
  }

  @Test
  void aDamagedSpoolLosesOnlyWhatIsDamaged() throws Exception {
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      List<Rsyslog.Listener> listeners = List.of(rsyslog.tcp("127.0.0.1"));
      try (Running run = start(SMALL, listeners)) {
        windows(run, 8);
        stop(run);
      }
      List<String> xids = new ArrayList<>(reports().keySet());
      damage(spool(), xids.get(3));
      rsyslog.start();
      try (Running run = start(SMALL, listeners)) {
        windows(run, 2);
        run.poll(
            Running.MARGIN,
            "delivery of the rest",
            () -> self(listeners.get(0)).integer("reports_waiting") <= 1);
        windows(run, 2);
        stop(run);
      }
      Arrivals arrivals = arrivals(rsyslog, listeners.get(0), true);
      assertEquals(Set.of(xids.get(3)), arrivals.missing(), arrivals::toString);
      Logfmt self = self(listeners.get(0));
      assertEquals(1, self.integer("spool_corrupt"), self::text);
    }
  }

  private List<Rsyslog.Listener> tcpAndTls(Rsyslog rsyslog) throws Exception {
    Certificates certificates = new Certificates(folder.resolve("c"));
    return List.of(rsyslog.tcp("127.0.0.1"), rsyslog.tls("ossl", "127.0.0.1", certificates));
  }

  /** Starts the program with an output to each of these. */
  private Running start(String modules, List<Rsyslog.Listener> listeners) throws IOException {
    return start(modules, listeners, HEARTBEAT);
  }

  private Running start(String modules, List<Rsyslog.Listener> listeners, BigDecimal heartbeat)
      throws IOException {
    Path config = config(modules, listeners, "");
    return Running.duologger(
        "--config", config.toString(), "--heartbeat", heartbeat.unscaledValue() + "ms");
  }

  private Path spool() {
    return folder.resolve("spool");
  }

  private Path config(String modules, List<Rsyslog.Listener> listeners, String spool)
      throws IOException {
    List<String> outputs = new ArrayList<>();
    for (Rsyslog.Listener listener : listeners) {
      boolean tls = !listener.name().startsWith("tcp");
      Path place = listeners.size() == 1 ? spool() : folder.resolve("spool-" + listener.name());
      outputs.add(
          "{ type = syslog, server = \"%s\", port = %d, transport = %s, retry-max = 500 ms, %s%s }"
              .formatted(
                  listener.address(),
                  listener.port(),
                  tls ? "tls" : "tcp",
                  spool.isEmpty() ? "spool.path = \"" + place + "\"" : spool,
                  tls ? ", tls.ca = \"" + folder.resolve("c/authority.pem") + "\"" : ""));
    }
    return Files.writeString(
        folder.resolve("x.conf"),
        """
        heartbeat = %s ms
        modules { %s }
        outputs = [
          { type = file, path = "%s" }
          %s
        ]
        """
            .formatted(HEARTBEAT.unscaledValue(), modules, witness, String.join("\n  ", outputs)));
  }

  /** The reports that the witness has, by their xids. */
  private Map<String, List<String>> reports() {
    Map<String, List<String>> reports = new LinkedHashMap<>();
    lines()
        .forEach(
            line ->
                reports.computeIfAbsent(Arrivals.xid(line), xid -> new ArrayList<>()).add(line));
    return reports;
  }

  /** The whole lines that the witness has. */
  private List<String> lines() {
    try {
      String all = Files.exists(witness) ? Files.readString(witness) : "";
      return all.substring(0, all.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the program says of an output in its last report. */
  private Logfmt self(Rsyslog.Listener listener) {
    return lines().stream()
        .filter(line -> line.contains(" module=self output=\"") && line.contains(named(listener)))
        .reduce((a, b) -> b)
        .map(Logfmt::parse)
        .orElseThrow();
  }

  private static String named(Rsyslog.Listener listener) {
    return " port " + listener.port();
  }

  /** Lets so many windows pass. */
  private void windows(Running run, int count) throws InterruptedException {
    int before = reports().size();
    run.poll(Running.MARGIN, count + " windows", () -> reports().size() >= before + count);
  }

  /** Waits until all that the witness has now is at all listeners. */
  private void awaitAll(Running run, Rsyslog rsyslog, List<Rsyslog.Listener> listeners)
      throws InterruptedException {
    Set<String> xids = reports().keySet();
    for (Rsyslog.Listener listener : listeners) {
      run.poll(
          Running.MARGIN,
          "arrival of all at " + listener,
          () -> arrivals(rsyslog, listener, false).missing().stream().noneMatch(xids::contains));
    }
  }

  /** Ends the program in order. */
  private static void stop(Running run) throws IOException, InterruptedException {
    run.signal("TERM");
    assertEquals(0, run.exitWithin(STOP), run::all);
    assertEquals(List.of(), run.out());
  }

  private Arrivals arrivals(Rsyslog rsyslog, Rsyslog.Listener listener, boolean checked) {
    Arrivals arrivals =
        Arrivals.of(
            lines(),
            rsyslog.received(listener.name()).stream().map(Rsyslog.Received::text).toList());
    if (checked) {
      assertEquals(List.of(), arrivals.strange());
      assertEquals(List.of(), arrivals.disorder());
    }
    return arrivals;
  }

  /** Everything is there, and not more of it than the faults explain. The program has ended. */
  private void assertComplete(Rsyslog rsyslog, List<Rsyslog.Listener> listeners, int faults)
      throws InterruptedException {
    for (Rsyslog.Listener listener : listeners) {
      Running.poll(
          Duration.ofSeconds(2),
          "arrival of the last report at " + listener,
          () -> arrivals(rsyslog, listener, true).missing().isEmpty(),
          () -> arrivals(rsyslog, listener, true).toString());
      Arrivals arrivals = arrivals(rsyslog, listener, true);
      assertTrue(arrivals.repeats() <= faults, arrivals::toString);
      assertFalse(reports().isEmpty());
    }
  }

  /** The witness has a report for each heartbeat. */
  private void assertRegular() {
    List<BigDecimal> xids = reports().keySet().stream().map(SyslogFaultsIT::seconds).toList();
    for (int i = 1; i < xids.size() - 1; i++) {
      assertEquals(HEARTBEAT, xids.get(i).subtract(xids.get(i - 1)), xids::toString);
    }
  }

  private static BigDecimal seconds(String xid) {
    return new BigDecimal(xid.substring("xid=".length())).setScale(HEARTBEAT.scale());
  }

  /** Lines about one output on standard error. */
  private static List<String> told(Running run, Rsyslog.Listener listener, String what) {
    return run.err().stream()
        .filter(line -> line.contains(what) && line.contains(named(listener)))
        .toList();
  }

  /**
   * So many failures and recoveries are told of each output, and nothing else. A failure has more
   * than one reason if a call came just before the end of a server, and others after it.
   */
  private static void assertTold(
      Running run, List<Rsyslog.Listener> listeners, int failures, int recoveries)
      throws InterruptedException {
    int all = 0;
    for (Rsyslog.Listener listener : listeners) {
      run.poll(
          Running.MARGIN,
          failures + " failures and " + recoveries + " recoveries told",
          () ->
              told(run, listener, ": warn: output ").size() >= failures
                  && told(run, listener, ": works again after ").size() >= recoveries);
      int warnings = told(run, listener, ": warn: output ").size();
      assertTrue(warnings >= failures && warnings <= 2 * failures, run::all);
      assertEquals(recoveries, told(run, listener, ": works again after ").size(), run::all);
      all += warnings + recoveries;
    }
    assertEquals(all, run.err().size(), run::all);
  }

  /** Takes a call, if there is one, and hangs up, either at once or when something was said. */
  private static boolean hangUp(ServerSocket peer, boolean atOnce) {
    try (Socket call = peer.accept()) {
      call.setSoTimeout((int) Running.MARGIN.toMillis());
      return atOnce || call.getInputStream().read(new byte[100_000]) > 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes a byte of the report with this xid, in whatever file of the folder it is. */
  private static void damage(Path folder, String xid) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    int changed = 0;
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      int place = text.indexOf(xid + " ");
      if (place >= 0) {
        bytes[place + 1] ^= 0x20;
        Files.write(file, bytes);
        changed++;
      }
    }
    assertEquals(1, changed, () -> xid + " in one of " + files);
  }
}
