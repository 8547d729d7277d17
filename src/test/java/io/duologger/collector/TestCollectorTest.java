package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSettings;
import io.duologger.model.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCollectorTest {
  @TempDir Path folder;

  private List<List<String>> samples(int count, String... options) throws IOException {
    Options given = Options.defaults(TestCollector.DESCRIPTOR.options());
    for (int i = 0; i < options.length; i += 2) {
      given = given.with(options[i], options[i + 1]);
    }
    ModuleSettings settings =
        ModuleSettings.defaults(TestCollector.DESCRIPTOR, Duration.ofSeconds(1)).with(given);
    List<List<String>> samples = new ArrayList<>();
    try (Collector collector =
        new TestCollector(FixtureHost.empty(folder).surroundings(), settings)) {
      for (int i = 0; i < count; i++) {
        samples.add(Recording.of(collector).lines());
      }
    }
    return samples;
  }

  @Test
  void makesEveryMetricUp() throws IOException {
    List<String> first = samples(1).get(0);
    assertEquals(TestCollector.DESCRIPTOR.metrics().size(), first.size());
    assertEquals(
        List.of("const1 gauge 1", "const2 gauge 2", "const3 gauge 3"), first.subList(0, 3));
    assertEquals(
        List.of("slope gauge 0", "wave gauge 0", "spike gauge 0", "samples_per_second counter 1"),
        first.subList(4, 8));
  }

  @Test
  void aPeriodHasOneWaveAndEndsWithASpike() throws IOException {
    List<List<String>> samples = samples(9, "period", "4");
    List<String> waves = new ArrayList<>();
    List<String> spikes = new ArrayList<>();
    for (List<String> sample : samples) {
      waves.add("" + Math.round(number(sample, "wave")));
      spikes.add("" + Math.round(number(sample, "spike")));
    }
    assertEquals("0 1 0 -1 0 1 0 -1 0", String.join(" ", waves));
    assertEquals("0 0 0 1 0 0 0 1 0", String.join(" ", spikes));
    assertEquals(8, number(samples.get(8), "slope"));
    assertEquals(9, number(samples.get(8), "samples_per_second"));
  }

  @Test
  void everyRunIsTheSameAndASeedGivesAnother() throws IOException {
    List<List<String>> samples = samples(200);
    assertEquals(samples, samples(200));
    assertNotEquals(samples, samples(200, "seed", "1"));
    double sum = 0;
    for (List<String> sample : samples) {
      double value = number(sample, "random");
      assertTrue(value >= 0 && value < 1);
      sum += value;
    }
    assertEquals(0.5, sum / samples.size(), 0.1);
  }

  @Test
  void constantsCanBeGiven() throws IOException {
    assertEquals("const2 gauge -7", samples(1, "const2", "-7").get(0).get(1));
  }

  private static double number(List<String> sample, String name) {
    for (String line : sample) {
      String[] words = line.split(" ");
      if (words[0].equals(name)) {
        return Double.parseDouble(words[2]);
      }
    }
    throw new AssertionError(name + " is not in " + sample);
  }
}
