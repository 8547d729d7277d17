package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The chips of /sys/class/hwmon, by the kernel's hwmon/sysfs-interface. Their numbers change from
 * boot to boot: a sensor goes by its chip's name, the device behind it, and its own label.
 */
final class Hwmon {
  /** No host has more chips or sensors. */
  static final int MOST = 512;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final String CHIP = "chip";
  private static final String DEVICE = "device";
  private static final String SENSOR = "sensor";
  private static final int LONGEST_NAME = 64;
  private static final int MOST_FILES = 20_000;

  /** A chip: its folder, name, and the name of the device behind it. */
  record Chip(Path folder, String name, Optional<String> device) {}

  /** A sensor: where its files are, what they begin with, and what it is called. */
  record Sensor(Path folder, String prefix, Instance instance) {
    /** The file of it that ends with {@code ending}. */
    Path file(String ending) {
      return folder.resolve(prefix + ending);
    }
  }

  private Hwmon() {}

  /** What {@code folder} holds, in the order of names and the numbers in them. */
  static List<Path> children(Path folder, String glob) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
      for (Path entry : entries) {
        if (found.size() == MOST_FILES) {
          break;
        }
        found.add(entry);
      }
    } catch (NoSuchFileException | NotDirectoryException gone) {
      return List.of();
    } catch (java.nio.file.DirectoryIteratorException failed) {
      throw failed.getCause();
    }
    found.sort(
        Comparator.comparingLong((Path path) -> number(path.getFileName().toString()))
            .thenComparing(path -> path.getFileName().toString()));
    return found;
  }

  /** The first number in a name; 0 without one. */
  private static long number(String name) {
    Matcher matcher = NUMBER.matcher(name);
    return matcher.find() ? Long.parseLong(matcher.group()) : 0;
  }

  /** The chips of {@code root}, in the order of their names. */
  static List<Chip> chips(HostRoot root) throws IOException {
    List<Chip> chips = new ArrayList<>();
    for (Path entry : children(root.sys().resolve("class").resolve("hwmon"), "hwmon*")) {
      // Old kernels have the files of some chips in the device's folder.
      for (Path folder : List.of(entry, entry.resolve(DEVICE))) {
        Optional<String> name = word(folder.resolve("name"));
        if (name.isPresent() && chips.size() < MOST) {
          chips.add(new Chip(folder, name.get(), device(entry.resolve(DEVICE))));
          break;
        }
      }
    }
    chips.sort(Comparator.comparing(Chip::name).thenComparing(chip -> chip.device().orElse("")));
    return chips;
  }

  /** The last part of where a link points to. */
  private static Optional<String> device(Path link) {
    try {
      Path target = Files.readSymbolicLink(link).getFileName();
      return target == null ? Optional.empty() : Optional.of(cut(target.toString()));
    } catch (IOException | UnsupportedOperationException none) {
      return Optional.empty();
    }
  }

  /** The sensors of {@code chips} that have a file KINDn_ENDING, each of another name. */
  static List<Sensor> sensors(List<Chip> chips, String kind, List<String> endings)
      throws IOException {
    Pattern form = Pattern.compile("(" + kind + "[0-9]{1,4})_(" + String.join("|", endings) + ")");
    Map<Instance, Sensor> sensors = new LinkedHashMap<>();
    for (Chip chip : chips) {
      for (Path file : children(chip.folder(), kind + "*")) {
        Matcher matcher = form.matcher(file.getFileName().toString());
        if (matcher.matches() && sensors.size() < MOST) {
          String prefix = matcher.group(1);
          Optional<String> label = word(chip.folder().resolve(prefix + "_label"));
          Instance named = instance(chip.name(), chip.device(), label.orElse(prefix));
          Sensor sensor = new Sensor(chip.folder(), prefix, named);
          Sensor other = sensors.putIfAbsent(named, sensor);
          if (other != null && !other.file("").equals(sensor.file(""))) {
            // Two sensors of one label, or two chips that nothing tells apart.
            String word = label.map(text -> text + " " + prefix).orElse(prefix);
            Instance longer = instance(chip.name(), chip.device(), word);
            sensors.putIfAbsent(longer, new Sensor(chip.folder(), prefix, longer));
          }
        }
      }
    }
    return List.copyOf(sensors.values());
  }

  /** A sensor's name. */
  static Instance instance(String chip, Optional<String> device, String sensor) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(CHIP, chip);
    device.ifPresent(name -> labels.put(DEVICE, name));
    labels.put(SENSOR, sensor);
    return new Instance(labels);
  }

  /** The text of a file of one line; empty if it can't be had. */
  static Optional<String> word(Path file) {
    try {
      return SmallText.of(file).map(Hwmon::cut);
    } catch (IOException refused) {
      return Optional.empty();
    }
  }

  private static String cut(String name) {
    return name.substring(0, Math.min(LONGEST_NAME, name.length()));
  }
}
