package io.duologger.virtual;

import static io.duologger.virtual.Spec.seconds;

import io.duologger.config.RecorderConfig;
import io.duologger.model.Closing;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Report;
import io.duologger.procfs.HostRoot;
import io.duologger.stream.Schedule;
import io.duologger.topology.Topologies;
import io.duologger.topology.Topology;
import io.reactivex.rxjava3.core.Scheduler;
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
import java.util.Random;
import java.util.function.Function;

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
  private double settle = 1;
  private Path state = Path.of("state");
  private HostRoot host = HostRoot.running();
  private Function<RecorderConfig, Topology> mode = Topologies::duologger;
  private Optional<Scheduler> reportThread = Optional.empty();
  private boolean fromStart;
  private Optional<Duration> length = Optional.empty();
  private RecorderTestDriver driver;

  /** Starts at the whole hour. */
  public Scenario() {
    this(0);
  }

  /** Starts so many seconds after the whole hour. */
  public Scenario(double start) {
    this(start, new VirtualTime(HOUR.plus(seconds(start))));
  }

  /** Starts at the whole hour; tasks due at the same instant run in the order that a seed says. */
  public Scenario(Random ties) {
    this(0, new VirtualTime(HOUR, ties));
  }

  private Scenario(double start, VirtualTime time) {
    this.start = start;
    this.time = time;
    reads = new VirtualReads(time.scheduler());
  }

  /** Another run on the same clocks; instants are still seconds since the start of the first. */
  public Scenario next() {
    return new Scenario(start, time);
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

  /** Windows close on request, and the grid starts with the run: the mode qloadsensor. */
  public Scenario onRequest() {
    mode = Topologies::qloadsensor;
    return this;
  }

  /** One window and the end: the mode cronlogger. */
  public Scenario oneShot() {
    mode = Topologies::cronlogger;
    return this;
  }

  /** So long after the start come the first ticks on a grid of the run's own; 1 s if not said. */
  public Scenario settle(double seconds) {
    settle = seconds;
    return this;
  }

  /** One window that begins where the last run ended, which left its counters in a file. */
  public Scenario sinceLastRun(Path state) {
    this.state = state;
    return oneShot().settle(0);
  }

  /** The host that it runs on, if that is not the one of the test. */
  public Scenario host(HostRoot host) {
    this.host = host;
    return this;
  }

  /** Where percentiles are computed, if not at once. */
  public Scenario reportThread(Scheduler scheduler) {
    reportThread = Optional.of(scheduler);
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
          false,
          List.of(),
          Optional.of("node1"),
          false,
          OptionalLong.empty());
    }
    return mode.apply(
        new RecorderConfig(
            seconds(heartbeat),
            seconds(grace),
            Optional.of("node1"),
            false,
            length,
            false,
            seconds(settle),
            state,
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
            host,
            reportThread.orElse(time.scheduler()),
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

  /** Closes the window and goes on. */
  public Scenario closeWindow() {
    driver.closeWindow();
    return this;
  }

  /** Asks for a report. */
  public Scenario request() {
    driver.request();
    return this;
  }

  /** Goes on with other modules. */
  public Scenario reload(Spec... specs) {
    driver.reload(schedule(specs));
    return this;
  }

  /** What {@link #reload} goes on with. */
  public Schedule schedule(Spec... specs) {
    Schedule now = topology().schedule();
    return new Schedule(
        now.start(),
        now.settle(),
        now.heartbeat(),
        now.grace(),
        Arrays.stream(specs).map(Spec::build).toList());
  }

  /** Its clocks and timer. */
  public VirtualTime time() {
    return time;
  }

  /** Called by a read: it takes so long. */
  public void pause(double seconds) {
    reads.pause(seconds(seconds));
  }

  /** Called by a read: whether it is taken for a quick one. */
  public boolean quick() {
    return reads.quick();
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
