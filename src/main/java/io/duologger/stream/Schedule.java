package io.duologger.stream;

import io.duologger.model.ModuleSpec;
import java.time.Duration;
import java.util.List;

/**
 * When what is read and when windows close: the part of a topology that a reload can change.
 *
 * @param start where the grid lies
 * @param settle how long after the start every module has its first tick, on a grid of the run's
 *     own, or after its first read where that takes time; 0 for its sample interval
 * @param heartbeat the length of a window
 * @param grace how long after a close a read under way may still settle
 * @param modules what is read
 */
public record Schedule(
    Start start, Duration settle, Duration heartbeat, Duration grace, List<ModuleSpec> modules) {
  /** Copies the list. */
  public Schedule {
    modules = List.copyOf(modules);
  }

  /** A schedule whose grid lies on the Unix epoch. */
  public static Schedule onEpoch(Duration heartbeat, Duration grace, List<ModuleSpec> modules) {
    return new Schedule(Start.EPOCH, Duration.ZERO, heartbeat, grace, modules);
  }

  /** A schedule whose grid lies on the start of the run. */
  public static Schedule fromStart(
      Duration settle, Duration heartbeat, Duration grace, List<ModuleSpec> modules) {
    return new Schedule(Start.OWN, settle, heartbeat, grace, modules);
  }

  /** The same with other modules. */
  public Schedule with(List<ModuleSpec> others) {
    return new Schedule(start, settle, heartbeat, grace, others);
  }
}
