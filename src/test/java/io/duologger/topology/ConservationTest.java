package io.duologger.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.duologger.model.Report;
import io.duologger.model.Window;
import io.duologger.topology.Oracle.Device;
import io.duologger.topology.Oracle.Module;
import io.duologger.topology.RandomRun.Event;
import io.duologger.topology.RandomRun.Life;
import io.duologger.virtual.ReportLine;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Over a thousand windows and more nothing that a device counted is lost or counted twice. */
class ConservationTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("duologger");
  private static final String[] KEYS = {"rx_bytes_per_second_mean", "tx_bytes_per_second_mean"};

  @BeforeAll
  static void quiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    LOG.setLevel(null);
  }

  /** What the printed lines of a device add up to, and by how much rounding may have changed it. */
  private static final class Sum {
    private double value;
    private double rounding;

    void add(double mean, double covered) {
      value += mean * covered;
      // nine significant digits of the mean, nine decimals of the covered seconds, one double sum
      rounding += Math.abs(mean) * (covered * 5e-9 + 5e-10) + Math.ulp(value);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void printedMeansTimesCoveredAddUpToWhatTheDevicesCounted(long seed) {
    try (RandomRun run = new RandomRun(seed, EnumSet.of(Event.RELOAD, Event.STEP)).run(900)) {
      List<Window> windows = run.reports().stream().map(Report::window).toList();
      assertTrue(windows.size() >= 1000, () -> windows.size() + " windows");
      Oracle oracle = new Oracle(run, windows);
      Map<String, BigInteger> counted = new TreeMap<>();
      long late = 0;
      long resets = 0;
      for (Life life : run.lives) {
        for (Module module : oracle.expected(life)) {
          late += module.late;
          for (Map.Entry<String, Device> entry : module.devices.entrySet()) {
            resets += entry.getValue().resets;
            for (int i = 0; i < KEYS.length; i++) {
              String key = life.spec.name() + " " + entry.getKey() + " " + KEYS[i];
              counted.merge(key, entry.getValue().sums[i], BigInteger::add);
            }
          }
        }
      }
      assertTrue(late > 50 && resets > 50, "late " + late + ", resets " + resets);
      assertTrue(run.reloads.size() > 100, "reloads " + run.reloads.size());
      Map<String, Sum> printed = printed(run);
      assertEquals(counted.keySet(), printed.keySet());
      counted.forEach(
          (key, sum) -> {
            Sum lines = printed.get(key);
            assertEquals(
                sum.doubleValue(), lines.value, lines.rounding, "seed " + seed + " " + key);
          });
    }
  }

  private static Map<String, Sum> printed(RandomRun run) {
    Map<String, Sum> printed = new TreeMap<>();
    for (String text : run.lines()) {
      ReportLine line = ReportLine.parse(text);
      for (String key : KEYS) {
        if (line.has("device")) {
          Sum sum =
              printed.computeIfAbsent(
                  line.text("module") + " " + line.text("device") + " " + key, k -> new Sum());
          if (line.has(key)) {
            sum.add(line.number(key), line.number("covered"));
          }
        }
      }
    }
    return printed;
  }
}
