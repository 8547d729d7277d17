package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.RecorderClock;
import io.duologger.model.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the management controller says through ipmitool: {@code dcmi power reading}, or where it has
 * none the sensors of {@code sdr} in watts. It takes up to two seconds and keeps the controller
 * busy, so it is asked each ten seconds at most. Used by one thread at a time.
 */
final class IpmiMeter implements PowerCollector.Meter {
  /** The program as it is; another one may ask a controller over the network. */
  private static final String LOCAL = "ipmitool";

  private static final List<String> DEVICES = List.of("ipmi0", "ipmi/0", "ipmidev/0");
  private static final Duration LIMIT = Duration.ofSeconds(12);
  private static final long LEAST_NANOS = Duration.ofMillis(9_500).toNanos();
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_SENSORS = 256;
  private static final int LONGEST_NAME = 64;

  /** No host takes more: a controller that says so has no reading. */
  private static final double MOST_WATTS = 100_000;

  private static final Pattern READING =
      Pattern.compile("Instantaneous power reading: {1,40}([0-9]{1,6}) Watts");
  private static final Pattern ACTIVATED =
      Pattern.compile("Power reading state is: {1,40}activated");
  private static final Pattern NUMBER = Pattern.compile("([0-9]{1,6}(\\.[0-9]{1,6})?) Watts");

  private final Path devices;
  private final ModuleSettings settings;
  private final RecorderClock clock;
  private final String name;
  private final Program dcmi;
  private final Program sdr;
  private final Series host = new Series(PowerCollector.HOST_POWER, Instance.HOST);
  private final Map<String, Series> sensors = new HashMap<>();
  private boolean asked;
  private long askedAt;

  IpmiMeter(Surroundings surroundings, ModuleSettings settings, String program) {
    this.devices = surroundings.root().dev();
    this.settings = settings;
    this.clock = surroundings.clock();
    this.name = program;
    this.dcmi = program(surroundings, program, "dcmi", "power", "reading");
    this.sdr = program(surroundings, program, "sdr");
  }

  private static Program program(Surroundings surroundings, String program, String... words) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(words));
    return new Program(surroundings, command, Map.of("LC_ALL", "C"), LIMIT, MOST_BYTES);
  }

  @Override
  public void read(Readings into) throws IOException {
    if (name.equals(LOCAL)
        && DEVICES.stream().noneMatch(device -> Files.exists(devices.resolve(device)))) {
      throw new SourceAbsentException("no " + devices.resolve(DEVICES.get(0)));
    }
    long now = clock.monotonicNanos();
    if (asked && now - askedAt < LEAST_NANOS) {
      return;
    }
    asked = true;
    askedAt = now;
    Program.Result answer = dcmi.run();
    OptionalDouble reading = answer.status() == 0 ? dcmi(answer.text()) : OptionalDouble.empty();
    if (reading.isPresent()) {
      into.gauge(host, reading.getAsDouble());
      return;
    }
    Program.Result list = sdr.run();
    Map<String, Double> watts = list.status() == 0 ? sdr(list.text()) : Map.of();
    if (watts.isEmpty()) {
      Program.Result silent = list.status() == 0 ? answer : list;
      String said = silent.complaint();
      throw new IOException(
          name
              + ": no power reading: "
              + (said.isEmpty() ? "exit status " + silent.status() : printable(said)));
    }
    for (Map.Entry<String, Double> sensor : watts.entrySet()) {
      if (settings.instances().matches(sensor.getKey())) {
        into.gauge(
            sensors.computeIfAbsent(
                sensor.getKey(),
                zone -> new Series(PowerCollector.POWER, PowerCollector.instance(zone))),
            sensor.getValue());
      }
    }
    sensors.keySet().retainAll(watts.keySet());
    if (watts.size() == 1) {
      into.gauge(host, watts.values().iterator().next());
    }
  }

  private static String printable(String text) {
    return text.substring(0, Math.min(120, text.length())).replaceAll("[^ -~]", "?");
  }

  /** The instantaneous reading, if readings are activated; a host at work never takes 0 W. */
  static OptionalDouble dcmi(String text) {
    Matcher reading = READING.matcher(text);
    return ACTIVATED.matcher(text).find() && reading.find()
        ? plausible(Double.parseDouble(reading.group(1)))
        : OptionalDouble.empty();
  }

  private static OptionalDouble plausible(double watts) {
    return watts > 0 && watts < MOST_WATTS ? OptionalDouble.of(watts) : OptionalDouble.empty();
  }

  /** Lines "name | 168 Watts | ok", of which those in watts that have a reading. */
  static Map<String, Double> sdr(String text) {
    Map<String, Double> watts = new LinkedHashMap<>();
    text.lines()
        .forEach(
            line -> {
              String[] fields = line.split("\\|", -1);
              Matcher number = fields.length == 3 ? NUMBER.matcher(fields[1].strip()) : null;
              String sensor = fields[0].strip();
              if (number != null
                  && number.matches()
                  && !sensor.isEmpty()
                  && watts.size() < MOST_SENSORS
                  && !fields[2].strip().equals("ns")) {
                double value = Double.parseDouble(number.group(1));
                String key = sensor.substring(0, Math.min(LONGEST_NAME, sensor.length()));
                if (value < MOST_WATTS) {
                  watts.putIfAbsent(key, value);
                }
              }
            });
    return watts;
  }

  @Override
  public void close() {
    dcmi.close();
    sdr.close();
  }
}
