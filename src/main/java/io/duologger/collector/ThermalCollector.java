package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures temperatures and fans.
 *
 * <ul>
 *   <li>Source: /sys/class/hwmon/hwmonN/{name,tempM_input,tempM_label,tempM_crit,tempM_fault,
 *       fanM_input,fanM_label,fanM_fault} and /sys/class/thermal/thermal_zoneN/{type,temp}
 *   <li>Unit: degrees Celsius, from thousandths; revolutions a minute
 *   <li>Kind: gauges
 *   <li>Since kernel: 2.6
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>A sensor is told by its chip, the device behind it and its label, never by the number of
 * hwmonN, which changes from boot to boot. One that refuses to be read, or says that it is broken,
 * is left out for the moment. New ones are looked for about every five minutes.
 */
public final class ThermalCollector implements Collector {
  private static final String LABEL = "chip";

  /** So many files stay open. */
  private static final int KEPT = 256;

  private static final double MILLI = 1000;

  /** Drivers give odd limits where there is none. */
  private static final long HIGHEST_LIMIT = 250_000;

  private static final Metric TEMPERATURE =
      Metric.gauge("temperature_celsius", Unit.CELSIUS, "The temperature.");
  private static final Metric CRITICAL =
      Metric.gauge("critical_celsius", Unit.CELSIUS, "Where damage begins, by the chip.");
  private static final Metric FAN = Metric.gauge("fan_rpm", Unit.COUNT, "Revolutions a minute.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "thermal",
          "temperatures and fans",
          Optional.of(LABEL),
          List.of(TEMPERATURE, CRITICAL, FAN),
          List.of("/sys/class/hwmon", "/sys/class/thermal"),
          "",
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          List.of());

  private final HostRoot root;
  private final ModuleSettings settings;
  private final Attribute.Reader reader = new Attribute.Reader();
  private final long ticksPerSearch;
  private long tick;
  private List<Sensor> sensors = List.of();

  /** A sensor's files and series. */
  private static final class Sensor {
    final Series series;
    final Attribute input;
    final double divisor;

    /** Null if it can't say that it is broken. */
    final Attribute fault;

    /** Null if it has none. */
    final Series criticalSeries;

    final double critical;

    Sensor(
        Series series,
        Attribute input,
        double divisor,
        Attribute fault,
        Series criticalSeries,
        double critical) {
      this.series = series;
      this.input = input;
      this.divisor = divisor;
      this.fault = fault;
      this.criticalSeries = criticalSeries;
      this.critical = critical;
    }
  }

  /** Reads the host {@code root}. */
  public ThermalCollector(HostRoot root, ModuleSettings settings) {
    this.root = root;
    this.settings = settings;
    this.ticksPerSearch = Search.ticks(settings.every());
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    if (tick++ % ticksPerSearch == 0 || sensors.isEmpty()) {
      search();
    }
    if (sensors.isEmpty()) {
      throw new SourceAbsentException("no sensor in /sys/class/hwmon and /sys/class/thermal");
    }
    for (int i = 0; i < sensors.size(); i++) {
      Sensor sensor = sensors.get(i);
      boolean broken = sensor.fault != null && sensor.fault.read() && sensor.fault.value() != 0;
      if (!broken && sensor.input.read()) {
        into.gauge(sensor.series, sensor.input.value() / sensor.divisor);
        if (sensor.criticalSeries != null) {
          into.gauge(sensor.criticalSeries, sensor.critical);
        }
      }
    }
  }

  /** Those that are known already stay as they are. */
  private void search() throws IOException {
    Map<Path, Sensor> known = new HashMap<>();
    for (Sensor sensor : sensors) {
      known.put(sensor.input.path(), sensor);
    }
    List<Sensor> found = new ArrayList<>();
    List<Hwmon.Chip> chips = new ArrayList<>();
    for (Hwmon.Chip chip : Hwmon.chips(root)) {
      if (settings.instances().matches(chip.name())) {
        chips.add(chip);
      }
    }
    for (Hwmon.Sensor sensor : Hwmon.sensors(chips, "temp", List.of("input"))) {
      found.add(make(sensor, TEMPERATURE, MILLI, known, found.size() < KEPT));
    }
    for (Hwmon.Sensor sensor : Hwmon.sensors(chips, "fan", List.of("input"))) {
      found.add(make(sensor, FAN, 1, known, found.size() < KEPT));
    }
    zones(found, known);
    List<Sensor> before = sensors;
    sensors = found;
    for (Sensor sensor : before) {
      if (!found.contains(sensor)) {
        close(sensor);
      }
    }
  }

  private Sensor make(
      Hwmon.Sensor sensor, Metric metric, double divisor, Map<Path, Sensor> known, boolean keep) {
    Path input = sensor.file("_input");
    Series series = new Series(metric, sensor.instance());
    Sensor old = known.get(input);
    if (old != null && old.series.equals(series)) {
      return old;
    }
    Path fault = sensor.file("_fault");
    Attribute limit = Attribute.of(sensor.file("_crit"), false, reader);
    boolean limited =
        metric.equals(TEMPERATURE)
            && limit.read()
            && limit.value() > 0
            && limit.value() <= HIGHEST_LIMIT;
    return new Sensor(
        series,
        Attribute.of(input, keep, reader),
        divisor,
        Files.exists(fault) ? Attribute.of(fault, keep, reader) : null,
        limited ? new Series(CRITICAL, sensor.instance()) : null,
        limit.value() / MILLI);
  }

  private void zones(List<Sensor> found, Map<Path, Sensor> known) throws IOException {
    Path folder = root.sys().resolve("class").resolve("thermal");
    List<Path> zones =
        settings.instances().matches("thermal")
            ? Hwmon.children(folder, "thermal_zone*")
            : List.of();
    for (Path zone : zones.subList(0, Math.min(Hwmon.MOST, zones.size()))) {
      Optional<String> type = Hwmon.word(zone.resolve("type"));
      if (type.isPresent()) {
        String number = zone.getFileName().toString();
        Instance instance = Hwmon.instance("thermal", Optional.of(number), type.get());
        Series series = new Series(TEMPERATURE, instance);
        Path input = zone.resolve("temp");
        Sensor old = known.get(input);
        found.add(
            old != null && old.series.equals(series)
                ? old
                : new Sensor(
                    series,
                    Attribute.of(input, found.size() < KEPT, reader),
                    MILLI,
                    null,
                    null,
                    0));
      }
    }
  }

  private static void close(Sensor sensor) throws IOException {
    sensor.input.close();
    if (sensor.fault != null) {
      sensor.fault.close();
    }
  }

  @Override
  public void close() throws IOException {
    for (Sensor sensor : sensors) {
      close(sensor);
    }
    sensors = List.of();
  }
}
