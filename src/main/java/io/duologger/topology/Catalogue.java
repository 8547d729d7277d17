package io.duologger.topology;

import io.duologger.collector.CollectorType;
import io.duologger.collector.Collectors;
import io.duologger.model.ModuleDescriptor;
import java.util.List;

/** What can be measured. */
public final class Catalogue {
  private Catalogue() {}

  /** All modules, in the order in which people see them. */
  public static List<ModuleDescriptor> modules() {
    return Collectors.all().stream().map(CollectorType::descriptor).toList();
  }
}
