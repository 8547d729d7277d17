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

  // Written out, as the JVM spins classes for a record's own at each start.
  @Override
  public boolean equals(Object other) {
    return other instanceof Source that && id == that.id && spec.equals(that.spec);
  }

  @Override
  public int hashCode() {
    return id;
  }
}
