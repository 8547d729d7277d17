package io.duologger.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the catalogue says of a module: everything that `duologger modules`, the README's table and
 * the check of a configuration need, without making a collector.
 *
 * @param name the module's name in configuration and output
 * @param summary one line for people
 * @param instanceLabel the label of its instances, which include and exclude match; empty if it has
 *     none and they match series names
 * @param metrics all metrics it can yield
 * @param sources the files or programs it reads
 * @param privilege what it needs beyond an ordinary user; empty if nothing
 * @param every the default sample interval
 * @param timeout the default time limit of a read
 * @param options keys that only this module has
 */
public record ModuleDescriptor(
    String name,
    String summary,
    Optional<String> instanceLabel,
    List<Metric> metrics,
    List<String> sources,
    String privilege,
    Duration every,
    Duration timeout,
    List<ModuleOption> options) {

  /** Copies the lists and checks the name. */
  public ModuleDescriptor {
    Names.key(name);
    metrics = List.copyOf(metrics);
    sources = List.copyOf(sources);
    options = List.copyOf(options);
  }
}
