package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tests with a Grid Engine rely on, shown with a load sensor of a few lines of shell. */
class GridEngineHelperIT {
  private static final Duration LIMIT = Running.MARGIN.plus(GridEngine.LOAD_REPORT.multipliedBy(2));
  private static final String SENSOR =
      """
      #!/bin/sh
      count=0
      while read -r line && [ "$line" != quit ]; do
        count=$((count + 1))
        printf '%s\\n' begin "$HOST:process:$$" "$HOST:count:$count" \
          "$HOST:size:3000000000" "$HOST:word:$WORD" end
      done
      """;

  @Test
  void asksItsLoadSensorInBothWaysAndLeavesNothingBehind(@TempDir Path folder) throws Exception {
    Path sensor = Files.writeString(folder.resolve("stub-sensor"), SENSOR);
    Files.setPosixFilePermissions(sensor, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<ProcessHandle> all;
    try (GridEngine grid = GridEngine.start()) {
      grid.define(
          List.of(
              "# a comment",
              "process process INT >= NO NO 0 0",
              "count count INT >= NO NO 0 0",
              "size size MEMORY <= YES NO 0 0",
              "word word STRING == YES NO NONE 0",
              "load_short load_short DOUBLE >= NO NO 0 0"));
      assertTrue(grid.complexes().get("size").contains(" MEMORY "));
      for (String way : List.of(GridEngine.DEMAND, GridEngine.CLASSIC)) {
        grid.execute(sensor, way, Map.of("WORD", way));
        Map<String, String> values =
            grid.await(LIMIT, "values of the stub", now -> now.containsKey("count"));
        assertEquals("2.794G", values.get("size"));
        assertEquals(way, values.get("word"));
        assertTrue(values.containsKey("load_avg"), values::toString);

        ProcessHandle stub = grid.processes("/bin/sh " + sensor).get(0);
        grid.await(LIMIT, "second report", now -> Double.parseDouble(now.get("count")) > 1);
        stub.destroyForcibly();
        grid.await(
            LIMIT,
            "report of another one",
            now -> !now.get("process").equals(values.get("process")));
        grid.stopExecution(LIMIT);
        assertEquals(List.of(), grid.processes(sensor.toString()));
      }
      all = grid.processes();
      assertTrue(all.size() >= 2, "the first process and sge_qmaster");
    }
    assertTrue(all.stream().noneMatch(ProcessHandle::isAlive));
  }
}
