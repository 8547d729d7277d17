package io.duologger.virtual;

import io.duologger.collector.Collector;
import io.duologger.model.Readings;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A collector whose every read is scripted by the test. Two reads at once, or a read after the
 * close, end the run with an error.
 */
public final class FakeCollector implements Collector {
  private final String name;
  private final Script script;
  private final AtomicInteger under = new AtomicInteger();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile boolean closed;

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

  /** How many reads have begun, the priming read included. */
  public int reads() {
    return reads.get();
  }

  /** Whether a read is under way. */
  public boolean busy() {
    return under.get() > 0;
  }

  /** Whether the recorder gave the collector back. */
  public boolean closed() {
    return closed;
  }

  @Override
  public void collect(Readings into) throws IOException {
    if (under.incrementAndGet() > 1) {
      throw new AssertionError(name + ": two reads at once");
    }
    try {
      if (closed) {
        throw new AssertionError(name + ": read after the close");
      }
      script.collect(reads.getAndIncrement(), into);
    } finally {
      under.decrementAndGet();
    }
  }

  @Override
  public void close() {
    if (busy()) {
      throw new AssertionError(name + ": closed during a read");
    }
    closed = true;
  }
}
