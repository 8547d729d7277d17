package io.duologger.collector.file;

import io.duologger.collector.Collector;
import io.duologger.collector.Probe;
import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.Surroundings;
import io.duologger.collector.tool.PathPattern;
import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * Takes values from files that scripts write: lines {@code key=value}, or Prometheus's text format
 * in files whose name ends with {@code .prom}.
 *
 * <ul>
 *   <li>Source: the files that the configuration names, see {@link
 *       io.duologger.collector.tool.KeyValues} and {@link PrometheusText}
 *   <li>Unit: as the file's, which names it; ages in seconds
 *   <li>Kind: gauges, counters where the file or the configuration says so, infos
 *   <li>Since kernel: any
 *   <li>Root needed: where only root may read a file, or CAP_DAC_READ_SEARCH
 *   <li>Threads: used by one at a time; one more for each file that is being read
 * </ul>
 *
 * <p>A file that is wrong anywhere has no values at all: which of them are old or half written
 * can't be known. Names are labels, as they may be any text.
 */
public final class TextfileCollector implements Collector {
  private static final String PATHS = "paths";
  private static final String COUNTERS = "counters";
  private static final String MOST = "most-values";
  private static final int MOST_FILES = 1000;

  /** What reads may take of the time limit before the files that hang are passed over. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Metric UP =
      Metric.gauge("up", Unit.COUNT, "1 if all of the file could be read, 0 if not.");
  private static final Metric FAILURE = Metric.info("failure", "Why it could not be read.");
  private static final Metric AGE =
      Metric.gauge("age_seconds", Unit.SECONDS, "How long the file has not been changed.");
  private static final Metric STUCK =
      Metric.gauge("stuck_seconds", Unit.SECONDS, "How long a read has had no end.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "textfile",
          "values from files that scripts write, as key=value or in Prometheus's text format",
          Optional.of(FileValues.FILE),
          List.of(UP, FAILURE, AGE, STUCK, FileValues.VALUE, FileValues.RATE, FileValues.TEXT),
          List.of("the files of the configuration"),
          "root or CAP_DAC_READ_SEARCH, where others may not read a file",
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          options());

  private final Surroundings surroundings;
  private final ModuleSettings settings;
  private final Globs counters;
  private final List<Listing> listings = new ArrayList<>();
  private final Map<Path, Known> files = new TreeMap<>();

  /** The files of one path of the configuration. */
  private static final class Listing {
    final PathPattern pattern;
    final Probe<List<Path>> probe;
    List<Path> paths = List.of();

    Listing(Surroundings surroundings, PathPattern pattern) {
      this.pattern = pattern;
      probe = new Probe<>(surroundings, () -> pattern.list(MOST_FILES));
    }
  }

  /** A file and its series. */
  private static final class Known {
    final ValueFile file;
    final FileValues values;
    final Series up;
    final Series failure;
    final Series age;
    final Series stuck;

    Known(ValueFile file, String name, Globs counters) {
      this.file = file;
      values = new FileValues(name, counters);
      Instance instance = Instance.of(FileValues.FILE, name);
      up = new Series(UP, instance);
      failure = new Series(FAILURE, instance);
      age = new Series(AGE, instance);
      stuck = new Series(STUCK, instance);
    }

    void fails(String why, Readings into) {
      into.gauge(up, 0);
      into.info(failure, why);
    }
  }

  /** Reads on the host of {@code surroundings}. */
  public TextfileCollector(Surroundings surroundings, ModuleSettings settings) {
    this.surroundings = surroundings;
    this.settings = settings;
    counters = new Globs(settings.options().list(COUNTERS), List.of());
    for (String path : settings.options().list(PATHS)) {
      listings.add(
          new Listing(surroundings, new PathPattern(surroundings.root().file(Path.of(path)))));
    }
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    if (listings.isEmpty()) {
      throw new SourceAbsentException("no paths are configured");
    }
    long begun = surroundings.clock().monotonicNanos();
    listings.forEach(listing -> listing.probe.ask());
    Map<String, String> troubles = new TreeMap<>();
    Set<Path> there = new HashSet<>();
    for (Listing listing : listings) {
      list(listing, left(begun), troubles);
      there.addAll(listing.paths);
    }
    files.keySet().removeIf(path -> !there.contains(path));
    listings.forEach(listing -> listing.paths.forEach(this::know));
    files.values().forEach(known -> known.file.ask());
    for (Known known : files.values()) {
      read(known, left(begun), into);
    }
    troubles.forEach(
        (path, why) -> {
          Instance instance = Instance.of(FileValues.FILE, path);
          into.gauge(new Series(UP, instance), 0);
          into.info(new Series(FAILURE, instance), why);
        });
  }

  /** What is left for one is what the others before it have not used. */
  private Duration left(long begun) {
    return PATIENCE.minusNanos(surroundings.clock().monotonicNanos() - begun);
  }

  private static void list(Listing listing, Duration patience, Map<String, String> troubles) {
    String path = listing.pattern.path().toString();
    try {
      Optional<List<Path>> found = listing.probe.answer(patience);
      if (found.isPresent()) {
        listing.paths = found.get();
      } else {
        troubles.put(path, "no answer of the file system");
      }
    } catch (ExecutionException failed) {
      listing.paths = List.of();
      troubles.put(path, LogwatchCollector.reason(failed.getCause()));
    }
  }

  /** The first file of a name has that name, others their path. */
  private void know(Path path) {
    String name = String.valueOf(path.getFileName());
    if (files.containsKey(path) || !settings.instances().matches(name)) {
      return;
    }
    boolean taken = files.values().stream().anyMatch(known -> known.values.name().equals(name));
    ValueFile file = new ValueFile(surroundings, path, settings.options().integer(MOST));
    files.put(path, new Known(file, taken ? path.toString() : name, counters));
  }

  private static void read(Known known, Duration patience, Readings into) {
    try {
      Optional<ValueFile.Content> content = known.file.content(patience);
      if (content.isPresent()) {
        into.gauge(known.up, 1);
        into.gauge(known.age, content.get().age().toNanos() / 1e9);
        known.values.emit(content.get().items(), into);
        return;
      }
      known.fails("no answer of the file system", into);
      Duration stuck = known.file.stuck().orElse(Duration.ZERO);
      if (stuck.compareTo(PATIENCE) >= 0) {
        into.gauge(known.stuck, stuck.toNanos() / 1e9);
      }
    } catch (ExecutionException failed) {
      known.fails(LogwatchCollector.reason(failed.getCause()), into);
    }
  }

  private static List<ModuleOption> options() {
    return List.of(
        ModuleOption.list(
            PATHS, List.of(), "The files; the last part may be a pattern, as in *.prom."),
        ModuleOption.list(
            COUNTERS,
            List.of(),
            "Keys that are counted, as patterns, where the file does not say so."),
        ModuleOption.integer(
            MOST, 1000, 1, 100_000, "How many values a file may have; one with more has none."));
  }
}
