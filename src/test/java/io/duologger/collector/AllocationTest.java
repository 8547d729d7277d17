package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a read allocates once it is warm. */
class AllocationTest {
  private static final int WARM_UP = 3_000;
  private static final int READS = 2_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  /** Counts readings and keeps nothing. */
  private static final class Counting implements Readings {
    private long values;

    @Override
    public void gauge(Series series, double value) {
      values++;
    }

    @Override
    public void counter(Series series, long value) {
      values++;
    }

    @Override
    public void counter(Series series, long value, double capacity) {
      values++;
    }

    @Override
    public void ratio(Series series, long numerator, long denominator) {
      values++;
    }

    @Override
    public void info(Series series, String text) {
      values++;
    }

    @Override
    public void event(Series series, String text) {
      values++;
    }
  }

  static Stream<CollectorType> modules() {
    return CollectorsTest.FAST.stream().map(name -> Collectors.find(name).orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("modules")
  void readsOfTheRunningHostAllocateNextToNothing(CollectorType type) throws IOException {
    assertFrugal(type, HostRoot.running(), settings(type.descriptor()));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void readsOfALargeHostAllocateNextToNothing(CollectorType type) throws IOException {
    HostRoot root = FixtureHost.of("many", folder).root();
    assertFrugal(type, root, settings(type.descriptor()));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void readsOfEveryInstanceAllocateNextToNothing(CollectorType type) throws IOException {
    HostRoot root = FixtureHost.of("many", folder).root();
    assertFrugal(type, root, FixtureHost.including(type.descriptor(), "*"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"thermal", "cpufreq", "power"})
  void readsOfSensorsAllocateNextToNothing(String module) throws IOException {
    CollectorType type = Collectors.find(module).orElseThrow();
    HostRoot root = FixtureHost.of("metal", folder).root();
    // Now and then they look for devices anew, which takes as much as hundreds of ticks.
    assertFrugal(type, root, settings(type.descriptor()), 1024);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs3", "nfs-old"})
  void readsOfNfsMountsAllocateNextToNothing(String host) throws IOException {
    CollectorType type = Collectors.find("nfs").orElseThrow();
    assertFrugal(type, FixtureHost.of(host, folder).root(), settings(type.descriptor()));
  }

  private static ModuleSettings settings(ModuleDescriptor module) {
    return ModuleSettings.defaults(module, Duration.ofSeconds(1));
  }

  private static void assertFrugal(CollectorType type, HostRoot root, ModuleSettings settings)
      throws IOException {
    assertFrugal(type, root, settings, 512);
  }

  private static void assertFrugal(
      CollectorType type, HostRoot root, ModuleSettings settings, long eachTick)
      throws IOException {
    Counting readings = new Counting();
    try (Collector collector = type.factory().create(FixtureHost.surroundings(root), settings)) {
      for (int i = 0; i < WARM_UP; i++) {
        try {
          collector.collect(readings);
        } catch (SourceAbsentException notHere) {
          Assumptions.abort(notHere.getMessage());
        }
      }
      readings.values = 0;
      long thread = Thread.currentThread().getId();
      long before = THREADS.getThreadAllocatedBytes(thread);
      for (int i = 0; i < READS; i++) {
        collector.collect(readings);
      }
      long allocated = THREADS.getThreadAllocatedBytes(thread) - before;
      long allowed = 16 * readings.values + eachTick * READS;
      String what =
          type.descriptor().name()
              + ": "
              + allocated / READS
              + " bytes a tick for "
              + readings.values / READS
              + " values";
      assertTrue(allocated <= allowed, what);
    }
  }
}
