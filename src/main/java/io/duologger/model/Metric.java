package io.duologger.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is measured, without the device it is measured on: name, kind, unit, and how raw counter
 * values become rates.
 *
 * @param name the key in every output; ends with the unit's suffix
 * @param kind gauge, counter, ratio, info or event
 * @param unit the base unit of the printed value
 * @param help one sentence for people
 * @param scale what a raw value, rate or quotient is multiplied with to be in {@code unit}
 * @param modulus the raw counter (of a ratio: its numerator) wraps to 0 after {@code modulus - 1};
 *     0 if it does not wrap
 * @param ceiling the highest plausible raw change per second; a decrease that would mean more is a
 *     reset, not a wrap
 * @param utilisation for a counter that is read with a capacity: the name stem of the derived
 *     series; empty otherwise
 * @param oldKey what the Perl tools called it, for what prints their keys; those of the modules
 *     that the old tools summed or mixed are in the format
 */
public record Metric(
    String name,
    Kind kind,
    Unit unit,
    String help,
    double scale,
    long modulus,
    double ceiling,
    Optional<String> utilisation,
    Optional<OldKey> oldKey) {

  private static final int QUARTERS = 4;

  /**
   * A key of the Perl tools. A {@code *} in it stands for the instance, and the name of a label in
   * braces for that label's value alone.
   *
   * @param key the key
   * @param factor what a value in the metric's unit is multiplied with to be in the key's
   */
  public record OldKey(String key, double factor) {}

  /** Validates the name, its unit suffix and the wrap declaration. */
  public Metric {
    Names.freeKey(name);
    if (utilisation.isPresent()) {
      Names.freeKey(utilisation.get());
    }
    if (!name.endsWith(unit.suffix())) {
      throw new IllegalArgumentException(
          "metric " + name + " in " + unit + " must end with " + unit.suffix());
    }
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException(
          "metric " + name + ": the scale must be positive, not " + scale);
    }
    if (modulus < 0 || (modulus > 0) != (ceiling > 0)) {
      throw new IllegalArgumentException(
          "metric " + name + ": a modulus and a ceiling go together");
    }
    if (utilisation.isPresent() && kind != Kind.COUNTER) {
      throw new IllegalArgumentException("metric " + name + ": only a counter has a capacity");
    }
  }

  /** A value that stands for its instant. */
  public static Metric gauge(String name, Unit unit, String help) {
    return of(name, Kind.GAUGE, unit, help);
  }

  /** An unsigned 64-bit counter, printed as a rate. */
  public static Metric counter(String name, Unit unit, String help) {
    return of(name, Kind.COUNTER, unit, help);
  }

  /** The quotient of the changes of two counters. */
  public static Metric ratio(String name, Unit unit, String help) {
    return of(name, Kind.RATIO, unit, help);
  }

  /** A text that changes seldom. */
  public static Metric info(String name, String help) {
    return of(name, Kind.INFO, Unit.TEXT, help);
  }

  /** A text for each thing that happened. */
  public static Metric event(String name, String help) {
    return of(name, Kind.EVENT, Unit.TEXT, help);
  }

  private static Metric of(String name, Kind kind, Unit unit, String help) {
    return new Metric(name, kind, unit, help, 1, 0, 0, Optional.empty(), Optional.empty());
  }

  /**
   * This metric with raw values multiplied by {@code factor} (sectors, clock ticks, 4-byte words).
   */
  public Metric scaledBy(double factor) {
    return new Metric(name, kind, unit, help, factor, modulus, ceiling, utilisation, oldKey);
  }

  /**
   * This metric with a counter that wraps at {@code modulus} and never moves faster than {@code
   * ceiling} raw units a second.
   */
  public Metric wrappingAt(long modulus, double ceiling) {
    return new Metric(name, kind, unit, help, scale, modulus, ceiling, utilisation, oldKey);
  }

  /**
   * This counter read together with a capacity in raw units a second. It yields the further series
   * {@code stem_ratio} (share of the capacity) and {@code stem_quarter1_ratio} to {@code
   * stem_quarter4_ratio} (share of the window's rates in each quarter of the capacity).
   */
  public Metric withUtilisation(String stem) {
    return new Metric(name, kind, unit, help, scale, modulus, ceiling, Optional.of(stem), oldKey);
  }

  /** This metric, which the Perl tools had under {@code key}; a {@code *} is the instance. */
  public Metric formerly(String key) {
    return formerly(key, 1);
  }

  /** This metric, which the Perl tools had under {@code key}, in another unit. */
  public Metric formerly(String key, double factor) {
    Optional<OldKey> old = Optional.of(new OldKey(key, factor));
    return new Metric(name, kind, unit, help, scale, modulus, ceiling, utilisation, old);
  }

  /** The series {@code stem_ratio} of a counter with a utilisation. */
  public static Metric utilisationShare(String stem) {
    return gauge(stem + "_ratio", Unit.RATIO, "Rate as a share of the capacity.");
  }

  /** The series {@code stem_quarter1_ratio} and so on of a counter with a utilisation. */
  public static List<Metric> utilisationQuarters(String stem) {
    List<Metric> quarters = new ArrayList<>();
    for (int quarter = 1; quarter <= QUARTERS; quarter++) {
      quarters.add(
          gauge(
              stem + "_quarter" + quarter + "_ratio",
              Unit.RATIO,
              "Share of the rates that lie in quarter " + quarter + " of the capacity."));
    }
    return List.copyOf(quarters);
  }

  /** What a window says of the events of this metric that it has no room for. */
  public Metric dropped() {
    return gauge(
        name + "_dropped",
        Unit.COUNT,
        "Events of the window that exceeded the bound and are not printed.");
  }
}
