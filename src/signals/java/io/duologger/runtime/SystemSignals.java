package io.duologger.runtime;

import sun.misc.Signal;

/**
 * The JDK's signals, which it has in {@code sun.misc.Signal} (module jdk.unsupported) only. Apart
 * from the other sources, as the compiler warns of each mention and warnings are errors there; by
 * reflection it would take a proxy, and the JVM would spin the class of that at each start.
 */
final class SystemSignals {
  private SystemSignals() {}

  /** Runs {@code action} on a thread of the JVM's whenever the signal {@code name} arrives. */
  static void handle(String name, Runnable action) {
    Signal.handle(new Signal(name), signal -> action.run());
  }
}
