package io.duologger.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.InvalidPathException;
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
  private static final String NAME = "outputs";
  private static final String EXAMPLE = "{ type = stdout }";
  private static final List<String> TYPES = List.of("stdout", "file");
  private static final List<String> FORMATS = List.of("logfmt", "json");
  private static final String ROTATABLE =
      "expected a file name of letters, digits and . _ @ - in folders without % and backslash,"
          + " as it is rotated";
  private static final String FILE_ONLY = "expected with type = file only";

  /** A comma belongs to the path unless a key follows. */
  private static final Pattern NEXT_KEY = Pattern.compile(",(?=[a-z.-]+=)");

  private final Source source;
  private final Problems problems;
  private final OutputSpec.Format format;

  OutputReader(Source source, Problems problems, Optional<String> format) {
    this.source = source;
    this.problems = problems;
    this.format =
        format
            .flatMap(text -> problems.choice(Field.typed("format", text), FORMATS))
            .map(OutputReader::format)
            .orElse(OutputSpec.Format.LOGFMT);
  }

  /** The outputs of a file; those without problems. */
  List<OutputSpec> read(Section root) {
    return root.sections(NAME, EXAMPLE).map(this::outputs).orElse(List.of());
  }

  /** The outputs of the command line; those without problems. */
  List<OutputSpec> read(List<String> typed) {
    List<Map<String, Object>> values = new ArrayList<>();
    for (String text : typed) {
      values.add(values(text));
    }
    ConfigObject object = ConfigValueFactory.fromMap(Map.of(NAME, values), Problem.COMMAND_LINE);
    return read(Section.root(source, problems, object));
  }

  /** {@code TYPE[:PATH][,key=value...]} as the object it stands for. */
  private Map<String, Object> values(String text) {
    String[] parts = NEXT_KEY.split(text, -1);
    Map<String, Object> values = new HashMap<>();
    Map<String, Object> rotate = new HashMap<>();
    int colon = parts[0].indexOf(':');
    values.put("type", colon < 0 ? parts[0] : parts[0].substring(0, colon));
    if (colon >= 0) {
      values.put("path", parts[0].substring(colon + 1));
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

  private List<OutputSpec> outputs(List<Section> sections) {
    List<OutputSpec> outputs = new ArrayList<>();
    List<Path> paths = new ArrayList<>();
    boolean stdout = false;
    for (Section section : sections) {
      Optional<OutputSpec> output = output(section);
      if (output.isEmpty()) {
        continue;
      }
      outputs.add(output.get());
      Optional<Path> path = output.get().path().map(p -> p.toAbsolutePath().normalize());
      String key = path.isPresent() ? "path" : "type";
      if (path.isPresent() ? paths.contains(path.get()) : stdout) {
        String expected =
            path.isPresent() ? "expected each file once" : "expected standard output once";
        section.field(key).ifPresent(field -> problems.add(field, expected));
      }
      path.ifPresent(paths::add);
      stdout |= path.isEmpty();
    }
    return outputs;
  }

  private Optional<OutputSpec> output(Section section) {
    section.checkNames(Keys.names(Keys.OUTPUT));
    if (!section.has("type")) {
      problems.add(section.place(), section.path("type"), "", "expected stdout or file");
    }
    Optional<String> type = section.choice("type", TYPES);
    boolean file = type.orElse("").equals("file");
    Optional<Path> path = section.field("path").flatMap(this::path);
    Optional<OutputSpec.Rotation> rotation = rotation(section);
    if (rotation.isPresent() && path.isPresent() && !rotatable(path.get())) {
      section.field("path").ifPresent(field -> problems.add(field, ROTATABLE));
    }
    if (file && !section.has("path")) {
      problems.add(section.place(), section.path("path"), "", "expected the name of the file");
    }
    if (!file && type.isPresent()) {
      section.field("path").ifPresent(field -> problems.add(field, FILE_ONLY));
      section.field("rotate").ifPresent(field -> problems.add(field, FILE_ONLY));
    }
    OutputSpec.Format form =
        section.choice("format", FORMATS).map(OutputReader::format).orElse(format);
    int lineBytes = section.integer("line-bytes", 200, 1_000_000).orElse(2_000);
    int linePairs = section.integer("line-pairs", 5, 10_000).orElse(50);
    int queue = section.integer("queue", 1, 10_000).orElse(16);
    if (type.isEmpty() || file && path.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new OutputSpec(
            file ? OutputSpec.Type.FILE : OutputSpec.Type.STDOUT,
            form,
            file ? path : Optional.empty(),
            file ? rotation : Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            lineBytes,
            linePairs,
            queue));
  }

  /** Logback, which rotates, takes other characters for patterns. */
  private static boolean rotatable(Path path) {
    return path.getFileName().toString().matches("[A-Za-z0-9._@-]+")
        && path.toAbsolutePath().toString().matches("[^%\\\\]+");
  }

  private static OutputSpec.Format format(String text) {
    return OutputSpec.Format.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private Optional<Path> path(Field field) {
    try {
      Optional<Path> path = field.text().map(Path::of);
      if (path.isPresent()
          && path.get().getFileName() != null
          && !path.get().toString().isBlank()
          && !field.text().get().endsWith("/")) {
        return path;
      }
      problems.add(field, "expected the name of a file");
    } catch (InvalidPathException impossible) {
      problems.add(field, "expected the name of a file");
    }
    return Optional.empty();
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
