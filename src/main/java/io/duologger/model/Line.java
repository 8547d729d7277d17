package io.duologger.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a report says of one instance of one module.
 *
 * @param module the module's name
 * @param instance what the values belong to
 * @param head how far the window can be trusted; empty for the recorder's own process
 * @param aggregates the numbers
 * @param infos info name to text
 * @param events event texts by name, in order
 */
public record Line(
    String module,
    Instance instance,
    Optional<Head> head,
    List<Aggregate> aggregates,
    Map<String, String> infos,
    List<Event> events) {

  /**
   * How far a window can be trusted.
   *
   * @param every sample interval, nanoseconds
   * @param n samples folded into the window
   * @param late those of them that were due in an earlier window
   * @param missed ticks due in the window without a reading
   * @param seen samples in which the instance was, if not n; else -1
   * @param rates rate values of the instance, if not n; else -1
   * @param covered seconds that the rates cover; NaN if the line has none
   * @param resets intervals in which a counter was reset
   * @param exact whether percentiles are exact; empty if the line has none
   */
  public record Head(
      long every,
      long n,
      long late,
      long missed,
      long seen,
      long rates,
      double covered,
      long resets,
      Optional<Boolean> exact) {}

  /**
   * Something that happened.
   *
   * @param name the metric's name
   * @param text what was said
   */
  public record Event(String name, String text) {}

  /** Copies the lists. */
  public Line {
    aggregates = List.copyOf(aggregates);
    events = List.copyOf(events);
  }
}
