package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.RecorderClock;
import io.duologger.model.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The zones of RAPL: counters of microjoules that go round at max_energy_range_uj, which differs
 * from zone to zone and is no power of two, so the rounds are counted here. Used by one thread at a
 * time.
 */
final class RaplMeter implements PowerCollector.Meter {
  private static final int MOST_ZONES = 256;

  /** No zone takes more microjoules a nanosecond: 10 kW. A fall that would mean more is a reset. */
  private static final double CEILING = 10;

  private static final long RESET = -1;

  private static final String NEEDS = "root (CAP_DAC_READ_SEARCH)";

  private final Path folder;
  private final ModuleSettings settings;
  private final RecorderClock clock;
  private final long ticksPerSearch;
  private final Attribute.Reader reader = new Attribute.Reader();
  private final Series host = new Series(PowerCollector.HOST_ENERGY, Instance.HOST);
  private List<Zone> zones = List.of();
  private long tick;
  private long hostSum;

  /** A zone. */
  private static final class Zone {
    final Path folder;
    final String name;
    final boolean wanted;
    final Attribute energy;
    final long range;
    final Series series;
    boolean known;
    long raw;
    long sum;
    long readAt;

    Zone(Path folder, String name, boolean wanted, Attribute energy, long range) {
      this.folder = folder;
      this.name = name;
      this.wanted = wanted;
      this.energy = energy;
      this.range = range;
      this.series = new Series(PowerCollector.ENERGY, PowerCollector.instance(name));
    }

    boolean isPsys() {
      return name.startsWith("psys");
    }

    /** Whether it is a package or its memory, which no package holds. */
    boolean isPart() {
      return name.startsWith("package") && !name.contains("/") || name.endsWith("dram");
    }
  }

  RaplMeter(Surroundings surroundings, ModuleSettings settings) {
    this.folder = surroundings.root().sys().resolve("class").resolve("powercap");
    this.settings = settings;
    this.clock = surroundings.clock();
    this.ticksPerSearch = Search.ticks(settings.every());
  }

  @Override
  public void read(Readings into) throws IOException {
    if (tick++ % ticksPerSearch == 0 || zones.isEmpty()) {
      search();
    }
    if (zones.isEmpty()) {
      throw new SourceAbsentException("no zone in /sys/class/powercap");
    }
    boolean psys = false;
    for (Zone zone : zones) {
      psys |= zone.isPsys();
    }
    int read = 0;
    boolean whole = true;
    boolean any = false;
    for (Zone zone : zones) {
      boolean part = psys ? zone.isPsys() : zone.isPart();
      any |= part;
      if (zone.energy.read()) {
        read++;
        long grown = advance(zone);
        if (part && grown != RESET) {
          hostSum += grown;
        }
        whole &= !(part && grown == RESET);
        if (zone.wanted) {
          into.counter(zone.series, zone.sum);
        }
      } else {
        whole &= !part;
        zone.known = false;
      }
    }
    if (read == 0) {
      throw Attribute.explained(zones.get(0).energy.refusal(), NEEDS);
    }
    if (whole && any) {
      into.counter(host, hostSum);
    }
  }

  /** Counts what the zone has used since it was read last, and returns it, or RESET. */
  private long advance(Zone zone) {
    long now = clock.monotonicNanos();
    long value = zone.energy.value();
    // Ticks may follow each other closely after a late one.
    double passed = Math.max(now - zone.readAt, settings.every().toNanos());
    long grown = value - zone.raw;
    if (grown < 0 && zone.range > 0) {
      grown += zone.range;
    }
    boolean reset = zone.known && (grown < 0 || value < zone.raw && grown / passed > CEILING);
    if (reset || !zone.known && zone.sum == 0) {
      zone.sum = value;
    } else if (zone.known) {
      zone.sum += grown;
    }
    long counted = zone.known ? grown : 0;
    zone.raw = value;
    zone.readAt = now;
    zone.known = true;
    return reset ? RESET : counted;
  }

  private void search() throws IOException {
    Map<Path, Zone> known = new HashMap<>();
    for (Zone zone : zones) {
      known.put(zone.folder, zone);
    }
    List<Zone> found = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Map<String, String> parents = new HashMap<>();
    for (Path path : Hwmon.children(folder, "intel-rapl:*")) {
      Optional<String> own = Hwmon.word(path.resolve("name"));
      String file = path.getFileName().toString();
      if (own.isPresent() && file.matches("intel-rapl(:[0-9]{1,4}){1,3}")) {
        parents.put(file, own.get());
      }
    }
    for (Path path : Hwmon.children(folder, "intel-rapl:*")) {
      String file = path.getFileName().toString();
      if (parents.containsKey(file) && found.size() < MOST_ZONES) {
        String parent = parents.get(file.substring(0, file.lastIndexOf(':')));
        String own = parents.get(file);
        String name = parent == null ? own : parent + "/" + own;
        if (!names.add(name)) {
          name = name + " " + file.substring(file.indexOf(':') + 1);
          names.add(name);
        }
        Zone old = known.get(path);
        found.add(old != null && old.name.equals(name) ? old : zone(path, name));
      }
    }
    List<Zone> before = zones;
    zones = found;
    for (Zone zone : before) {
      if (!found.contains(zone)) {
        zone.energy.close();
      }
    }
  }

  private Zone zone(Path path, String name) {
    Attribute range = Attribute.of(path.resolve("max_energy_range_uj"), false, reader);
    return new Zone(
        path,
        name,
        settings.instances().matches(name),
        Attribute.of(path.resolve("energy_uj"), true, reader),
        range.read() ? range.value() : 0);
  }

  @Override
  public void close() throws IOException {
    for (Zone zone : zones) {
      zone.energy.close();
    }
    zones = List.of();
  }
}
