package io.duologger.topology;

import io.duologger.collector.Collector;
import io.duologger.collector.Collectors;
import io.duologger.collector.FixtureHost;
import io.duologger.config.ConfigReader;
import io.duologger.config.Overrides;
import io.duologger.config.Rhythm;
import io.duologger.model.Report;
import io.duologger.model.Source;
import io.duologger.virtual.RecorderTestDriver;
import io.duologger.virtual.VirtualReads;
import io.duologger.virtual.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;

/** The report of one window of 10 s in which a fixture host becomes its second tick. */
final class FixtureWindow {
  private FixtureWindow() {}

  /**
   * Runs the real topology.
   *
   * @param modules the part of the configuration with this name
   * @param folder an empty folder
   */
  static Report report(String host, String modules, Path folder) throws Exception {
    return report(host, modules, folder, (source, collector) -> collector);
  }

  /**
   * Runs the real topology.
   *
   * @param collectors what becomes of a collector before it is used
   */
  static Report report(
      String host, String modules, Path folder, BiFunction<Source, Collector, Collector> collectors)
      throws Exception {
    FixtureHost fixture = FixtureHost.of(host, Files.createDirectory(folder.resolve("host")));
    Path config = folder.resolve("window.conf");
    Files.writeString(
        config,
        """
        heartbeat = 10 s
        host = node1
        modules { %s }
        outputs = [ { type = stdout } ]
        """
            .formatted(modules));
    Topology topology =
        Topologies.duologger(
            ConfigReader.read(config, Catalogue.modules(), Rhythm.TWO_RATES, Overrides.NONE));
    VirtualTime time = new VirtualTime(Instant.parse("2026-11-23T10:00:00Z"));
    VirtualReads reads = new VirtualReads(time.scheduler());
    try (RecorderTestDriver driver =
        RecorderTestDriver.of(
            time,
            reads,
            topology,
            source -> collectors.apply(source, collector(source, fixture)))) {
      driver.advance(Duration.ofMillis(5_500));
      fixture.become(host + "@1");
      driver.advance(Duration.ofSeconds(6));
      return driver.reports().get(0);
    }
  }

  private static Collector collector(Source source, FixtureHost host) {
    return Collectors.find(source.name())
        .orElseThrow()
        .factory()
        .create(host.surroundings(), source.spec().settings());
  }
}
