package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.duologger.collector.Collector;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.HostRoot;
import io.duologger.topology.Assembler;
import io.duologger.virtual.Quiet;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import io.duologger.virtual.VirtualTime;
import io.reactivex.rxjava3.core.Flowable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a sample costs in memory, from the start of its read to the end of its folding. */
class AllocationTest {
  private static final int SERIES = 1000;
  private static final int HEARTBEAT = 600;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final VirtualTime time = new VirtualTime(Scenario.HOUR);
  private final List<Long> ticks = new ArrayList<>();

  private static final class Many implements Collector {
    private final Series[] series = new Series[SERIES];
    private final boolean counters;
    private long value;

    Many(boolean counters) {
      this.counters = counters;
      Metric gauge = Metric.gauge("load", Unit.COUNT, "Load.");
      for (int i = 0; i < SERIES; i++) {
        Instance device = Instance.of("device", "dev" + i / 20);
        String name = "a" + i % 20 + "_per_second";
        series[i] =
            new Series(
                counters ? Metric.counter(name, Unit.PER_SECOND, "A.") : gauge,
                counters ? device : Instance.of("device", "dev" + i));
      }
    }

    @Override
    public String name() {
      return "cpu";
    }

    @Override
    public void collect(Readings into) {
      value++;
      for (Series one : series) {
        if (counters) {
          into.counter(one, value);
        } else {
          into.gauge(one, value);
        }
      }
    }
  }

  /** A read and its folding; without what the thread that measures adds. */
  private void measured(Runnable read) {
    long before = threads.getCurrentThreadAllocatedBytes();
    read.run();
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    ticks.add(bytes);
  }

  private void run(boolean counters, String... stats) throws IOException {
    Scenario described =
        new Scenario()
            .heartbeat(HEARTBEAT)
            .module(Spec.of("cpu", 1).stats(stats), Signals.steady());
    try (described) {
      Output drop = new Output("none", report -> {}, 1, time.scheduler(), new Quiet());
      new Assembler(
              new Environment(
                  time,
                  time.scheduler(),
                  this::measured,
                  (read, slow) -> measured(read),
                  time.scheduler()),
              HostRoot.running(),
              name -> time.scheduler(),
              () -> {})
          .assemble(described.topology(), source -> new Many(counters), List.of(drop))
          .run(Flowable.never())
          .subscribe();
    }
    // the second window is like all that follow
    time.advance(Spec.seconds(2 * HEARTBEAT + 1));
    ticks.clear();
    time.advance(Spec.seconds(10 * HEARTBEAT));
  }

  /** The ticks of a window but the one whose event closes it, which hands the whole window over. */
  private void assertCheap(String what) {
    double whole = mean();
    Collections.sort(ticks);
    long median = ticks.get(ticks.size() / 2);
    int closing = ticks.size() / HEARTBEAT;
    ticks.subList(ticks.size() - closing, ticks.size()).clear();
    double folding = mean();
    System.out.printf(
        "allocation of %d %s: %d bytes a tick, %.0f in the mean, %.0f with the closes%n",
        SERIES, what, median, folding, whole);
    assertTrue(folding <= 640, () -> what + ": " + folding + " bytes a tick");
    // a close hands over some objects a series, which is little for each of its values
    assertTrue(whole <= 1.5 * SERIES + 640, () -> what + ": " + whole + " with the closes");
  }

  private double mean() {
    return ticks.stream().mapToLong(Long::longValue).average().orElseThrow();
  }

  @Test
  void countersWithPercentiles() throws IOException {
    run(true, "mean", "p50", "p99");
    assertCheap("counters with percentiles");
  }

  @Test
  void countersWithoutPercentiles() throws IOException {
    run(true, "min", "mean", "max");
    assertCheap("counters without percentiles");
  }

  @Test
  void gaugesWithPercentiles() throws IOException {
    run(false, "mean", "p50", "p99");
    assertCheap("gauges with percentiles");
  }
}
