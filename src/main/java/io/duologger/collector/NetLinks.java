package io.duologger.collector;

import io.duologger.procfs.Backing;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.ProcFile;
import io.duologger.procfs.SmallFile;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What sysfs says of network interfaces. A new interface is read at once; then each has its turn
 * about every ten seconds, later where that would be too many a tick. Used by one thread at a time.
 *
 * <p>Opening a file of sysfs costs the kernel ten times what reading it does. So the files of the
 * first few interfaces stay open from turn to turn. An open file follows its interface when that is
 * renamed: about every five minutes the files are opened anew, and it is looked again what is
 * behind the name.
 */
final class NetLinks implements Closeable {
  private static final double REFRESH_NANOS = 10e9;
  private static final double RENEWAL_NANOS = 300e9;

  /** So many interfaces have their turn in one tick at most. */
  private static final int MOST_TURNS = 20;

  /** So many interfaces have files that stay open, three each. */
  private static final int KEPT = 16;

  private static final double BYTES_PER_MEGABIT = 125_000;
  private static final long LOOPBACK_TYPE = 772;
  private static final String LOOPBACK = "lo";

  /** What some drivers say instead of "unknown": the largest 16-bit and 31-bit numbers. */
  private static final long UNKNOWN_16 = 65_535;

  private static final long UNKNOWN_32 = Integer.MAX_VALUE;

  /** How often an interface that sysfs does not have is looked for before it counts as hardware. */
  private static final int LOOKS = 2;

  /** The attributes that are read again and again. */
  private static final List<String> ATTRIBUTES = List.of("operstate", "carrier", "speed");

  private static final int OPERSTATE = 0;
  private static final int CARRIER = 1;
  private static final int SPEED = 2;
  private static final File[] NO_FILES = {};
  private static final ProcFile[] NONE_OPEN = {};

  /** The state of one interface. */
  static final class Link {
    private boolean resolved;
    private int misses;
    private boolean physical;
    private boolean virtual;
    private boolean loopback;
    private boolean attributesDue = true;
    private long turns;
    private long lastTick;
    private File[] files = NO_FILES;

    /** The same files, if they stay open; else none. */
    private ProcFile[] open = NONE_OPEN;

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
  private final long turnsPerRenewal;
  private final SmallFile reader = new SmallFile();

  /** The interfaces whose files are open. */
  private final List<Link> kept = new ArrayList<>();

  private double turns;
  private int next;
  private long tick;

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
    this.turnsPerRenewal =
        Math.max(1, Math.round(RENEWAL_NANOS / Math.max(REFRESH_NANOS, every.toNanos())));
  }

  /** Called once a tick: resolves new interfaces and those whose turn it is. */
  void inspect(List<NetCollector.NetDevice> devices) throws IOException {
    tick++;
    double due = turns + devices.size() * turnsPerDevice;
    turns = Math.min(due, Math.min(devices.size(), MOST_TURNS));
    for (; turns >= 1; turns--) {
      next = next + 1 < devices.size() ? next + 1 : 0;
      takeTurn(devices.get(next));
    }
    for (int i = 0; backing && i < devices.size(); i++) {
      if (!devices.get(i).link.resolved) {
        resolve(devices.get(i));
      }
    }
  }

  private void takeTurn(NetCollector.NetDevice device) throws IOException {
    Link link = device.link;
    link.attributesDue = true;
    link.turns++;
    boolean renewal = link.turns % turnsPerRenewal == 0;
    if (renewal) {
      release(link);
      releaseVanished();
    }
    if (backing && link.resolved && (renewal || link.misses > 0)) {
      resolve(device);
    }
  }

  /** Closes what belongs to interfaces that are not there, or not included, any more. */
  private void releaseVanished() throws IOException {
    for (int i = kept.size() - 1; i >= 0; i--) {
      if (kept.get(i).lastTick < tick - 1) {
        release(kept.get(i));
      }
    }
  }

  private void release(Link link) throws IOException {
    if (kept.remove(link)) {
      ProcFile[] open = link.open;
      link.open = NONE_OPEN;
      for (ProcFile file : open) {
        file.close();
      }
    }
  }

  private void resolve(NetCollector.NetDevice device) {
    Link link = device.link;
    Backing found = Backing.of(directory, device.name);
    if (found == Backing.MISSING) {
      link.misses++;
      link.virtual = false;
      link.loopback = device.name.equals(LOOPBACK);
      link.resolved = link.misses >= LOOKS || !Files.isDirectory(directory);
      link.physical = link.resolved && !link.loopback;
      return;
    }
    link.misses = 0;
    link.physical = found == Backing.PHYSICAL;
    if (link.physical) {
      link.virtual = false;
      link.loopback = false;
    } else if (!link.virtual) {
      // An interface does not become the loopback device, nor stops being it.
      link.virtual = true;
      link.loopback = loopback(device.name);
    }
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
    link.lastTick = tick;
    if (!link.attributesDue) {
      return;
    }
    link.attributesDue = false;
    if (link.files == NO_FILES) {
      link.files = files(device.name);
    }
    if (link.files == NO_FILES) {
      return;
    }
    if (link.open == NONE_OPEN && kept.size() < KEPT) {
      ProcFile[] open = new ProcFile[link.files.length];
      for (int i = 0; i < open.length; i++) {
        open[i] = ProcFile.ofAttribute(link.files[i].toPath());
      }
      link.open = open;
      kept.add(link);
    }
    readOperstate(link);
    link.carrier = readCarrier(link);
    link.speed = readSpeed(link);
  }

  private File[] files(String name) {
    Optional<Path> folder = Backing.entry(directory, name);
    if (folder.isEmpty()) {
      return NO_FILES;
    }
    File[] files = new File[ATTRIBUTES.size()];
    for (int i = 0; i < files.length; i++) {
      files[i] = folder.get().resolve(ATTRIBUTES.get(i)).toFile();
    }
    return files;
  }

  /** A scanner on the first line. */
  private ByteScanner read(Link link, int attribute) throws IOException {
    if (link.open == NONE_OPEN) {
      return reader.read(link.files[attribute]);
    }
    ByteScanner in = link.open[attribute].read();
    if (!in.nextLine()) {
      throw in.malformed("empty");
    }
    return in;
  }

  private void readOperstate(Link link) {
    try {
      ByteScanner in = read(link, OPERSTATE);
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
      long carrier = read(link, CARRIER).nextUnsigned("carrier");
      return OptionalDouble.of(carrier == 0 ? 0 : 1);
    } catch (IOException absent) {
      return OptionalDouble.empty();
    }
  }

  /** An interface that is down or virtual refuses to tell, or says -1. */
  private OptionalDouble readSpeed(Link link) {
    try {
      long megabits = read(link, SPEED).nextSigned("speed");
      boolean known = megabits > 0 && megabits != UNKNOWN_16 && megabits < UNKNOWN_32;
      return known ? OptionalDouble.of(megabits * BYTES_PER_MEGABIT) : OptionalDouble.empty();
    } catch (IOException absent) {
      return OptionalDouble.empty();
    }
  }

  @Override
  public void close() throws IOException {
    while (!kept.isEmpty()) {
      release(kept.get(kept.size() - 1));
    }
  }
}
