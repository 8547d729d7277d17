package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is measured of a disk's health. */
enum SmartFact {
  HEALTHY(
      Metric.gauge(
          "healthy", Unit.COUNT, "Whether the disk says that its health is good: 1 or 0.")),
  TEMPERATURE(Metric.gauge("temperature_celsius", Unit.CELSIUS, "The disk's temperature.")),
  REALLOCATED(
      Metric.gauge("reallocated_sectors", Unit.COUNT, "Bad sectors that others stand in for.")),
  PENDING(
      Metric.gauge(
          "pending_sectors", Unit.COUNT, "Sectors that could not be read and wait to be written.")),
  UNCORRECTABLE_SECTORS(
      Metric.gauge(
          "uncorrectable_sectors", Unit.COUNT, "Sectors that the disk itself could not read.")),
  UNCORRECTABLE_ERRORS(
      Metric.gauge(
          "uncorrectable_errors", Unit.COUNT, "Errors that could not be corrected, so far.")),
  MEDIA_ERRORS(
      Metric.gauge(
          "media_errors", Unit.COUNT, "Times that data turned out to be damaged, so far.")),
  INTERFACE_ERRORS(
      Metric.gauge("interface_errors", Unit.COUNT, "Errors on the way to the disk, so far.")),
  LOGGED_ERRORS(
      Metric.gauge("logged_errors", Unit.COUNT, "Errors that the disk has logged so far.")),
  WARNINGS(
      Metric.gauge(
          "critical_warnings",
          Unit.COUNT,
          "The bits of NVMe's critical warnings as a number; 0 is good.")),
  USED(Metric.gauge("endurance_used_ratio", Unit.RATIO, "Share of its life that is used up.")),
  SPARE(Metric.gauge("spare_ratio", Unit.RATIO, "Share of its spare blocks that is left.")),
  READ(Metric.gauge("read_bytes", Unit.BYTES, "What was read from it, so far.")),
  WRITTEN(Metric.gauge("written_bytes", Unit.BYTES, "What was written to it, so far.")),
  POWER_ON(Metric.gauge("power_on_seconds", Unit.SECONDS, "How long it was on, so far.")),
  POWER_CYCLES(Metric.gauge("power_cycles", Unit.COUNT, "How often it was switched on."));

  /** What instances are matched by. */
  static final String LABEL = "device";

  static final int COUNT = values().length;

  private final Metric metric;

  SmartFact(Metric metric) {
    this.metric = metric;
  }

  /** The metrics of all. */
  static List<Metric> metrics() {
    return new ArrayList<>(Arrays.stream(values()).map(fact -> fact.metric).toList());
  }

  /** The series of a disk, by ordinal. */
  static Series[] series(Instance disk) {
    return Arrays.stream(values())
        .map(fact -> new Series(fact.metric, disk))
        .toArray(Series[]::new);
  }
}
