package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.collector.FixtureHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each mode prints of each fixture host, see {@link GoldenRun}. Run with {@code
 * -Dduologger.golden.regenerate=true} to write the files anew.
 */
class GoldenReportTest {
  static Stream<Arguments> runs() {
    return GoldenRun.ALL.stream()
        .flatMap(run -> FixtureHost.ALL.stream().map(host -> Arguments.of(run, host)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void modeReportsTheHost(GoldenRun run, String host, @TempDir Path folder) throws Exception {
    Path golden = run.golden(host);
    String reports = run.reports(host, folder);
    if (Boolean.getBoolean("duologger.golden.regenerate")) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, reports);
    }
    assertEquals(Files.readString(golden), reports);
  }
}
