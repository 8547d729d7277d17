package io.duologger.runtime;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How much memory something may use, and who says so.
 *
 * @param bytes the limit
 * @param source what sets it, for people: {@code cgroup /a/b}, {@code slurm}, {@code ulimit -v}
 */
public record MemoryLimit(long bytes, String source) {
  /** The smallest of those that there are; of equal ones the first. */
  public static Optional<MemoryLimit> smallest(List<Optional<MemoryLimit>> limits) {
    return limits.stream()
        .flatMap(Optional::stream)
        .min(Comparator.comparingLong(MemoryLimit::bytes));
  }
}
