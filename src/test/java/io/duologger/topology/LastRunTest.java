package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Series;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import io.duologger.procfs.HostRoot;
import io.duologger.virtual.FakeCollector;
import io.duologger.virtual.Heard;
import io.duologger.virtual.ReportLine;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on from the counters of the last one. */
class LastRunTest {
  private static final Series BUSY =
      new Series(Metric.ratio("busy_ratio", Unit.RATIO, "Busy."), Instance.HOST);
  private static final Series RX =
      new Series(Signals.RX.withUtilisation("rx_utilisation"), Signals.ETH0);

  @TempDir Path folder;

  private Path state() {
    return folder.resolve("state/counters");
  }

  private HostRoot host(String boot) {
    try {
      Path random = folder.resolve(boot + "/proc/sys/kernel/random");
      Files.createDirectories(random);
      Files.writeString(random.resolve("boot_id"), boot + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HostRoot.at(folder.resolve(boot));
  }

  private Scenario first() {
    return new Scenario().sinceLastRun(state()).host(host("boot1"));
  }

  private Scenario after(Scenario last) {
    return last.next().sinceLastRun(state()).host(host("boot1"));
  }

  private static Spec once(String module) {
    return Spec.of(module, 1).atClose().stats("value");
  }

  /** Runs it to its end: a millisecond, and what reads take. */
  private static Scenario ends(Scenario run) {
    run.run(run.now() + 0.002);
    assertTrue(run.driver().completed());
    assertEquals(1, run.reports().size());
    return run;
  }

  private static FakeCollector.Script counts(long value) {
    return (number, into) -> into.counter(Signals.FORKS, value);
  }

  private static void pass(Scenario run, double seconds) {
    run.time().advance(Spec.seconds(seconds));
  }

  private byte[] saved() throws IOException {
    return Files.readAllBytes(state());
  }

  private void assertNothingElseIsLeft() throws IOException {
    try (Stream<Path> files = Files.list(state().getParent())) {
      assertEquals(List.of(state()), files.toList());
    }
  }

  /** A run that finds an unusable file says what it reads, has no rates and writes a good file. */
  private List<String> runOn(byte[] damaged) throws IOException {
    Files.createDirectories(state().getParent());
    Files.write(state(), damaged);
    try (Heard heard = new Heard();
        Scenario run = first().module(once("cpu"), counts(7))) {
      pass(run, 30);
      ends(run);
      assertEquals(
          List.of("n=1 covered=0.0 forks_per_second="),
          run.picks("cpu", "n", "covered", "forks_per_second"));
      try (Scenario next = after(run).module(once("cpu"), counts(207))) {
        pass(next, 1.998);
        assertEquals(100, ends(next).lines("cpu").get(0).number("forks_per_second"));
      }
      return heard.messages();
    }
  }

  @Test
  void firstRunHasGaugesAndNoRates() throws IOException {
    try (Heard heard = new Heard();
        Scenario run = first()) {
      run.module(
          once("cpu"),
          (number, into) -> {
            into.gauge(Signals.LOAD, 3);
            into.counter(Signals.FORKS, 1000);
            into.ratio(BUSY, 10, 20);
          });
      ends(run);
      ReportLine line = run.lines("cpu").get(0);
      assertEquals(
          "n=1 missed=0 covered=0.0 partial= load=3",
          line.pick("n", "missed", "covered", "partial", "load"));
      assertFalse(line.text().contains("forks"), line::text);
      assertFalse(line.text().contains("busy"), line::text);
      assertEquals(1, run.collector("cpu").reads());
      assertEquals(List.of(), heard.messages());
    }
    assertNothingElseIsLeft();
  }

  @Test
  void nextRunHasTheRatesOfTheTimeBetween() {
    try (Scenario last = first()) {
      last.module(
          once("cpu"),
          (number, into) -> {
            into.counter(Signals.FORKS, 1000);
            into.ratio(BUSY, 10, 20);
          });
      last.module(once("net"), (number, into) -> into.counter(RX, 5000, 100));
      ends(last);
      try (Scenario run = after(last)) {
        run.module(
            once("cpu"),
            (number, into) -> {
              into.gauge(Signals.LOAD, 3);
              into.counter(Signals.FORKS, 1600);
              into.ratio(BUSY, 40, 120);
            });
        run.module(once("net"), (number, into) -> into.counter(RX, 8000, 100));
        pass(run, 59.998);
        ends(run);
        assertEquals(
            "xid="
                + run.xid(60.001)
                + " window=60 n=1 missed=0 covered=60.0 partial="
                + " load=3 forks_per_second=10 busy_ratio=0.3",
            run.lines("cpu")
                .get(0)
                .pick(
                    "xid",
                    "window",
                    "n",
                    "missed",
                    "covered",
                    "partial",
                    "load",
                    "forks_per_second",
                    "busy_ratio"));
        assertEquals(
            List.of("rx_bytes_per_second=50 rx_utilisation_ratio=0.5"),
            run.picks("net", "rx_bytes_per_second", "rx_utilisation_ratio"));
        assertEquals(1, run.collector("cpu").reads());
      }
    }
  }

  @Test
  void aSoonRunHasAWholeWindowToo() {
    try (Scenario last = first().module(once("cpu"), counts(1000))) {
      ends(last);
      try (Scenario run = after(last).module(once("cpu"), counts(1600))) {
        ends(run);
        assertEquals(List.of("partial="), run.picks("cpu", "partial"));
      }
    }
  }

  @Test
  void increasesAreExactWhateverTheCountersAre() {
    Random random = new Random(5);
    long value = random.nextLong();
    Scenario last = first().module(once("cpu"), counts(value));
    ends(last);
    for (int i = 0; i < 50; i++) {
      long increase = random.nextLong() >>> 1 + random.nextInt(62);
      long now = value + increase;
      double span = 0.01 + random.nextInt(100_000) / 7.0;
      double pause = random.nextDouble();
      try (Scenario before = last;
          Scenario run = after(before).grace(1)) {
        last = run;
        run.module(
            once("cpu"),
            (number, into) -> {
              run.pause(pause);
              into.counter(Signals.FORKS, now);
            });
        pass(run, span);
        run.run(run.now() + 1.1);
        Line line = run.reports().get(0).lines().get(0);
        Line.Head head = line.head().orElseThrow();
        if (Long.compareUnsigned(now, value) < 0) {
          assertEquals(1, head.resets());
        } else {
          double exact = new BigInteger(Long.toUnsignedString(increase)).doubleValue();
          int mean = line.aggregates().get(0).stats().indexOf(Stat.VALUE);
          double sum = line.aggregates().get(0).values()[mean] * head.covered();
          assertEquals(exact, sum, exact * 1e-15);
        }
        value = now;
      }
    }
    last.close();
  }

  @Test
  void coveredIsTheMeasuredTimeBetweenTheReads() {
    try (Scenario last = first()) {
      last.module(
          once("cpu"),
          (number, into) -> {
            last.pause(0.4);
            into.counter(Signals.FORKS, 0);
          });
      last.run(0.5);
      try (Scenario run = after(last)) {
        run.module(
            once("cpu"),
            (number, into) -> {
              run.pause(0.8);
              into.counter(Signals.FORKS, 102);
            });
        run.run(12);
        // the midpoints are 0.201 s and 0.5 s + 0.001 s + 0.4 s
        assertEquals(List.of("window=0.5 covered=0.7"), run.picks("cpu", "window", "covered"));
      }
    }
  }

  @Test
  void resetSinceTheLastRunGivesNoRate() {
    try (Scenario last = first().module(once("cpu"), counts(1000))) {
      ends(last);
      try (Scenario run = after(last).module(once("cpu"), counts(999))) {
        pass(run, 10);
        ends(run);
        assertEquals(
            List.of("n=1 covered=0.0 resets=1 forks_per_second="),
            run.picks("cpu", "n", "covered", "resets", "forks_per_second"));
      }
    }
  }

  @Test
  void seriesThatCameHaveNoRateAndThoseThatWentAreForgotten() {
    FakeCollector.Script eth0 = (number, into) -> into.counter(Signals.ETH0_RX, 100);
    FakeCollector.Script eth1 = (number, into) -> into.counter(Signals.ETH1_RX, 100);
    try (Scenario one = first().module(once("net"), eth0)) {
      ends(one);
      try (Scenario two = after(one).module(once("net"), eth1)) {
        pass(two, 10);
        ends(two);
        assertEquals(
            List.of("device=eth1 covered=0.0 rx_bytes_per_second="),
            two.picks("net", "device", "covered", "rx_bytes_per_second"));
        try (Scenario three = after(two)) {
          three.module(
              once("net"),
              (number, into) -> {
                into.counter(Signals.ETH0_RX, 300);
                into.counter(Signals.ETH1_RX, 300);
              });
          pass(three, 19.998);
          ends(three);
          assertEquals(
              List.of(
                  "device=eth0 covered=0.0 rx_bytes_per_second=",
                  "device=eth1 covered=20.0 rx_bytes_per_second=10"),
              three.picks("net", "device", "covered", "rx_bytes_per_second").stream()
                  .sorted()
                  .toList());
        }
      }
    }
  }

  @Test
  void moduleThatIsNewHasNoRateAndTheOthersDo() {
    try (Scenario last = first().module(once("cpu"), counts(1000))) {
      ends(last);
      try (Scenario run = after(last).module(once("cpu"), counts(2000))) {
        run.module(once("net"), (number, into) -> into.counter(Signals.ETH0_RX, 100));
        pass(run, 9.998);
        ends(run);
        assertEquals(100, run.lines("cpu").get(0).number("forks_per_second"));
        assertFalse(run.lines("net").get(0).has("rx_bytes_per_second"));
      }
    }
  }

  @Test
  void moduleWhoseReadFailedKeepsItsCountersForTheNextRun() {
    try (Heard heard = new Heard();
        Scenario one = first().module(once("cpu"), counts(1000))) {
      ends(one);
      try (Scenario two = after(one)) {
        two.module(
            once("cpu"),
            (number, into) -> {
              throw new IOException("no");
            });
        pass(two, 9.998);
        ends(two);
        assertEquals(List.of("n=0 missed=1"), two.picks("cpu", "n", "missed"));
        try (Scenario three = after(two).module(once("cpu"), counts(5000))) {
          pass(three, 29.998);
          ends(three);
          assertEquals(
              List.of("window=30 n=1 covered=40.0 forks_per_second=100"),
              three.picks("cpu", "window", "n", "covered", "forks_per_second"));
        }
      }
      assertEquals(List.of("WARN cpu: read failed: no"), heard.messages());
    }
  }

  @Test
  void moduleThatAnotherConfigurationReadKeepsItsCountersToo() {
    try (Scenario one = first().module(once("cpu"), counts(1000))) {
      ends(one);
      try (Scenario two = after(one)) {
        two.module(once("net"), (number, into) -> into.counter(Signals.ETH0_RX, 100));
        pass(two, 9.998);
        ends(two);
        try (Scenario three = after(two).module(once("cpu"), counts(5000))) {
          pass(three, 29.998);
          ends(three);
          assertEquals(100, three.lines("cpu").get(0).number("forks_per_second"));
        }
      }
    }
  }

  @Test
  void fileOfAnotherBootIsIgnoredWithoutAWord() throws IOException {
    try (Scenario last = first().module(once("cpu"), counts(1000))) {
      pass(last, 500);
      ends(last);
    }
    // the monotonic clock began anew, too
    try (Heard heard = new Heard();
        Scenario run = new Scenario().sinceLastRun(state()).host(host("boot2"))) {
      run.module(once("cpu"), counts(2000));
      ends(run);
      assertEquals(
          List.of("n=1 covered=0.0 forks_per_second="),
          run.picks("cpu", "n", "covered", "forks_per_second"));
      assertEquals(List.of(), heard.messages());
      try (Scenario next = run.next().sinceLastRun(state()).host(host("boot2"))) {
        next.module(once("cpu"), counts(3000));
        pass(next, 9.998);
        ends(next);
        assertEquals(100, next.lines("cpu").get(0).number("forks_per_second"));
      }
    }
  }

  @Test
  void fileFromTheFutureIsNotUsed() throws IOException {
    try (Scenario last = first().module(once("cpu"), counts(1000))) {
      pass(last, 500);
      ends(last);
    }
    List<String> heard = runOn(saved());
    assertEquals(1, heard.size());
    assertTrue(heard.get(0).startsWith("WARN " + state() + ": cannot use"), heard::toString);
  }

  @Test
  void truncatedFileIsNotUsed() throws IOException {
    try (Scenario last = first().module(once("cpu"), counts(1000))) {
      ends(last);
    }
    byte[] whole = saved();
    for (int length = 0; length < whole.length; length++) {
      List<String> heard = runOn(Arrays.copyOf(whole, length));
      assertEquals(1, heard.size(), "of " + length + " bytes");
      assertTrue(heard.get(0).contains("damaged"), heard::toString);
    }
    assertNothingElseIsLeft();
  }

  @Test
  void fileWithAFlippedByteIsNotUsed() throws IOException {
    try (Scenario last = first().module(once("cpu"), counts(1000))) {
      ends(last);
    }
    byte[] whole = saved();
    for (int i = 0; i < whole.length; i++) {
      for (int flip : new int[] {1, 0x80, 0xff}) {
        byte[] damaged = whole.clone();
        damaged[i] ^= (byte) flip;
        List<String> heard = runOn(damaged);
        assertEquals(1, heard.size(), "byte " + i);
        assertTrue(heard.get(0).contains("damaged"), heard::toString);
      }
    }
  }

  @Test
  void noContentFailsTheRunThoughItsSumIsRight() throws IOException {
    try (Scenario last = first().module(once("cpu"), counts(1000))) {
      ends(last);
    }
    byte[] whole = saved();
    for (int i = 0; i < whole.length - Long.BYTES; i++) {
      for (int flip : new int[] {1, 0x80, 0xff}) {
        byte[] forged = whole.clone();
        forged[i] ^= (byte) flip;
        ByteBuffer bytes = ByteBuffer.wrap(forged);
        int length = forged.length - Long.BYTES;
        bytes.putLong(length, StateBytes.checksum(bytes, length));
        Files.write(state(), forged);
        try (Heard heard = new Heard();
            Scenario run = first().module(once("cpu"), counts(7))) {
          pass(run, 30);
          assertEquals(1, ends(run).reports().size(), "byte " + i);
          assertFalse(heard.messages().toString().contains("null"), heard::toString);
        }
      }
    }
  }

  @Test
  void otherBytesAreNotUsed() throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < 100; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      if (i % 2 == 0) {
        random.nextBytes(bytes);
      }
      List<String> heard = runOn(bytes);
      assertEquals(1, heard.size());
      assertFalse(heard.get(0).contains("null"), heard::toString);
    }
    assertEquals(1, runOn(new byte[8]).size());
    assertFalse(runOn(new byte[8]).get(0).contains("null"));
  }

  @Test
  void fileThatCannotBeReadIsReplaced() throws IOException {
    Files.createDirectories(state().getParent());
    Files.createSymbolicLink(state(), state());
    try (Heard heard = new Heard();
        Scenario run = first().module(once("cpu"), counts(1000))) {
      ends(run);
      assertEquals(1, heard.messages().size());
      try (Scenario next = after(run).module(once("cpu"), counts(2000))) {
        pass(next, 9.998);
        ends(next);
        assertEquals(100, next.lines("cpu").get(0).number("forks_per_second"));
      }
    }
    assertNothingElseIsLeft();
  }

  @Test
  void fileIsReplacedByALongerAndAShorterOne() throws IOException {
    FakeCollector.Script many =
        (number, into) -> {
          for (int i = 0; i < 500; i++) {
            into.counter(new Series(Signals.RX, Instance.of("device", "dev" + i)), i);
          }
        };
    FakeCollector.Script few = (number, into) -> into.counter(Signals.ETH0_RX, 100);
    try (Scenario one = first().module(once("net"), few)) {
      ends(one);
      final long small = Files.size(state());
      try (Scenario two = after(one).module(once("net"), many)) {
        ends(two);
        assertTrue(Files.size(state()) > 100 * small / 10);
        try (Scenario three = after(two).module(once("net"), few)) {
          ends(three);
          assertEquals(small, Files.size(state()));
          try (Scenario four = after(three)) {
            four.module(once("net"), (number, into) -> into.counter(Signals.ETH0_RX, 300));
            pass(four, 19.998);
            ends(four);
            assertEquals(10, four.lines("net").get(0).number("rx_bytes_per_second"));
          }
        }
      }
    }
    assertNothingElseIsLeft();
  }

  @Test
  void whatAKilledRunHasLeftInTheWayIsReplaced() throws IOException {
    Files.createDirectories(state().getParent());
    Files.writeString(
        state().resolveSibling(".counters." + ProcessHandle.current().pid()), "half of");
    try (Scenario run = first().module(once("cpu"), counts(1000))) {
      ends(run);
    }
    assertTrue(saved().length > 0);
    assertNothingElseIsLeft();
  }

  /** Forks are none of the module's series, so nothing is known of them when they are read back. */
  private static FakeCollector.Script grown(int seconds) {
    return (number, into) -> {
      into.counter(new Series(Signals.FORKS.metric(), Signals.ETH0), seconds);
      into.counter(Signals.ETH0_RX, 100 + 2 * seconds);
      into.counter(Signals.ETH0_TX, 200 + 3 * seconds);
      into.counter(Signals.ETH1_RX, 300 + 4 * seconds);
    };
  }

  @Test
  void eachInstanceGetsItsOwnCountersBack() {
    try (Scenario last = first().module(once("net"), grown(0))) {
      ends(last);
      try (Scenario next = after(last).module(once("net"), grown(10))) {
        pass(next, 9.998);
        ends(next);
        assertEquals(
            List.of("rx=2 tx=3 forks=", "rx=4 tx= forks="),
            next.lines("net").stream().map(LastRunTest::rates).toList());
      }
    }
  }

  private static String rates(ReportLine line) {
    return "rx="
        + line.text("rx_bytes_per_second")
        + " tx="
        + line.text("tx_bytes_per_second")
        + " forks="
        + line.text("forks_per_second");
  }

  @Test
  void runThatCannotKeepItsCountersFailsAfterItsReport() throws IOException {
    Files.writeString(state().getParent(), "a file where the folder should be");
    assertFails("cannot keep the counters in " + state() + ": ");
  }

  @Test
  void runWhoseFileIsAFolderFailsAfterItsReport() throws IOException {
    Files.createDirectories(state().resolve("child"));
    assertFails("cannot keep the counters in " + state() + ": ");
    assertNothingElseIsLeft();
    assertTrue(Files.isDirectory(state().resolve("child")));
  }

  private void assertFails(String message) {
    try (Heard heard = new Heard();
        Scenario run = first().module(once("cpu"), counts(1000))) {
      run.start();
      assertThrows(AssertionError.class, () -> run.run(0.002));
      assertFalse(run.driver().completed());
      assertEquals(1, run.reports().size());
      assertEquals(IOException.class, run.driver().failure().getClass());
      assertEquals(
          message,
          run.driver().failure().getMessage().substring(0, message.length()),
          run.driver().failure()::getMessage);
      assertTrue(heard.messages().size() <= 1, () -> heard.messages().toString());
    }
  }

  @Test
  void failingSaveLeavesTheOldFile() throws IOException {
    try (Scenario one = first().module(once("cpu"), counts(1000))) {
      ends(one);
      final byte[] old = saved();
      // the name of the fresh file is taken by a folder
      Path fresh =
          state().resolveSibling(".counters." + ProcessHandle.current().pid()).resolve("child");
      Files.createDirectories(fresh);
      try (Scenario two = after(one).module(once("cpu"), counts(2000))) {
        two.start();
        assertThrows(AssertionError.class, () -> two.run(two.now() + 0.002));
        String said = two.driver().failure().getMessage();
        assertTrue(said.startsWith("cannot keep the counters in " + state() + ": "), said);
      }
      assertArrayEquals(old, saved());
    }
  }

  @Test
  void stoppedRunKeepsWhatItRead() {
    try (Scenario last = first().module(once("cpu"), counts(1000))) {
      last.start().stop().run(0.002);
      assertTrue(last.driver().completed());
      try (Scenario run = after(last).module(once("cpu"), counts(2000))) {
        pass(run, 9.997);
        ends(run);
        assertEquals(1, run.lines("cpu").size());
      }
    }
  }
}
