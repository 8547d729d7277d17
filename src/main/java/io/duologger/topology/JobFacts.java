package io.duologger.topology;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a job when it has started.
 *
 * @param command the program and its arguments
 * @param pid its first process
 * @param infos what else there is to say, by name, in order
 * @param limit how much memory it may use
 * @param group the control group whose peak is its
 */
public record JobFacts(
    List<String> command,
    long pid,
    Map<String, String> infos,
    Optional<Limit> limit,
    Optional<Group> group) {
  /**
   * A limit of memory.
   *
   * @param bytes how much
   * @param source who set it, for people
   * @param each whether it is for each process by itself
   */
  public record Limit(long bytes, String source, boolean each) {}

  /**
   * A control group.
   *
   * @param name what people call it
   * @param shared whether this program's own memory is part of its
   */
  public record Group(String name, boolean shared) {}

  /** Copies list and map. */
  public JobFacts {
    command = List.copyOf(command);
    infos = Collections.unmodifiableMap(new LinkedHashMap<>(infos));
  }
}
