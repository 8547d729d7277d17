package io.duologger.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Checks single values and gathers what is wrong with them. A check gives the value, or nothing and
 * a problem. Used by one thread.
 */
final class Problems {
  private static final String DURATION = "expected a duration such as 1 s or 10 minutes";
  private static final String SIZE = "expected a size such as 10 MiB or 500 kB";

  private final List<Entry> entries = new ArrayList<>();

  private record Entry(Place place, Problem problem) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return place.compareTo(other.place);
    }
  }

  void add(Place place, String key, String shown, String expected) {
    entries.add(new Entry(place, new Problem(place.text(), key, shown, expected)));
  }

  void add(Field field, String expected) {
    add(field.place(), field.key(), field.shown(), expected);
  }

  /** Without a lambda, each of which would be linked at each start. */
  void addIfPresent(Optional<Field> field, String expected) {
    if (field.isPresent()) {
      add(field.get(), expected);
    }
  }

  /** A problem that was found before. */
  void add(Problem problem) {
    entries.add(new Entry(Place.COMMAND_LINE, problem));
  }

  /** All of them in the order of their places, each once. */
  List<Problem> sorted() {
    Collections.sort(entries);
    Set<Problem> sorted = new LinkedHashSet<>();
    for (Entry entry : entries) {
      sorted.add(entry.problem());
    }
    return List.copyOf(sorted);
  }

  /**
   * A duration within limits.
   *
   * @param or what else the message offers; empty if nothing
   */
  Optional<Duration> duration(Field field, Duration min, Duration max, String or) {
    String text = field.text().orElse("");
    OptionalLong nanos = Quantities.nanos(text);
    if (nanos.isEmpty()) {
      boolean bare = Quantities.bare(text);
      add(
          field,
          bare
              ? "expected a duration with its unit, such as 1 s or 10 minutes" + or
              : DURATION + or);
      return Optional.empty();
    }
    if (isOutside(nanos.getAsLong(), min.toNanos(), max.toNanos())) {
      add(
          field,
          "expected a duration from " + Quantities.text(min) + " to " + Quantities.text(max) + or);
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(nanos.getAsLong()));
  }

  /** A duration within limits, of which seconds need no unit. */
  Optional<Duration> seconds(Field field, Duration min, Duration max) {
    String text = field.text().orElse("").strip();
    String whole = Quantities.bare(text) ? text + " s" : text;
    if (Quantities.nanos(whole).isEmpty()) {
      add(field, "expected seconds such as 60 or 0.5, or a duration such as 500 ms");
      return Optional.empty();
    }
    Field withUnit = new Field(field.place(), field.key(), field.shown(), Optional.of(whole));
    return duration(withUnit, min, max, "");
  }

  /** The largest number stands for all that are too large. */
  private static boolean isOutside(long value, long min, long max) {
    return value < min || value > max || value == Long.MAX_VALUE;
  }

  Optional<Long> size(Field field, long min, long max) {
    String text = field.text().orElse("");
    OptionalLong bytes = Quantities.bytes(text);
    if (bytes.isEmpty()) {
      boolean bare = Quantities.bare(text);
      add(field, bare ? "expected a size with its unit, such as 10 MiB or 500 kB" : SIZE);
      return Optional.empty();
    }
    if (isOutside(bytes.getAsLong(), min, max)) {
      add(field, "expected a size from " + Quantities.text(min) + " to " + Quantities.text(max));
      return Optional.empty();
    }
    return Optional.of(bytes.getAsLong());
  }

  Optional<Integer> integer(Field field, int min, int max) {
    String text = field.text().orElse("").strip();
    int value = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    if (value < min || value > max) {
      add(field, "expected a whole number from " + min + " to " + max);
      return Optional.empty();
    }
    return Optional.of(value);
  }

  /** The name of a file, not of a folder. */
  Optional<Path> file(Field field) {
    try {
      String text = field.text().orElse("");
      Path path = Path.of(text);
      if (path.getFileName() != null && !text.isBlank() && !text.endsWith("/")) {
        return Optional.of(path);
      }
      add(field, "expected the name of a file");
    } catch (InvalidPathException impossible) {
      add(field, "expected the name of a file");
    }
    return Optional.empty();
  }

  /** The name of a folder. */
  Optional<Path> folder(Field field) {
    try {
      Optional<Path> path = field.text().filter(text -> !text.isBlank()).map(Path::of);
      if (path.isPresent()) {
        return path;
      }
      add(field, "expected the name of a folder");
    } catch (InvalidPathException impossible) {
      add(field, "expected the name of a folder");
    }
    return Optional.empty();
  }

  Optional<Boolean> flag(Field field) {
    Optional<String> word = choice(field, List.of("true", "false"));
    return word.isPresent() ? Optional.of(Boolean.valueOf(word.get())) : Optional.empty();
  }

  Optional<String> choice(Field field, List<String> choices) {
    Optional<String> text = field.text();
    if (text.isPresent() && choices.contains(text.get())) {
      return text;
    }
    add(field, "expected " + String.join(" or ", choices));
    return Optional.empty();
  }

  /** Says that there is no such key, module or the like. */
  void unknown(
      Place place, String key, String shown, String what, String word, List<String> known) {
    Optional<String> nearest = Text.nearest(word, known);
    add(
        place,
        key,
        shown,
        "no such " + what + (nearest.isPresent() ? "; did you mean " + nearest.get() + "?" : ""));
  }
}
