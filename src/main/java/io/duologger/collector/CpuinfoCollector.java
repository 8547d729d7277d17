package io.duologger.collector;

import io.duologger.collector.inventory.Inventory;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Says what processors there are.
 *
 * <ul>
 *   <li>Source: OSHI (which reads /proc/cpuinfo and sysfs, and runs cpuid or lscpu where it has to)
 *   <li>Unit: hertz, plain numbers
 *   <li>Kind: gauges, infos
 *   <li>Since kernel: 2.6
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>A host of processors of several kinds is told as if all were like the first; its flags are
 * those that any of them has.
 */
public final class CpuinfoCollector implements Collector {
  private static final Metric VENDOR =
      Metric.info("vendor", "The vendor, as the processor says it.");
  private static final Metric MODEL = Metric.info("model", "The model's name.");
  private static final Metric IDENTIFIER =
      Metric.info("identifier", "Family, model and stepping, with dots between them.");
  private static final Metric SOCKETS =
      Metric.gauge("sockets", Unit.COUNT, "Processor packages.").formerly("phys_sockets");
  private static final Metric CORES =
      Metric.gauge("cores", Unit.COUNT, "Physical cores of all sockets.").formerly("phys_cores");
  private static final Metric LOGICAL =
      Metric.gauge("logical_cpus", Unit.COUNT, "Processors that the kernel schedules on.")
          .formerly("num_proc");
  private static final Metric HYPER_THREADING =
      Metric.gauge("hyper_threading", Unit.COUNT, "1 if cores are several processors, else 0.")
          .formerly("ht_enabled");
  private static final Metric FREQUENCY =
      Metric.gauge("frequency_hertz", Unit.HERTZ, "The mean of what the processors run at now.")
          .formerly("mhz", 1e-6);
  private static final Metric BASE =
      Metric.gauge("base_frequency_hertz", Unit.HERTZ, "The frequency they are sold with.");
  private static final Metric MAX =
      Metric.gauge("highest_frequency_hertz", Unit.HERTZ, "The highest they may run at.");
  private static final Metric FLAGS =
      Metric.info("flags", "Their features, by the kernel's names, with blanks between them.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "cpuinfo",
          "what processors there are: model, sockets, cores, frequencies, features",
          Optional.empty(),
          List.of(
              VENDOR,
              MODEL,
              IDENTIFIER,
              SOCKETS,
              CORES,
              LOGICAL,
              HYPER_THREADING,
              FREQUENCY,
              BASE,
              MAX,
              FLAGS),
          List.of("OSHI"),
          "",
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          List.of());

  private final InventorySource source;
  private final Series vendor = new Series(VENDOR, Instance.HOST);
  private final Series model = new Series(MODEL, Instance.HOST);
  private final Series identifier = new Series(IDENTIFIER, Instance.HOST);
  private final Series sockets = new Series(SOCKETS, Instance.HOST);
  private final Series cores = new Series(CORES, Instance.HOST);
  private final Series logical = new Series(LOGICAL, Instance.HOST);
  private final Series hyperThreading = new Series(HYPER_THREADING, Instance.HOST);
  private final Series frequency = new Series(FREQUENCY, Instance.HOST);
  private final Series base = new Series(BASE, Instance.HOST);
  private final Series highest = new Series(MAX, Instance.HOST);
  private final Series flags = new Series(FLAGS, Instance.HOST);

  /** Reads what runs at {@code surroundings}. */
  public CpuinfoCollector(Surroundings surroundings, ModuleSettings settings) {
    this(new InventorySource(surroundings.root()));
  }

  CpuinfoCollector(InventorySource source) {
    this.source = source;
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    Inventory.Processor processor = source.get().processor();
    Inform.text(into, vendor, processor.vendor());
    Inform.text(into, model, processor.name());
    Inform.text(into, identifier, processor.identifier());
    Inform.number(into, sockets, processor.sockets());
    Inform.number(into, cores, processor.cores());
    Inform.number(into, logical, processor.logical());
    if (processor.cores().isPresent() && processor.logical().isPresent()) {
      boolean several = processor.logical().getAsInt() > processor.cores().getAsInt();
      into.gauge(hyperThreading, several ? 1 : 0);
    }
    Inform.number(into, frequency, processor.frequencyHertz());
    Inform.number(into, base, processor.baseHertz());
    Inform.number(into, highest, processor.maxHertz());
    if (!processor.flags().isEmpty()) {
      into.info(flags, String.join(" ", processor.flags()));
    }
  }
}
