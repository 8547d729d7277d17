package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The links beside the launcher start the modes that they are called after. */
class ModesIT {
  @ParameterizedTest
  @ValueSource(strings = {"duologger", "dlogger", "cronlogger", "qloadsensor"})
  void eachLinkIsItsMode(String mode) throws Exception {
    try (Running topology = Running.start(new ProcessBuilder(script(mode), "topology"))) {
      assertEquals(0, topology.exitWithin(Running.MARGIN), topology::all);
      assertEquals("mode       " + mode, topology.out().get(0));
    }
  }

  @Test
  void theLoadSensorAnswersWhenGridEngineStartsIt() throws Exception {
    // No HOME, no PATH, started through /bin/sh -c.
    ProcessBuilder command =
        new ProcessBuilder(
            "sh",
            "-c",
            "printf '\\n\\nquit\\n' | env -i /bin/sh -c \"$1\"",
            "sh",
            script("qloadsensor"));
    try (Running sensor = Running.start(command)) {
      assertEquals(0, sensor.exitWithin(Running.MARGIN), sensor::all);
      assertEquals(
          List.of("begin", "end", "begin", "end"),
          sensor.out().stream().filter(line -> line.matches("begin|end")).toList());
    }
  }

  private static String script(String mode) {
    return Machine.HOME.resolve("sbin").resolve(mode).toString();
  }
}
