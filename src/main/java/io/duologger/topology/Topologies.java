package io.duologger.topology;

import io.duologger.config.RecorderConfig;
import io.duologger.stream.Schedule;

/** The factories of topologies, one a mode. */
public final class Topologies {
  private Topologies() {}

  /**
   * Two rates: modules at their own pace, a report with window statistics each heartbeat, until a
   * signal.
   */
  public static Topology duologger(RecorderConfig config) {
    return new Topology(
        "duologger",
        new Schedule(false, config.heartbeat(), config.grace(), config.modules()),
        config.duration(),
        config.outputs(),
        config.host(),
        config.percentileMemory());
  }
}
