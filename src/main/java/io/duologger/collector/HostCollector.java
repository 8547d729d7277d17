package io.duologger.collector;

import io.duologger.collector.inventory.Inventory;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Says what machine this is.
 *
 * <ul>
 *   <li>Source: OSHI (which reads the DMI table in /sys/class/dmi/id or the device tree, and runs
 *       dmidecode, lshal or lshw where there is neither); /sys/class/dmi/id/product_sku
 *   <li>Unit: texts
 *   <li>Kind: infos
 *   <li>Since kernel: 2.6; the part number since 5.1
 *   <li>Root needed: for the serial number only
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>What vendors write into the table where they have nothing to say is left out.
 */
public final class HostCollector implements Collector {
  private static final String SERIAL_OPTION = "serial-number";

  private static final Metric VENDOR = Metric.info("vendor", "Who made the machine.");
  private static final Metric PRODUCT =
      Metric.info("product", "What the vendor calls the machine: its model.");
  private static final Metric PART =
      Metric.info("part_number", "The vendor's number of the model or its variant.");
  private static final Metric SERIAL = Metric.info("serial_number", "The machine's own number.");
  private static final Metric FIRMWARE_VENDOR =
      Metric.info("firmware_vendor", "Who made the firmware.");
  private static final Metric FIRMWARE = Metric.info("firmware", "The firmware's version.");
  private static final Metric FIRMWARE_DATE =
      Metric.info("firmware_date", "The day of the firmware.");
  private static final Metric BOARD_VENDOR =
      Metric.info("board_vendor", "Who made the main board.");
  private static final Metric BOARD = Metric.info("board", "The model of the main board.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "host",
          "what machine this is: vendor, model, firmware, main board",
          Optional.empty(),
          List.of(
              VENDOR,
              PRODUCT,
              PART,
              SERIAL,
              FIRMWARE_VENDOR,
              FIRMWARE,
              FIRMWARE_DATE,
              BOARD_VENDOR,
              BOARD),
          List.of("OSHI", "/sys/class/dmi/id"),
          "root for the serial number (CAP_DAC_READ_SEARCH)",
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          List.of(ModuleOption.flag(SERIAL_OPTION, false, "Whether the serial number is told.")));

  private final InventorySource source;
  private final Path sku;
  private final Path serialFile;
  private final boolean withSerial;
  private final Series vendor = new Series(VENDOR, Instance.HOST);
  private final Series model = new Series(PRODUCT, Instance.HOST);
  private final Series part = new Series(PART, Instance.HOST);
  private final Series serial = new Series(SERIAL, Instance.HOST);
  private final Series firmwareVendor = new Series(FIRMWARE_VENDOR, Instance.HOST);
  private final Series firmware = new Series(FIRMWARE, Instance.HOST);
  private final Series firmwareDate = new Series(FIRMWARE_DATE, Instance.HOST);
  private final Series boardVendor = new Series(BOARD_VENDOR, Instance.HOST);
  private final Series board = new Series(BOARD, Instance.HOST);

  /** Reads the host of {@code surroundings}. */
  public HostCollector(Surroundings surroundings, ModuleSettings settings) {
    this(surroundings.root(), new InventorySource(surroundings.root()), settings);
  }

  HostCollector(HostRoot root, InventorySource source, ModuleSettings settings) {
    this.source = source;
    this.sku = root.sys().resolve("class/dmi/id/product_sku");
    this.serialFile = root.sys().resolve("class/dmi/id/product_serial");
    this.withSerial = settings.flag(SERIAL_OPTION);
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    Inventory inventory = source.get();
    Inventory.Computer computer = inventory.computer();
    Optional<String> number = SmallText.of(sku).flatMap(Inventory::known);
    Optional<String> own = withSerial ? inventory.serialNumber() : Optional.empty();
    if (computer.equals(Inventory.Computer.UNKNOWN) && number.isEmpty() && own.isEmpty()) {
      throw new SourceAbsentException("nothing says what machine this is");
    }
    Inform.text(into, vendor, computer.vendor());
    Inform.text(into, model, computer.model());
    Inform.text(into, part, number);
    Inform.text(into, serial, own);
    if (withSerial && own.isEmpty() && Files.exists(serialFile) && !Files.isReadable(serialFile)) {
      into.lacks(serialFile + ": permission denied, needs root (CAP_DAC_READ_SEARCH)");
    }
    Inform.text(into, firmwareVendor, computer.firmwareVendor());
    Inform.text(into, firmware, computer.firmwareVersion());
    Inform.text(into, firmwareDate, computer.firmwareDate());
    Inform.text(into, boardVendor, computer.boardVendor());
    Inform.text(into, board, computer.boardModel());
  }
}
