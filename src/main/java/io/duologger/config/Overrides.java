package io.duologger.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line said, as it was typed: checked together with the file, so that all problems
 * come out at once.
 *
 * @param heartbeat instead of the file's
 * @param duration instead of the file's
 * @param every module to sample interval; also enables the module
 * @param modules the only modules to run, enabled whatever the file says
 * @param outputs {@code TYPE[:PATH][,key=value...]} each, such as {@code
 *     file:/var/log/x.log,format=json,rotate.max-size=10MiB}; if there is one, the file's outputs
 *     are not used
 * @param format for outputs that name none
 * @param problems what was found wrong on the way here, see {@link #parseEvery}
 */
public record Overrides(
    Optional<String> heartbeat,
    Optional<String> duration,
    Map<String, String> every,
    Optional<List<String>> modules,
    List<String> outputs,
    Optional<String> format,
    List<Problem> problems) {

  /** A command line that says nothing. */
  public static final Overrides NONE =
      new Overrides(
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          List.of());

  /** Copies the lists and keeps the map's order. */
  public Overrides {
    every = Collections.unmodifiableMap(new LinkedHashMap<>(every));
    modules = modules.map(List::copyOf);
    outputs = List.copyOf(outputs);
    problems = List.copyOf(problems);
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
