package io.duologger.virtual;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Series;
import io.duologger.model.Unit;

/** Series for tests. */
public final class Signals {
  public static final Instance ETH0 = Instance.of("device", "eth0");
  public static final Instance ETH1 = Instance.of("device", "eth1");
  public static final Metric RX =
      Metric.counter("rx_bytes_per_second", Unit.BYTES_PER_SECOND, "Received.");
  public static final Metric TX =
      Metric.counter("tx_bytes_per_second", Unit.BYTES_PER_SECOND, "Sent.");

  /** A counter without a device. */
  public static final Series FORKS =
      new Series(Metric.counter("forks_per_second", Unit.PER_SECOND, "Forks."), Instance.HOST);

  /** A gauge without a device. */
  public static final Series LOAD =
      new Series(Metric.gauge("load", Unit.COUNT, "Load."), Instance.HOST);

  public static final Series ETH0_RX = new Series(RX, ETH0);
  public static final Series ETH0_TX = new Series(TX, ETH0);
  public static final Series ETH1_RX = new Series(RX, ETH1);

  private Signals() {}

  /** A script that reads one gauge with the read's number as value. */
  public static FakeCollector.Script steady() {
    return (number, into) -> into.gauge(LOAD, number);
  }
}
