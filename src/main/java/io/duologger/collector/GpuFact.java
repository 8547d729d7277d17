package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is measured of a graphics processor. */
enum GpuFact {
  UTILISATION(
      Metric.gauge("utilisation_ratio", Unit.RATIO, "Share of time that it worked.")
          .formerly("gpu_pct")),
  MEMORY_UTILISATION(
      Metric.gauge(
              "memory_utilisation_ratio",
              Unit.RATIO,
              "Share of time that its memory was read or written.")
          .formerly("gpumem_pct")),
  MEMORY_TOTAL(
      Metric.gauge("memory_total_bytes", Unit.BYTES, "Its own memory.").formerly("gpumem_total")),
  MEMORY_USED(
      Metric.gauge("memory_used_bytes", Unit.BYTES, "Memory in use.").formerly("gpumem_used")),
  MEMORY_FREE(
      Metric.gauge("memory_free_bytes", Unit.BYTES, "Memory that is free.")
          .formerly("gpumem_free")),
  MEMORY_SHARE(Metric.gauge("memory_used_ratio", Unit.RATIO, "Share of its memory in use.")),
  POWER(Metric.gauge("power_watts", Unit.WATTS, "What it takes.")),
  POWER_LIMIT(Metric.gauge("power_limit_watts", Unit.WATTS, "What it may take.")),
  TEMPERATURE(Metric.gauge("temperature_celsius", Unit.CELSIUS, "Its temperature.")),
  MEMORY_TEMPERATURE(
      Metric.gauge("memory_temperature_celsius", Unit.CELSIUS, "The temperature of its memory.")),
  CLOCK(Metric.gauge("clock_hertz", Unit.HERTZ, "The frequency of its processors.")),
  MEMORY_CLOCK(Metric.gauge("memory_clock_hertz", Unit.HERTZ, "The frequency of its memory.")),
  PERFORMANCE_STATE(
      Metric.gauge(
          "performance_state", Unit.COUNT, "Its state, from 0 (fastest) to 15 (sleeping).")),
  FAN(Metric.gauge("fan_ratio", Unit.RATIO, "The fan's speed as a share of its highest.")),
  POWER_THROTTLED(
      Metric.gauge(
          "power_throttled", Unit.COUNT, "Whether it is slowed down for its power: 1 or 0.")),
  THERMAL_THROTTLED(
      Metric.gauge(
          "thermal_throttled", Unit.COUNT, "Whether it is slowed down for its heat: 1 or 0.")),
  HARDWARE_THROTTLED(
      Metric.gauge(
          "hardware_throttled",
          Unit.COUNT,
          "Whether the hardware slows it down, for heat, power or a fault: 1 or 0.")),
  UNCORRECTED_ERRORS(
      Metric.gauge(
          "uncorrected_errors",
          Unit.COUNT,
          "Errors of its memory that could not be corrected, since its driver was loaded."));

  /** What instances are matched by. */
  static final String LABEL = "gpu";

  static final int COUNT = values().length;

  private final Metric metric;

  GpuFact(Metric metric) {
    this.metric = metric;
  }

  /** {@code value * scale}, without the rounding of scales such as a hundredth. */
  static double scaled(double value, double scale) {
    return scale < 1 ? value / Math.rint(1 / scale) : value * scale;
  }

  /** Whether a number may be below 0. */
  boolean isSigned() {
    return this == TEMPERATURE || this == MEMORY_TEMPERATURE;
  }

  /** The metrics of all. */
  static List<Metric> metrics() {
    return new ArrayList<>(Arrays.stream(values()).map(fact -> fact.metric).toList());
  }

  /** The series of the processor {@code number}, by ordinal. */
  static Series[] series(String number) {
    Instance instance = Instance.of(LABEL, number);
    return Arrays.stream(values())
        .map(fact -> new Series(fact.metric, instance))
        .toArray(Series[]::new);
  }
}
