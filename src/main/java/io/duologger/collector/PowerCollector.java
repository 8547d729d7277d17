package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures how much power the host takes.
 *
 * <ul>
 *   <li>Source: /sys/class/powercap/intel-rapl:N[:M]/{name,energy_uj,max_energy_range_uj};
 *       /sys/class/hwmon/hwmonN/{powerM_input,powerM_average,energyM_input}; or {@code ipmitool
 *       dcmi power reading} and else {@code ipmitool sdr}; or a WattsUp meter on a serial line
 *   <li>Unit: watts, from microjoules, microwatts and watts
 *   <li>Kind: counters of energy, gauges of power
 *   <li>Since kernel: 3.13 (RAPL)
 *   <li>Root needed: for RAPL (energy_uj since 5.10) and for ipmitool
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>A zone's counter wraps after some minutes at full power: it has to be sampled more often than
 * each minute. The zone psys, where there is one, is the whole machine and holds the others;
 * otherwise the host's power is the sum of its packages and memory, without fans, disks and losses.
 */
public final class PowerCollector implements Collector {
  /** What zones and sensors are matched by. */
  static final String ZONE = "zone";

  private static final String SOURCE = "source";
  private static final String METER = "meter";
  private static final String PROGRAM = "ipmitool";
  private static final double MICRO = 1e-6;

  /** A zone of RAPL or an energy sensor. */
  static final Metric ENERGY =
      Metric.counter("energy_watts", Unit.WATTS, "Power, as energy over time.").scaledBy(MICRO);

  static final Metric HOST_ENERGY =
      Metric.counter("host_energy_watts", Unit.WATTS, "Power of the host, as energy over time.")
          .scaledBy(MICRO)
          .formerly("watts");
  static final Metric POWER = Metric.gauge("power_watts", Unit.WATTS, "What a sensor says now.");
  static final Metric HOST_POWER =
      Metric.gauge("host_power_watts", Unit.WATTS, "What the whole host takes now.")
          .formerly("watts");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "power",
          "electric power of the host, its processors and supplies",
          Optional.of(ZONE),
          List.of(ENERGY, HOST_ENERGY, POWER, HOST_POWER),
          List.of("/sys/class/powercap", "/sys/class/hwmon", PROGRAM, "WattsUp meter"),
          "root for RAPL (CAP_DAC_READ_SEARCH) and ipmitool (CAP_DAC_OVERRIDE); access to the meter's line",
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          List.of(
              ModuleOption.choice(
                  SOURCE,
                  "auto",
                  List.of("auto", "rapl", "hwmon", "ipmi", "wattsup"),
                  "What is read: what the kernel has of the first two (auto), or only one."),
              ModuleOption.text(
                  PROGRAM,
                  PROGRAM,
                  "The program ipmitool, or another one that asks in its place, such as over the network."),
              ModuleOption.text(METER, "/dev/ttyUSB0", "The serial line of the WattsUp meter.")));

  private final List<Meter> meters = new ArrayList<>();

  /** One source of power readings. */
  interface Meter extends AutoCloseable {
    /**
     * Reads it.
     *
     * @throws SourceAbsentException if the host does not have it
     */
    void read(Readings into) throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Reads the host of {@code surroundings}. */
  public PowerCollector(Surroundings surroundings, ModuleSettings settings) {
    String source = settings.option(SOURCE);
    if (source.equals("auto") || source.equals("rapl")) {
      meters.add(new RaplMeter(surroundings, settings));
    }
    if (source.equals("auto") || source.equals("hwmon")) {
      meters.add(new HwmonMeter(surroundings.root(), settings));
    }
    if (source.equals("ipmi")) {
      meters.add(new IpmiMeter(surroundings, settings, settings.option(PROGRAM)));
    }
    if (source.equals("wattsup")) {
      meters.add(new WattsupMeter(surroundings, settings.option(METER)));
    }
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  /** One that fails is no reason not to tell what another says. */
  @Override
  public void collect(Readings into) throws IOException {
    Optional<IOException> failure = Optional.empty();
    List<String> absent = new ArrayList<>();
    int read = 0;
    for (Meter meter : meters) {
      try {
        meter.read(into);
        read++;
      } catch (SourceAbsentException notHere) {
        absent.add(notHere.getMessage());
      } catch (IOException failed) {
        failure = Optional.of(failed);
      }
    }
    if (read == 0 && failure.isPresent()) {
      throw failure.get();
    }
    if (read == 0) {
      throw new SourceAbsentException(String.join(", ", absent));
    }
    if (failure.isPresent()) {
      into.lacks(failure.get().getMessage());
    }
  }

  /** The series of a zone or sensor. */
  static Instance instance(String zone) {
    return Instance.of(ZONE, zone);
  }

  @Override
  public void close() throws IOException {
    for (Meter meter : meters) {
      meter.close();
    }
  }
}
