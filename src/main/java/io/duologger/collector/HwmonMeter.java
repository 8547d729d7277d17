package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sensors of power and energy of /sys/class/hwmon. One that refuses to be read is left out.
 * Used by one thread at a time.
 */
final class HwmonMeter implements PowerCollector.Meter {
  private static final double MICRO = 1e6;
  private static final int KEPT = 256;

  private final HostRoot root;
  private final ModuleSettings settings;
  private final long ticksPerSearch;
  private final Attribute.Reader reader = new Attribute.Reader();
  private List<Sensor> sensors = List.of();
  private long tick;

  /** A sensor's file and series. */
  private record Sensor(Series series, Attribute input) {
    boolean isEnergy() {
      return series.metric().equals(PowerCollector.ENERGY);
    }
  }

  HwmonMeter(HostRoot root, ModuleSettings settings) {
    this.root = root;
    this.settings = settings;
    this.ticksPerSearch = Search.ticks(settings.every());
  }

  @Override
  public void read(Readings into) throws IOException {
    if (tick++ % ticksPerSearch == 0 || sensors.isEmpty()) {
      search();
    }
    if (sensors.isEmpty()) {
      throw new SourceAbsentException("no sensor of power in /sys/class/hwmon");
    }
    for (int i = 0; i < sensors.size(); i++) {
      Sensor sensor = sensors.get(i);
      if (sensor.input.read() && sensor.input.value() >= 0) {
        if (sensor.isEnergy()) {
          into.counter(sensor.series, sensor.input.value());
        } else {
          into.gauge(sensor.series, sensor.input.value() / MICRO);
        }
      }
    }
  }

  private void search() throws IOException {
    Map<Series, Sensor> known = new HashMap<>();
    for (Sensor sensor : sensors) {
      known.put(sensor.series, sensor);
    }
    List<Hwmon.Chip> chips = Hwmon.chips(root);
    List<Sensor> found = new ArrayList<>();
    for (Hwmon.Sensor sensor : Hwmon.sensors(chips, "power", List.of("input", "average"))) {
      Path input = sensor.file("_input");
      add(
          found,
          known,
          sensor,
          PowerCollector.POWER,
          Files.exists(input) ? input : sensor.file("_average"));
    }
    for (Hwmon.Sensor sensor : Hwmon.sensors(chips, "energy", List.of("input"))) {
      add(found, known, sensor, PowerCollector.ENERGY, sensor.file("_input"));
    }
    List<Sensor> before = sensors;
    sensors = found;
    for (Sensor sensor : before) {
      if (!found.contains(sensor)) {
        sensor.input.close();
      }
    }
  }

  private void add(
      List<Sensor> found,
      Map<Series, Sensor> known,
      Hwmon.Sensor sensor,
      Metric metric,
      Path file) {
    Instance instance = PowerCollector.instance(String.join(" ", sensor.instance().values()));
    if (settings.instances().matches(instance.values().get(0))) {
      Series series = new Series(metric, instance);
      Sensor old = known.get(series);
      found.add(
          old != null && old.input.path().equals(file)
              ? old
              : new Sensor(series, Attribute.of(file, found.size() < KEPT, reader)));
    }
  }

  @Override
  public void close() throws IOException {
    for (Sensor sensor : sensors) {
      sensor.input.close();
    }
    sensors = List.of();
  }
}
