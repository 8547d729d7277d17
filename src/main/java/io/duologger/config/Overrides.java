package io.duologger.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line said, as it was typed: checked together with the file, so that all problems
 * come out at once. Made with {@link #builder}.
 *
 * @param heartbeat instead of the file's
 * @param duration instead of the file's
 * @param settle instead of the file's
 * @param state instead of the file's
 * @param once whether the run ends after one whole window
 * @param every module to sample interval; also enables the module
 * @param modules the only modules to run, enabled whatever the file says
 * @param outputs {@code TYPE[:PLACE][,key=value...]} each, such as {@code
 *     file:/var/log/x.log,format=json,rotate.max-size=10MiB} or {@code syslog:loghost}; if there is
 *     one, the file's outputs are not used
 * @param format for outputs that name none
 * @param old the Perl tools' options -d, -i, -o, -l, -n, -F, -H and -P to their values; -d and -i
 *     mean something in {@link Rhythm#TWO_RATES} and {@link Rhythm#ONE_RATE} only
 * @param defaults what holds where nothing is said
 * @param problems what was found wrong on the way here, see {@link #parseEvery}
 */
public record Overrides(
    Optional<String> heartbeat,
    Optional<String> duration,
    Optional<String> settle,
    Optional<String> state,
    boolean once,
    Map<String, String> every,
    Optional<List<String>> modules,
    List<String> outputs,
    Optional<String> format,
    Map<String, String> old,
    Defaults defaults,
    List<Problem> problems) {

  /** A command line that says nothing. */
  public static final Overrides NONE = builder().build();

  /** Copies the lists and keeps the maps' order. */
  public Overrides {
    every = Collections.unmodifiableMap(new LinkedHashMap<>(every));
    modules = modules.isPresent() ? Optional.of(List.copyOf(modules.get())) : modules;
    outputs = List.copyOf(outputs);
    old = Collections.unmodifiableMap(new LinkedHashMap<>(old));
    problems = List.copyOf(problems);
  }

  /** A command line to which may be added. */
  public static Builder builder() {
    return new Builder();
  }

  /** Puts a command line together. Used by one thread. */
  public static final class Builder {
    private Optional<String> heartbeat = Optional.empty();
    private Optional<String> duration = Optional.empty();
    private Optional<String> settle = Optional.empty();
    private Optional<String> state = Optional.empty();
    private boolean once;
    private Map<String, String> every = Map.of();
    private Optional<List<String>> modules = Optional.empty();
    private List<String> outputs = List.of();
    private Optional<String> format = Optional.empty();
    private Map<String, String> old = Map.of();
    private Defaults defaults = Defaults.DUOLOGGER;
    private List<Problem> problems = List.of();

    private Builder() {}

    /** See {@link Overrides#heartbeat}. */
    public Builder heartbeat(String text) {
      heartbeat = Optional.of(text);
      return this;
    }

    /** See {@link Overrides#duration}. */
    public Builder duration(String text) {
      duration = Optional.of(text);
      return this;
    }

    /** See {@link Overrides#settle}. */
    public Builder settle(String text) {
      settle = Optional.of(text);
      return this;
    }

    /** See {@link Overrides#state}. */
    public Builder state(String text) {
      state = Optional.of(text);
      return this;
    }

    /** See {@link Overrides#once}. */
    public Builder once(boolean whether) {
      once = whether;
      return this;
    }

    /** See {@link Overrides#every}. */
    public Builder every(Map<String, String> intervals) {
      every = intervals;
      return this;
    }

    /** See {@link Overrides#modules}. */
    public Builder modules(List<String> only) {
      modules = Optional.of(only);
      return this;
    }

    /** See {@link Overrides#outputs}. */
    public Builder outputs(List<String> texts) {
      outputs = texts;
      return this;
    }

    /** See {@link Overrides#format}. */
    public Builder format(String text) {
      format = Optional.of(text);
      return this;
    }

    /** See {@link Overrides#old}. */
    public Builder old(Map<String, String> options) {
      old = options;
      return this;
    }

    /** See {@link Overrides#defaults}. */
    public Builder defaults(Defaults values) {
      defaults = values;
      return this;
    }

    /** See {@link Overrides#problems}. */
    public Builder problems(List<Problem> found) {
      problems = found;
      return this;
    }

    /** The whole. */
    public Overrides build() {
      return new Overrides(
          heartbeat, duration, settle, state, once, every, modules, outputs, format, old, defaults,
          problems);
    }
  }

  /** The value of one of the Perl tools' options. */
  Optional<Field> oldField(String option) {
    String text = old.get(option);
    return text == null ? Optional.empty() : Optional.of(Field.typed(option, text));
  }

  /**
   * Reads {@code net=1s,cpu=500ms}. Only the form is looked at; whether there is such a module and
   * the time makes sense is checked with the rest.
   *
   * @param text what was typed
   * @param problems gets what is wrong with it
   * @return module to interval, in order
   */
  public static Map<String, String> parseEvery(String text, List<Problem> problems) {
    Map<String, String> every = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String module = part.substring(0, Math.max(equals, 0)).strip();
      String interval = part.substring(equals + 1).strip();
      if (module.isEmpty() || interval.isEmpty()) {
        problems.add(everyProblem(part, "expected MODULE=DURATION, such as net=1s"));
      } else if (every.putIfAbsent(module, interval) != null) {
        problems.add(everyProblem(part, "expected each module once"));
      }
    }
    return every;
  }

  /**
   * Reads a span of time, from 1 ms to 100 years, of an option that no file has a key for.
   *
   * @param problems gets what is wrong with it
   */
  public static Optional<Duration> parseSpan(String key, String text, List<Problem> problems) {
    Problems found = new Problems();
    Optional<Duration> span =
        found.duration(Field.typed(key, text), Duration.ofMillis(1), Duration.ofDays(36_500), "");
    problems.addAll(found.sorted());
    return span;
  }

  /** Reads {@code cpu,net}; blank parts are left in, to be reported as unknown modules. */
  public static List<String> parseModules(String text) {
    List<String> modules = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      modules.add(part.strip());
    }
    return modules;
  }

  private static Problem everyProblem(String part, String expected) {
    return new Problem(Problem.COMMAND_LINE, "every", Text.quoted(part), expected);
  }
}
