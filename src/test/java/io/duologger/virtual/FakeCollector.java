package io.duologger.virtual;

import io.duologger.collector.Collector;
import io.duologger.model.Readings;
import java.io.IOException;

/** A collector whose every read is scripted by the test. */
public final class FakeCollector implements Collector {
  private final String name;
  private final Script script;
  private int reads;

  /** What a read does. */
  @FunctionalInterface
  public interface Script {
    /**
     * Reads.
     *
     * @param number of the read, from 0; the priming read is the first
     */
    void collect(int number, Readings into) throws IOException;
  }

  /** A collector of the module {@code name}. */
  public FakeCollector(String name, Script script) {
    this.name = name;
    this.script = script;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void collect(Readings into) throws IOException {
    script.collect(reads++, into);
  }
}
