package io.duologger.model;

/**
 * One run of a module between the reloads that change it. A changed module is a new source: nothing
 * it reads is compared with what the old one read.
 *
 * @param id unique within the process
 * @param spec how it runs
 */
public record Source(int id, ModuleSpec spec) {
  /** The module's name. */
  public String name() {
    return spec.name();
  }
}
