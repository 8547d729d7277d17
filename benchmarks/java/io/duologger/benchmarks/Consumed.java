package io.duologger.benchmarks;

import io.duologger.model.Readings;
import io.duologger.model.Series;
import org.openjdk.jmh.infra.Blackhole;

/** Takes all readings and keeps none. */
record Consumed(Blackhole blackhole) implements Readings {
  @Override
  public void gauge(Series series, double value) {
    blackhole.consume(value);
  }

  @Override
  public void counter(Series series, long value) {
    blackhole.consume(value);
  }

  @Override
  public void counter(Series series, long value, double capacity) {
    blackhole.consume(value);
  }

  @Override
  public void ratio(Series series, long numerator, long denominator) {
    blackhole.consume(numerator);
    blackhole.consume(denominator);
  }

  @Override
  public void info(Series series, String text) {
    blackhole.consume(text);
  }

  @Override
  public void event(Series series, String text) {
    blackhole.consume(text);
  }
}
