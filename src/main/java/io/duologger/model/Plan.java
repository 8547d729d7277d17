package io.duologger.model;

import java.util.List;
import java.util.Optional;

/**
 * What holds between two regrids: where the grid lies, and which sources tick on it. A value that
 * the pacemaker makes and the ticks and the windows read, so that both count the same due times.
 *
 * @param from ticks due after this instant follow this plan, monotonic nanoseconds
 * @param wallOffset wall clock minus monotonic clock at the last alignment, nanoseconds
 * @param heartbeat the due times of the closes
 * @param grace how long after a close a read under way may still settle, nanoseconds
 * @param settles whether the last tick that finds a source's first read under way is read when that
 *     has ended; otherwise it is left out
 * @param entries the sources with their ticks
 */
public record Plan(
    long from, long wallOffset, Grid heartbeat, long grace, boolean settles, List<Entry> entries) {
  /**
   * A source and its ticks.
   *
   * @param source what is read
   * @param grid when
   */
  public record Entry(Source source, Grid grid) {
    // Written out, as the JVM spins classes for a record's own at each start.
    @Override
    public boolean equals(Object other) {
      return other instanceof Entry that && source.equals(that.source) && grid.equals(that.grid);
    }

    @Override
    public int hashCode() {
      return 31 * source.hashCode() + grid.hashCode();
    }
  }

  /** Copies the list. */
  public Plan {
    entries = List.copyOf(entries);
  }

  /** The entry of the module {@code name}. */
  public Optional<Entry> entry(String name) {
    for (Entry entry : entries) {
      if (entry.source().name().equals(name)) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
