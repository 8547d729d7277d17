package io.duologger.topology;

import io.duologger.collector.Collector;
import io.duologger.model.Readings;
import io.duologger.model.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The collectors of a run. They are closed at its end, also those that are stuck in a read, as the
 * programs that they run would go on without them. May be used by several threads.
 */
final class OpenCollectors implements Function<Source, Collector> {
  /** A file whose read hangs can't be closed. */
  private static final long LIMIT_MILLIS = 1000;

  private final Function<Source, Collector> factory;
  private final Executor threads;
  private final Set<Collector> open = ConcurrentHashMap.newKeySet();

  /**
   * @param factory makes the collector of a source
   * @param threads runs each task at once
   */
  OpenCollectors(Function<Source, Collector> factory, Executor threads) {
    this.factory = factory;
    this.threads = threads;
  }

  /** A collector that is known until it is closed. */
  private final class Known implements Collector {
    private final Collector collector;

    Known(Collector collector) {
      this.collector = collector;
    }

    @Override
    public String name() {
      return collector.name();
    }

    @Override
    public void collect(Readings into) throws IOException {
      collector.collect(into);
    }

    @Override
    public void close() throws IOException {
      open.remove(this);
      collector.close();
    }
  }

  @Override
  public Collector apply(Source source) {
    Collector known = new Known(factory.apply(source));
    open.add(known);
    return known;
  }

  /** Closes all that are open, within a second. */
  void close() {
    List<Collector> left = new ArrayList<>(open);
    CountDownLatch closing = new CountDownLatch(left.size());
    for (Collector collector : left) {
      threads.execute(
          () -> {
            try {
              close(collector);
            } finally {
              closing.countDown();
            }
          });
    }
    try {
      if (!closing.await(LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
        Diagnostics.LOG.debug("{} modules could not be closed", closing.getCount());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(Collector collector) {
    try {
      collector.close();
    } catch (IOException | RuntimeException | Error failed) {
      // The run has ended: nothing is to be saved from it any more.
      Diagnostics.LOG.debug("{}: not closed: {}", collector.name(), failed.toString());
    }
  }
}
