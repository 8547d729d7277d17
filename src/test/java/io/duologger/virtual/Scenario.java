package io.duologger.virtual;

import static io.duologger.virtual.Spec.seconds;

import io.duologger.config.RecorderConfig;
import io.duologger.model.Closing;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Report;
import io.duologger.stream.Schedule;
import io.duologger.stream.Start;
import io.duologger.topology.Topologies;
import io.duologger.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A run of the real topology with scripted collectors in virtual time. Describe it, {@link #run} or
 * {@link #start} it, let time pass, look at the lines. Instants are seconds since its start.
 */
public final class Scenario implements AutoCloseable {
  /** A whole hour: every heartbeat of the tests lies on it. */
  public static final Instant HOUR = Instant.parse("2026-11-23T10:00:00Z");

  private final VirtualTime time;
  private final VirtualReads reads;
  private final List<ModuleSpec> modules = new ArrayList<>();
  private final Map<String, FakeCollector.Script> scripts = new HashMap<>();
  private final Map<String, List<FakeCollector>> collectors = new HashMap<>();
  private final double start;
  private double heartbeat = 10;
  private double grace = 1;
  private boolean fromStart;
  private Optional<Duration> length = Optional.empty();
  private RecorderTestDriver driver;

  /** Starts at the whole hour. */
  public Scenario() {
    this(0);
  }

  /** Starts so many seconds after the whole hour. */
  public Scenario(double start) {
    this.start = start;
    time = new VirtualTime(HOUR.plus(seconds(start)));
    reads = new VirtualReads(time.scheduler());
  }

  /** 10 s if not said. */
  public Scenario heartbeat(double seconds) {
    heartbeat = seconds;
    return this;
  }

  /** 1 s if not said. */
  public Scenario grace(double seconds) {
    grace = seconds;
    return this;
  }

  /** The grid starts with the run. */
  public Scenario fromStart() {
    fromStart = true;
    return this;
  }

  /** The run ends by itself. */
  public Scenario length(double seconds) {
    length = Optional.of(seconds(seconds));
    return this;
  }

  /** A module and what its reads do. */
  public Scenario module(Spec spec, FakeCollector.Script script) {
    modules.add(spec.build());
    scripts.put(spec.build().name(), script);
    return this;
  }

  /** What a module does that only a reload brings. */
  public Scenario script(String module, FakeCollector.Script script) {
    scripts.put(module, script);
    return this;
  }

  /** The topology as it is described. */
  public Topology topology() {
    if (fromStart) {
      return new Topology(
          "test",
          Closing.EACH_HEARTBEAT,
          Schedule.fromStart(Duration.ZERO, seconds(heartbeat), seconds(grace), modules),
          Optional.empty(),
          length,
          List.of(),
          Optional.of("node1"),
          false,
          OptionalLong.empty());
    }
    return Topologies.duologger(
        new RecorderConfig(
            seconds(heartbeat),
            seconds(grace),
            Optional.of("node1"),
            false,
            length,
            false,
            Duration.ofSeconds(1),
            Path.of("state"),
            modules,
            List.of(),
            OptionalLong.empty(),
            List.of()));
  }

  /** Starts the run: the priming reads happen. */
  public Scenario start() {
    driver =
        RecorderTestDriver.of(
            time,
            reads,
            topology(),
            source -> {
              FakeCollector fake = new FakeCollector(source.name(), scripts.get(source.name()));
              collectors.computeIfAbsent(source.name(), key -> new ArrayList<>()).add(fake);
              return fake;
            });
    return this;
  }

  /** Starts the run if that has not happened, and lets time pass until the given instant. */
  public Scenario run(double until) {
    if (driver == null) {
      start();
    }
    driver.advance(seconds(until).minusNanos(time.elapsed()));
    return this;
  }

  /** Ends the run. */
  public Scenario stop() {
    driver.stop();
    return this;
  }

  /** Goes on with other modules. */
  public Scenario reload(Spec... specs) {
    driver.reload(
        new Schedule(
            fromStart ? Start.OWN : Start.EPOCH,
            Duration.ZERO,
            seconds(heartbeat),
            seconds(grace),
            Arrays.stream(specs).map(Spec::build).toList()));
    return this;
  }

  /** Its clocks and timer. */
  public VirtualTime time() {
    return time;
  }

  /** Called by a read: it takes so long. */
  public void pause(double seconds) {
    reads.pause(seconds(seconds));
  }

  /** Something for a read to hang on. */
  public VirtualReads.Stuck stuck() {
    return reads.stuck();
  }

  /** Called by a read: it hangs. */
  public void pause(VirtualReads.Stuck stuck) {
    reads.pause(stuck);
  }

  /** Seconds since the start. */
  public double now() {
    return time.elapsed() / 1e9;
  }

  /** What runs. */
  public RecorderTestDriver driver() {
    return driver;
  }

  /** The reports so far. */
  public List<Report> reports() {
    return driver.reports();
  }

  /** The collectors that were made for a module: one for each source. */
  public List<FakeCollector> collectors(String module) {
    return collectors.getOrDefault(module, List.of());
  }

  /** The only collector that was made for a module. */
  public FakeCollector collector(String module) {
    List<FakeCollector> all = collectors(module);
    if (all.size() != 1) {
      throw new AssertionError(all.size() + " collectors of " + module);
    }
    return all.get(0);
  }

  /** The xid of a window that ends so many seconds after the start by the old wall clock. */
  public String xid(double end) {
    Duration wall = seconds(start).plus(seconds(end));
    long nanos = wall.getNano();
    String fraction = nanos == 0 ? "" : String.format("%.3f", nanos / 1e9).substring(1);
    return (HOUR.getEpochSecond() + wall.getSeconds()) + fraction.replaceAll("0+$", "");
  }

  /** All lines of a module, oldest first. */
  public List<ReportLine> lines(String module) {
    return driver.lines().stream()
        .map(ReportLine::parse)
        .filter(line -> line.text("module").equals(module))
        .toList();
  }

  /** All lines of a module and device, oldest first. */
  public List<ReportLine> lines(String module, String device) {
    return lines(module).stream().filter(l -> l.text("device").equals(device)).toList();
  }

  /** The given pairs of all lines of a module. */
  public List<String> picks(String module, String... keys) {
    return lines(module).stream().map(line -> line.pick(keys)).toList();
  }

  /** All lines of the self-report about a module, oldest first. */
  public List<ReportLine> self(String module) {
    return driver.selfLines().stream()
        .map(ReportLine::parse)
        .filter(line -> line.text("collector").equals(module))
        .toList();
  }

  /** All lines of the self-report about the process, oldest first. */
  public List<ReportLine> process() {
    return driver.selfLines().stream()
        .map(ReportLine::parse)
        .filter(line -> !line.has("collector"))
        .toList();
  }

  /** Fails if for some line of a module n - late + missed is not what the grid says. */
  public void assertDue(String module, long... due) {
    long[] counted =
        lines(module).stream()
            .mapToLong(l -> (long) (l.number("n") - l.number("late") + l.number("missed")))
            .toArray();
    if (!Arrays.equals(counted, due)) {
      throw new AssertionError(
          "ticks due are " + Arrays.toString(due) + ", counted were " + Arrays.toString(counted));
    }
  }

  @Override
  public void close() {
    reads.close();
  }
}
