package io.duologger.collector.inventory;

import io.duologger.collector.tool.Ipv6;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import oshi.hardware.Baseboard;
import oshi.hardware.CentralProcessor;
import oshi.hardware.ComputerSystem;
import oshi.hardware.Firmware;
import oshi.hardware.NetworkIF;
import oshi.nativefree.SystemInfo;
import oshi.software.os.OperatingSystem;

/**
 * The inventory by OSHI, its implementation without native code. OSHI remembers most of what it has
 * read for good, so it is asked anew of a new object each time; what it says for "not known" ends
 * here. Used by one thread at a time.
 */
public final class OshiInventory implements Inventory {
  private static final int BITS_OF_IPV4 = 32;
  private static final int BITS_OF_IPV6 = 128;

  /** Reads nothing yet. */
  public OshiInventory() {}

  private static SystemInfo system() {
    return new SystemInfo();
  }

  @Override
  public Processor processor() {
    CentralProcessor processor = system().getHardware().getProcessor();
    CentralProcessor.ProcessorIdentifier identity = processor.getProcessorIdentifier();
    return new Processor(
        Inventory.known(identity.getVendor()),
        Inventory.known(identity.getName()),
        identifier(identity.getFamily(), identity.getModel(), identity.getStepping()),
        count(processor.getPhysicalPackageCount()),
        count(processor.getPhysicalProcessorCount()),
        count(processor.getLogicalProcessorCount()),
        mean(processor.getCurrentFreq()),
        hertz(identity.getVendorFreq()),
        hertz(processor.getMaxFreq()),
        flags(processor.getFeatureFlags()));
  }

  @Override
  public Computer computer() {
    ComputerSystem computer = system().getHardware().getComputerSystem();
    Firmware firmware = computer.getFirmware();
    Baseboard board = computer.getBaseboard();
    return new Computer(
        Inventory.known(computer.getManufacturer()),
        Inventory.known(computer.getModel()),
        Inventory.known(firmware.getManufacturer()),
        Inventory.known(firmware.getVersion()),
        Inventory.known(firmware.getReleaseDate()),
        Inventory.known(board.getManufacturer()),
        Inventory.known(board.getModel()));
  }

  @Override
  public Optional<String> serialNumber() {
    return Inventory.known(system().getHardware().getComputerSystem().getSerialNumber());
  }

  @Override
  public Software software() {
    OperatingSystem software = system().getOperatingSystem();
    return new Software(
        Inventory.known(software.getFamily()),
        Inventory.known(software.getVersionInfo().getVersion()));
  }

  @Override
  public List<GraphicsCard> graphicsCards() {
    return system().getHardware().getGraphicsCards().stream()
        .map(
            card ->
                new GraphicsCard(
                    Inventory.known(card.getName()),
                    Inventory.known(card.getVendor()),
                    Inventory.known(card.getVersionInfo()),
                    positive(card.getVRam())))
        .toList();
  }

  @Override
  public List<Interface> interfaces() {
    List<Interface> found = new ArrayList<>();
    for (NetworkIF each : system().getHardware().getNetworkIFs(true)) {
      found.add(
          new Interface(
              each.getName(),
              Inventory.known(each.getMacaddr()),
              positive(each.getMTU()),
              addresses(each.getIPv4addr(), each.getSubnetMasks(), BITS_OF_IPV4),
              addresses(each.getIPv6addr(), each.getPrefixLengths(), BITS_OF_IPV6)));
    }
    return found;
  }

  /** All three, with dots; each may be 0. */
  static Optional<String> identifier(String family, String model, String stepping) {
    String joined = family + "." + model + "." + stepping;
    return joined.matches("\\w+\\.\\w+\\.\\w+") && !joined.contains("unknown")
        ? Optional.of(joined)
        : Optional.empty();
  }

  /** A number of things of which there must be one. */
  static OptionalInt count(int said) {
    return said > 0 ? OptionalInt.of(said) : OptionalInt.empty();
  }

  static OptionalLong positive(long said) {
    return said > 0 ? OptionalLong.of(said) : OptionalLong.empty();
  }

  static OptionalDouble hertz(long said) {
    return said > 0 ? OptionalDouble.of(said) : OptionalDouble.empty();
  }

  /** The mean of those that are known. */
  static OptionalDouble mean(long[] said) {
    return said == null
        ? OptionalDouble.empty()
        : LongStream.of(said).filter(hertz -> hertz > 0).average();
  }

  /** OSHI gives whole lines of /proc/cpuinfo, different ones where processors differ. */
  static List<String> flags(List<String> lines) {
    Set<String> words = new LinkedHashSet<>();
    for (String line : lines) {
      String list = line.substring(line.indexOf(':') + 1).strip();
      if (!list.isEmpty()) {
        words.addAll(List.of(list.split("\\s+")));
      }
    }
    return List.copyOf(words);
  }

  /** OSHI's two lists are of one length, or the second one is short. */
  static List<Address> addresses(String[] texts, Short[] prefixes, int bits) {
    List<Address> addresses = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      Optional<String> text = Inventory.known(texts[i]);
      if (text.isPresent()) {
        boolean known =
            i < prefixes.length && prefixes[i] != null && prefixes[i] >= 0 && prefixes[i] <= bits;
        OptionalInt prefix = known ? OptionalInt.of(prefixes[i]) : OptionalInt.empty();
        String usual = bits == BITS_OF_IPV6 ? Ipv6.shortened(text.get()) : text.get();
        addresses.add(new Address(usual, prefix));
      }
    }
    return addresses;
  }
}
