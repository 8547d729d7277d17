package io.duologger.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks outputs, from the file and from the command line. Used by one thread. */
final class OutputReader {
  /** What is expected of a rotated file's name: Logback takes other characters for patterns. */
  static final String ROTATABLE =
      "expected a file name of letters, digits and . _ @ - in folders without % and backslash,"
          + " as it is rotated";

  private static final String NAME = "outputs";
  private static final String EXAMPLE = "{ type = stdout }";
  private static final String SYSLOG = "syslog";
  private static final List<String> TYPES = List.of("stdout", "file", SYSLOG);
  private static final List<String> FORMATS = List.of("logfmt", "json", "classic", "grid-engine");
  private static final List<String> FILE_KEYS = List.of("path", "rotate");
  private static final List<String> CLASSIC_KEYS =
      List.of("showxid", "showkeys", "sortoutput", "linesz");

  /** A comma belongs to the path unless a key follows. */
  private static final Pattern NEXT_KEY = Pattern.compile(",(?=[a-z.-]+=)");

  private final Source source;
  private final Problems problems;
  private final Rhythm rhythm;
  private final List<String> typed;
  private final Optional<Field> formatField;
  private final Optional<OutputSpec.Format> format;
  private final SyslogReader syslog;
  private final OldOutputs old;

  /**
   * An output that was read.
   *
   * @param section where its keys are
   */
  private record Found(OutputSpec spec, Section section) {}

  /**
   * Where an output's reports end up.
   *
   * @param identity two outputs of the same may not be
   * @param key the key that says it
   * @param expected what to say where two have the same
   */
  private record Target(String identity, String key, String expected) {}

  OutputReader(Source source, Problems problems, Rhythm rhythm, Overrides overrides) {
    this.source = source;
    this.problems = problems;
    this.rhythm = rhythm;
    this.typed = overrides.outputs();
    this.formatField = overrides.format().map(text -> Field.typed("format", text));
    this.format =
        formatField.flatMap(field -> problems.choice(field, FORMATS)).map(OutputReader::format);
    this.syslog = new SyslogReader(problems, overrides.defaults().tag());
    this.old = new OldOutputs(problems, syslog, overrides);
  }

  /**
   * The outputs of the command line or else the file; those without problems.
   *
   * @param readable whether the file could be read
   */
  List<OutputSpec> read(Section root, boolean readable) {
    List<OutputSpec> inFile = outputs(root, typed.isEmpty() && old.values().isEmpty());
    if (!typed.isEmpty()) {
      return outputs(typed(typed.stream().map(this::values).toList()), true);
    }
    if (old.values().isPresent()) {
      return outputs(typed(List.of(old.values().get())), true);
    }
    if (root.has(NAME) || !readable) {
      return inFile;
    }
    if (rhythm == Rhythm.ON_REQUEST) {
      return outputs(typed(List.of(Map.of("type", "stdout"))), true);
    }
    problems.add(root.place(), NAME, "", "expected at least one");
    return inFile;
  }

  private Section typed(List<Map<String, Object>> values) {
    ConfigObject object = ConfigValueFactory.fromMap(Map.of(NAME, values), Problem.COMMAND_LINE);
    return Section.root(source, problems, object);
  }

  /** {@code TYPE[:PLACE][,key=value...]} as the object it stands for. */
  private Map<String, Object> values(String text) {
    String[] parts = NEXT_KEY.split(text, -1);
    Map<String, Object> values = new HashMap<>();
    Map<String, Object> rotate = new HashMap<>();
    int colon = parts[0].indexOf(':');
    values.put("type", colon < 0 ? parts[0] : parts[0].substring(0, colon));
    if (colon >= 0) {
      String place = parts[0].substring(colon + 1);
      boolean syslog = parts[0].startsWith(SYSLOG + ":");
      values.put(!syslog ? "path" : place.startsWith("/") ? "socket" : "server", place);
    }
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      String key = parts[i].substring(0, equals);
      boolean inner = key.startsWith("rotate.");
      Map<String, Object> into = inner ? rotate : values;
      String name = inner ? key.substring("rotate.".length()) : key;
      if (into.putIfAbsent(name, parts[i].substring(equals + 1)) != null) {
        problems.add(Field.typed(NAME, parts[i]), "expected each key once");
      }
    }
    if (!rotate.isEmpty() && values.putIfAbsent("rotate", rotate) != null) {
      problems.add(Field.typed(NAME, text), "expected each key once");
    }
    return values;
  }

  /**
   * @param used whether it is these that reports go to
   */
  private List<OutputSpec> outputs(Section root, boolean used) {
    List<Section> sections = root.sections(NAME, EXAMPLE).orElse(List.of());
    List<Found> found = new ArrayList<>();
    for (Section section : sections) {
      output(section).ifPresent(spec -> found.add(new Found(spec, section)));
    }
    List<OutputSpec> specs = found.stream().map(Found::spec).toList();
    if (used) {
      specs = old.changed(specs);
    }
    checkTargets(specs, found);
    boolean whole = !sections.isEmpty() && found.size() == sections.size();
    if (used && whole && rhythm == Rhythm.ON_REQUEST) {
      checkAnswers(root, found);
    }
    return specs;
  }

  private void checkTargets(List<OutputSpec> specs, List<Found> found) {
    List<String> known = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      Target target = target(specs.get(i));
      Section section = found.get(i).section();
      if (known.contains(target.identity())) {
        section
            .field(section.has(target.key()) ? target.key() : "type")
            .ifPresent(field -> problems.add(field, target.expected()));
      }
      known.add(target.identity());
    }
  }

  private static Target target(OutputSpec output) {
    if (output.path().isPresent()) {
      return new Target("file " + normal(output.path().get()), "path", "expected each file once");
    }
    if (output.syslog().isEmpty()) {
      return new Target("stdout", "type", "expected standard output once");
    }
    OutputSpec.Syslog to = output.syslog().get();
    String expected = "expected each syslog receiver once";
    return to.socket().isPresent()
        ? new Target("socket " + normal(to.socket().get()), "socket", expected)
        : new Target(
            to.server().get().toLowerCase(Locale.ROOT) + " " + to.port(), "server", expected);
  }

  private static Path normal(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /** Grid Engine reads standard output. */
  private void checkAnswers(Section root, List<Found> found) {
    Optional<Found> stdout =
        found.stream().filter(f -> f.spec().type() == OutputSpec.Type.STDOUT).findFirst();
    if (stdout.isEmpty()) {
      String expected = "expected one with type = stdout, which Grid Engine reads";
      root.field(NAME).ifPresent(field -> problems.add(field, expected));
    } else if (stdout.get().spec().format() != OutputSpec.Format.GRID_ENGINE) {
      Section section = stdout.get().section();
      section
          .field("format")
          .or(() -> formatField)
          .filter(field -> FORMATS.contains(field.text().orElse("")))
          .ifPresent(
              field ->
                  problems.add(
                      field, "expected grid-engine, as Grid Engine reads standard output"));
    }
  }

  private Optional<OutputSpec> output(Section section) {
    section.checkNames(Keys.names(Keys.OUTPUT));
    if (!section.has("type")) {
      problems.add(
          section.place(), section.path("type"), "", "expected " + String.join(" or ", TYPES));
    }
    Optional<OutputSpec.Type> type =
        section
            .choice("type", TYPES)
            .map(text -> OutputSpec.Type.valueOf(text.toUpperCase(Locale.ROOT)));
    boolean file = type.equals(Optional.of(OutputSpec.Type.FILE));
    boolean toSyslog = type.equals(Optional.of(OutputSpec.Type.SYSLOG));
    Optional<Path> path = section.field("path").flatMap(problems::file);
    Optional<OutputSpec.Rotation> rotation = rotation(section);
    if (rotation.isPresent() && path.isPresent() && !rotatable(path.get())) {
      section.field("path").ifPresent(field -> problems.add(field, ROTATABLE));
    }
    if (file && !section.has("path")) {
      problems.add(section.place(), section.path("path"), "", "expected the name of the file");
    }
    Optional<OutputSpec.Syslog> receiver = toSyslog ? syslog.read(section) : Optional.empty();
    if (type.isPresent()) {
      checkBelonging(section, FILE_KEYS, file, "type = file");
      checkBelonging(section, SyslogReader.KEYS, toSyslog, "type = syslog");
    }
    Optional<OutputSpec.Format> form = format(section, type);
    boolean isClassic = form.equals(Optional.of(OutputSpec.Format.CLASSIC));
    boolean isGridEngine = form.equals(Optional.of(OutputSpec.Format.GRID_ENGINE));
    OutputSpec.Classic classic = classic(section);
    boolean oldNames = section.choice("names", List.of("new", "old")).orElse("").equals("old");
    if (form.isPresent()) {
      checkBelonging(section, CLASSIC_KEYS, isClassic, "format = classic");
      checkBelonging(section, List.of("names"), isGridEngine, "format = grid-engine");
    }
    int lineBytes = section.integer("line-bytes", 200, 1_000_000).orElse(2_000);
    int linePairs = section.integer("line-pairs", 5, 10_000).orElse(50);
    int queue = section.integer("queue", 1, 10_000).orElse(16);
    if (type.isEmpty() || file && path.isEmpty() || toSyslog && receiver.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new OutputSpec(
            type.get(),
            form.orElse(OutputSpec.Format.LOGFMT),
            path.filter(p -> file),
            rotation.filter(r -> file),
            receiver,
            Optional.of(classic).filter(c -> isClassic),
            oldNames && isGridEngine,
            lineBytes,
            linePairs,
            queue));
  }

  private void checkBelonging(Section section, List<String> keys, boolean belong, String where) {
    for (String key : keys) {
      if (!belong) {
        section.field(key).ifPresent(f -> problems.add(f, "expected with " + where + " only"));
      }
    }
  }

  /** Empty, and a problem told, if a wrong one is given. */
  private Optional<OutputSpec.Format> format(Section section, Optional<OutputSpec.Type> type) {
    if (section.has("format")) {
      return section.choice("format", FORMATS).map(OutputReader::format);
    }
    if (formatField.isPresent()) {
      return format;
    }
    boolean answer =
        rhythm == Rhythm.ON_REQUEST && type.equals(Optional.of(OutputSpec.Type.STDOUT));
    return Optional.of(answer ? OutputSpec.Format.GRID_ENGINE : OutputSpec.Format.LOGFMT);
  }

  private OutputSpec.Classic classic(Section section) {
    return new OutputSpec.Classic(
        section.flag("showxid").orElse(rhythm != Rhythm.ONE_SHOT),
        section.flag("showkeys").orElse(true),
        section.flag("sortoutput").orElse(false),
        section.integer("linesz", 1, 10_000).orElse(5));
  }

  /** Logback, which rotates, takes other characters for patterns. */
  static boolean rotatable(Path path) {
    return path.getFileName().toString().matches("[A-Za-z0-9._@-]+")
        && path.toAbsolutePath().toString().matches("[^%\\\\]+");
  }

  private static OutputSpec.Format format(String text) {
    return OutputSpec.Format.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private Optional<OutputSpec.Rotation> rotation(Section output) {
    Optional<Section> given = output.section("rotate", "{ max-size = 10 MiB }");
    if (given.isEmpty()) {
      return Optional.empty();
    }
    Section rotate = given.get();
    List<String> names = Keys.names(Keys.ROTATE);
    rotate.checkNames(names);
    if (rotate.names().isEmpty()) {
      String expected = "expected at least one of " + String.join(", ", names);
      problems.add(rotate.place(), rotate.path(), "{}", expected);
    }
    Optional<Integer> days = rotate.integer("max-days", 1, 36_500);
    Optional<Long> total = rotate.size("max-total", 1 << 10, 1L << 50);
    if (total.isPresent() && days.isEmpty()) {
      rotate
          .field("max-total")
          .ifPresent(field -> problems.add(field, "expected max-days beside it"));
    }
    return Optional.of(
        new OutputSpec.Rotation(
            rotate.size("max-size", 1 << 10, 1L << 40).orElse(Long.MAX_VALUE),
            days.orElse(0),
            total.orElse(0L),
            rotate.flag("compress").orElse(false)));
  }
}
