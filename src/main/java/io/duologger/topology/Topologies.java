package io.duologger.topology;

import io.duologger.config.RecorderConfig;
import io.duologger.model.Closing;
import io.duologger.model.ModuleSpec;
import io.duologger.stream.Schedule;
import io.duologger.stream.Start;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The factories of topologies, one a mode. The rates of the modules are those that the
 * configuration has for the mode, see {@link io.duologger.config.Rhythm}.
 */
public final class Topologies {
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private Topologies() {}

  /**
   * Two rates: modules at their own pace, a report with window statistics each heartbeat, until a
   * signal.
   */
  public static Topology duologger(RecorderConfig config) {
    return daemon("duologger", config);
  }

  /** One rate: every module once a heartbeat, one number a series, until a signal. */
  public static Topology dlogger(RecorderConfig config) {
    return daemon("dlogger", config);
  }

  private static Topology daemon(String mode, RecorderConfig config) {
    Schedule schedule =
        config.once()
            ? Schedule.fromStart(
                Duration.ZERO, config.heartbeat(), config.grace(), config.modules())
            : Schedule.onEpoch(config.heartbeat(), config.grace(), config.modules());
    return topology(
        mode,
        Closing.EACH_HEARTBEAT,
        schedule,
        Optional.empty(),
        config.once() ? Optional.of(config.heartbeat()) : config.duration(),
        config);
  }

  /**
   * One shot: one window from the first to the second read, {@code settle} apart; or from the last
   * run's read to the only one of this run. Its grace lets both reads take their time.
   */
  public static Topology cronlogger(RecorderConfig config) {
    boolean settles = !config.settle().isZero();
    Duration length = settles ? config.settle() : AT_ONCE;
    Schedule schedule =
        new Schedule(
            settles ? Start.OWN : Start.LAST_RUN,
            config.settle(),
            length,
            config.grace().plus(config.grace()).plus(config.settle()),
            config.modules());
    return topology(
        "cronlogger",
        Closing.EACH_HEARTBEAT,
        schedule,
        settles ? Optional.empty() : Optional.of(config.state()),
        Optional.of(length),
        config);
  }

  /** On request: modules at their own pace in the background, the open window as the answer. */
  public static Topology qloadsensor(RecorderConfig config) {
    return topology(
        "qloadsensor",
        Closing.ON_REQUEST,
        Schedule.fromStart(config.settle(), config.heartbeat(), config.grace(), config.modules()),
        Optional.empty(),
        config.duration(),
        config);
  }

  /**
   * A job: modules at their own pace from its start on, a report each heartbeat, and what there is
   * at its end, for which everything is read once more.
   */
  public static Topology memrec(RecorderConfig config) {
    return new Topology(
        "memrec",
        Closing.EACH_HEARTBEAT,
        Schedule.fromStart(
            Duration.ZERO,
            config.heartbeat(),
            config.grace(),
            config.modules().stream().map(ModuleSpec::alsoAtClose).toList()),
        Optional.empty(),
        Optional.empty(),
        true,
        config.outputs(),
        config.host(),
        config.shortHost(),
        config.percentileMemory());
  }

  private static Topology topology(
      String mode,
      Closing closing,
      Schedule schedule,
      Optional<Path> lastRun,
      Optional<Duration> length,
      RecorderConfig config) {
    return new Topology(
        mode,
        closing,
        schedule,
        lastRun,
        length,
        false,
        config.outputs(),
        config.host(),
        config.shortHost(),
        config.percentileMemory());
  }
}
