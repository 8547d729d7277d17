package io.duologger.collector;

import io.duologger.collector.inventory.Inventory;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Says what graphics cards there are.
 *
 * <ul>
 *   <li>Source: nvidia-smi, where there is one, for its cards; OSHI (which runs lspci or lshw, or
 *       reads sysfs) for all others
 *   <li>Unit: bytes
 *   <li>Kind: gauges, infos
 *   <li>Since kernel: 2.6
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>The cards of nvidia-smi have its numbers, the others the numbers after those. The memory of
 * the others is what they show on the bus, which may be less than they have.
 */
public final class GpuinfoCollector implements Collector {
  private static final String LABEL = "gpu";
  private static final String PROGRAM = "nvidia-smi";
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int MOST_BYTES = 256 << 10;

  /** What nvidia-smi ends with if its driver is not there. */
  private static final int NO_DRIVER = 9;

  private static final Metric MODEL = Metric.info("model", "The model's name.");
  private static final Metric VENDOR = Metric.info("vendor", "Who made the chip.");
  private static final Metric DRIVER = Metric.info("driver", "The driver's version.");
  private static final Metric UUID = Metric.info("uuid", "The card's own identifier.");
  private static final Metric MEMORY =
      Metric.gauge("memory_bytes", Unit.BYTES, "The card's own memory.");
  private static final Metric CARDS =
      Metric.gauge("gpus", Unit.COUNT, "Graphics cards that are included.").formerly("num_gpu");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "gpuinfo",
          "what graphics cards there are",
          Optional.of(LABEL),
          List.of(MODEL, VENDOR, DRIVER, UUID, MEMORY, CARDS),
          List.of("OSHI", PROGRAM),
          "",
          Duration.ofMinutes(10),
          Duration.ofSeconds(30),
          List.of(
              ModuleOption.text(
                  PROGRAM, PROGRAM, "The program nvidia-smi, a name on the PATH or a path.")));

  private final InventorySource source;
  private final ModuleSettings settings;
  private final Program program;
  private final Series cards = new Series(CARDS, Instance.HOST);
  private final Map<String, Card> known = new LinkedHashMap<>();

  /** The series of a card. */
  private record Card(Series model, Series vendor, Series driver, Series uuid, Series memory) {
    static Card of(String number) {
      Instance instance = Instance.of(LABEL, number);
      return new Card(
          new Series(MODEL, instance),
          new Series(VENDOR, instance),
          new Series(DRIVER, instance),
          new Series(UUID, instance),
          new Series(MEMORY, instance));
    }
  }

  /** Reads the host of {@code surroundings}. */
  public GpuinfoCollector(Surroundings surroundings, ModuleSettings settings) {
    this(surroundings, new InventorySource(surroundings.root()), settings);
  }

  GpuinfoCollector(Surroundings surroundings, InventorySource source, ModuleSettings settings) {
    this.source = source;
    this.settings = settings;
    this.program =
        new Program(
            surroundings,
            List.of(
                settings.option(PROGRAM),
                "--query-gpu=index,uuid,name,memory.total,driver_version",
                "--format=csv,noheader,nounits"),
            Map.of("LC_ALL", "C"),
            LIMIT,
            MOST_BYTES);
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    Inventory inventory = source.get();
    List<NvidiaCards.Card> nvidia = nvidia();
    List<Inventory.GraphicsCard> others = new ArrayList<>();
    for (Inventory.GraphicsCard card : inventory.graphicsCards()) {
      if (nvidia.isEmpty() || !isNvidia(card)) {
        others.add(card);
      }
    }
    if (nvidia.isEmpty() && others.isEmpty()) {
      throw new SourceAbsentException("no graphics card");
    }
    int number = 0;
    int included = 0;
    for (NvidiaCards.Card card : nvidia) {
      number = Math.max(number, card.index() + 1);
      if (wanted(card.index())) {
        included++;
        Card series = series(card.index());
        Inform.text(into, series.model, card.name());
        into.info(series.vendor, "NVIDIA");
        Inform.text(into, series.driver, card.driver());
        Inform.text(into, series.uuid, card.uuid());
        Inform.number(into, series.memory, card.memoryBytes());
      }
    }
    for (Inventory.GraphicsCard card : others) {
      if (wanted(number)) {
        included++;
        Card series = series(number);
        Inform.text(into, series.model, card.name());
        Inform.text(into, series.vendor, card.vendor());
        Inform.text(into, series.driver, card.driver());
        Inform.number(into, series.memory, card.memoryBytes());
      }
      number++;
    }
    into.gauge(cards, included);
  }

  private List<NvidiaCards.Card> nvidia() throws IOException {
    if (Program.find(settings.option(PROGRAM)).isEmpty()) {
      return List.of();
    }
    Program.Result result = program.run();
    if (result.status() == NO_DRIVER) {
      return List.of();
    }
    if (result.status() != 0) {
      throw new IOException(
          PROGRAM + ": exit status " + result.status() + ": " + result.complaint());
    }
    return NvidiaCards.parse(result.text());
  }

  private static boolean isNvidia(Inventory.GraphicsCard card) {
    String vendor = card.vendor().orElse("").toLowerCase(Locale.ROOT);
    return vendor.contains("nvidia") || vendor.contains("10de");
  }

  private boolean wanted(int number) {
    return settings.instances().matches(Integer.toString(number));
  }

  private Card series(int number) {
    return known.computeIfAbsent(Integer.toString(number), Card::of);
  }

  @Override
  public void close() {
    program.close();
  }
}
