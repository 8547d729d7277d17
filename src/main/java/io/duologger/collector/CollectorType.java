package io.duologger.collector;

import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleSettings;
import io.duologger.procfs.HostRoot;

/**
 * One line of the catalogue.
 *
 * @param descriptor what the module is
 * @param factory makes its collector
 */
public record CollectorType(ModuleDescriptor descriptor, Factory factory) {
  /** Makes a collector; reads nothing yet. */
  @FunctionalInterface
  public interface Factory {
    /** A collector with the given settings. */
    Collector create(Surroundings surroundings, ModuleSettings settings);
  }

  /** Makes a collector that only reads files; reads nothing yet. */
  @FunctionalInterface
  interface FileFactory {
    /** A collector of the host {@code root} with the given settings. */
    Collector create(HostRoot root, ModuleSettings settings);
  }

  /** The type of a collector that only reads files. */
  static CollectorType ofFiles(ModuleDescriptor descriptor, FileFactory factory) {
    return new CollectorType(
        descriptor, (surroundings, settings) -> factory.create(surroundings.root(), settings));
  }
}
