package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The load sensor, asked as sge_execd(8) says that Grid Engine asks. */
class LoadSensorIT {
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final String CONFIG =
      """
      heartbeat = 2 s
      modules {
        load { every = 500 ms }
        memory { every = 500 ms, series = ["available_bytes", "total_bytes"] }
        cpu { every = 200 ms, per-cpu = none, series = ["busy_ratio"], stats = [mean, max] }
      }
      outputs = [ { type = stdout, format = grid-engine } ]
      """;

  /** What it says by this configuration, among others. */
  private static final List<String> EXPECTED =
      List.of(
          "load_load1",
          "load_load5",
          "load_load15",
          "memory_available_bytes",
          "memory_total_bytes",
          "cpu_busy_ratio_mean",
          "cpu_busy_ratio_max",
          LoadSensorReport.HEARTBEAT);

  @TempDir private Path folder;
  private Path config;
  private Path pipe;

  @BeforeEach
  void writeConfig() throws Exception {
    config = Files.writeString(folder.resolve("sensor.conf"), CONFIG);
    pipe = folder.resolve("pipe");
  }

  @Test
  void answersEachLineUntilItIsToldToQuit() throws Exception {
    Set<String> complexes = LoadSensorProcess.names(LoadSensorProcess.complexes(config));
    assertTrue(complexes.containsAll(EXPECTED), complexes::toString);
    try (LoadSensorProcess sensor = LoadSensorProcess.start(config)) {
      sensor.send("\n\nquit\n");
      assertEquals(complexes, sensor.next().values().keySet());
      assertEquals(complexes, sensor.next().values().keySet());
      assertEquals(0, sensor.exit(), sensor::all);
      sensor.assertNothingElse();
    }
  }

  @Test
  void theEndOfItsInputEndsItAfterTheLastAnswer() throws Exception {
    try (LoadSensorProcess sensor = LoadSensorProcess.start(config)) {
      sensor.send("\n");
      sensor.endInput();
      sensor.next();
      assertEquals(0, sensor.exit(), sensor::all);
      sensor.assertNothingElse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "quit", "quit\n", "quit\n\n\n"})
  void whereNothingIsAskedNothingIsAnswered(String input) throws Exception {
    try (LoadSensorProcess sensor = LoadSensorProcess.start(config)) {
      sensor.send(input);
      sensor.endInput();
      assertEquals(0, sensor.exit(), sensor::all);
      sensor.assertNothingElse();
    }
  }

  @Test
  void anyOtherTextIsARequest() throws Exception {
    try (LoadSensorProcess sensor = LoadSensorProcess.start(config)) {
      sensor.send("report, please\nquit now\nQUIT\n \n" + "x".repeat(20_000) + "\n\0\nquit\n");
      for (int i = 0; i < 6; i++) {
        sensor.next();
      }
      assertEquals(0, sensor.exit(), sensor::all);
      sensor.assertNothingElse();
    }
  }

  @Test
  void saysNothingUnlessAsked() throws Exception {
    try (LoadSensorProcess sensor = LoadSensorProcess.start(config)) {
      sensor.assertQuietFor(HEARTBEAT.plusSeconds(1));
      sensor.ask();
      sensor.assertQuietFor(HEARTBEAT.plusSeconds(1));
    }
  }

  @Test
  void answersEachOfAThousandRequestsOnce() throws Exception {
    try (LoadSensorProcess sensor = LoadSensorProcess.start(config)) {
      sensor.send("\n".repeat(1_000) + "quit\n");
      Set<String> complexes = sensor.next().values().keySet();
      assertTrue(complexes.containsAll(EXPECTED), complexes::toString);
      for (int i = 1; i < 1_000; i++) {
        assertEquals(complexes, sensor.next().values().keySet());
      }
      assertEquals(0, sensor.exit(), sensor::all);
      sensor.assertNothingElse();
    }
  }

  @Test
  @Tag(Machine.ALONE)
  void answersAtOnce() throws Exception {
    try (LoadSensorProcess sensor = LoadSensorProcess.start(config)) {
      for (int i = 0; i < 20; i++) {
        sensor.ask();
      }
      double[] millis = new double[100];
      for (int i = 0; i < millis.length; i++) {
        // Apart, so that some of them close a window.
        sensor.assertQuietFor(Duration.ofMillis(30));
        long start = System.nanoTime();
        sensor.ask();
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
      Arrays.sort(millis);
      System.out.printf(
          "load sensor: answers after %.1f ms (p50), %.1f ms (p95), %.1f ms (max)%n",
          millis[49], millis[94], millis[99]);
      assertTrue(millis[94] < 100, () -> Arrays.toString(millis));
    }
  }

  @Test
  void anAnswerIsOneWrite() throws Exception {
    // Each read of such a file is one read of the pipe, which has what was written until then.
    try (RandomAccessFile reader = pipe();
        LoadSensorProcess sensor = writingTo(pipe)) {
      byte[] bytes = new byte[65_536];
      for (int i = 0; i < 200; i++) {
        sensor.send("\n");
        String text = new String(bytes, 0, reader.read(bytes), StandardCharsets.UTF_8);
        assertTrue(text.startsWith("begin\n") && text.endsWith("\nend\n"), text);
        LoadSensorReport.parse(LoadSensorProcess.HOST, text.lines().toList());
      }
    }
  }

  @Test
  void aWindowIsAnsweredUntilItIsAHeartbeatOld() throws Exception {
    try (LoadSensorProcess sensor = LoadSensorProcess.start(config)) {
      sensor.ask();
      sensor.assertQuietFor(HEARTBEAT.plusMillis(500));
      LoadSensorReport closed = sensor.ask();
      assertEquals(closed, sensor.ask());
      sensor.assertQuietFor(HEARTBEAT.plusMillis(500));
      LoadSensorReport next = sensor.ask();
      assertTrue(next.heartbeat() > closed.heartbeat(), next + " after " + closed);
      assertEquals(next, sensor.ask());
    }
  }

  @Test
  void anAnswerIsOfAllThatTheWindowHolds() throws Exception {
    try (LoadSensorProcess sensor = LoadSensorProcess.start(config)) {
      sensor.ask();
      sensor.assertQuietFor(HEARTBEAT.plusMillis(200));
      sensor.ask();
      // Longer than two samples of cpu, and over long before the next answer.
      long end = System.nanoTime() + 600_000_000L;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      sensor.assertQuietFor(HEARTBEAT);
      LoadSensorReport report = sensor.ask();
      double busy = 0.9 / Runtime.getRuntime().availableProcessors();
      assertTrue(report.number("cpu_busy_ratio_max") > busy, report::toString);
      assertTrue(
          report.number("cpu_busy_ratio_mean") <= report.number("cpu_busy_ratio_max"),
          report::toString);
      double total = report.number("memory_total_bytes");
      assertTrue(total > report.number("memory_available_bytes"), report::toString);
      String meminfo = Files.readAllLines(Path.of("/proc/meminfo")).get(0);
      assertEquals(Double.parseDouble(meminfo.replaceAll("\\D", "")) * 1024, total, meminfo);
    }
  }

  @Test
  void aSignalEndsItWithoutAnAnswer() throws Exception {
    try (LoadSensorProcess sensor = LoadSensorProcess.start(config)) {
      sensor.ask();
      sensor.signal("TERM");
      assertEquals(0, sensor.exit(), sensor::all);
      sensor.assertNothingElse();
    }
  }

  @Test
  void endsWhereNobodyReadsItsAnswers() throws Exception {
    RandomAccessFile reader = pipe();
    try (LoadSensorProcess sensor = writingTo(pipe)) {
      sensor.send("\n");
      assertTrue(reader.read(new byte[65_536]) > 0);
      reader.close();
      sensor.send("\n");
      assertNotEquals(0, sensor.exit(), sensor::all);
    } finally {
      reader.close();
    }
  }

  @Test
  void aBadConfigurationIsToldOnStandardErrorOnly() throws Exception {
    Path bad =
        Files.writeString(folder.resolve("bad.conf"), CONFIG.replace("200 ms", "\"sometimes\""));
    Path missing = folder.resolve("missing.conf");
    for (Path file : List.of(bad, missing)) {
      try (Running sensor = Running.start(LoadSensorProcess.command(file))) {
        assertEquals(2, sensor.exitWithin(Running.MARGIN), sensor::all);
        assertEquals(List.of(), sensor.out());
        String told = String.join("\n", sensor.err());
        assertTrue(told.contains(file.toString()), told);
        if (file.equals(bad)) {
          assertTrue(told.contains("bad.conf:5"), told);
          assertTrue(told.contains("modules.cpu.every"), told);
        }
        assertFalse(told.contains("Exception"), told);
      }
    }
  }

  /** A pipe in the folder, open so that neither end waits for the other. */
  private RandomAccessFile pipe() throws Exception {
    Machine.needsPrograms("mkfifo");
    Running.run("mkfifo", pipe.toString());
    return new RandomAccessFile(pipe.toFile(), "rw");
  }

  private LoadSensorProcess writingTo(Path file) throws Exception {
    return LoadSensorProcess.start(LoadSensorProcess.command(config).redirectOutput(file.toFile()));
  }
}
