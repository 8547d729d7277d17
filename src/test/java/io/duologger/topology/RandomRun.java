package io.duologger.topology;

import io.duologger.collector.Collector;
import io.duologger.config.RecorderConfig;
import io.duologger.model.Instance;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Readings;
import io.duologger.model.Report;
import io.duologger.model.Series;
import io.duologger.model.Source;
import io.duologger.stream.Schedule;
import io.duologger.virtual.FakeCollector;
import io.duologger.virtual.RecorderTestDriver;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import io.duologger.virtual.VirtualReads;
import io.duologger.virtual.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * A run of the real topology that a seed makes up: modules, durations and failures of reads,
 * devices that come and go, resets, clock steps, stalls, reloads, closes and the stop. Keeps all
 * that an oracle needs to know of it; instants are monotonic nanoseconds.
 */
final class RandomRun implements AutoCloseable {
  /** What may happen beyond reads and their troubles. */
  enum Event {
    STEP,
    STALL,
    RELOAD,
    CLOSE
  }

  /** One read, as the fake saw it. */
  static final class Read {
    final long begin;
    long end = Long.MAX_VALUE;
    boolean ok;
    final Map<String, long[]> values = new LinkedHashMap<>();

    Read(long begin) {
      this.begin = begin;
    }
  }

  /** A module between the reloads that change it. */
  static final class Life {
    final ModuleSpec spec;
    final long from;
    long to = Long.MAX_VALUE;
    final List<Read> reads = new ArrayList<>();

    Life(ModuleSpec spec, long from) {
      this.spec = spec;
      this.from = from;
    }
  }

  /** From when on the wall clock was ahead of the monotonic clock by how much. */
  record Offset(long from, long nanos) {}

  private static final List<String> MODULES = List.of("net", "cpu", "disk");

  final long heartbeat;
  final long grace;
  final List<Life> lives = new ArrayList<>();
  final List<Offset> offsets = new ArrayList<>();
  final List<Long> reloads = new ArrayList<>();
  final List<Long> closes = new ArrayList<>();
  long stopped;

  private final Set<Event> events;
  private final Random random;
  private final VirtualTime time;
  private final VirtualReads reads;
  private final List<Life> active = new ArrayList<>();
  private RecorderTestDriver driver;

  RandomRun(long seed, Set<Event> events) {
    this.random = new Random(seed);
    this.events = events;
    this.heartbeat = seconds(pick(4, 5, 8, 10, 12));
    this.grace = Math.round(heartbeat * pick(0.02, 0.1, 0.1, 0.3));
    Duration offset = Duration.ofNanos((long) (random.nextDouble() * 20e9));
    time = new VirtualTime(Scenario.HOUR.plus(offset), new Random(seed + 1));
    reads = new VirtualReads(time.scheduler());
  }

  private static long seconds(double seconds) {
    return Math.round(seconds * 1e9);
  }

  private double pick(double... from) {
    return from[random.nextInt(from.length)];
  }

  private boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** Runs it for so many heartbeats or a little more, and stops it. */
  RandomRun run(int heartbeats) {
    offsets.add(new Offset(time.monotonicNanos(), time.wallOffset()));
    List<ModuleSpec> specs = new ArrayList<>();
    for (String name : MODULES) {
      if (specs.isEmpty() || chance(0.6)) {
        specs.add(spec(name));
      }
    }
    become(specs);
    Topology topology =
        Topologies.duologger(
            new RecorderConfig(
                Duration.ofNanos(heartbeat),
                Duration.ofNanos(grace),
                Optional.of("node1"),
                false,
                Optional.empty(),
                false,
                Duration.ofSeconds(1),
                Path.of("state"),
                specs,
                List.of(),
                OptionalLong.empty(),
                List.of()));
    driver = RecorderTestDriver.of(time, reads, topology, this::collector);
    double left = heartbeats + random.nextDouble();
    while (left > 0) {
      double span = Math.min(left, random.nextDouble() * (events.isEmpty() ? 100 : 3));
      driver.advance(Duration.ofNanos((long) (span * heartbeat) + 1));
      left -= span;
      if (!events.isEmpty()) {
        happen(new ArrayList<>(events).get(random.nextInt(events.size())));
      }
    }
    driver.advance(Duration.ofNanos(1 + random.nextInt(1000)));
    stopped = time.monotonicNanos();
    driver.stop();
    driver.advance(Duration.ofNanos(grace));
    return this;
  }

  private void happen(Event event) {
    switch (event) {
      case STEP -> {
        time.stepWall(Spec.seconds(pick(3600, -3600, 30, -7.77, 0.9, -0.9, 0.4, -0.3, 0.0123)));
        offsets.add(new Offset(time.monotonicNanos(), time.wallOffset()));
      }
      case STALL ->
          time.stall(Duration.ofNanos((long) (random.nextDouble() * pick(0.2, 2, 30) * 1e9)));
      case CLOSE -> {
        closes.add(time.monotonicNanos());
        driver.closeWindow();
      }
      case RELOAD -> {
        List<ModuleSpec> specs = new ArrayList<>();
        for (String name : MODULES) {
          Optional<ModuleSpec> old =
              active.stream().map(life -> life.spec).filter(s -> s.name().equals(name)).findAny();
          if (old.isPresent() && chance(0.6)) {
            specs.add(old.get());
          } else if (chance(0.7) || name.equals("disk") && specs.isEmpty()) {
            specs.add(spec(name));
          }
        }
        reloads.add(time.monotonicNanos());
        become(specs);
        driver.reload(
            Schedule.onEpoch(Duration.ofNanos(heartbeat), Duration.ofNanos(grace), specs));
      }
    }
  }

  private void become(List<ModuleSpec> specs) {
    long now = time.monotonicNanos();
    for (Life life : List.copyOf(active)) {
      if (!specs.contains(life.spec)) {
        life.to = now;
        active.remove(life);
      }
    }
    for (ModuleSpec spec : specs) {
      if (active.stream().noneMatch(life -> life.spec.equals(spec))) {
        Life life = new Life(spec, now);
        lives.add(life);
        active.add(life);
      }
    }
  }

  private ModuleSpec spec(String name) {
    double heart = heartbeat / 1e9;
    double every = pick(0.5, 1, 1, 2, 3, heart, heart * 1.5);
    // a limit that runs out between ticks: no tie of which either outcome is right
    Spec spec = Spec.of(name, every).timeout(pick(0.3, 1, 3, 1.2 * heart) + 0.0137);
    if (every == heart) {
      spec.lead(pick(0, 0, 0.4 * heart));
      if (chance(0.7)) {
        spec.atClose();
      }
    }
    return spec.option("" + random.nextInt()).build();
  }

  private Collector collector(Source source) {
    Life life = active.stream().filter(l -> l.spec.equals(source.spec())).findAny().orElseThrow();
    Random own = new Random(random.nextLong());
    Map<String, long[]> counters = new LinkedHashMap<>();
    for (int i = own.nextInt(3); i >= 0; i--) {
      counters.put("dev" + i, new long[] {own.nextLong() >>> own.nextInt(64), own.nextInt(100)});
    }
    double every = life.spec.every().toNanos() / 1e9;
    return new FakeCollector(
        source.name(), (number, into) -> read(life, number, counters, own, every, into));
  }

  private void read(
      Life life, int number, Map<String, long[]> counters, Random own, double every, Readings into)
      throws IOException {
    Read read = new Read(time.monotonicNanos());
    life.reads.add(read);
    int kind = number == 0 && events.contains(Event.STALL) ? 0 : own.nextInt(100);
    if (kind >= 60) {
      double longest = kind < 85 ? 0.8 * every : kind < 98 ? 3 * every : 40;
      reads.pause(Duration.ofNanos(1 + (long) (own.nextDouble() * longest * 1e9)));
    }
    for (Map.Entry<String, long[]> device : counters.entrySet()) {
      long[] now = device.getValue();
      if (own.nextInt(100) < 3) {
        now[own.nextInt(2)] = own.nextInt(50);
      }
      now[0] += own.nextInt(1_000_000);
      now[1] += own.nextInt(5);
      if (own.nextInt(100) < 93) {
        Instance instance = Instance.of("device", device.getKey());
        read.values.put(device.getKey(), now.clone());
        into.counter(new Series(Signals.RX, instance), now[0]);
        into.counter(new Series(Signals.TX, instance), now[1]);
      }
    }
    read.end = time.monotonicNanos();
    if (own.nextInt(100) < 8) {
      throw new IOException("at random");
    }
    read.ok = true;
  }

  List<Report> reports() {
    return driver.reports();
  }

  List<String> lines() {
    return driver.lines();
  }

  boolean completed() {
    return driver.completed();
  }

  @Override
  public void close() {
    reads.close();
  }
}
