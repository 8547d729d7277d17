package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures what graphics processors do: utilisation, memory, power, heat, clocks.
 *
 * <ul>
 *   <li>Source: nvidia-smi, where there is one, for its cards; for all others
 *       /sys/class/drm/cardN/device/{gpu_busy_percent,mem_info_vram_*} and its hwmon (amdgpu),
 *       gt_act_freq_mhz (i915) and act_freq (xe)
 *   <li>Unit: share of time, bytes from MiB, watts, degrees Celsius, hertz from MHz
 *   <li>Kind: gauges
 *   <li>Since kernel: 4.19 (gpu_busy_percent)
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>The processors of nvidia-smi have its numbers, the cards of other vendors the numbers after
 * those, in the order of the bus, as in the module gpuinfo. What a vendor does not tell is left
 * out; so is the utilisation of what NVIDIA has divided (MIG), and all of a card that is asleep.
 */
public final class GpuCollector implements Collector {
  private static final String PROGRAM = "nvidia-smi";
  private static final Metric GPUS =
      Metric.gauge("gpus", Unit.COUNT, "Graphics processors that are included and answer.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "gpu",
          "graphics processors: utilisation, memory, power, temperature, clocks",
          Optional.of(GpuFact.LABEL),
          metrics(),
          List.of(PROGRAM, "/sys/class/drm"),
          "",
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          List.of(
              ModuleOption.text(
                  PROGRAM, PROGRAM, "The program nvidia-smi, a name on the PATH or a path.")));

  private final ModuleSettings settings;
  private final NvidiaGpus nvidia;
  private final DrmGpus others;
  private final Series gpus = new Series(GPUS, Instance.HOST);
  private final Map<Integer, Series[]> known = new HashMap<>();

  /** The first number that NVIDIA has never had. */
  private int next;

  /** Reads the host of {@code surroundings}. */
  public GpuCollector(Surroundings surroundings, ModuleSettings settings) {
    this.settings = settings;
    this.nvidia = new NvidiaGpus(surroundings, settings, settings.option(PROGRAM));
    this.others = new DrmGpus(surroundings.root(), settings);
  }

  private static List<Metric> metrics() {
    List<Metric> metrics = GpuFact.metrics();
    metrics.add(GPUS);
    return metrics;
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  /** A vendor's failure is no reason not to tell of another's processors. */
  @Override
  public void collect(Readings into) throws IOException {
    Optional<IOException> failure = Optional.empty();
    int answered = 0;
    boolean any = false;
    try {
      for (NvidiaGpus.Usage usage : nvidia.read()) {
        next = Math.max(next, usage.index() + 1);
        any = true;
        answered += emit(usage.index(), usage.values(), into);
      }
    } catch (IOException failed) {
      failure = Optional.of(failed);
    }
    int number = next;
    for (DrmGpus.Card card : others.read()) {
      if (!card.isNvidia() || next == 0) {
        any |= card.isMeasured();
        answered += card.isMeasured() ? emit(number, card.values, into) : 0;
        number++;
      }
    }
    if (any) {
      into.gauge(gpus, answered);
      if (failure.isPresent() && !(failure.get() instanceof SourceAbsentException)) {
        into.lacks(failure.get().getMessage());
      }
    } else {
      throw failure.orElseGet(() -> new SourceAbsentException("no graphics processor"));
    }
  }

  /** Returns 1 if it is included and said anything. */
  private int emit(int number, double[] values, Readings into) {
    String name = Integer.toString(number);
    int said = 0;
    if (settings.instances().matches(name)) {
      Series[] series = known.computeIfAbsent(number, key -> GpuFact.series(name));
      for (int i = 0; i < values.length; i++) {
        if (!Double.isNaN(values[i])) {
          into.gauge(series[i], values[i]);
          said = 1;
        }
      }
    }
    return said;
  }

  @Override
  public void close() throws IOException {
    nvidia.close();
    others.close();
  }
}
