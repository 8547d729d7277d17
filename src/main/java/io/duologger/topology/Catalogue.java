package io.duologger.topology;

import io.duologger.collector.Collectors;
import io.duologger.model.Modules;

/** What can be measured. */
public final class Catalogue {
  private static final Modules MODULES =
      new Modules(Collectors.names(), name -> Collectors.find(name).orElseThrow().descriptor());

  private Catalogue() {}

  /** All modules, in the order in which people see them. */
  public static Modules modules() {
    return MODULES;
  }
}
