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
import io.duologger.procfs.Backing;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says what addresses network interfaces have.
 *
 * <ul>
 *   <li>Source: OSHI (which asks the Java runtime and reads sysfs);
 *       /sys/class/net/NAME/{address,mtu} of interfaces without an address, and where that link
 *       points to for whether there is hardware behind it
 *   <li>Unit: bytes
 *   <li>Kind: gauge, infos
 *   <li>Since kernel: 2.6
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>Virtual interfaces are left out unless the user names what to include or sets {@code virtual};
 * a host without hardware interfaces shows its virtual ones except loopback.
 */
public final class NetconfigCollector implements Collector {
  private static final String LABEL = "device";
  private static final String VIRTUAL = "virtual";
  private static final String LOOPBACK = "lo";
  private static final int BITS_OF_IPV4 = 32;
  private static final int MOST_ADDRESSES = 64;

  private static final Metric MAC = Metric.info("mac", "The hardware address.");
  private static final Metric IP = Metric.info("ip", "The first address of version 4.");
  private static final Metric NETMASK = Metric.info("netmask", "The netmask of ip.");
  private static final Metric BROADCAST =
      Metric.info("broadcast", "The highest address of the network of ip.");
  private static final Metric IPV4 =
      Metric.info("ipv4", "All addresses of version 4 with their prefixes, commas between them.");
  private static final Metric IPV6 =
      Metric.info("ipv6", "All addresses of version 6 with their prefixes, commas between them.");
  private static final Metric MTU = Metric.gauge("mtu_bytes", Unit.BYTES, "The longest packet.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "netconfig",
          "network interfaces: hardware address, IPv4 and IPv6 addresses, MTU",
          Optional.of(LABEL),
          List.of(MAC, IP, NETMASK, BROADCAST, IPV4, IPV6, MTU),
          List.of("OSHI", "/sys/class/net"),
          "",
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          List.of(ModuleOption.flag(VIRTUAL, false, "Whether interfaces without hardware count.")));

  private final InventorySource source;
  private final Path folder;
  private final ModuleSettings settings;
  private final boolean selective;
  private final Attribute.Reader reader = new Attribute.Reader();
  private Map<String, Device> known = new HashMap<>();

  /** The series of an interface. */
  private record Device(
      Series mac,
      Series ip,
      Series netmask,
      Series broadcast,
      Series ipv4,
      Series ipv6,
      Series mtu) {
    static Device of(String name) {
      Instance instance = Instance.of(LABEL, name);
      return new Device(
          new Series(MAC, instance),
          new Series(IP, instance),
          new Series(NETMASK, instance),
          new Series(BROADCAST, instance),
          new Series(IPV4, instance),
          new Series(IPV6, instance),
          new Series(MTU, instance));
    }
  }

  /** Reads the host of {@code surroundings}. */
  public NetconfigCollector(Surroundings surroundings, ModuleSettings settings) {
    this(surroundings.root(), new InventorySource(surroundings.root()), settings);
  }

  NetconfigCollector(HostRoot root, InventorySource source, ModuleSettings settings) {
    this.source = source;
    this.folder = root.sys().resolve("class").resolve("net");
    this.settings = settings;
    this.selective = !settings.includeGiven() && !settings.flag(VIRTUAL);
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    List<Inventory.Interface> all = new ArrayList<>(source.get().interfaces());
    addWithoutAddress(all);
    boolean hardware = all.stream().anyMatch(this::physical);
    Map<String, Device> seen = new HashMap<>();
    for (Inventory.Interface each : all) {
      boolean counts = !selective || (hardware ? physical(each) : !each.name().equals(LOOPBACK));
      if (counts && settings.instances().matches(each.name())) {
        Device device = known.getOrDefault(each.name(), Device.of(each.name()));
        if (seen.put(each.name(), device) == null) {
          emit(each, device, into);
        }
      }
    }
    known = seen;
  }

  /** OSHI knows only those that have an address; sysfs has all. */
  private void addWithoutAddress(List<Inventory.Interface> all) throws IOException {
    Set<String> names = all.stream().map(Inventory.Interface::name).collect(Collectors.toSet());
    for (Path entry : Hwmon.children(folder, "*")) {
      String name = entry.getFileName().toString();
      Optional<String> mac = Hwmon.word(entry.resolve("address")).filter(text -> !isNone(text));
      Attribute mtu = Attribute.of(entry.resolve("mtu"), false, reader);
      boolean known = mtu.read() && mtu.value() > 0;
      if (!names.contains(name) && (known || mac.isPresent())) {
        all.add(
            new Inventory.Interface(
                name,
                mac,
                known ? OptionalLong.of(mtu.value()) : OptionalLong.empty(),
                List.of(),
                List.of()));
      }
    }
  }

  /** Whether a hardware address is all zeros. */
  private static boolean isNone(String mac) {
    return mac.chars().allMatch(c -> c == '0' || c == ':');
  }

  private boolean physical(Inventory.Interface each) {
    return Backing.of(folder, each.name()) == Backing.PHYSICAL;
  }

  private static void emit(Inventory.Interface each, Device device, Readings into) {
    Inform.text(into, device.mac, each.mac());
    if (!each.ipv4().isEmpty()) {
      Inventory.Address first = each.ipv4().get(0);
      into.info(device.ip, first.text());
      OptionalInt address = ipv4(first.text());
      if (address.isPresent() && first.prefix().isPresent()) {
        int prefix = first.prefix().getAsInt();
        into.info(device.netmask, dotted(mask(prefix)));
        if (prefix < BITS_OF_IPV4 - 1) {
          into.info(device.broadcast, dotted(address.getAsInt() | ~mask(prefix)));
        }
      }
    }
    Inform.text(into, device.ipv4, list(each.ipv4()));
    Inform.text(into, device.ipv6, list(each.ipv6()));
    Inform.number(into, device.mtu, each.mtu());
  }

  private static Optional<String> list(List<Inventory.Address> addresses) {
    return addresses.isEmpty()
        ? Optional.empty()
        : Optional.of(
            addresses.stream()
                .limit(MOST_ADDRESSES)
                .map(
                    address ->
                        address.prefix().isPresent()
                            ? address.text() + "/" + address.prefix().getAsInt()
                            : address.text())
                .collect(Collectors.joining(",")));
  }

  /** The bits of an address in dotted form; empty if it is none. */
  static OptionalInt ipv4(String text) {
    String[] parts = text.split("\\.", -1);
    int bits = 0;
    for (String part : parts) {
      if (parts.length != 4 || !part.matches("[0-9]{1,3}") || Integer.parseInt(part) > 255) {
        return OptionalInt.empty();
      }
      bits = bits << 8 | Integer.parseInt(part);
    }
    return OptionalInt.of(bits);
  }

  static int mask(int prefix) {
    return prefix == 0 ? 0 : -1 << BITS_OF_IPV4 - prefix;
  }

  static String dotted(int bits) {
    List<String> parts = new ArrayList<>();
    for (int shift = 24; shift >= 0; shift -= 8) {
      parts.add(Integer.toString(bits >> shift & 255));
    }
    return String.join(".", parts);
  }
}
