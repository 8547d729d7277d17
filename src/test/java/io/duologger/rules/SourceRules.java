package io.duologger.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules: each says where a source file breaks it, as {@code path:line: what}. */
final class SourceRules {
  /** Which packages a package may use: DESIGN.md section 6. A package not named here is refused. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("cli", Set.of("config", "topology", "runtime", "model")),
          Map.entry(
              "topology",
              Set.of(
                  "stream", "collector", "procfs", "window", "format", "sink", "config", "model")),
          Map.entry("stream", Set.of("collector", "window", "sink", "model")),
          Map.entry("collector", Set.of("procfs", "model")),
          Map.entry("config", Set.of("model")),
          Map.entry("window", Set.of("model")),
          Map.entry("format", Set.of("model")),
          Map.entry("runtime", Set.of("model")),
          Map.entry("sink", Set.of("format", "model")),
          Map.entry("procfs", Set.of()),
          Map.entry("model", Set.of()));

  private static final Set<String> RXJAVA_LAYERS = Set.of("stream", "topology", "runtime");

  private static final Pattern OWN_PACKAGE = Pattern.compile("\\bio\\.duologger\\.([a-z]\\w*)\\.");
  private static final Pattern RXJAVA =
      Pattern.compile("\\b(io\\.reactivex|org\\.reactivestreams)\\.");
  private static final Pattern CLOCKS =
      Pattern.compile(
          "\\b(Instant|LocalDate|LocalTime|LocalDateTime|ZonedDateTime|OffsetDateTime|Year"
              + "|YearMonth)\\s*(\\.|::)\\s*now\\b"
              + "|\\bSystem\\s*(\\.|::)\\s*(currentTimeMillis|nanoTime)\\b"
              + "|\\bClock\\s*(\\.|::)\\s*(system|tick)\\w*"
              + "|\\bThread\\s*(\\.|::)\\s*sleep\\b"
              + "|\\bTimeUnit\\s*\\.\\s*\\w+\\s*(\\.|::)\\s*sleep\\b"
              + "|\\bparkNanos\\b|\\bparkUntil\\b"
              + "|\\bnew\\s+Date\\s*\\(\\s*\\)"
              + "|\\bSchedulers\\s*(\\.|::)\\s*\\w+"
              + "|\\bimport\\s+static\\s+java\\.(lang\\.(System|Thread)|time)\\..*");
  private static final Pattern SLEEPS =
      Pattern.compile(
          "\\bThread\\s*(\\.|::)\\s*sleep\\b|\\bTimeUnit\\s*\\.\\s*\\w+\\s*(\\.|::)\\s*sleep\\b"
              + "|\\bparkNanos\\b|\\bparkUntil\\b");
  private static final Pattern EXITS =
      Pattern.compile(
          "\\bSystem\\s*(\\.|::)\\s*exit\\b|\\bgetRuntime\\s*\\(\\s*\\)\\s*(\\.|::)\\s*exit\\b"
              + "|(\\.|::)\\s*halt\\b");
  private static final Pattern SWALLOWED =
      Pattern.compile(
          "\\bprintStackTrace\\b"
              + "|\\bcatch\\s*\\(\\s*(final\\s+)?(Exception|Throwable|RuntimeException)\\s+ignored?"
              + "\\s*\\)");
  private static final Pattern STATIC_FIELD =
      Pattern.compile(
          "\\bpublic\\s+static\\s+(?!final\\b)[^(){}=;]*[=;]"
              + "|\\bpublic\\s+static\\s+final\\s+[^(){}=;]*\\[\\s*\\][^(){}=;]*[=;]");

  private static final Pattern MODES =
      Pattern.compile(
          "(?i)(?<!io[./])(duologger|dlogger|cronlogger|qloadsensor|memrec)|\\.\\s*mode\\s*\\(\\s*\\)");

  private SourceRules() {}

  /** Packages use only those below them. */
  static List<String> importsGoDownwards(SourceFile file) {
    if (file.part().isEmpty()) {
      return List.of();
    }
    Set<String> allowed = ARROWS.get(file.layer());
    if (allowed == null) {
      return List.of(file.path() + ":1: DESIGN.md section 6 has no package " + file.layer());
    }
    List<String> found = new ArrayList<>();
    Matcher matcher = OWN_PACKAGE.matcher(file.code());
    while (matcher.find()) {
      String used = matcher.group(1);
      if (!used.equals(file.layer()) && !allowed.contains(used)) {
        found.add(place(file, matcher) + file.layer() + " may not use " + used);
      }
    }
    return found;
  }

  /** RxJava is where data flows, and nowhere else. */
  static List<String> rxJavaStaysInTheStream(SourceFile file) {
    return file.part().isEmpty() || RXJAVA_LAYERS.contains(file.layer())
        ? List.of()
        : matches(RXJAVA, file);
  }

  /** Time and threads come from runtime; everything else is told. */
  static List<String> onlyRuntimeHasClocks(SourceFile file) {
    return file.layer().equals("runtime") ? List.of() : matches(CLOCKS, file);
  }

  /** Unit tests don't wait; end-to-end tests poll with a limit. */
  static List<String> unitTestsDoNotSleep(SourceFile file) {
    return file.layer().equals("e2e") ? List.of() : matches(SLEEPS, file);
  }

  /** Only Main ends the process. */
  static List<String> onlyMainExits(SourceFile file) {
    return file.part().isEmpty() && file.name().equals("Main") ? List.of() : matches(EXITS, file);
  }

  /** A failure is told to someone. */
  static List<String> noFailureIsSwallowed(SourceFile file) {
    return matches(SWALLOWED, file);
  }

  /** No state that any class may change. */
  static List<String> noPublicStaticState(SourceFile file) {
    return matches(STATIC_FIELD, file);
  }

  /** Every package of {@code files} says what its job is. */
  static List<String> packagesSayTheirJob(List<SourceFile> files) {
    Set<String> told = new HashSet<>();
    files.stream()
        .filter(file -> file.name().equals("package-info"))
        .forEach(file -> told.add(file.part()));
    return files.stream()
        .map(SourceFile::part)
        .distinct()
        .filter(part -> !told.contains(part))
        .map(part -> "no package-info.java in io.duologger." + part)
        .toList();
  }

  /** Every class {@code *Collector} of {@code files} is named in the catalogue, Collectors.java. */
  static List<String> collectorsAreInTheCatalogue(List<SourceFile> files) {
    String catalogue =
        files.stream()
            .filter(file -> file.layer().equals("collector") && file.name().equals("Collectors"))
            .map(SourceFile::code)
            .findFirst()
            .orElse("");
    return files.stream()
        .filter(file -> file.layer().equals("collector"))
        .filter(file -> file.name().matches("\\w+Collector"))
        .filter(file -> !Pattern.compile("\\b" + file.name() + "\\b").matcher(catalogue).find())
        .map(file -> file.path() + ":1: " + file.name() + " is not in Collectors.java")
        .toList();
  }

  /**
   * What puts a topology together knows no mode, only what the topology says: neither its code nor
   * its texts and comments name one. The package's own name is none.
   */
  static List<String> namesNoMode(String path, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = MODES.matcher(text);
    while (matcher.find()) {
      long line = 1 + text.substring(0, matcher.start()).chars().filter(c -> c == '\n').count();
      found.add(path + ":" + line + ": " + matcher.group());
    }
    return found;
  }

  private static List<String> matches(Pattern pattern, SourceFile file) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(file.code());
    while (matcher.find()) {
      found.add(place(file, matcher) + matcher.group().strip());
    }
    return found;
  }

  private static String place(SourceFile file, Matcher matcher) {
    return file.path() + ":" + file.line(matcher.start()) + ": ";
  }
}
