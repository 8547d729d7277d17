package io.duologger.topology;

import io.duologger.cli.Mode;
import io.duologger.collector.Collectors;
import io.duologger.collector.FixtureHost;
import io.duologger.config.ConfigReader;
import io.duologger.config.OutputSpec;
import io.duologger.config.Overrides;
import io.duologger.config.RecorderConfig;
import io.duologger.config.Target;
import io.duologger.model.Report;
import io.duologger.sink.Sink;
import io.duologger.virtual.RecorderTestDriver;
import io.duologger.virtual.VirtualReads;
import io.duologger.virtual.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A run of a mode on a fixture host that becomes its second tick on the way: the mode's sample
 * configuration, its own topology, sink and format, in virtual time from a whole hour on.
 *
 * @param mode the mode
 * @param form what its report is known by beside the mode and the host; empty for the mode's own
 * @param changes what is changed of the sample configuration
 * @param first so long the host is what it is at first
 * @param second so long it is its second tick, until {@code end}
 * @param end what then happens to the run
 */
record GoldenRun(
    String mode,
    String form,
    String changes,
    Duration first,
    Duration second,
    Consumer<RecorderTestDriver> end) {
  private static final String OWN = "";
  private static final String CLASSIC = "outputs = [ { type = stdout, format = classic } ]";
  private static final String OLD_NAMES =
      "outputs = [ { type = stdout, format = grid-engine, names = old } ]";

  /** Each mode in each of its forms. */
  static final List<GoldenRun> ALL =
      List.of(
          daemon("duologger", "", OWN),
          daemon("duologger", "-classic", CLASSIC),
          daemon("dlogger", "", OWN),
          daemon("dlogger", "-classic", CLASSIC),
          oneShot("", OWN),
          oneShot("-classic", CLASSIC),
          loadSensor("", OWN),
          loadSensor("-old", OLD_NAMES));

  /** Stopped 1.5 s after the close of its first window, with a heartbeat of 10 s. */
  private static GoldenRun daemon(String mode, String form, String outputs) {
    return beyondAHeartbeat(mode, form, outputs, RecorderTestDriver::stop);
  }

  /** Ends by itself after 1 s. */
  private static GoldenRun oneShot(String form, String outputs) {
    Duration half = Duration.ofMillis(500);
    return new GoldenRun("cronlogger", form, outputs, half, half, driver -> {});
  }

  /** Asked for the first time 1.5 s after its heartbeat of 10 s has passed. */
  private static GoldenRun loadSensor(String form, String outputs) {
    return beyondAHeartbeat("qloadsensor", form, outputs, RecorderTestDriver::request);
  }

  private static GoldenRun beyondAHeartbeat(
      String mode, String form, String outputs, Consumer<RecorderTestDriver> end) {
    String changes = "heartbeat = 10 s\nhost = node1\n" + outputs;
    return new GoldenRun(mode, form, changes, Duration.ofMillis(5_500), Duration.ofSeconds(6), end);
  }

  /** Where what it says of a host is kept. */
  Path golden(String host) {
    return Path.of("src/test/resources/golden", mode, host + form + ".txt");
  }

  /**
   * The bytes of its reports of a host, without the lines that the recorder says of itself.
   *
   * @param folder an empty folder
   */
  String reports(String host, Path folder) throws Exception {
    FixtureHost fixture = FixtureHost.of(host, Files.createDirectory(folder.resolve("host")));
    Mode mode = Mode.find(this.mode).orElseThrow();
    RecorderConfig config = config(mode, folder.resolve("golden.conf"));
    VirtualTime time = new VirtualTime(Instant.parse("2026-11-23T10:00:00Z"));
    VirtualReads reads = new VirtualReads(time.scheduler());
    Topology topology = mode.topology(config);
    try (RecorderTestDriver driver =
            RecorderTestDriver.of(
                time,
                reads,
                topology,
                source ->
                    Collectors.find(source.name())
                        .orElseThrow()
                        .factory()
                        .create(fixture.surroundings(), source.spec().settings()));
        Sink sink =
            new Sinks(time, topology)
                .of(file(topology, folder.resolve("reports")), new SilentLog())) {
      driver.advance(first);
      fixture.become(host + "@1");
      driver.advance(second);
      end.accept(driver);
      for (Report report : driver.reports()) {
        sink.write(report);
      }
    }
    StringBuilder text = new StringBuilder();
    Files.readString(folder.resolve("reports"))
        .lines()
        .filter(line -> !line.contains(" module=self "))
        .forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private RecorderConfig config(Mode mode, Path file) throws Exception {
    Path sample = Path.of("conf", mode.name() + ".conf").toAbsolutePath();
    Files.writeString(file, "include required(file(\"" + sample + "\"))\n" + changes + "\n");
    return ConfigReader.read(file, Catalogue.modules(), mode.rhythm(), Overrides.NONE);
  }

  /** The only output of a topology, standard output, as a file. */
  private static OutputSpec file(Topology topology, Path path) {
    OutputSpec stdout = topology.outputs().get(0);
    return new OutputSpec(
        new Target.ToFile(path, Optional.empty()),
        stdout.form(),
        stdout.lineBytes(),
        stdout.linePairs(),
        stdout.queue());
  }

  @Override
  public String toString() {
    return mode + form;
  }
}
