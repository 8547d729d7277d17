package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load sensor under a real Grid Engine, whose qhost then has its values. */
class GridEngineIT {
  /** What stands in the command line of the load sensor itself, and of nothing that starts it. */
  private static final String[] SENSOR = {"io.duologger.Main", "qloadsensor"};

  private static final String CONFIG =
      """
      heartbeat = 1 s
      modules {
        load { every = 500 ms }
        memory { every = 500 ms%s }
        cpu { every = 200 ms, per-cpu = none%s }
      }
      outputs = [ { type = stdout, format = grid-engine%s } ]
      """;

  /** The start of the sensor, and the report after the one that it may be too late for. */
  private static final Duration LIMIT = Running.MARGIN.plus(GridEngine.LOAD_REPORT.multipliedBy(2));

  @TempDir private Path folder;

  @Test
  void itsValuesArriveHoweverItIsAsked() throws Exception {
    Path config =
        config(
            ", series = [\"available_bytes\", \"total_bytes\"]",
            ", series = [\"busy_ratio\"], stats = [mean, max]",
            "");
    try (GridEngine grid = GridEngine.start()) {
      List<String> lines = LoadSensorProcess.complexes(config);
      Set<String> names = LoadSensorProcess.names(lines);
      grid.define(lines);
      Map<String, String> complexes = grid.complexes();
      assertTrue(complexes.keySet().containsAll(names), complexes::toString);
      assertTrue(complexes.get("memory_total_bytes").contains(" MEMORY "), complexes::toString);
      assertTrue(complexes.get("load_load1").contains(" DOUBLE "), complexes::toString);

      for (String way : List.of(GridEngine.DEMAND, GridEngine.CLASSIC)) {
        grid.execute(LoadSensorProcess.PROGRAM, way, Map.of("QLOADSENSOR_CFG", config.toString()));
        Map<String, String> values =
            grid.await(LIMIT, "values of " + names, now -> now.keySet().containsAll(names));
        assertPlausible(values);
        double first = heartbeat(values);
        grid.await(LIMIT, "another window", now -> heartbeat(now) > first);
        assertStartsAgain(grid);
        // Told to quit, it goes; what is left is killed only after ten seconds.
        grid.stopExecution(Duration.ofSeconds(5));
        assertEquals(List.of(), sensors(grid));
      }
    }
  }

  @Test
  void complexesOfThePerlToolsAreServed() throws Exception {
    Path config = config("", "", ", names = old");
    try (GridEngine grid = GridEngine.start()) {
      List<String> lines = LoadSensorProcess.complexes(config);
      Set<String> names = LoadSensorProcess.names(lines);
      assertTrue(
          names.containsAll(Set.of("load_short", "load_medium", "mem_free")), names::toString);
      grid.define(lines);
      grid.execute(
          LoadSensorProcess.PROGRAM,
          GridEngine.DEMAND,
          Map.of("QLOADSENSOR_CFG", config.toString()));
      // execd itself says some of them too, but not which window they are of.
      grid.await(
          LIMIT,
          "values of " + names,
          now -> now.keySet().containsAll(names) && now.containsKey(LoadSensorReport.HEARTBEAT));
      // A daemon that is killed can't tell its load sensor to quit.
      assertEquals(1, sensors(grid).size());
      assertTrue(grid.processes("sge_execd").get(0).destroyForcibly());
      grid.awaitNone(Duration.ofSeconds(5), SENSOR);
    }
  }

  private static void assertStartsAgain(GridEngine grid) throws Exception {
    List<ProcessHandle> sensors = sensors(grid);
    assertEquals(1, sensors.size(), sensors::toString);
    double last = heartbeat(grid.values());
    assertTrue(sensors.get(0).destroyForcibly());
    grid.await(
        LIMIT,
        "window of another load sensor",
        now -> heartbeat(now) > last && !sensors(grid).equals(sensors));
    assertEquals(1, sensors(grid).size());
  }

  private static List<ProcessHandle> sensors(GridEngine grid) {
    return grid.processes(SENSOR);
  }

  private static double heartbeat(Map<String, String> values) {
    return number(values, LoadSensorReport.HEARTBEAT);
  }

  private static void assertPlausible(Map<String, String> values) throws Exception {
    // qhost prints three places of its unit.
    String meminfo = Files.readAllLines(Path.of("/proc/meminfo")).get(0);
    double kibibytes = Double.parseDouble(meminfo.replaceAll("\\D", ""));
    double total = number(values, "memory_total_bytes");
    assertEquals(kibibytes * 1024, total, total / 1000, values::toString);
    double available = number(values, "memory_available_bytes");
    assertTrue(available > 0 && available < total, values::toString);

    double load = Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    assertEquals(load, number(values, "load_load1"), 2, values::toString);

    double mean = number(values, "cpu_busy_ratio_mean");
    double max = number(values, "cpu_busy_ratio_max");
    assertTrue(mean >= 0 && mean <= max && max <= 1, values::toString);
  }

  /** A number as qhost prints it: one of bytes has the letter of a power of 1024. */
  private static double number(Map<String, String> values, String name) {
    String text = values.getOrDefault(name, "NaN");
    int power = "KMGT".indexOf(text.charAt(text.length() - 1));
    return power < 0
        ? Double.parseDouble(text)
        : Double.parseDouble(text.substring(0, text.length() - 1)) * Math.pow(1024, power + 1);
  }

  private Path config(String memory, String cpu, String output) throws Exception {
    return Files.writeString(folder.resolve("sensor.conf"), CONFIG.formatted(memory, cpu, output));
  }
}
