package io.duologger.collector;

import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures how fast processors run and how deep they sleep.
 *
 * <ul>
 *   <li>Source: /sys/devices/system/cpu/cpuN/cpufreq/scaling_cur_freq and
 *       cpuN/cpuidle/stateM/{name,time,usage}; /proc/uptime for the time that passed; the program
 *       turbostat (Busy% and Bzy_MHz)
 *   <li>Unit: hertz, from kHz and MHz; share of time, from microseconds and percent
 *   <li>Kind: gauges of frequencies and of what turbostat says, ratios of the time asleep and
 *       awake, counters of entries
 *   <li>Since kernel: 2.6.24; virtual machines often have no frequencies
 *   <li>Root needed: for turbostat
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>The kernel's frequency may be what was asked for instead of what runs; turbostat's is the mean
 * that really ran, without the time asleep. The kernel adds to the time of an idle state when a
 * processor leaves it: one that sleeps through several samples counts as awake in them, and as
 * asleep for more than one in the one after; C0 by turbostat is exact. A share of the host is that
 * of all its processors. Processors are looked for about every five minutes. turbostat prints each
 * interval what it was in the interval before.
 */
public final class CpufreqCollector implements Collector {
  /** What instances are matched by. */
  static final String CPU = "cpu";

  static final String PER_CPU = "per-cpu";
  private static final String SOURCE = "source";
  private static final String PROGRAM = "turbostat";
  private static final String AUTO = "auto";

  static final Metric FREQUENCY = Metric.gauge("frequency_hertz", Unit.HERTZ, "The frequency now.");
  static final Metric AWAKE =
      Metric.ratio("awake_ratio", Unit.RATIO, "Share of time in no idle state.");
  static final Metric MEAN =
      Metric.gauge("mean_frequency_hertz", Unit.HERTZ, "The mean frequency of all processors.");
  static final Metric SLOWEST =
      Metric.gauge("slowest_hertz", Unit.HERTZ, "The lowest frequency of all processors.");
  static final Metric FASTEST =
      Metric.gauge("fastest_hertz", Unit.HERTZ, "The highest frequency of all processors.");
  static final Metric HOST_AWAKE =
      Metric.ratio("host_awake_ratio", Unit.RATIO, "Share of time in no idle state, of the host.");
  static final Metric IDLE =
      Metric.ratio("idle_ratio", Unit.RATIO, "Share of time in an idle state.");
  static final Metric ENTRIES =
      Metric.counter("idle_entries_per_second", Unit.PER_SECOND, "Times the state was entered.");

  static final Metric C0 =
      Metric.gauge("c0_ratio", Unit.RATIO, "Share of time at work, as the processor counts it.");
  static final Metric BUSY_FREQUENCY =
      Metric.gauge(
          "busy_frequency_hertz", Unit.HERTZ, "The mean frequency while at work, as it counts it.");
  static final Metric HOST_C0 =
      Metric.gauge("host_c0_ratio", Unit.RATIO, "Share of time at work, of all processors.");
  static final Metric BUSY_MEAN =
      Metric.gauge(
          "mean_busy_frequency_hertz",
          Unit.HERTZ,
          "The mean frequency while at work, of all processors.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "cpufreq",
          "frequencies and idle states of processors",
          Optional.of(CPU),
          List.of(
              FREQUENCY,
              AWAKE,
              MEAN,
              SLOWEST,
              FASTEST,
              HOST_AWAKE,
              IDLE,
              ENTRIES,
              C0,
              BUSY_FREQUENCY,
              HOST_C0,
              BUSY_MEAN),
          List.of("/sys/devices/system/cpu", "/proc/uptime", PROGRAM),
          "root for turbostat (CAP_SYS_RAWIO, CAP_SYS_RESOURCE, CAP_DAC_READ_SEARCH)",
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          List.of(
              ModuleOption.choice(
                  PER_CPU,
                  "frequency",
                  List.of("frequency", "all", "none"),
                  "Which series each processor has: its frequency and the share of time awake, all"
                      + " of them, or none."),
              ModuleOption.choice(
                  SOURCE,
                  AUTO,
                  List.of(AUTO, "sysfs", PROGRAM),
                  "What is read: what the kernel has and, as root where there is /dev/cpu/0/msr,"
                      + " turbostat (auto); or only one of them."),
              ModuleOption.text(
                  PROGRAM, PROGRAM, "The program turbostat, a name on the PATH or a path.")));

  private final List<Meter> meters = new ArrayList<>();

  /** One source of readings. */
  interface Meter extends AutoCloseable {
    /** Whether it is used on this host. */
    default boolean isUsed() {
      return true;
    }

    /**
     * Reads it.
     *
     * @throws SourceAbsentException if the host does not have it
     */
    void read(Readings into) throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Reads the host of {@code surroundings}. */
  public CpufreqCollector(Surroundings surroundings, ModuleSettings settings) {
    String source = settings.option(SOURCE);
    if (!source.equals(PROGRAM)) {
      meters.add(new CpufreqFiles(surroundings.root(), settings));
    }
    if (!source.equals("sysfs")) {
      String program = settings.option(PROGRAM);
      meters.add(new TurbostatMeter(surroundings, settings, program, source.equals(PROGRAM)));
    }
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  /** The first that works is enough; of what does not, the first is told. */
  @Override
  public void collect(Readings into) throws IOException {
    Optional<IOException> failure = Optional.empty();
    boolean read = false;
    for (int i = 0; i < meters.size(); i++) {
      try {
        if (meters.get(i).isUsed()) {
          meters.get(i).read(into);
          read = true;
        }
      } catch (SourceAbsentException notHere) {
        failure = failure.or(() -> Optional.of(notHere));
      } catch (IOException failed) {
        failure = Optional.of(failed);
      }
    }
    if (!read) {
      throw failure.orElseThrow();
    }
    if (failure.isPresent() && !(failure.get() instanceof SourceAbsentException)) {
      into.lacks(failure.get().getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    for (Meter meter : meters) {
      meter.close();
    }
  }
}
