package io.duologger.config;

import io.duologger.model.Globs;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Options;
import io.duologger.model.Stat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Checks the keys of one module after the other. Used by one thread. */
final class ModuleReader {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final String HEARTBEAT = "heartbeat";
  private static final String TEXTS = "[\"one\", \"two\"]";
  private static final String PATTERNS = "[\"eth*\", \"en?\"]";

  private static final String JOB = "job";
  private static final Duration SHORTEST_BESIDE = Duration.ofMillis(100);

  private static final List<Stat> FAST =
      List.of(
          Stat.MIN,
          Stat.MEAN,
          Stat.MAX,
          Stat.percentile("50"),
          Stat.percentile("95"),
          Stat.percentile("99"));
  private static final List<Stat> SLOW = List.of(Stat.VALUE);

  private final Problems problems;
  private final Problems warnings;
  private final Pace pace;
  private final Duration heartbeat;
  private final List<String> common = Keys.names(Keys.MODULE);

  ModuleReader(Problems problems, Problems warnings, Pace pace) {
    this.problems = problems;
    this.warnings = warnings;
    this.pace = pace;
    this.heartbeat = pace.heartbeat();
  }

  /**
   * The module as it is to run; with defaults where there were problems.
   *
   * @param typed the sample interval that the command line gave
   * @param runs whether what is odd about it matters
   */
  ModuleSpec read(ModuleDescriptor module, Section section, Optional<Field> typed, boolean runs) {
    section.checkNames(names(module.options(), common));
    Duration every = every(module, section, typed, runs);
    boolean readAtClose = every.equals(heartbeat);
    Duration timeout = timeout(module, section, runs);
    boolean early = readAtClose && timeout.compareTo(pace.grace()) > 0;
    Duration lead =
        pace.rhythm() == Rhythm.ONE_SHOT
            ? noLead(section, runs)
            : lead(section, every, early, timeout);
    List<Stat> stats = stats(section, every, runs);
    boolean onChange =
        section.choice("infos", List.of("on-change", "always")).orElse("").equals("on-change");

    Optional<List<String>> include = patterns(section, "include", 1);
    List<String> exclude = patterns(section, "exclude", 0).orElse(List.of());
    Optional<List<String>> series = patterns(section, "series", 1);
    Globs instances = Globs.ALL;
    Globs kept;
    if (module.instanceLabel().isPresent()) {
      instances = new Globs(include.orElse(Globs.ALL.include()), exclude);
      kept = new Globs(series.orElse(Globs.ALL.include()), List.of());
    } else {
      if (section.has("include") && section.has("series")) {
        section.field("include").ifPresent(field -> problems.add(field, bothGiven(module)));
      }
      Optional<List<String>> given = series.isPresent() ? series : include;
      kept = new Globs(given.orElse(Globs.ALL.include()), exclude);
    }
    boolean includeGiven = module.instanceLabel().isPresent() && include.isPresent();
    return new ModuleSpec(
        module.name(),
        every,
        readAtClose,
        lead,
        timeout,
        stats,
        kept,
        onChange,
        new ModuleSettings(
            instances, includeGiven, every, options(module.options(), section, runs)));
  }

  private static String bothGiven(ModuleDescriptor module) {
    return "expected either include or series: " + module.name() + " has no instances";
  }

  private static List<String> names(List<ModuleOption> options, List<String> common) {
    List<String> names = new ArrayList<>(common);
    for (ModuleOption option : options) {
      names.add(option.key());
    }
    return names;
  }

  /** Where the given one is wrong, the longest there can be: then nothing else looks wrong. */
  private Duration every(
      ModuleDescriptor module, Section section, Optional<Field> typed, boolean runs) {
    Optional<Field> inFile = section.field("every");
    Optional<Duration> fromFile = every(inFile);
    Optional<Duration> fromTyped = every(typed);
    if (pace.oneRate()) {
      noEffect(inFile, fromFile, runs);
      noEffect(typed, fromTyped, runs);
      return heartbeat;
    }
    if (typed.isEmpty() && inFile.isEmpty()) {
      // A short heartbeat, as of a first try, is to show all that was asked for.
      boolean capped = module.every().compareTo(heartbeat) > 0;
      return isFast(module.every())
          ? fast(module, module.every())
          : capped ? heartbeat : module.every();
    }
    Field field = typed.isPresent() ? typed.get() : inFile.get();
    Duration every = (typed.isPresent() ? fromTyped : fromFile).orElse(LONGEST);
    boolean word = field.text().orElse("").equals(HEARTBEAT);
    if (typed.isEmpty() && !word && isFast(every)) {
      return fast(module, every);
    }
    boolean understood = typed.isPresent() ? fromTyped.isPresent() : fromFile.isPresent();
    if (pace.rhythm() == Rhythm.ON_REQUEST
        && runs
        && understood
        && every.compareTo(heartbeat) > 0) {
      String limit = "expected at most the heartbeat, " + Quantities.text(heartbeat);
      problems.add(field, limit + ", as an answer holds every value");
    }
    return every;
  }

  /** Whether a module that the file samples each {@code every} has the one fast interval. */
  private boolean isFast(Duration every) {
    return pace.fast().isPresent() && every.compareTo(pace.inFile()) < 0;
  }

  /**
   * The one fast interval; the host's modules beside a job, which are there for its surroundings,
   * go down to a tenth of a second with it.
   */
  private Duration fast(ModuleDescriptor module, Duration inFile) {
    Duration fast = pace.fast().get();
    if (pace.rhythm() != Rhythm.JOB || module.name().equals(JOB)) {
      return fast;
    }
    long least = Math.min(inFile.toNanos(), heartbeat.toNanos());
    least = Math.min(least, SHORTEST_BESIDE.toNanos());
    return Duration.ofNanos(Math.max(fast.toNanos(), least));
  }

  private void noEffect(Optional<Field> field, Optional<Duration> every, boolean runs) {
    if (runs && every.isPresent() && !every.get().equals(heartbeat)) {
      String once = "no effect, as this mode reads every module once";
      warnings.add(field.get(), pace.rhythm() == Rhythm.ONE_RATE ? once + " a heartbeat" : once);
    }
  }

  private Optional<Duration> every(Optional<Field> given) {
    if (given.isEmpty()) {
      return Optional.empty();
    }
    Field field = given.get();
    return field.text().orElse("").equals(HEARTBEAT)
        ? Optional.of(heartbeat)
        : problems.duration(field, SHORTEST, LONGEST, ", or heartbeat");
  }

  private Duration timeout(ModuleDescriptor module, Section section, boolean runs) {
    Optional<Duration> given = section.duration("timeout", SHORTEST, LONGEST);
    if (pace.rhythm() == Rhythm.ONE_SHOT) {
      return given.orElse(module.timeout());
    }
    if (given.isEmpty()) {
      return module.timeout().compareTo(heartbeat) < 0 ? module.timeout() : heartbeat;
    }
    if (runs && given.get().compareTo(heartbeat) > 0) {
      String expected = "a time limit longer than the heartbeat, " + Quantities.text(heartbeat);
      section.field("timeout").ifPresent(field -> warnings.add(field, expected));
    }
    return given.get();
  }

  /** A read that may outlast the grace starts early; never earlier than the tick before is due. */
  private Duration lead(Section section, Duration every, boolean early, Duration timeout) {
    Optional<Duration> given = section.duration("lead", Duration.ZERO, LONGEST);
    if (given.isEmpty()) {
      Duration byDefault =
          timeout.compareTo(every) < 0 ? timeout : Duration.ofNanos(every.toNanos() / 2);
      return early ? byDefault : Duration.ZERO;
    }
    if (given.get().compareTo(every) >= 0) {
      String expected = "expected less than every, " + Quantities.text(every);
      section.field("lead").ifPresent(field -> problems.add(field, expected));
      return Duration.ZERO;
    }
    return given.get();
  }

  /** In a single cycle everything is read at its end. */
  private Duration noLead(Section section, boolean runs) {
    Optional<Duration> given = section.duration("lead", Duration.ZERO, LONGEST);
    if (runs && given.isPresent() && !given.get().isZero()) {
      section.field("lead").ifPresent(field -> warnings.add(field, PaceReader.READ_ONCE));
    }
    return Duration.ZERO;
  }

  private List<Stat> stats(Section section, Duration every, boolean runs) {
    Optional<List<Stat>> given = stats(section);
    if (!pace.oneRate()) {
      boolean many = pace.rhythm().twoRates() && every.compareTo(heartbeat) < 0;
      return given.orElse(many ? FAST : SLOW);
    }
    if (runs && given.isPresent() && !given.get().equals(SLOW)) {
      String expected = "no effect, as this mode prints one value of each series";
      section.field("stats").ifPresent(field -> warnings.add(field, expected));
    }
    return SLOW;
  }

  private Optional<List<Stat>> stats(Section section) {
    Optional<List<Field>> fields = section.fields("stats", "[mean, max, p95]");
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    List<Stat> stats = new ArrayList<>();
    for (Field field : fields.get()) {
      Optional<Stat> stat = Stat.parse(field.text().orElse(""));
      if (stat.isEmpty()) {
        problems.add(field, "expected " + Stat.EXPECTED);
      } else if (stats.contains(stat.get())) {
        problems.add(field, "expected each statistic once");
      } else {
        stats.add(stat.get());
      }
    }
    if (fields.get().isEmpty()) {
      section.field("stats").ifPresent(field -> problems.add(field, "expected " + Stat.EXPECTED));
    }
    return Optional.of(stats);
  }

  private Optional<List<String>> patterns(Section section, String name, int least) {
    Optional<List<Field>> fields = section.fields(name, PATTERNS);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    List<String> patterns = new ArrayList<>();
    for (Field field : fields.get()) {
      if (field.text().orElse("").isEmpty()) {
        problems.add(field, "expected a pattern such as \"eth*\"");
      } else {
        patterns.add(field.text().get());
      }
    }
    if (fields.get().size() < least) {
      section.field(name).ifPresent(f -> problems.add(f, "expected at least one pattern"));
    }
    return Optional.of(patterns);
  }

  /**
   * @param needed whether what is missing matters
   */
  private Options options(List<ModuleOption> options, Section section, boolean needed) {
    Map<String, String> texts = new HashMap<>();
    Map<String, List<String>> lists = new HashMap<>();
    Map<String, Map<String, Options>> entries = new HashMap<>();
    for (ModuleOption option : options) {
      String key = option.key();
      boolean missing = needed && option.required() && !section.has(key);
      if (missing && option.type() != ModuleOption.Type.ENTRIES) {
        problems.add(section.place(), section.path(key), "", "expected a value: " + option.help());
      }
      switch (option.type()) {
        case LIST -> lists.put(key, list(option, section));
        case ENTRIES -> entries.put(key, entries(option, section, needed));
        default -> texts.put(key, text(option, section).orElse(option.fallback()));
      }
    }
    return new Options(texts, lists, entries);
  }

  private Optional<String> text(ModuleOption option, Section section) {
    String key = option.key();
    switch (option.type()) {
      case DURATION:
        Optional<Duration> duration = section.duration(key, SHORTEST, LONGEST);
        return duration.isPresent() ? Optional.of(duration.get().toString()) : Optional.empty();
      case BOOLEAN:
        Optional<Boolean> flag = section.flag(key);
        return flag.isPresent() ? Optional.of(flag.get().toString()) : Optional.empty();
      case INTEGER:
        int least = Integer.parseInt(option.choices().get(0));
        int greatest = Integer.parseInt(option.choices().get(1));
        Optional<Integer> number = section.integer(key, least, greatest);
        return number.isPresent() ? Optional.of(number.get().toString()) : Optional.empty();
      case TEXT:
        Optional<Field> field = section.field(key);
        return field.isPresent() ? text(field.get()) : Optional.empty();
      case EXPRESSION:
        Optional<Field> expression = section.field(key);
        return expression.isPresent() ? expression(expression.get()) : Optional.empty();
      default:
        return section.choice(key, option.choices());
    }
  }

  private Optional<String> text(Field field) {
    Optional<String> text = field.text();
    if (text.isEmpty() || text.get().isEmpty()) {
      problems.add(field, "expected a text");
      return Optional.empty();
    }
    return text;
  }

  private Optional<String> expression(Field field) {
    Optional<String> text = text(field);
    if (text.isPresent()) {
      try {
        Pattern.compile(text.get());
      } catch (PatternSyntaxException wrong) {
        problems.add(field, "expected a regular expression: " + wrong.getDescription());
        return Optional.empty();
      }
    }
    return text;
  }

  private List<String> list(ModuleOption option, Section section) {
    Optional<List<Field>> fields = section.fields(option.key(), TEXTS);
    if (fields.isEmpty()) {
      return option.choices();
    }
    List<String> texts = new ArrayList<>();
    for (Field field : fields.get()) {
      Optional<String> text = text(field);
      if (text.isPresent()) {
        texts.add(text.get());
      }
    }
    if (option.required() && fields.get().isEmpty()) {
      section.field(option.key()).ifPresent(f -> problems.add(f, "expected at least one text"));
    }
    return texts;
  }

  private Map<String, Options> entries(ModuleOption option, Section section, boolean needed) {
    Map<String, Options> entries = new LinkedHashMap<>();
    String example = "{ NAME { " + option.keys().get(0).key() + " = ... } }";
    Optional<Section> given = section.section(option.key(), example);
    Map<String, Section> sections = given.isPresent() ? given.get().entries(example) : Map.of();
    for (Map.Entry<String, Section> entry : sections.entrySet()) {
      entry.getValue().checkNames(names(option.keys(), List.of()));
      entries.put(entry.getKey(), options(option.keys(), entry.getValue(), true));
    }
    boolean none = given.isPresent() ? given.get().names().isEmpty() : !section.has(option.key());
    if (needed && option.required() && none) {
      String key = section.path(option.key());
      problems.add(section.place(), key, "", "expected at least one, as in " + example);
    }
    return entries;
  }
}
