package io.duologger.topology;

import io.duologger.collector.CollectorType;
import io.duologger.collector.Collectors;
import io.duologger.model.ModuleDescriptor;
import java.util.ArrayList;
import java.util.List;

/** What can be measured. */
public final class Catalogue {
  private Catalogue() {}

  /** All modules, in the order in which people see them. */
  public static List<ModuleDescriptor> modules() {
    List<ModuleDescriptor> modules = new ArrayList<>();
    for (CollectorType type : Collectors.all()) {
      modules.add(type.descriptor());
    }
    return modules;
  }
}
