package io.duologger.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The modules that there are. What is said of one is looked up when it is asked for, since most
 * runs need few of them.
 */
public final class Modules {
  private final List<String> names;
  private final Function<String, ModuleDescriptor> lookup;

  /**
   * @param names of all, in the order in which people see them
   * @param lookup what is said of one of them
   */
  public Modules(List<String> names, Function<String, ModuleDescriptor> lookup) {
    this.names = List.copyOf(names);
    this.lookup = lookup;
  }

  /** Those of a list. */
  public static Modules of(List<ModuleDescriptor> modules) {
    List<String> names = new ArrayList<>();
    for (ModuleDescriptor module : modules) {
      names.add(module.name());
    }
    return new Modules(names, name -> modules.get(names.indexOf(name)));
  }

  /** The names of all, in the order in which people see them. */
  public List<String> names() {
    return names;
  }

  /** What is said of the module {@code name}; empty if there is none. */
  public Optional<ModuleDescriptor> find(String name) {
    return names.contains(name) ? Optional.of(lookup.apply(name)) : Optional.empty();
  }

  /** What is said of each. */
  public List<ModuleDescriptor> all() {
    List<ModuleDescriptor> all = new ArrayList<>();
    for (String name : names) {
      all.add(lookup.apply(name));
    }
    return all;
  }
}
