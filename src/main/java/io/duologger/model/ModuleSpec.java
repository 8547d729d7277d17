package io.duologger.model;

import java.time.Duration;
import java.util.List;

/**
 * One module as it is to run: when it is read, and what its window holds.
 *
 * @param name the module's name
 * @param every the sample interval
 * @param readAtClose whether a close off the grid reads it too, as one that is read once a
 *     heartbeat
 * @param lead how long before each grid point it is read
 * @param timeout a read that takes longer is discarded
 * @param stats which statistics are printed, in order
 * @param series which of its series are kept, by metric name
 * @param infosOnChange whether infos are printed only when they differ from the last report
 * @param settings what its collector is told
 */
public record ModuleSpec(
    String name,
    Duration every,
    boolean readAtClose,
    Duration lead,
    Duration timeout,
    List<Stat> stats,
    Globs series,
    boolean infosOnChange,
    ModuleSettings settings) {

  /** Copies the list and checks that the spans are positive. */
  public ModuleSpec {
    Names.key(name);
    stats = List.copyOf(stats);
    if (every.isNegative()
        || every.isZero()
        || timeout.isNegative()
        || timeout.isZero()
        || lead.isNegative()) {
      throw new IllegalArgumentException(
          name + ": every and timeout must be above 0 and lead at least 0");
    }
  }

  /** The same with other settings. */
  public ModuleSpec with(ModuleSettings others) {
    return new ModuleSpec(
        name, every, readAtClose, lead, timeout, stats, series, infosOnChange, others);
  }

  /** The same, read at closes off the grid too. */
  public ModuleSpec alsoAtClose() {
    return new ModuleSpec(name, every, true, lead, timeout, stats, series, infosOnChange, settings);
  }
}
