package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSettings;
import io.duologger.model.RecorderClock;
import io.duologger.model.Series;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of hosts that answer, are silent, or are asked for ever. */
class PingCollectorTest {
  private static final String A = "192.0.2.1";
  private static final String LOOPBACK = "127.0.0.1";

  @TempDir Path folder;

  /** Questions that wait until a test answers them, on the thread of the test itself. */
  private static final class Hosts implements RecorderClock {
    final Deque<Runnable> waiting = new ArrayDeque<>();
    final Deque<Callable<PingTarget.Outcome>> next = new ArrayDeque<>();
    boolean hang;
    int asked;
    long nanos = 1;

    Surroundings surroundings() {
      return new Surroundings(HostRoot.at(Path.of("/")), this, this::execute);
    }

    private void execute(Runnable question) {
      asked++;
      if (hang) {
        waiting.add(question);
      } else {
        question.run();
      }
    }

    Callable<PingTarget.Outcome> question(PingTarget target) {
      return () -> next.remove().call();
    }

    void answers(int sent, int received, Double... rtts) {
      Optional<String> failure = received == 0 ? Optional.of("no reply") : Optional.empty();
      PingAnswer answer = new PingAnswer(sent, received, List.of(rtts), failure);
      next.add(() -> new PingTarget.Outcome(A, answer));
    }

    void fails(String why) {
      next.add(
          () -> {
            throw new IOException(why);
          });
    }

    @Override
    public long wall() {
      throw new UnsupportedOperationException("no module needs it");
    }

    @Override
    public long monotonicNanos() {
      return nanos;
    }
  }

  private static ModuleSettings settings(String... targets) {
    ModuleSettings defaults =
        ModuleSettings.defaults(PingCollector.DESCRIPTOR, Duration.ofMillis(2));
    return defaults.with(defaults.options().with(PingCollector.TARGETS, List.of(targets)));
  }

  private static PingCollector collector(Hosts hosts, ModuleSettings settings) {
    return new PingCollector(hosts.surroundings(), settings, hosts::question);
  }

  @Test
  void withoutTargetsThereIsNoSource() {
    Collector collector = collector(new Hosts(), settings());
    assertThrows(SourceAbsentException.class, () -> Recording.of(collector));
  }

  @Test
  void timesAndLossesAreTold() throws IOException {
    Hosts hosts = new Hosts();
    Collector collector = collector(hosts, settings("a"));
    hosts.answers(1, 1, 0.002);
    Recording first = Recording.of(collector);
    assertEquals(
        List.of(
            "up{target=a} gauge 1",
            "rtt_seconds{target=a} gauge 0.002",
            "address{target=a} info " + A,
            "loss_ratio{target=a} ratio 0 / 1"),
        first.lines());
    hosts.answers(1, 0);
    assertEquals(
        List.of(
            "up{target=a} gauge 0",
            "address{target=a} info " + A,
            "loss_ratio{target=a} ratio 1 / 2",
            "failure{target=a} info no reply"),
        Recording.of(collector).lines());
    hosts.answers(1, 1, 0.003);
    List<Series> third = Recording.of(collector).series();
    for (int i = 0; i < third.size(); i++) {
      assertSame(first.series().get(i), third.get(i));
    }
  }

  @Test
  void ofSeveralProbesTheExtremesAreToldToo() throws IOException {
    Hosts hosts = new Hosts();
    ModuleSettings settings = settings("a");
    Collector collector =
        collector(hosts, settings.with(settings.options().with(PingCollector.COUNT, "4")));
    hosts.answers(4, 3, 0.25, 0.5, 0.75);
    assertEquals(
        List.of(
            "up{target=a} gauge 1",
            "rtt_seconds{target=a} gauge 0.5",
            "rtt_min_seconds{target=a} gauge 0.25",
            "rtt_max_seconds{target=a} gauge 0.75",
            "address{target=a} info " + A,
            "loss_ratio{target=a} ratio 1 / 4"),
        Recording.of(collector).lines());
  }

  @Test
  void whatWasNotSentIsNotLost() throws IOException {
    Hosts hosts = new Hosts();
    Collector collector = collector(hosts, settings("a"));
    hosts.answers(1, 0);
    Recording.of(collector);
    hosts.fails("no address\nof that name");
    assertEquals(
        List.of(
            "up{target=a} gauge 0",
            "loss_ratio{target=a} ratio 1 / 1",
            "failure{target=a} info no address?of that name"),
        Recording.of(collector).lines());
  }

  @Test
  void aHostThatIsStillBeingAskedIsNotAskedAgainAndHoldsUpNoOther() throws IOException {
    Hosts hosts = new Hosts();
    Collector collector = collector(hosts, settings("a", "b"));
    hosts.hang = true;
    Recording.of(collector);
    assertEquals(2, hosts.asked);
    hosts.answers(1, 1, 0.5);
    hosts.waiting.removeLast().run();
    hosts.nanos += 3_000_000_000L;
    Recording second = Recording.of(collector);
    assertEquals(2, hosts.asked);
    assertEquals(
        List.of(
            "up{target=a} gauge 0",
            "stuck_seconds{target=a} gauge 3",
            "loss_ratio{target=a} ratio 0 / 0",
            "failure{target=a} info no answer yet",
            "up{target=b} gauge 1",
            "rtt_seconds{target=b} gauge 0.5",
            "address{target=b} info " + A,
            "loss_ratio{target=b} ratio 0 / 1"),
        second.lines());
    hosts.hang = false;
    hosts.answers(1, 1, 0.25);
    Recording third = Recording.of(collector);
    assertEquals(3, hosts.asked);
    assertEquals("gauge 0.25", third.value("rtt_seconds{target=b}"));
    assertEquals("gauge 3", third.value("stuck_seconds{target=a}"));
  }

  @Test
  void noTargetIsAnOptionToTheProgram() throws IOException {
    Scripts scripts = new Scripts(folder);
    String ping = scripts.script("ping", "printf '%s\\n' \"$*\" >> '" + folder + "/calls'; exit 1");
    ModuleSettings settings =
        settings("-f", "a b", "tcp:x", "tcp:h:0", "tcp:h:65536", "", "127.0.0.1");
    Collector collector =
        new PingCollector(
            FixtureHost.surroundings(HostRoot.at(Path.of("/"))),
            new ModuleSettings(
                settings.instances(),
                false,
                Duration.ofSeconds(20),
                settings.options().with(PingCollector.PROGRAM, ping).with("count", "3")));
    Recording recording = Recording.of(collector);
    for (String target : List.of("-f", "a b", "tcp:x", "tcp:h:0", "tcp:h:65536", "")) {
      assertEquals(
          "info not a HOST nor tcp:HOST:PORT",
          recording.value("failure{target=" + target + "}"),
          target);
    }
    assertEquals(
        "info the program says no result", recording.value("failure{target=" + LOOPBACK + "}"));
    assertEquals("-n -c 3 -W 1 -i 0.2 127.0.0.1\n", Files.readString(folder.resolve("calls")));
  }

  @Test
  void aProgramThatIsMissingIsAFailureAndNoLoss() throws IOException {
    ModuleSettings settings = settings(LOOPBACK);
    Collector collector =
        new PingCollector(
            FixtureHost.surroundings(HostRoot.at(Path.of("/"))),
            new ModuleSettings(
                settings.instances(),
                false,
                Duration.ofSeconds(20),
                settings.options().with(PingCollector.PROGRAM, "/no/ping")));
    assertEquals(
        List.of(
            "up{target=127.0.0.1} gauge 0",
            "loss_ratio{target=127.0.0.1} ratio 0 / 0",
            "failure{target=127.0.0.1} info no program /no/ping"),
        Recording.of(collector).lines());
  }

  @Test
  void aPortAnswersOrRefuses() throws IOException {
    InetAddress any = InetAddress.getByName("::1");
    int port;
    Recording open;
    ModuleSettings settings = settings();
    try (ServerSocket server = new ServerSocket(0, 5, any)) {
      port = server.getLocalPort();
      open = Recording.of(tcp(settings, port));
    }
    String name = "{target=tcp:[::1]:" + port + "}";
    assertEquals("gauge 1", open.value("up" + name));
    assertTrue(open.number("rtt_seconds" + name) > 0);
    assertEquals("ratio 0 / 1", open.value("loss_ratio" + name));
    assertEquals("info ::1", open.value("address" + name));
    Recording closed = Recording.of(tcp(settings, port));
    assertEquals("gauge 0", closed.value("up" + name));
    assertEquals("ratio 1 / 1", closed.value("loss_ratio" + name));
    assertEquals("info Connection refused", closed.value("failure" + name));
  }

  private static Collector tcp(ModuleSettings settings, int port) {
    return new PingCollector(
        FixtureHost.surroundings(HostRoot.at(Path.of("/"))),
        new ModuleSettings(
            settings.instances(),
            false,
            Duration.ofSeconds(20),
            settings.options().with(PingCollector.TARGETS, List.of("tcp:[::1]:" + port))));
  }

  @Test
  void onlyPartsOfASecondHaveAPoint() {
    assertEquals("1", PingTarget.seconds(Duration.ofSeconds(1)));
    assertEquals("0.75", PingTarget.seconds(Duration.ofMillis(750)));
    assertEquals("100", PingTarget.seconds(Duration.ofSeconds(100)));
  }
}
