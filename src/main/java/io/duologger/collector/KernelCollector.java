package io.duologger.collector;

import io.duologger.collector.tool.LinePattern;
import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.HostRoot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * Tells what the kernel has to say: messages of known kinds, such as of the OOM killer, and grave
 * ones of any kind; counts them all.
 *
 * <ul>
 *   <li>Source: /dev/kmsg, each record once, from the module's start on
 *   <li>Unit: messages per second
 *   <li>Kind: counters of this process, from 0 on; events
 *   <li>Since kernel: 3.5
 *   <li>Root needed: where kernel.dmesg_restrict is 1, or CAP_SYSLOG
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>A message belongs to one category: the first of the configuration's that fits, else the first
 * of {@link KernelCategory#ALL}, else {@code other} if it is grave. Each has so many texts a read
 * and no more; those beyond are counted. Messages that the kernel overwrote before they were read
 * show as gaps of their numbers.
 */
public final class KernelCollector implements Collector {
  private static final String LABEL = "category";
  private static final String LEVEL = "level";
  private static final String PATTERNS = "patterns";
  private static final String MATCH = "match";
  private static final String IGNORE = "ignore";
  private static final String TEXTS = "texts";
  private static final String USER_SPACE = "user-space";
  private static final String SINCE_BOOT = "since-boot";
  private static final String OTHER = "other";

  private static final List<String> LEVELS =
      List.of("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");
  private static final int CRITICAL = 2;
  private static final int ERROR = 3;
  private static final int WARNING = 4;

  /** Of a storm that doesn't end, the rest is for the next read. */
  private static final int MOST_RECORDS = 20_000;

  private static final Metric MESSAGES =
      Metric.counter("messages_per_second", Unit.PER_SECOND, "Messages of any level.");
  private static final Metric CRITICALS =
      Metric.counter(
          "criticals_per_second", Unit.PER_SECOND, "Those of the levels emerg, alert and crit.");
  private static final Metric ERRORS =
      Metric.counter("errors_per_second", Unit.PER_SECOND, "Those of the level err.");
  private static final Metric WARNINGS =
      Metric.counter("warnings_per_second", Unit.PER_SECOND, "Those of the level warning.");
  private static final Metric LOST =
      Metric.counter(
          "lost_per_second",
          Unit.PER_SECOND,
          "Messages that were overwritten before they were read.");
  private static final Metric UNTOLD =
      Metric.counter(
          "untold_per_second",
          Unit.PER_SECOND,
          "Messages of any category whose text is left out, as there are too many.");
  private static final Metric OTHERS =
      Metric.counter("others_per_second", Unit.PER_SECOND, "Grave messages of no known kind.");
  private static final Metric MATCHES =
      Metric.counter("matches_per_second", Unit.PER_SECOND, "Messages that a pattern fits.");
  private static final Metric GIVEN_UP =
      Metric.counter(
          "given_up_per_second", Unit.PER_SECOND, "Searches for a pattern that took too long.");
  private static final Metric MESSAGE = Metric.event("message", "A message of the category.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "kernel",
          "messages of the kernel: OOM killer, hung tasks, errors of disks, memory, network",
          Optional.of(LABEL),
          metrics(),
          List.of("/dev/kmsg"),
          "root or CAP_SYSLOG, where kernel.dmesg_restrict is 1",
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          options());

  private final HostRoot root;
  private final ModuleSettings settings;
  private final int gravest;
  private final int most;
  private final boolean userSpace;
  private final Globs ignored;
  private final List<Own> own = new ArrayList<>();
  private final List<Category> categories = new ArrayList<>();
  private final Category other = new Category(OTHER, new Series(OTHERS, Instance.HOST));
  private final Series messages = new Series(MESSAGES, Instance.HOST);
  private final Series criticals = new Series(CRITICALS, Instance.HOST);
  private final Series errors = new Series(ERRORS, Instance.HOST);
  private final Series warnings = new Series(WARNINGS, Instance.HOST);
  private final Series lost = new Series(LOST, Instance.HOST);
  private final Series untold = new Series(UNTOLD, Instance.HOST);
  private final byte[] buffer = new byte[KernelLog.LONGEST_RECORD];
  private final long[] byLevel = new long[LEVELS.size()];
  private long all;
  private long gaps;
  private long left;

  /** The number of the record that is read next; -1 before the first. */
  private long expected = -1;

  /** Null while closed. */
  private KernelLog log;

  /** A category, what was counted of it, and the texts that are still to be told. */
  private static class Category {
    final String name;
    final Series matches;
    final Series message;
    final Queue<String> texts = new ArrayDeque<>();
    long count;

    Category(String name, Series matches) {
      this.name = name;
      this.matches = matches;
      message = new Series(MESSAGE, Instance.of(LABEL, name));
    }

    /** Whether a message is of it, as it is and {@link KernelCategory#folded}. */
    boolean has(String text, String folded) {
      return false;
    }

    void emit(Readings into) {
      into.counter(matches, count);
      for (String text = texts.poll(); text != null; text = texts.poll()) {
        into.event(message, text);
      }
    }
  }

  /** One that is known. */
  private static final class Known extends Category {
    private final KernelCategory kind;

    Known(KernelCategory kind) {
      super(kind.name(), new Series(kind.metric(), Instance.HOST));
      this.kind = kind;
    }

    @Override
    boolean has(String text, String folded) {
      return kind.has(folded);
    }
  }

  /** One of the configuration. */
  private static final class Own extends Category {
    private final LinePattern pattern;
    private final Series givenUp;
    private long failures;

    Own(String name, String expression) {
      super(name, new Series(MATCHES, Instance.of(LABEL, name)));
      pattern = new LinePattern(expression);
      givenUp = new Series(GIVEN_UP, matches.instance());
    }

    void begin() {
      pattern.begin();
    }

    @Override
    boolean has(String text, String folded) {
      return pattern.isIn(text);
    }

    @Override
    void emit(Readings into) {
      failures += pattern.gaveUp() ? 1 : 0;
      into.counter(givenUp, failures);
      super.emit(into);
    }
  }

  /** Reads the log of the host {@code root}. */
  public KernelCollector(HostRoot root, ModuleSettings settings) {
    this.root = root;
    this.settings = settings;
    gravest = LEVELS.indexOf(settings.option(LEVEL));
    most = settings.options().integer(TEXTS);
    userSpace = settings.flag(USER_SPACE);
    ignored = new Globs(settings.options().list(IGNORE), List.of());
    settings
        .options()
        .entries(PATTERNS)
        .forEach((name, options) -> own.add(new Own(name, options.text(MATCH))));
    categories.addAll(own);
    KernelCategory.ALL.forEach(kind -> categories.add(new Known(kind)));
    categories.add(other);
    categories.removeIf(category -> !settings.instances().matches(category.name));
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    own.forEach(Own::begin);
    if (log == null) {
      // What is there at first is from before, or with since-boot left to the next read: the first
      // one only sets where the counters start.
      log = new KernelLog(root.dev().resolve("kmsg"), settings.flag(SINCE_BOOT));
    } else {
      drain();
    }
    into.counter(messages, all);
    into.counter(criticals, upTo(CRITICAL));
    into.counter(errors, byLevel[ERROR]);
    into.counter(warnings, byLevel[WARNING]);
    into.counter(lost, gaps);
    into.counter(untold, left);
    for (Category category : categories) {
      category.emit(into);
    }
  }

  private long upTo(int level) {
    long sum = 0;
    for (int i = 0; i <= level; i++) {
      sum += byLevel[i];
    }
    return sum;
  }

  private void drain() throws IOException {
    for (int i = 0; i < MOST_RECORDS; i++) {
      int length = log.read(buffer);
      if (length <= 0) {
        return;
      }
      for (KernelRecord kernelRecord : KernelRecord.parse(log.path().toString(), buffer, length)) {
        take(kernelRecord);
      }
    }
  }

  private void take(KernelRecord kernelRecord) {
    if (expected >= 0 && kernelRecord.sequence() > expected) {
      gaps += kernelRecord.sequence() - expected;
    }
    expected = kernelRecord.sequence() + 1;
    if (!userSpace && kernelRecord.facility() != 0) {
      return;
    }
    all++;
    byLevel[kernelRecord.level()]++;
    String text = kernelRecord.text();
    if (ignored.matches(text)) {
      return;
    }
    String folded = KernelCategory.folded(text);
    boolean grave = kernelRecord.level() <= gravest;
    for (Category category : categories) {
      if (category == other ? grave : category.has(text, folded)) {
        take(category, text);
        return;
      }
    }
  }

  private void take(Category category, String text) {
    category.count++;
    if (category.texts.size() < most) {
      category.texts.add(text);
    } else {
      left++;
    }
  }

  @Override
  public void close() throws IOException {
    KernelLog open = log;
    log = null;
    if (open != null) {
      open.close();
    }
  }

  private static List<Metric> metrics() {
    List<Metric> all =
        new ArrayList<>(List.of(MESSAGES, CRITICALS, ERRORS, WARNINGS, LOST, UNTOLD));
    KernelCategory.ALL.forEach(kind -> all.add(kind.metric()));
    all.addAll(List.of(OTHERS, MATCHES, GIVEN_UP, MESSAGE));
    return all;
  }

  private static List<ModuleOption> options() {
    return List.of(
        ModuleOption.choice(
            LEVEL, "err", LEVELS, "Messages as grave as this are told, of whatever kind."),
        ModuleOption.entries(
            PATTERNS,
            List.of(
                ModuleOption.expression(MATCH, "", "What its messages have somewhere.")
                    .asRequired()),
            "Further categories, looked for before the known ones."),
        ModuleOption.list(
            IGNORE,
            List.of(),
            "Messages that are only counted by level, as patterns such as *usb*."),
        ModuleOption.integer(
            TEXTS, 10, 0, 100, "How many texts of each category are told between two reads."),
        ModuleOption.flag(
            USER_SPACE, false, "Whether what programs write to the kernel's log counts too."),
        ModuleOption.flag(
            SINCE_BOOT, false, "Whether what the kernel still has from before the start is told."));
  }
}
