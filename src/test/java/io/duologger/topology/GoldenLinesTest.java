package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.duologger.collector.FixtureHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The golden reports against what {@code src/test/scripts/golden-lines.py} works out from the files
 * of the fixture hosts: reports that the program itself wrote prove nothing of its arithmetic.
 */
class GoldenLinesTest {
  private static final Path INDEPENDENT = Path.of("src/test/resources/golden/independent.txt");
  private static final Path SCRIPT = Path.of("src/test/scripts/golden-lines.py");
  private static final long SCRIPT_SECONDS = 60;

  static Stream<Arguments> reports() {
    return GoldenRun.ALL.stream()
        .flatMap(run -> FixtureHost.ALL.stream().map(host -> Arguments.of(run, host)));
  }

  static Stream<Arguments> loadReports() {
    return reports().filter(report -> ((GoldenRun) report.get()[0]).mode().equals("qloadsensor"));
  }

  private static String name(GoldenRun run, String host) {
    return run.mode() + " " + host + run.form();
  }

  /** The lines of a report as the script has them. */
  private static List<String> independent(GoldenRun run, String host) throws IOException {
    String start = name(run, host) + " ";
    return Files.readAllLines(INDEPENDENT).stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("reports")
  void goldenReportHasTheLinesThatTheScriptWorksOut(GoldenRun run, String host) throws IOException {
    List<String> golden = Files.readAllLines(run.golden(host));
    List<String> independent = independent(run, host);
    assertTrue(!independent.isEmpty(), "the script has no line of this report");
    List<String> both = new ArrayList<>(independent);
    both.retainAll(golden);
    assertEquals(independent, both);
  }

  @ParameterizedTest
  @MethodSource("loadReports")
  void loadReportHasNoOtherLines(GoldenRun run, String host) throws IOException {
    List<String> others = new ArrayList<>(Files.readAllLines(run.golden(host)));
    others.removeAll(independent(run, host));
    assertEquals(List.of(), others);
  }

  @Test
  void scriptHasNoOtherReports() throws IOException {
    long lines = 0;
    for (GoldenRun run : GoldenRun.ALL) {
      for (String host : FixtureHost.ALL) {
        lines += independent(run, host).size();
      }
    }
    assertEquals(Files.readAllLines(INDEPENDENT).size(), lines);
  }

  @Test
  void scriptStillPrintsTheseLines(@TempDir Path folder) throws Exception {
    Path printed = folder.resolve("printed");
    Process script;
    try {
      script =
          new ProcessBuilder("python3", SCRIPT.toString(), "src/test/resources/hosts")
              .redirectOutput(printed.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException missing) {
      if ("true".equals(System.getenv("DUOLOGGER_CI"))) {
        fail("this test needs the program python3");
      }
      abort("needs the program python3");
      throw missing;
    }
    assertTrue(script.waitFor(SCRIPT_SECONDS, TimeUnit.SECONDS), "the script does not end");
    assertEquals(0, script.exitValue());
    assertEquals(Files.readString(INDEPENDENT), Files.readString(printed));
  }
}
