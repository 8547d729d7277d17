package io.duologger.collector;

import io.duologger.model.Kind;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Remembers readings as lines of text, in order, and checks that each fits its metric's kind. */
final class Recording implements Readings {
  private final Map<Series, String> values = new LinkedHashMap<>();
  private String lacking = "";

  /** One read of {@code collector}. */
  static Recording of(Collector collector) throws java.io.IOException {
    Recording recording = new Recording();
    collector.collect(recording);
    return recording;
  }

  /** Lines such as {@code busy_ratio{cpu=0} ratio 1 / 2}. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    values.forEach((series, value) -> lines.add(name(series) + " " + value));
    return lines;
  }

  /** The value of the series {@code name}, such as {@code counter 5}; empty if there is none. */
  String value(String name) {
    return values.entrySet().stream()
        .filter(e -> name(e.getKey()).equals(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  /** The last word of {@link #value} as a number. */
  double number(String name) {
    String value = value(name);
    return Double.parseDouble(value.substring(value.lastIndexOf(' ') + 1));
  }

  /** What could not be read; empty if nothing. */
  String lacking() {
    return lacking;
  }

  /** The series that had a reading. */
  List<Series> series() {
    return List.copyOf(values.keySet());
  }

  private static String name(Series series) {
    StringBuilder name = new StringBuilder(series.metric().name());
    series.instance().labels().forEach((k, v) -> name.append("{" + k + "=" + v + "}"));
    return name.toString();
  }

  private void put(Series series, Kind kind, String value) {
    if (series.metric().kind() != kind) {
      throw new AssertionError(name(series) + " is no " + kind);
    }
    if (values.put(series, kind.name().toLowerCase(java.util.Locale.ROOT) + " " + value) != null) {
      throw new AssertionError(name(series) + " was read twice");
    }
  }

  private static String plain(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }

  @Override
  public void lacks(String what) {
    lacking = lacking.isEmpty() ? what : lacking;
  }

  @Override
  public void gauge(Series series, double value) {
    put(series, Kind.GAUGE, plain(value));
  }

  @Override
  public void counter(Series series, long value) {
    put(series, Kind.COUNTER, Long.toUnsignedString(value));
  }

  @Override
  public void counter(Series series, long value, double capacity) {
    if (series.metric().utilisation().isEmpty()) {
      throw new AssertionError(name(series) + " has no capacity");
    }
    put(series, Kind.COUNTER, Long.toUnsignedString(value) + " of " + plain(capacity));
  }

  @Override
  public void ratio(Series series, long numerator, long denominator) {
    put(
        series,
        Kind.RATIO,
        Long.toUnsignedString(numerator) + " / " + Long.toUnsignedString(denominator));
  }

  @Override
  public void info(Series series, String text) {
    put(series, Kind.INFO, text);
  }

  @Override
  public void event(Series series, String text) {
    String before = values.remove(series);
    put(series, Kind.EVENT, text);
    if (before != null) {
      values.put(series, before + " | " + text);
    }
  }
}
