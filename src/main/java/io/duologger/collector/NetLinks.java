package io.duologger.collector;

import io.duologger.procfs.Backing;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.SmallFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What sysfs says of network interfaces. A new interface is read at once; then each has its turn
 * about every ten seconds, so that a tick costs the same with ten interfaces or a thousand. Used by
 * one thread at a time.
 */
final class NetLinks {
  private static final double REFRESH_NANOS = 10e9;
  private static final double BYTES_PER_MEGABIT = 125_000;
  private static final long LOOPBACK_TYPE = 772;
  private static final String LOOPBACK = "lo";

  /** What some drivers say instead of "unknown": the largest 16-bit and 31-bit numbers. */
  private static final long UNKNOWN_16 = 65_535;

  private static final long UNKNOWN_32 = Integer.MAX_VALUE;

  /** How often an interface that sysfs does not have is looked for before it counts as hardware. */
  private static final int LOOKS = 2;

  /** The state of one interface. */
  static final class Link {
    private boolean resolved;
    private int misses;
    private boolean physical;
    private boolean loopback;
    private boolean attributesDue = true;
    private boolean filesKnown;
    private File speedFile = new File("");
    private File carrierFile = speedFile;
    private File operstateFile = speedFile;
    private OptionalDouble speed = OptionalDouble.empty();
    private OptionalDouble carrier = OptionalDouble.empty();
    private byte[] operstateBytes = new byte[0];
    private String operstate = "";

    /** Whether there is hardware behind it. */
    boolean physical() {
      return physical;
    }

    /** Whether it counts where hardware decides, on a host with or without hardware interfaces. */
    boolean counts(boolean hardware) {
      return resolved && (hardware ? physical : !loopback);
    }

    /** Bytes per second; empty if not known. */
    OptionalDouble speed() {
      return speed;
    }

    /** 1 with carrier, 0 without; empty if not known. */
    OptionalDouble carrier() {
      return carrier;
    }

    /** Empty if not known; the same object while it does not change. */
    String operstate() {
      return operstate;
    }
  }

  private final Path directory;
  private final boolean backing;
  private final double turnsPerDevice;
  private final SmallFile reader = new SmallFile();
  private double turns;
  private int next;

  /**
   * The interfaces of {@code root}.
   *
   * @param every how often {@link #inspect} is called
   * @param backing whether it matters which interfaces have hardware
   */
  NetLinks(HostRoot root, Duration every, boolean backing) {
    this.directory = root.sys().resolve("class").resolve("net");
    this.backing = backing;
    this.turnsPerDevice = Math.min(1, every.toNanos() / REFRESH_NANOS);
  }

  /** Called once a tick: resolves new interfaces and those whose turn it is. */
  void inspect(List<NetCollector.NetDevice> devices) {
    turns = Math.min(devices.size(), turns + devices.size() * turnsPerDevice);
    for (; turns >= 1; turns--) {
      next = next + 1 < devices.size() ? next + 1 : 0;
      Link link = devices.get(next).link;
      link.attributesDue = true;
      if (backing && link.resolved) {
        resolve(devices.get(next));
      }
    }
    for (int i = 0; backing && i < devices.size(); i++) {
      if (!devices.get(i).link.resolved) {
        resolve(devices.get(i));
      }
    }
  }

  private void resolve(NetCollector.NetDevice device) {
    Link link = device.link;
    Backing found = Backing.of(directory, device.name);
    if (found == Backing.MISSING) {
      link.misses++;
      link.loopback = device.name.equals(LOOPBACK);
      link.resolved = link.misses >= LOOKS || !Files.isDirectory(directory);
      link.physical = link.resolved && !link.loopback;
      return;
    }
    link.misses = 0;
    link.physical = found == Backing.PHYSICAL;
    link.loopback = found == Backing.VIRTUAL && loopback(device.name);
    link.resolved = true;
  }

  private boolean loopback(String name) {
    File type = directory.resolve(name).resolve("type").toFile();
    try {
      return reader.read(type).nextUnsigned("type") == LOOPBACK_TYPE;
    } catch (IOException none) {
      return name.equals(LOOPBACK);
    }
  }

  /** Reads the attributes of an interface that is included, if it is new or has its turn. */
  void attributes(NetCollector.NetDevice device) {
    Link link = device.link;
    if (!link.attributesDue) {
      return;
    }
    link.attributesDue = false;
    if (!link.filesKnown && !findFiles(device.name, link)) {
      return;
    }
    readOperstate(link);
    link.carrier = readCarrier(link);
    link.speed = readSpeed(link);
  }

  private boolean findFiles(String name, Link link) {
    Optional<Path> folder = Backing.entry(directory, name);
    if (folder.isPresent()) {
      link.speedFile = folder.get().resolve("speed").toFile();
      link.carrierFile = folder.get().resolve("carrier").toFile();
      link.operstateFile = folder.get().resolve("operstate").toFile();
      link.filesKnown = true;
    }
    return link.filesKnown;
  }

  private void readOperstate(Link link) {
    try {
      ByteScanner in = reader.read(link.operstateFile);
      if (in.nextToken() && !in.tokenIs(link.operstateBytes)) {
        link.operstateBytes = in.tokenBytes();
        link.operstate = ByteScanner.text(link.operstateBytes);
      }
    } catch (IOException absent) {
      link.operstateBytes = new byte[0];
      link.operstate = "";
    }
  }

  /** An interface that is down refuses to tell: EINVAL. */
  private OptionalDouble readCarrier(Link link) {
    try {
      long carrier = reader.read(link.carrierFile).nextUnsigned("carrier");
      return OptionalDouble.of(carrier == 0 ? 0 : 1);
    } catch (IOException absent) {
      return OptionalDouble.empty();
    }
  }

  /** An interface that is down or virtual refuses to tell, or says -1. */
  private OptionalDouble readSpeed(Link link) {
    try {
      long megabits = reader.read(link.speedFile).nextSigned("speed");
      boolean known = megabits > 0 && megabits != UNKNOWN_16 && megabits < UNKNOWN_32;
      return known ? OptionalDouble.of(megabits * BYTES_PER_MEGABIT) : OptionalDouble.empty();
    } catch (IOException absent) {
      return OptionalDouble.empty();
    }
  }
}
