package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.duologger.model.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Run with {@code -Dduologger.golden.regenerate=true} to write the files anew. */
class GoldenFormatTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/golden/format");

  @Test
  void logfmt() throws IOException {
    assertGolden("logfmt.txt", new LogfmtFormat());
  }

  @Test
  void logfmtSplit() throws IOException {
    assertGolden("logfmt-split.txt", new LogfmtFormat(300, 20));
  }

  @Test
  void json() throws IOException {
    assertGolden("json.txt", new JsonFormat());
  }

  @Test
  void jsonSplit() throws IOException {
    assertGolden("json-split.txt", new JsonFormat(300));
  }

  @Test
  void structuredData() throws IOException {
    assertGolden("structured-data.txt", new StructuredDataFormat("duologger@32473", 2000, 50));
  }

  @Test
  void structuredDataSplit() throws IOException {
    assertGolden("structured-data-split.txt", new StructuredDataFormat("d@1", 350, 20));
  }

  @Test
  void prometheus() throws IOException {
    Path golden = DIRECTORY.resolve("prometheus.txt");
    byte[] actual = new PrometheusFormat().bytes(ReportFixture.full());
    if (Boolean.getBoolean("duologger.golden.regenerate")) {
      Files.write(golden, actual);
    }
    assertEquals(Files.readString(golden), new String(actual, StandardCharsets.UTF_8));
  }

  @Test
  void classic() throws IOException {
    assertGolden("classic.txt", new ClassicFormat(true, true, false, 5), SensorFixture.one());
  }

  @Test
  void classicSorted() throws IOException {
    assertGolden("classic-sorted.txt", new ClassicFormat(true, true, true, 5), SensorFixture.one());
  }

  @Test
  void classicWithoutTime() throws IOException {
    assertGolden(
        "classic-no-xid.txt", new ClassicFormat(false, true, false, 3), SensorFixture.one());
  }

  @Test
  void classicValuesOnly() throws IOException {
    assertGolden(
        "classic-values.txt", new ClassicFormat(false, false, false, 5), SensorFixture.one());
  }

  @Test
  void classicSplit() throws IOException {
    assertGolden(
        "classic-split.txt", new ClassicFormat(true, true, false, 5, 60), SensorFixture.one());
  }

  @Test
  void classicOfTwoRates() throws IOException {
    assertGolden("classic-dual.txt", new ClassicFormat(true, true, false, 5), SensorFixture.dual());
  }

  @Test
  void gridEngine() throws IOException {
    assertGolden("grid-engine.txt", new GridEngineFormat(false), SensorFixture.one());
  }

  @Test
  void gridEngineOfTwoRates() throws IOException {
    assertGolden("grid-engine-dual.txt", new GridEngineFormat(false), SensorFixture.dual());
  }

  @Test
  void gridEngineWithOldNames() throws IOException {
    assertGolden("grid-engine-old.txt", new GridEngineFormat(true), SensorFixture.one());
  }

  @Test
  void complexes() throws IOException {
    String text = Complexes.text(SensorFixture.series(SensorFixture.one()), false);
    assertGolden("complexes.txt", text);
  }

  @Test
  void complexesOfOldNames() throws IOException {
    String text = Complexes.text(SensorFixture.series(SensorFixture.dual()), true);
    assertGolden("complexes-old-dual.txt", text);
  }

  private static void assertGolden(String name, Format format) throws IOException {
    assertGolden(name, format, ReportFixture.full());
  }

  private static void assertGolden(String name, Format format, Report report) throws IOException {
    assertGolden(name, new String(format.bytes(report), StandardCharsets.UTF_8));
  }

  private static void assertGolden(String name, String actual) throws IOException {
    Path golden = DIRECTORY.resolve(name);
    if (Boolean.getBoolean("duologger.golden.regenerate")) {
      Files.createDirectories(DIRECTORY);
      Files.writeString(golden, actual);
    }
    assertEquals(Files.readString(golden), actual);
  }
}
