package io.duologger.model;

/**
 * The base unit of a metric; its suffix ends the metric's name, so that no value is ever without a
 * unit.
 */
public enum Unit {
  BYTES("_bytes"),
  BYTES_PER_SECOND("_bytes_per_second"),
  PER_SECOND("_per_second"),
  SECONDS("_seconds"),
  RATIO("_ratio"),
  CELSIUS("_celsius"),
  WATTS("_watts"),
  JOULES("_joules"),
  VOLTS("_volts"),
  AMPERES("_amperes"),
  HERTZ("_hertz"),
  /** A plain number of things: no suffix. */
  COUNT(""),
  /** Text (infos and events): no suffix. */
  TEXT("");

  private final String suffix;

  Unit(String suffix) {
    this.suffix = suffix;
  }

  /** What a metric name in this unit ends with; empty for counts and texts. */
  public String suffix() {
    return suffix;
  }
}
