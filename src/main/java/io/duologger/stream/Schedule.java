package io.duologger.stream;

import io.duologger.model.ModuleSpec;
import java.time.Duration;
import java.util.List;

/**
 * When what is read and when windows close: the part of a topology that a reload can change.
 *
 * @param fromStart whether the grid starts with the run; otherwise it lies on the Unix epoch
 * @param heartbeat the length of a window
 * @param grace how long after a close a read under way may still settle
 * @param modules what is read
 */
public record Schedule(
    boolean fromStart, Duration heartbeat, Duration grace, List<ModuleSpec> modules) {
  /** Copies the list. */
  public Schedule {
    modules = List.copyOf(modules);
  }
}
