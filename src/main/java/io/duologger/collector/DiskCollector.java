package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.procfs.Backing;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.ProcFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Measures what block devices read and write, how long that takes, and swapping, per device and for
 * the host.
 *
 * <ul>
 *   <li>Source: /proc/diskstats (11, 15 or 17 columns after the name); /sys/block for which devices
 *       are whole disks and which have hardware behind them; /proc/swaps
 *   <li>Unit: operations and bytes (sectors of 512) per second, seconds an operation (from
 *       milliseconds), share of time
 *   <li>Kind: counters, ratios, gauges
 *   <li>Since kernel: 2.6.25; discards since 4.18, flushes since 5.5
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>Whole disks with hardware count. Virtual devices (loop, ram, zram, dm, md) and partitions are
 * left out unless the user names what to include or sets {@code virtual} or {@code partitions}. The
 * host's totals are running sums over the included whole disks with hardware, so that nothing is
 * counted twice; those of swapping are over the devices that the host swaps to, included or not.
 * Without /sys/block nothing says what a whole disk is: only devices that the user names count.
 * With NVMe multipath the path devices (nvme0c0n1) are the hardware, the joint one is virtual.
 */
public final class DiskCollector implements Collector {
  private static final String LABEL = DiskMetrics.LABEL;
  private static final String VIRTUAL = "virtual";
  private static final String PARTITIONS = "partitions";

  /** How often a device that /sys/block does not have is looked for: the entry may come late. */
  private static final int LOOKS = 2;

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "disk",
          "block devices: operations, bytes, waiting time, utilisation, swapping",
          Optional.of(LABEL),
          DiskMetrics.all(),
          List.of("/proc/diskstats", "/proc/swaps", "/sys/block"),
          "",
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          List.of(
              ModuleOption.flag(VIRTUAL, false, "Whether devices without hardware count."),
              ModuleOption.flag(PARTITIONS, false, "Whether partitions count.")));

  private final Path block;
  private final ProcFile file;
  private final SwapDevices swaps;
  private final DeviceTable<Disk> disks;
  private final boolean selective;
  private final boolean virtual;
  private final boolean partitions;
  private final RunningSums totals = new RunningSums(DiskMetrics.SUMMED);
  private final RunningSums swapping = new RunningSums(DiskMetrics.SUMMED);
  private final Series[] totalSeries = Series.of(DiskMetrics.TOTALS, Instance.HOST);
  private final Series[] swapSeries = Series.of(DiskMetrics.SWAPPING, Instance.HOST);

  /** A block device and its series. */
  static final class Disk extends DeviceTable.Device {
    /** How many columns the latest read had. */
    int columns;

    private final boolean wanted;
    private final Instance instance;
    private final RunningSums.Share total = new RunningSums.Share(DiskMetrics.SUMMED.length);
    private final RunningSums.Share swap = new RunningSums.Share(DiskMetrics.SUMMED.length);
    private Optional<DiskMetrics> metrics = Optional.empty();
    private Backing backing = Backing.MISSING;
    private int looks;
    private boolean included;
    private boolean swapped;
    private long swapRound = -1;

    Disk(byte[] key, ModuleSettings settings) {
      super(key, DiskMetrics.COLUMNS);
      wanted = settings.instances().matches(name);
      instance = Instance.of(LABEL, name);
    }
  }

  /** Reads the host {@code root}. */
  public DiskCollector(HostRoot root, ModuleSettings settings) {
    block = root.sys().resolve("block");
    file = new ProcFile(root.proc().resolve("diskstats"));
    swaps = new SwapDevices(new ProcFile(root.proc().resolve("swaps")), settings.every());
    disks = table(settings);
    selective = !settings.includeGiven();
    virtual = settings.flag(VIRTUAL);
    partitions = settings.flag(PARTITIONS);
  }

  /** A table of the devices as {@code settings} want them. */
  static DeviceTable<Disk> table(ModuleSettings settings) {
    return new DeviceTable<>(key -> new Disk(key, settings));
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    parse(Sources.read(file), disks);
    swaps.read();
    disks.commit();
    totals.begin();
    swapping.begin();
    List<Disk> known = disks.known();
    for (int i = 0; i < known.size(); i++) {
      Disk disk = known.get(i);
      look(disk);
      if (disk.included) {
        emit(disk, into);
      }
      count(totals, disk.total, disk, disk.included && disk.backing == Backing.PHYSICAL);
      count(swapping, disk.swap, disk, swapped(disk));
    }
    emit(totals, totalSeries, into);
    emit(swapping, swapSeries, into);
  }

  /** Decides once what a new device is. */
  private void look(Disk disk) {
    if (disk.backing != Backing.MISSING || disk.looks == LOOKS) {
      return;
    }
    disk.looks++;
    disk.backing = Backing.of(block, disk.name.replace('/', '!'));
    disk.included = disk.wanted && (!selective || counts(disk));
  }

  private boolean counts(Disk disk) {
    return switch (disk.backing) {
      case PHYSICAL -> true;
      case VIRTUAL -> virtual;
      case MISSING -> partitions && disk.looks == LOOKS;
    };
  }

  private boolean swapped(Disk disk) {
    if (disk.swapRound != swaps.changes()) {
      disk.swapRound = swaps.changes();
      disk.swapped = swaps.contains(disk.name);
    }
    return disk.swapped;
  }

  private static void count(RunningSums sums, RunningSums.Share share, Disk disk, boolean member) {
    if (member) {
      sums.add(share, disk.values);
    } else {
      share.leave();
    }
  }

  private static void emit(Disk disk, Readings into) {
    if (disk.metrics.isEmpty()) {
      disk.metrics = Optional.of(new DiskMetrics(disk.instance));
    }
    disk.metrics.get().emit(disk.values, disk.columns, into);
  }

  private static void emit(RunningSums sums, Series[] series, Readings into) {
    for (int i = 0; i < series.length && sums.members() > 0; i++) {
      into.counter(series[i], sums.sum(i));
    }
  }

  /** Lines "major minor name" and 11 columns, of newer kernels 15 or 17; more are ignored. */
  static void parse(ByteScanner in, DeviceTable<Disk> into) throws IOException {
    into.begin();
    while (in.nextLine()) {
      if (in.nextToken()) {
        in.unsigned("major number");
        in.nextUnsigned("minor number");
        if (!in.nextToken()) {
          throw in.malformed("missing device name");
        }
        parseColumns(in, into.device(in));
      }
    }
  }

  private static void parseColumns(ByteScanner in, Disk into) throws IOException {
    int column = in.nextUnsigned(into.values, DiskMetrics.COLUMNS, "column");
    if (column != DiskMetrics.COLUMNS
        && column != DiskMetrics.WITH_DISCARDS
        && column != DiskMetrics.BASIC) {
      throw in.malformed("missing column");
    }
    Arrays.fill(into.values, column, DiskMetrics.COLUMNS, 0);
    into.columns = column;
  }

  @Override
  public void close() throws IOException {
    try (swaps) {
      file.close();
    }
  }
}
