package io.duologger.collector;

import io.duologger.model.ModuleSettings;
import io.duologger.procfs.HostRoot;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The graphics processors of /sys/class/drm that have facts there: those of AMD (amdgpu) and the
 * frequency of Intel's (i915, xe). Their order is that of the bus, as in lspci. One that is asleep
 * is not woken up. Used by one thread at a time.
 */
final class DrmGpus implements Closeable {
  /** Of the PCI bus. */
  private static final String NVIDIA = "0x10de";

  private static final int MOST = 256;
  private static final double PERCENT = 0.01;
  private static final double PULSE = 1.0 / 255;
  private static final double MICRO = 1e-6;
  private static final double MILLI = 1e-3;
  private static final double MEGA = 1e6;

  private final Path folder;
  private final long ticksPerSearch;
  private final Attribute.Reader reader = new Attribute.Reader();
  private List<Card> cards = List.of();
  private long tick;

  /** A file, what it says, and what its number is multiplied with. */
  private record Source(GpuFact fact, Attribute file, double scale) {}

  /** A card. */
  static final class Card {
    /** By the ordinals of facts; NaN stands for what is not known. */
    final double[] values = new double[GpuFact.COUNT];

    private final Path device;
    private final Path status;
    private final String address;
    private final boolean isNvidia;
    private final List<Source> sources = new ArrayList<>();

    private Card(Path device, String address, boolean isNvidia) {
      this.device = device;
      this.status = device.resolve("power").resolve("runtime_status");
      this.address = address;
      this.isNvidia = isNvidia;
    }

    /** Whether NVIDIA made it. */
    boolean isNvidia() {
      return isNvidia;
    }

    /** Whether it has any facts. */
    boolean isMeasured() {
      return !sources.isEmpty();
    }
  }

  DrmGpus(HostRoot root, ModuleSettings settings) {
    this.folder = root.sys().resolve("class").resolve("drm");
    this.ticksPerSearch = Search.ticks(settings.every());
  }

  /** All cards, also those without facts, as they have numbers. */
  List<Card> read() throws IOException {
    if (tick++ % ticksPerSearch == 0 || cards.isEmpty()) {
      search();
    }
    for (int i = 0; i < cards.size(); i++) {
      read(cards.get(i));
    }
    return cards;
  }

  private static void read(Card card) {
    Arrays.fill(card.values, Double.NaN);
    if (!card.isMeasured() || Hwmon.word(card.status).filter("suspended"::equals).isPresent()) {
      return;
    }
    for (int i = 0; i < card.sources.size(); i++) {
      Source source = card.sources.get(i);
      if (source.file().read()) {
        long value = source.file().value();
        if (value >= 0 || source.fact().isSigned()) {
          card.values[source.fact().ordinal()] = GpuFact.scaled(value, source.scale());
        }
      }
    }
    double total = card.values[GpuFact.MEMORY_TOTAL.ordinal()];
    double used = card.values[GpuFact.MEMORY_USED.ordinal()];
    if (total > 0) {
      card.values[GpuFact.MEMORY_FREE.ordinal()] = total - used;
      card.values[GpuFact.MEMORY_SHARE.ordinal()] = used / total;
    }
  }

  private void search() throws IOException {
    Map<Path, Card> known = new HashMap<>();
    cards.forEach(card -> known.put(card.device, card));
    List<Card> found = new ArrayList<>();
    for (Path path : Hwmon.children(folder, "card[0-9]*")) {
      Path device = path.resolve("device");
      if (path.getFileName().toString().matches("card[0-9]{1,4}")
          && Files.exists(device.resolve("vendor"))
          && found.size() < MOST) {
        Card card = known.remove(device);
        found.add(card == null ? card(path, device) : card);
      }
    }
    found.sort(Comparator.comparing(card -> card.address));
    cards = found;
    for (Card gone : known.values()) {
      close(gone);
    }
  }

  private Card card(Path path, Path device) throws IOException {
    String vendor = Hwmon.word(device.resolve("vendor")).orElse("");
    Card card = new Card(device, address(device), vendor.equals(NVIDIA));
    add(card, GpuFact.UTILISATION, PERCENT, device.resolve("gpu_busy_percent"));
    add(card, GpuFact.MEMORY_UTILISATION, PERCENT, device.resolve("mem_busy_percent"));
    add(card, GpuFact.MEMORY_TOTAL, 1, device.resolve("mem_info_vram_total"));
    add(card, GpuFact.MEMORY_USED, 1, device.resolve("mem_info_vram_used"));
    add(
        card,
        GpuFact.CLOCK,
        MEGA,
        path.resolve("gt_act_freq_mhz"),
        device.resolve("tile0").resolve("gt0").resolve("freq0").resolve("act_freq"));
    List<Path> chips = Hwmon.children(device.resolve("hwmon"), "hwmon[0-9]*");
    if (!chips.isEmpty()) {
      sensors(card, chips.get(0));
    }
    return card;
  }

  /** By the kernel's documentation of amdgpu. */
  private void sensors(Card card, Path chip) {
    add(card, GpuFact.POWER, MICRO, chip.resolve("power1_average"), chip.resolve("power1_input"));
    add(card, GpuFact.POWER_LIMIT, MICRO, chip.resolve("power1_cap"));
    add(card, GpuFact.FAN, PULSE, chip.resolve("pwm1"));
    add(card, GpuFact.CLOCK, 1, chip.resolve("freq1_input"));
    add(card, GpuFact.MEMORY_CLOCK, 1, chip.resolve("freq2_input"));
    add(
        card,
        GpuFact.TEMPERATURE,
        MILLI,
        labelled(chip, "edge").orElse(chip.resolve("temp1_input")));
    Optional<Path> memory = labelled(chip, "mem");
    if (memory.isPresent()) {
      add(card, GpuFact.MEMORY_TEMPERATURE, MILLI, memory.get());
    }
  }

  private static Optional<Path> labelled(Path chip, String label) {
    for (int i = 1; i <= 3; i++) {
      if (Hwmon.word(chip.resolve("temp" + i + "_label")).filter(label::equals).isPresent()) {
        return Optional.of(chip.resolve("temp" + i + "_input"));
      }
    }
    return Optional.empty();
  }

  /** The first of the files that is there. */
  private void add(Card card, GpuFact fact, double scale, Path... files) {
    for (Path file : files) {
      if (Files.exists(file)) {
        card.sources.add(new Source(fact, Attribute.of(file, true, reader), scale));
        return;
      }
    }
  }

  /** Where it is on the bus. */
  private static String address(Path device) {
    try {
      return String.valueOf(Files.readSymbolicLink(device).getFileName());
    } catch (IOException | UnsupportedOperationException none) {
      return device.toString();
    }
  }

  private static void close(Card card) throws IOException {
    for (Source source : card.sources) {
      source.file().close();
    }
  }

  @Override
  public void close() throws IOException {
    for (Card card : cards) {
      close(card);
    }
    cards = List.of();
  }
}
