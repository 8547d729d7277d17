package io.duologger.collector;

import java.util.List;
import java.util.Optional;

/** The catalogue of all modules: the one place to see them. */
public final class Collectors {
  private static final List<CollectorType> ALL =
      List.of(
          new CollectorType(CpuCollector.DESCRIPTOR, CpuCollector::new),
          new CollectorType(LoadCollector.DESCRIPTOR, LoadCollector::new),
          new CollectorType(MemoryCollector.DESCRIPTOR, MemoryCollector::new),
          new CollectorType(PressureCollector.DESCRIPTOR, PressureCollector::new),
          new CollectorType(NetCollector.DESCRIPTOR, NetCollector::new),
          new CollectorType(DiskCollector.DESCRIPTOR, DiskCollector::new));

  private Collectors() {}

  /** All modules, in the order in which people are told of them. */
  public static List<CollectorType> all() {
    return ALL;
  }

  /** The module {@code name}. */
  public static Optional<CollectorType> find(String name) {
    for (CollectorType type : ALL) {
      if (type.descriptor().name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
