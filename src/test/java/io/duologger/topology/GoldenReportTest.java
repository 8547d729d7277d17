package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.collector.Collectors;
import io.duologger.collector.FixtureHost;
import io.duologger.config.ConfigReader;
import io.duologger.config.Overrides;
import io.duologger.config.RecorderConfig;
import io.duologger.config.Rhythm;
import io.duologger.virtual.RecorderTestDriver;
import io.duologger.virtual.VirtualReads;
import io.duologger.virtual.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What duologger prints of each fixture host, with all modules, the sample configuration but for a
 * heartbeat of 10 s, and the host's second tick from half-way on. Run with {@code
 * -Dduologger.golden.regenerate=true} to write the files anew.
 */
class GoldenReportTest {
  @SuppressWarnings("unused") // names the parameters
  private static final List<String> HOSTS = FixtureHost.ALL;

  @ParameterizedTest
  @FieldSource("HOSTS")
  void duologgerReportsTheHost(String host, @TempDir Path folder) throws Exception {
    FixtureHost fixture = FixtureHost.of(host, folder);
    Overrides heartbeat = Overrides.builder().heartbeat("10 s").build();
    RecorderConfig config =
        ConfigReader.read(
            Path.of("conf/duologger.conf"), Catalogue.modules(), Rhythm.TWO_RATES, heartbeat);
    VirtualTime time = new VirtualTime(Instant.parse("2026-11-23T10:00:00Z"));
    VirtualReads reads = new VirtualReads(time.scheduler());
    try (RecorderTestDriver driver =
        RecorderTestDriver.of(
            time,
            reads,
            Topologies.duologger(config),
            source ->
                Collectors.find(source.name())
                    .orElseThrow()
                    .factory()
                    .create(fixture.root(), source.spec().settings()))) {
      driver.advance(Duration.ofMillis(5_500));
      fixture.become(host + "@1");
      driver.advance(Duration.ofSeconds(6));
      driver.stop();

      Path golden = Path.of("src/test/resources/golden/duologger", host + ".txt");
      String report = String.join("\n", driver.lines()) + "\n";
      if (Boolean.getBoolean("duologger.golden.regenerate")) {
        Files.createDirectories(golden.getParent());
        Files.writeString(golden, report);
      }
      assertEquals(Files.readString(golden), report);
    }
  }
}
