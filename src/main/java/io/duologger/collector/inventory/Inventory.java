package io.duologger.collector.inventory;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the running host is made of. What is not known is absent: no placeholder gets here. Asking
 * may take a second and may run programs. Used by one thread at a time.
 */
public interface Inventory {
  /** Longer texts are cut. */
  int LONGEST_TEXT = 1024;

  /** What {@code said} says, cut if it is long, unless it stands for nothing. */
  static Optional<String> known(String said) {
    String clean = said == null ? "" : said.strip();
    return Placeholders.has(clean)
        ? Optional.empty()
        : Optional.of(clean.substring(0, Math.min(LONGEST_TEXT, clean.length())));
  }

  /** The processors. */
  Processor processor();

  /** The machine. */
  Computer computer();

  /** The machine's serial number, which most hosts tell root only. */
  Optional<String> serialNumber();

  /** What runs on it. */
  Software software();

  /** The graphics cards, in a fixed order. */
  List<GraphicsCard> graphicsCards();

  /** The network interfaces that are up, loopback too. */
  List<Interface> interfaces();

  /**
   * The processors, taken to be all alike.
   *
   * @param vendor as the processor says it
   * @param name the model's name
   * @param identifier family.model.stepping
   * @param sockets processor packages
   * @param cores physical cores of all sockets
   * @param logical processors that the kernel schedules on
   * @param frequencyHertz the mean of what they run at now
   * @param baseHertz what the vendor sells them with
   * @param maxHertz the highest there may be
   * @param flags features, by the kernel's names
   */
  record Processor(
      Optional<String> vendor,
      Optional<String> name,
      Optional<String> identifier,
      OptionalInt sockets,
      OptionalInt cores,
      OptionalInt logical,
      OptionalDouble frequencyHertz,
      OptionalDouble baseHertz,
      OptionalDouble maxHertz,
      List<String> flags) {
    /** Copies the list. */
    public Processor {
      flags = List.copyOf(flags);
    }
  }

  /**
   * The machine.
   *
   * @param vendor who made it
   * @param model what it is called
   * @param firmwareVendor who made its firmware
   * @param firmwareVersion of the firmware
   * @param firmwareDate the day of the firmware, year first
   * @param boardVendor who made the main board
   * @param boardModel what the main board is called
   */
  record Computer(
      Optional<String> vendor,
      Optional<String> model,
      Optional<String> firmwareVendor,
      Optional<String> firmwareVersion,
      Optional<String> firmwareDate,
      Optional<String> boardVendor,
      Optional<String> boardModel) {
    /** Nothing is known of it. */
    public static final Computer UNKNOWN =
        new Computer(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /**
   * The operating system.
   *
   * @param name the distribution
   * @param version of the distribution
   */
  record Software(Optional<String> name, Optional<String> version) {}

  /**
   * A graphics card.
   *
   * @param name the model
   * @param vendor who made it
   * @param driver the driver and its version
   * @param memoryBytes its own memory
   */
  record GraphicsCard(
      Optional<String> name,
      Optional<String> vendor,
      Optional<String> driver,
      OptionalLong memoryBytes) {}

  /**
   * An address.
   *
   * @param text its usual form
   * @param prefix how many of its bits are the network's
   */
  record Address(String text, OptionalInt prefix) {}

  /**
   * A network interface.
   *
   * @param name as the kernel calls it
   * @param mac its hardware address, six bytes with colons
   * @param mtu the longest packet, in bytes
   * @param ipv4 its addresses of version 4
   * @param ipv6 its addresses of version 6
   */
  record Interface(
      String name, Optional<String> mac, OptionalLong mtu, List<Address> ipv4, List<Address> ipv6) {
    /** Copies the lists. */
    public Interface {
      ipv4 = List.copyOf(ipv4);
      ipv6 = List.copyOf(ipv6);
    }
  }
}
