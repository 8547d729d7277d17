package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Report;
import io.duologger.model.Series;
import io.duologger.model.Stat;
import io.duologger.model.Unit;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComplexesTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyValueOfALoadReportIsThere(boolean oldNames) {
    for (Report report : List.of(SensorFixture.one(), SensorFixture.dual())) {
      List<String> names = names(SensorFixture.series(report), oldNames);
      new String(new GridEngineFormat(oldNames).bytes(report), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> line.contains(":"))
          .forEach(line -> assertTrue(names.contains(line.split(":")[1]), line));
    }
  }

  @Test
  void aCounterReadWithACapacityYieldsItsUtilisationToo() {
    Metric received =
        Metric.counter("rx_bytes_per_second", Unit.BYTES_PER_SECOND, "Received.")
            .withUtilisation("rx_utilisation");
    Series series = new Series(received, Instance.of("device", "eth0"));
    List<Stat> stats = List.of(Stat.MEAN, Stat.MAX);
    assertEquals(
        List.of(
            "duologger_heartbeat",
            "net_eth0_rx_bytes_per_second_mean",
            "net_eth0_rx_bytes_per_second_max",
            "net_eth0_rx_utilisation_ratio_mean",
            "net_eth0_rx_utilisation_ratio_max",
            "net_eth0_rx_utilisation_quarter1_ratio",
            "net_eth0_rx_utilisation_quarter2_ratio",
            "net_eth0_rx_utilisation_quarter3_ratio",
            "net_eth0_rx_utilisation_quarter4_ratio"),
        names(List.of(of("net", stats, new Complexes.Reading(series, true))), false));
    assertEquals(
        3, names(List.of(of("net", stats, new Complexes.Reading(series, false))), false).size());
  }

  @Test
  void aDeviceThatIsCalledFreeIsNotAvailable() {
    Metric metric = Metric.gauge("used_bytes", Unit.BYTES, "A size.");
    Series series = new Series(metric, Instance.of("mount", "/free"));
    String text =
        Complexes.text(
            List.of(of("df", SensorFixture.ONE, new Complexes.Reading(series, false))), false);
    assertEquals("df__free_used_bytes df__free_used_bytes MEMORY >= YES NO 0 0", row(text, 2));
  }

  @Test
  void aValueWhoseNameGridEngineCannotReadIsNotThere() {
    Metric metric = Metric.gauge("x", Unit.COUNT, "A number.");
    Series series = new Series(metric, Instance.of("device", "d".repeat(1000)));
    assertEquals(
        List.of("duologger_heartbeat"),
        names(List.of(of("net", SensorFixture.ONE, new Complexes.Reading(series, false))), false));
  }

  @Property
  void everyNameIsThereOnce(
      @ForAll @Size(max = 10) Set<@From("devices") String> devices, @ForAll boolean oldNames) {
    List<Complexes.Reading> readings =
        devices.stream()
            .map(device -> Instance.of("device", device))
            .map(
                instance ->
                    new Complexes.Reading(
                        new Series(SensorFixture.metric("rx_bytes_per_second"), instance), false))
            .toList();
    List<Complexes.Of> modules =
        List.of(
            new Complexes.Of("net", SensorFixture.DUAL, readings),
            new Complexes.Of("other", SensorFixture.DUAL, readings));
    List<String> names = names(modules, oldNames);
    assertEquals(names.size(), new HashSet<>(names).size());
    assertTrue(names.size() > 5 * devices.size());
  }

  @Provide
  Arbitrary<String> devices() {
    return Arbitraries.strings().withChars("a._2").ofMaxLength(4);
  }

  private static Complexes.Of of(String module, List<Stat> stats, Complexes.Reading reading) {
    return new Complexes.Of(module, stats, List.of(reading));
  }

  private static List<String> names(List<Complexes.Of> modules, boolean oldNames) {
    return Complexes.text(modules, oldNames)
        .lines()
        .skip(1)
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  private static String row(String text, int index) {
    return text.lines().toList().get(index).replaceAll(" +", " ");
  }
}
