package io.duologger.collector.file;

import io.duologger.collector.Collector;
import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.Surroundings;
import io.duologger.collector.tool.PathPattern;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Options;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.ExecutionException;

/**
 * Counts and tells the lines of log files that patterns fit, across rotation of the files.
 *
 * <ul>
 *   <li>Source: the files that the configuration names, of which lines are read that come after the
 *       start; what is not UTF-8 is taken for Latin-1
 *   <li>Unit: lines and bytes per second; numbers in lines as they are
 *   <li>Kind: counters of this process, from 0 on; gauges; events; an info
 *   <li>Since kernel: any
 *   <li>Root needed: where only root may read a file, or CAP_DAC_READ_SEARCH
 *   <li>Threads: used by one at a time; one more for each file that is being read
 * </ul>
 *
 * <p>Patterns are regular expressions of Java, which can say what administrators know from other
 * tools, with a bound of the steps of each search, see {@link
 * io.duologger.collector.tool.LinePattern}: no line, by whomever it was written, can make a read
 * take long. A line counts for every pattern that fits.
 */
public final class LogwatchCollector implements Collector {
  private static final String FILE = "file";
  private static final String PATTERN = "pattern";
  private static final String FILES = "files";
  private static final String PATH = "path";
  private static final String PATTERNS = "patterns";
  private static final String MATCH = "match";
  private static final String TELL = "tell";
  private static final String FROM_START = "from-start";
  private static final String TEXTS = "texts";
  private static final String MOST = "most-mebibytes";
  private static final int MEBIBYTE = 1 << 20;

  /** What reads may take of the time limit before the files that hang are passed over. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** How long a writer may go on in a file that was moved away, and then be silent. */
  private static final Duration GOES_ON = Duration.ofMinutes(1);

  private static final int FEWEST_READS = 3;

  private static final Metric THERE =
      Metric.gauge("files", Unit.COUNT, "Files that there are of the name.");
  private static final Metric LINES =
      Metric.counter("lines_per_second", Unit.PER_SECOND, "Lines that were added.");
  private static final Metric BYTES =
      Metric.counter("read_bytes_per_second", Unit.BYTES_PER_SECOND, "Bytes that were added.");
  private static final Metric SKIPPED =
      Metric.counter(
          "skipped_bytes_per_second",
          Unit.BYTES_PER_SECOND,
          "Bytes passed over as too many at once.");
  private static final Metric UNTOLD =
      Metric.counter(
          "untold_per_second", Unit.PER_SECOND, "Lines that fit but are left out as too many.");
  private static final Metric STUCK =
      Metric.gauge("stuck_seconds", Unit.SECONDS, "How long a read has had no end.");
  private static final Metric FAILURE = Metric.info("failure", "Why it can't be read.");
  private static final Metric MATCHES =
      Metric.counter("matches_per_second", Unit.PER_SECOND, "Lines that the pattern fits.");
  private static final Metric GIVEN_UP =
      Metric.counter(
          "given_up_per_second", Unit.PER_SECOND, "Reads in which a search took too long.");
  private static final Metric VALUE =
      Metric.gauge("value", Unit.COUNT, "The number in the latest line that the pattern fits.");
  private static final Metric LINE = Metric.event("line", "A line that the pattern fits.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "logwatch",
          "lines of log files: how many there are, which patterns fit",
          Optional.of(FILE),
          List.of(
              THERE, LINES, BYTES, SKIPPED, UNTOLD, STUCK, FAILURE, MATCHES, GIVEN_UP, VALUE, LINE),
          List.of("the files of the configuration"),
          "root or CAP_DAC_READ_SEARCH, where others may not read a file",
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          options());

  private final Surroundings surroundings;
  private final List<Entry> entries = new ArrayList<>();
  private final int idleReads;

  /** A name of the configuration, its files, what was counted of them. */
  private static final class Entry {
    final WatchedLogs logs;
    final List<Tally> tallies = new ArrayList<>();
    final Series there;
    final Series lines;
    final Series bytes;
    final Series skipped;
    final Series untold;
    final Series stuck;
    final Series failure;
    final List<String> problems = new ArrayList<>();
    Duration longest = Duration.ZERO;
    long filesNow;
    long lineCount;
    long byteCount;
    long skippedCount;
    long untoldCount;

    Entry(String name, WatchedLogs logs) {
      this.logs = logs;
      Instance instance = Instance.of(FILE, name);
      there = new Series(THERE, instance);
      lines = new Series(LINES, instance);
      bytes = new Series(BYTES, instance);
      skipped = new Series(SKIPPED, instance);
      untold = new Series(UNTOLD, instance);
      stuck = new Series(STUCK, instance);
      failure = new Series(FAILURE, instance);
    }

    void begin() {
      problems.clear();
      longest = Duration.ZERO;
      filesNow = 0;
      tallies.forEach(Tally::begin);
    }

    void add(WatchedLog.Found found) {
      filesNow += found.progress().there() ? 1 : 0;
      lineCount += found.lines();
      byteCount += found.progress().bytes();
      skippedCount += found.progress().skipped();
      for (int i = 0; i < tallies.size(); i++) {
        untoldCount += tallies.get(i).add(found.matches().get(i));
      }
    }

    void hangs(Duration age) {
      longest = age.compareTo(longest) > 0 ? age : longest;
    }

    void emit(Readings into) {
      if (longest.compareTo(PATIENCE) >= 0) {
        into.gauge(stuck, longest.toNanos() / 1e9);
      }
      if (!problems.isEmpty()) {
        into.info(failure, problems.get(0));
      }
      // What can't be read now may have lines all the same: nothing is said of how many.
      boolean whole = problems.isEmpty() && longest.isZero();
      if (whole) {
        into.gauge(there, filesNow);
        into.counter(lines, lineCount);
        into.counter(bytes, byteCount);
        into.counter(skipped, skippedCount);
        into.counter(untold, untoldCount);
      }
      tallies.forEach(tally -> tally.emit(whole, into));
    }
  }

  /** A pattern of an entry. */
  private static final class Tally {
    final int most;
    final boolean tells;
    final Series matches;
    final Series givenUp;
    final Series value;
    final Series line;
    final Queue<String> texts = new ArrayDeque<>();
    OptionalDouble latest = OptionalDouble.empty();
    long count;
    long failures;

    Tally(Instance instance, boolean tells, int most) {
      this.tells = tells;
      this.most = tells ? most : 0;
      matches = new Series(MATCHES, instance);
      givenUp = new Series(GIVEN_UP, instance);
      value = new Series(VALUE, instance);
      line = new Series(LINE, instance);
    }

    void begin() {
      latest = OptionalDouble.empty();
    }

    /** Adds what one file had; the result is how many lines are not told. */
    long add(WatchedLog.Match match) {
      count += match.count();
      failures += match.gaveUp() ? 1 : 0;
      latest = match.value().isPresent() ? match.value() : latest;
      int told = Math.min(match.texts().size(), most - texts.size());
      texts.addAll(match.texts().subList(0, told));
      return tells ? match.count() - told : 0;
    }

    void emit(boolean whole, Readings into) {
      if (whole) {
        into.counter(matches, count);
        into.counter(givenUp, failures);
      }
      if (latest.isPresent()) {
        into.gauge(value, latest.getAsDouble());
      }
      for (String text = texts.poll(); text != null; text = texts.poll()) {
        into.event(line, text);
      }
    }
  }

  /** Reads on the host of {@code surroundings}. */
  public LogwatchCollector(Surroundings surroundings, ModuleSettings settings) {
    this.surroundings = surroundings;
    Options options = settings.options();
    idleReads = (int) Math.max(FEWEST_READS, GOES_ON.dividedBy(settings.every()));
    options
        .entries(FILES)
        .forEach(
            (name, file) -> {
              if (settings.instances().matches(name)) {
                entries.add(entry(name, file, options));
              }
            });
  }

  private Entry entry(String name, Options file, Options options) {
    List<WatchedLog.Wanted> wanted = new ArrayList<>();
    List<Tally> tallies = new ArrayList<>();
    file.entries(PATTERNS)
        .forEach(
            (pattern, keys) -> {
              Map<String, String> labels = new LinkedHashMap<>();
              labels.put(FILE, name);
              labels.put(PATTERN, pattern);
              Tally tally =
                  new Tally(new Instance(labels), keys.flag(TELL), options.integer(TEXTS));
              wanted.add(new WatchedLog.Wanted(keys.text(MATCH), tally.most));
              tallies.add(tally);
            });
    Path path = surroundings.root().file(Path.of(file.text(PATH)));
    WatchedLogs logs =
        new WatchedLogs(
            surroundings,
            new PathPattern(path),
            new WatchedLog.Manner(
                file.flag(FROM_START), options.integer(MOST) * MEBIBYTE, idleReads),
            wanted);
    Entry entry = new Entry(name, logs);
    entry.tallies.addAll(tallies);
    return entry;
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    if (entries.isEmpty()) {
      throw new SourceAbsentException("no files are configured");
    }
    long begun = surroundings.clock().monotonicNanos();
    for (Entry entry : entries) {
      entry.begin();
      entry.logs.ask();
    }
    for (Entry entry : entries) {
      list(entry, left(begun));
      entry.logs.all().forEach(WatchedLog::ask);
    }
    for (Entry entry : entries) {
      for (WatchedLog log : entry.logs.all()) {
        read(entry, log, left(begun));
      }
      entry.emit(into);
    }
  }

  /** What is left for one is what the others before it have not used. */
  private Duration left(long begun) {
    return PATIENCE.minusNanos(surroundings.clock().monotonicNanos() - begun);
  }

  private static void list(Entry entry, Duration patience) throws IOException {
    try {
      if (!entry.logs.isListed(patience)) {
        entry.logs.stuck().ifPresent(entry::hangs);
      }
    } catch (ExecutionException failed) {
      entry.problems.add(reason(failed.getCause()));
    }
  }

  private static void read(Entry entry, WatchedLog log, Duration patience) {
    try {
      Optional<WatchedLog.Found> found = log.found(patience);
      found.ifPresent(entry::add);
      if (found.isEmpty()) {
        log.stuck().ifPresent(entry::hangs);
      }
    } catch (ExecutionException failed) {
      entry.problems.add(reason(failed.getCause()));
    }
  }

  /** Why a file can't be read, as one clear line. */
  static String reason(Throwable failure) {
    if (failure instanceof AccessDeniedException) {
      return failure.getMessage() + ": permission denied, needs root or CAP_DAC_READ_SEARCH";
    }
    if (failure instanceof NoSuchFileException) {
      return failure.getMessage() + ": no such file";
    }
    return failure instanceof IOException && failure.getMessage() != null
        ? failure.getMessage()
        : "failed: " + failure.getClass().getSimpleName();
  }

  @Override
  public void close() throws IOException {
    for (Entry entry : entries) {
      entry.logs.close();
    }
  }

  private static List<ModuleOption> options() {
    return List.of(
        ModuleOption.entries(
            FILES,
            List.of(
                ModuleOption.text(
                        PATH, "", "Where it is; the last part may be a pattern, as in *.log.")
                    .asRequired(),
                ModuleOption.flag(
                    FROM_START, false, "Whether what the file holds at the start is new."),
                ModuleOption.entries(
                    PATTERNS,
                    List.of(
                        ModuleOption.expression(
                                MATCH, "", "What is looked for; its group <value> is a number.")
                            .asRequired(),
                        ModuleOption.flag(
                            TELL, true, "Whether the lines are told, and not only counted.")),
                    "What is looked for in each line.")),
            "The files that are followed."),
        ModuleOption.integer(
            TEXTS, 10, 0, 100, "How many lines of each pattern are told between two reads."),
        ModuleOption.integer(
            MOST,
            16,
            1,
            1024,
            "How much of a file is read at once; what is before is passed over."));
  }
}
