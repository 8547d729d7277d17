package io.duologger.collector;

import io.duologger.collector.tool.KeyValues;
import io.duologger.collector.tool.Words;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Runs the site's own programs and takes what they print for readings.
 *
 * <ul>
 *   <li>Source: programs, argument lists without a shell; pairs key=value or a JSON object on their
 *       standard output
 *   <li>Unit: seconds; whatever the program means
 *   <li>Kind: gauges; counters for keys that are said to be some; infos for texts
 *   <li>Since kernel: any
 *   <li>Root needed: no; programs have the rights of the recorder
 *   <li>Threads: used by one at a time; three more for each program that runs
 * </ul>
 *
 * <p>Programs run side by side, none twice at a time. A sample waits a while for their ends; what
 * one prints that takes longer is in the first sample after its end, once. So a slow one holds up
 * no other, and one that can't even be killed is only told of with its age.
 */
public final class ExecCollector implements Collector {
  static final String PROGRAMS = "programs";
  static final String REST = "at-most-every";
  static final String PATIENCE = "answer-within";

  private static final String LABEL = "program";
  private static final String KEY = "key";
  private static final int LONGEST_TEXT = 200;
  private static final Duration ALWAYS = Duration.ofMillis(1);

  /** What killing may take before a program counts as stuck. */
  private static final Duration KILLING = Duration.ofSeconds(1);

  private static final Metric SUCCEEDED =
      Metric.gauge(
          "succeeded",
          Unit.COUNT,
          "1 if it has ended with status 0 and its output was understood, 0 if not.");
  private static final Metric STATUS =
      Metric.gauge(
          "exit_status",
          Unit.COUNT,
          "Its exit status; 128 and the signal's number if a signal ended it.");
  private static final Metric DURATION =
      Metric.gauge("duration_seconds", Unit.SECONDS, "How long it has run.");
  private static final Metric RUNNING =
      Metric.gauge("running_seconds", Unit.SECONDS, "How long it has been running without an end.");
  private static final Metric STUCK =
      Metric.gauge(
          "stuck_seconds",
          Unit.SECONDS,
          "How long it has been running, if it was killed and still is there.");
  private static final Metric FAILURE = Metric.info("failure", "Why it has not succeeded.");
  private static final Metric VALUE =
      Metric.gauge("value", Unit.COUNT, "A number that it printed, in its own unit.")
          .formerly("{" + KEY + "}");
  private static final Metric RATE =
      Metric.counter("value_per_second", Unit.PER_SECOND, "The rate of a counter that it printed.")
          .formerly("{" + KEY + "}");
  private static final Metric TEXT = Metric.info("text", "A text that it printed.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "exec",
          "the site's own programs: what they print, their exit status and duration",
          Optional.of(LABEL),
          List.of(SUCCEEDED, STATUS, DURATION, RUNNING, STUCK, FAILURE, VALUE, RATE, TEXT),
          List.of("any program"),
          "",
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          List.of(
              ModuleOption.entries(PROGRAMS, keys(), "The programs."),
              ModuleOption.duration(
                  PATIENCE,
                  Duration.ofSeconds(5),
                  "How long a sample waits for programs to end, at most half of every.")));

  private final Surroundings surroundings;
  private final Duration patience;
  private final Duration every;
  private final List<Entry> entries = new ArrayList<>();
  private boolean first = true;

  /** Runs programs on the host of {@code surroundings}. */
  public ExecCollector(Surroundings surroundings, ModuleSettings settings) {
    this(surroundings, settings, ExecRun::of);
  }

  /**
   * @param runs what is run
   */
  ExecCollector(Surroundings surroundings, ModuleSettings settings, ExecRun.Factory runs) {
    this.surroundings = surroundings;
    every = settings.every();
    Duration most = every.dividedBy(2);
    Duration given = settings.options().duration(PATIENCE);
    patience = given.compareTo(most) < 0 ? given : most;
    settings
        .options()
        .entries(PROGRAMS)
        .forEach(
            (name, options) -> {
              if (settings.instances().matches(name)) {
                entries.add(new Entry(name, options, runs.of(surroundings, options)));
              }
            });
  }

  /** A program, its run under way, and its series. */
  private final class Entry {
    final String name;
    final ExecRun run;
    final Probe<Program.Result> probe;
    final Duration limit;
    final Duration rest;
    final ExecOutput output;
    final Series succeeded;
    final Series status;
    final Series duration;
    final Series running;
    final Series stuck;
    final Series failure;
    final Map<String, KeySeries> keys = new HashMap<>();
    boolean slow;
    boolean started;
    long since;

    Entry(String name, Options options, ExecRun run) {
      this.name = name;
      this.run = run;
      probe = new Probe<>(surroundings, run::result);
      limit = options.duration(ExecRun.LIMIT);
      rest = options.duration(REST);
      output = new ExecOutput(name, options);
      Instance instance = Instance.of(LABEL, name);
      succeeded = new Series(SUCCEEDED, instance);
      status = new Series(STATUS, instance);
      duration = new Series(DURATION, instance);
      running = new Series(RUNNING, instance);
      stuck = new Series(STUCK, instance);
      failure = new Series(FAILURE, instance);
    }

    /** Whether it is started in some samples only. */
    boolean isRare() {
      return rest.compareTo(ALWAYS) > 0;
    }

    /** Starts it if it is due. Samples are never to the millisecond. */
    void start() {
      long now = surroundings.clock().monotonicNanos();
      if (!started || now - since >= rest.toNanos() - every.toNanos() / 2) {
        started = true;
        since = now;
        probe.ask();
      }
    }

    boolean isRunning() {
      return probe.stuck().isPresent();
    }
  }

  /** The series of one key. */
  private static final class KeySeries {
    final Series value;
    final Series rate;
    final Series text;

    /** The text as it was last told. */
    String told = "";

    KeySeries(String program, String key) {
      Map<String, String> labels = new LinkedHashMap<>();
      labels.put(LABEL, program);
      labels.put(KEY, key);
      Instance instance = new Instance(labels);
      value = new Series(VALUE, instance);
      rate = new Series(RATE, instance);
      text = new Series(TEXT, instance);
    }
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    if (entries.isEmpty()) {
      throw new SourceAbsentException("no programs are configured");
    }
    List<Entry> awaited = new ArrayList<>();
    for (Entry entry : entries) {
      boolean late = entry.isRunning();
      if (late) {
        harvest(entry, Duration.ZERO, into);
      }
      // One that was late but is quick again waits for the next sample, to be in time with it.
      if (!entry.isRunning() && (!late || entry.slow)) {
        entry.start();
      }
      // What the very first sample yields is in no window: a rare one is kept for the next.
      if (!late && !entry.slow && entry.isRunning() && !(first && entry.isRare())) {
        awaited.add(entry);
      }
    }
    first = false;
    long begun = surroundings.clock().monotonicNanos();
    for (Entry entry : awaited) {
      // All were started at once: what one has not used is left for the others.
      long used = surroundings.clock().monotonicNanos() - begun;
      harvest(entry, patience.minusNanos(used), into);
    }
  }

  /** Tells what became of a run, or how long it has had no end. */
  private void harvest(Entry entry, Duration wait, Readings into) {
    try {
      Optional<Program.Result> result = entry.probe.answer(wait);
      if (result.isPresent()) {
        entry.slow = result.get().duration().compareTo(patience) > 0;
        emit(entry, result.get(), into);
      } else {
        entry.slow = true;
        Duration age = entry.probe.stuck().orElse(Duration.ZERO);
        boolean stuck = age.compareTo(entry.limit.plus(KILLING)) > 0;
        into.gauge(stuck ? entry.stuck : entry.running, age.toNanos() / 1e9);
      }
    } catch (ExecutionException failed) {
      fail(entry, reason(failed.getCause()), into);
    }
  }

  private static String reason(Throwable failure) {
    return failure instanceof IOException && failure.getMessage() != null
        ? failure.getMessage()
        : failure.toString();
  }

  private static void fail(Entry entry, String why, Readings into) {
    into.gauge(entry.succeeded, 0);
    into.info(entry.failure, shortened(why));
  }

  private static String shortened(String text) {
    return Words.printable(text.substring(0, Math.min(text.length(), LONGEST_TEXT)));
  }

  /** What it printed counts whatever its status is. */
  private static void emit(Entry entry, Program.Result result, Readings into) {
    into.gauge(entry.status, result.status());
    into.gauge(entry.duration, result.duration().toNanos() / 1e9);
    List<KeyValues.Pair> pairs;
    try {
      pairs = entry.output.parse(result);
    } catch (IOException notUnderstood) {
      fail(entry, notUnderstood.getMessage(), into);
      return;
    }
    if (result.status() == 0) {
      into.gauge(entry.succeeded, 1);
    } else {
      fail(entry, "status " + result.status() + complaint(result), into);
    }
    Set<String> now = new HashSet<>();
    for (KeyValues.Pair pair : pairs) {
      now.add(pair.key());
      KeySeries key =
          entry.keys.computeIfAbsent(pair.key(), absent -> new KeySeries(entry.name, absent));
      emit(key, pair, entry.output.isCounter(pair.key()), into);
    }
    entry.keys.keySet().retainAll(now);
  }

  /** What it printed to standard output is told already. */
  private static String complaint(Program.Result result) {
    return result.errors().strip().lines().findFirst().map(line -> ": " + line).orElse("");
  }

  private static void emit(KeySeries key, KeyValues.Pair pair, boolean counter, Readings into) {
    OptionalDouble number = pair.number();
    if (counter) {
      into.counter(key.rate, Long.parseUnsignedLong(pair.text()));
    } else if (number.isPresent()) {
      into.gauge(key.value, number.getAsDouble());
    } else {
      String text = shortened(pair.text());
      key.told = text.equals(key.told) ? key.told : text;
      into.info(key.text, key.told);
    }
  }

  private static List<ModuleOption> keys() {
    List<ModuleOption> keys = new ArrayList<>(ExecRun.options());
    keys.addAll(ExecOutput.options());
    keys.add(
        ModuleOption.duration(
            REST, ALWAYS, "How long one start follows the other, if longer than every."));
    return keys;
  }

  @Override
  public void close() {
    entries.forEach(entry -> entry.run.close());
  }
}
