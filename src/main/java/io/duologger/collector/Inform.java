package io.duologger.collector;

import io.duologger.model.Readings;
import io.duologger.model.Series;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Gives readings of what may be absent. */
final class Inform {
  private Inform() {}

  static void text(Readings into, Series series, Optional<String> text) {
    if (text.isPresent()) {
      into.info(series, text.get());
    }
  }

  static void number(Readings into, Series series, OptionalInt number) {
    if (number.isPresent()) {
      into.gauge(series, number.getAsInt());
    }
  }

  static void number(Readings into, Series series, OptionalLong number) {
    if (number.isPresent()) {
      into.gauge(series, number.getAsLong());
    }
  }

  static void number(Readings into, Series series, OptionalDouble number) {
    if (number.isPresent()) {
      into.gauge(series, number.getAsDouble());
    }
  }
}
