package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.ProcFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Measures what network interfaces receive and send, per interface and for the host.
 *
 * <ul>
 *   <li>Source: /proc/net/dev (8 receive and 8 transmit columns); /sys/class/net/NAME for speed,
 *       carrier, operstate and whether there is hardware behind it
 *   <li>Unit: bytes, packets and errors per second; the link's speed in bytes per second
 *   <li>Kind: counters, with the speed as capacity of the bytes; gauges; one info
 *   <li>Since kernel: 2.6
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>Virtual interfaces (bridges, bonds, veth, loopback) are left out unless the user names what to
 * include or sets {@code virtual}; a host without hardware interfaces, such as a container, counts
 * its virtual ones except loopback. What sysfs says is read at once of a new interface; then the
 * state of the link about every ten seconds and what is behind the name about every five minutes,
 * some interfaces a tick and never many: the speed takes a lock of the kernel, and opening a file
 * of sysfs costs as much as reading ten. The host's totals are running sums over the interfaces
 * that are included.
 */
public final class NetCollector implements Collector {
  private static final String LABEL = "device";
  private static final String VIRTUAL = "virtual";
  private static final int COLUMNS = 16;

  /** A name of 15 bytes and 16 numbers of 20 digits come to less. */
  private static final int LONGEST_LINE = 512;

  private static final int RX_BYTES = 0;
  private static final int TX_BYTES = 8;

  /** A column of /proc/net/dev, proc(5), and what it becomes. */
  private record Column(int index, Metric metric) {}

  private static final List<Column> COUNTERS =
      List.of(
          new Column(
              RX_BYTES,
              Metric.counter("rx_bytes_per_second", Unit.BYTES_PER_SECOND, "Received.")
                  .withUtilisation("rx_utilisation")),
          packets(1, "rx_packets", "Packets received."),
          packets(2, "rx_errors", "Packets received with an error of any kind."),
          packets(3, "rx_drops", "Packets received but dropped."),
          packets(4, "rx_fifo_errors", "Overruns of the receive queue."),
          packets(5, "rx_frame_errors", "Packets with framing errors."),
          packets(7, "rx_multicast_packets", "Multicast packets received."),
          new Column(
              TX_BYTES,
              Metric.counter("tx_bytes_per_second", Unit.BYTES_PER_SECOND, "Sent.")
                  .withUtilisation("tx_utilisation")),
          packets(9, "tx_packets", "Packets sent."),
          packets(10, "tx_errors", "Packets not sent because of an error."),
          packets(11, "tx_drops", "Packets dropped instead of sent."),
          packets(12, "tx_fifo_errors", "Underruns of the transmit queue."),
          packets(13, "tx_collisions", "Collisions."),
          packets(14, "tx_carrier_errors", "Carrier losses while sending."));

  /** The columns of {@link #COUNTERS}, as every tick needs them. */
  private static final int[] COLUMN = new int[COUNTERS.size()];

  static {
    for (int i = 0; i < COLUMN.length; i++) {
      COLUMN[i] = COUNTERS.get(i).index();
    }
  }

  /** The entries of {@link #COUNTERS} that the host's totals have. */
  private static final int[] SUMMED = {0, 1, 2, 3, 7, 8, 9, 10};

  private static final Metric SPEED =
      Metric.gauge("speed_bytes_per_second", Unit.BYTES_PER_SECOND, "Speed of the link.");
  private static final Metric CARRIER =
      Metric.gauge("carrier_ratio", Unit.RATIO, "1 with carrier, 0 without.");
  private static final Metric OPERSTATE =
      Metric.info("operstate", "The state of the link by RFC 2863.");
  private static final Metric DEVICES =
      Metric.gauge("devices", Unit.COUNT, "Interfaces that are included.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "net",
          "network interfaces: traffic, errors, utilisation of the link",
          Optional.of(LABEL),
          metrics(),
          List.of("/proc/net/dev", "/sys/class/net"),
          "",
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          List.of(ModuleOption.flag(VIRTUAL, false, "Whether interfaces without hardware count.")));

  private final ProcFile file;
  private final NetLinks links;
  private final DeviceTable<NetDevice> devices;
  private final boolean selective;
  private final RunningSums sums;
  private final Series[] totals = new Series[SUMMED.length];
  private final Series count = new Series(DEVICES, Instance.HOST);

  /** An interface and its series. */
  static final class NetDevice extends DeviceTable.Device {
    /** Whether the globs want it. */
    final boolean wanted;

    /** What sysfs says. */
    final NetLinks.Link link = new NetLinks.Link();

    private final RunningSums.Share share = new RunningSums.Share(SUMMED.length);
    private final Series[] counters;
    private final Series speed;
    private final Series carrier;
    private final Series operstate;

    NetDevice(byte[] key, ModuleSettings settings) {
      super(key, COLUMNS);
      wanted = settings.instances().matches(name);
      Instance instance = Instance.of(LABEL, name);
      counters = new Series[COUNTERS.size()];
      for (int i = 0; i < counters.length; i++) {
        counters[i] = new Series(COUNTERS.get(i).metric(), instance);
      }
      speed = new Series(SPEED, instance);
      carrier = new Series(CARRIER, instance);
      operstate = new Series(OPERSTATE, instance);
    }
  }

  /** Reads the host {@code root}. */
  public NetCollector(HostRoot root, ModuleSettings settings) {
    file = ProcFile.ofShortRecords(root.proc().resolve("net").resolve("dev"), LONGEST_LINE);
    selective = !settings.includeGiven() && !settings.flag(VIRTUAL);
    links = new NetLinks(root, settings.every(), selective);
    devices = table(settings);
    int[] columns = new int[SUMMED.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = COUNTERS.get(SUMMED[i]).index();
      totals[i] = new Series(COUNTERS.get(SUMMED[i]).metric(), Instance.HOST);
    }
    sums = new RunningSums(columns);
  }

  /** A table of the interfaces as {@code settings} want them. */
  static DeviceTable<NetDevice> table(ModuleSettings settings) {
    return new DeviceTable<>(key -> new NetDevice(key, settings));
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    parse(Sources.read(file), devices);
    devices.commit();
    List<NetDevice> known = devices.known();
    links.inspect(known);
    boolean hardware = selective && anyPhysical(known);
    sums.begin();
    for (int i = 0; i < known.size(); i++) {
      NetDevice device = known.get(i);
      if (device.wanted && (!selective || device.link.counts(hardware))) {
        links.attributes(device);
        emit(device, into);
        sums.add(device.share, device.values);
      } else {
        device.share.leave();
      }
    }
    into.gauge(count, sums.members());
    for (int i = 0; i < totals.length && sums.members() > 0; i++) {
      into.counter(totals[i], sums.sum(i));
    }
  }

  private static boolean anyPhysical(List<NetDevice> known) {
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i).link.physical()) {
        return true;
      }
    }
    return false;
  }

  private static void emit(NetDevice device, Readings into) {
    OptionalDouble speed = device.link.speed();
    for (int i = 0; i < device.counters.length; i++) {
      int column = COLUMN[i];
      long value = device.values[column];
      if (speed.isPresent() && (column == RX_BYTES || column == TX_BYTES)) {
        into.counter(device.counters[i], value, speed.getAsDouble());
      } else {
        into.counter(device.counters[i], value);
      }
    }
    if (speed.isPresent()) {
      into.gauge(device.speed, speed.getAsDouble());
    }
    if (device.link.carrier().isPresent()) {
      into.gauge(device.carrier, device.link.carrier().getAsDouble());
    }
    if (!device.link.operstate().isEmpty()) {
      into.info(device.operstate, device.link.operstate());
    }
  }

  /**
   * Two lines of headings, then "NAME: 16 numbers"; there may be no blank after the colon, and old
   * kernels allow colons in names.
   */
  static void parse(ByteScanner in, DeviceTable<NetDevice> into) throws IOException {
    into.begin();
    for (int heading = 0; heading < 2; heading++) {
      if (!in.nextLine() || !in.nextTokenUntil('|')) {
        throw in.malformed("missing heading");
      }
    }
    while (in.nextLine()) {
      if (in.nextTokenUntilLast(':')) {
        NetDevice device = into.device(in);
        if (in.nextUnsigned(device.values, COLUMNS, "column") < COLUMNS) {
          throw in.malformed("missing column");
        }
      } else if (in.nextToken()) {
        throw in.malformed("missing colon");
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (links) {
      file.close();
    }
  }

  private static Column packets(int index, String what, String help) {
    return new Column(index, Metric.counter(what + "_per_second", Unit.PER_SECOND, help));
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>();
    for (Column column : COUNTERS) {
      all.add(column.metric());
    }
    all.addAll(List.of(SPEED, CARRIER, OPERSTATE, DEVICES));
    return all;
  }
}
