package io.duologger.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The batch job that this process is part of.
 *
 * @param system which batch system runs it
 * @param infos what is known of the job, in an order for people; keys begin with batch_, values are
 *     short printable ASCII
 * @param memoryLimitBytes how much memory the system granted the job on this host
 */
public record BatchJob(String system, Map<String, String> infos, OptionalLong memoryLimitBytes) {
  /** Copies the infos. */
  public BatchJob {
    infos = Collections.unmodifiableMap(new LinkedHashMap<>(infos));
  }

  /** The job that the environment tells of; empty outside of one. */
  public static Optional<BatchJob> of(Map<String, String> environment, HostFiles host) {
    return Optional.empty();
  }

  /** The limit, with its source. */
  public Optional<MemoryLimit> memoryLimit() {
    return memoryLimitBytes.isPresent()
        ? Optional.of(new MemoryLimit(memoryLimitBytes.getAsLong(), system))
        : Optional.empty();
  }
}
