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

/** Checks outputs, from the file and from the command line. Used by one thread. */
final class OutputReader {
  private static final String NAME = "outputs";
  private static final String EXAMPLE = "{ type = stdout }";
  private static final int LINE_BYTES = 2_000;
  private static final int MESSAGE_BYTES = 2_048;

  /** What passes most networks in one packet. */
  private static final int DATAGRAM_BYTES = 1_400;

  /** A comma belongs to the path unless a key follows. */
  private static final String NEXT_KEY = ",(?=[a-z.-]+=)";

  private final Source source;
  private final Problems problems;
  private final Rhythm rhythm;
  private final List<String> typed;
  private final Optional<Field> formatField;
  private final TargetReader targets;
  private final FormReader forms;
  private final OldOutputs old;
  private final String record;

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
  private record Place(String identity, String key, String expected) {}

  OutputReader(Source source, Problems problems, Rhythm rhythm, Overrides overrides) {
    this.source = source;
    this.problems = problems;
    this.rhythm = rhythm;
    this.typed = overrides.outputs();
    this.formatField =
        overrides.format().isPresent()
            ? Optional.of(Field.typed("format", overrides.format().get()))
            : Optional.empty();
    SyslogReader syslog = new SyslogReader(problems, overrides.defaults());
    this.targets = new TargetReader(problems, rhythm, syslog);
    this.forms = new FormReader(problems, rhythm, formatField);
    this.old = new OldOutputs(problems, syslog, overrides);
    boolean json = overrides.format().orElse(FormReader.JSON).equals(FormReader.JSON);
    this.record = overrides.defaults().record() + (json ? ".jsonl" : ".log");
  }

  /**
   * The outputs of the command line or else the file; those without problems.
   *
   * @param readable whether the file could be read
   */
  List<OutputSpec> read(Section root, boolean readable) {
    List<OutputSpec> inFile = outputs(root, typed.isEmpty() && old.values().isEmpty());
    if (!typed.isEmpty()) {
      List<Map<String, Object>> values = new ArrayList<>();
      for (String text : typed) {
        values.add(values(text));
      }
      return outputs(typed(values), true);
    }
    if (old.values().isPresent()) {
      return outputs(typed(List.of(old.values().get())), true);
    }
    if (root.has(NAME) || !readable) {
      return inFile;
    }
    if (rhythm == Rhythm.ON_REQUEST) {
      return outputs(typed(List.of(Map.of("type", "stdout"))), true);
    } else if (rhythm == Rhythm.JOB) {
      return outputs(typed(List.of(Map.of("type", "file", "path", record))), true);
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
    String[] parts = text.split(NEXT_KEY, -1);
    Map<String, Object> values = new HashMap<>();
    Map<String, Map<String, Object>> groups = new HashMap<>();
    int colon = parts[0].indexOf(':');
    values.put("type", colon < 0 ? parts[0] : parts[0].substring(0, colon));
    if (colon >= 0) {
      String place = parts[0].substring(colon + 1);
      values.put(placeKey(parts[0].substring(0, colon), place), place);
    }
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      String key = parts[i].substring(0, equals);
      int dot = key.indexOf('.');
      Map<String, Object> into =
          dot < 0
              ? values
              : groups.computeIfAbsent(key.substring(0, dot), group -> new HashMap<>());
      if (into.putIfAbsent(key.substring(dot + 1), parts[i].substring(equals + 1)) != null) {
        problems.add(Field.typed(NAME, parts[i]), "expected each key once");
      }
    }
    for (Map.Entry<String, Map<String, Object>> group : groups.entrySet()) {
      if (values.putIfAbsent(group.getKey(), group.getValue()) != null) {
        problems.add(Field.typed(NAME, text), "expected each key once");
      }
    }
    return values;
  }

  private static String placeKey(String type, String place) {
    return switch (type) {
      case TargetReader.SYSLOG -> place.startsWith("/") ? "socket" : "server";
      case TargetReader.HTTP -> "address";
      default -> "path";
    };
  }

  /**
   * @param used whether it is these that reports go to
   */
  private List<OutputSpec> outputs(Section root, boolean used) {
    List<Section> sections = root.sections(NAME, EXAMPLE).orElse(List.of());
    List<OutputSpec> specs = new ArrayList<>();
    List<Found> found = new ArrayList<>();
    for (Section section : sections) {
      Optional<OutputSpec> spec = output(section);
      if (spec.isPresent()) {
        specs.add(spec.get());
        found.add(new Found(spec.get(), section));
      }
    }
    if (used) {
      specs = old.changed(specs);
    }
    checkPlaces(specs, found);
    boolean whole = !sections.isEmpty() && found.size() == sections.size();
    if (used && whole && rhythm == Rhythm.ON_REQUEST) {
      checkAnswers(root, found);
    }
    return specs;
  }

  private void checkPlaces(List<OutputSpec> specs, List<Found> found) {
    List<String> known = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      List<Place> places = places(specs.get(i).target());
      Section section = found.get(i).section();
      for (Place place : places) {
        if (known.contains(place.identity())) {
          String key = section.has(place.key()) ? place.key() : "type";
          problems.addIfPresent(section.field(key), place.expected());
          break;
        }
      }
      for (Place place : places) {
        known.add(place.identity());
      }
    }
  }

  private static List<Place> places(Target target) {
    if (target instanceof Target.ToFile file) {
      return List.of(new Place("file " + normal(file.path()), "path", "expected each file once"));
    } else if (target instanceof Target.Http http) {
      return List.of(new Place("http " + http.port(), "port", "expected each port once"));
    } else if (target instanceof SyslogTarget syslog) {
      Place receiver = place(syslog.receiver());
      return syslog
          .spool()
          .map(
              spool ->
                  List.of(
                      receiver,
                      new Place(
                          "folder " + normal(spool.folder()),
                          "spool",
                          "expected each folder for a spool once")))
          .orElse(List.of(receiver));
    }
    return List.of(new Place("stdout", "type", "expected standard output once"));
  }

  private static Place place(SyslogTarget.Receiver receiver) {
    String expected = "expected each syslog receiver once";
    return receiver instanceof SyslogTarget.Server server
        ? new Place(
            (server.transport() + " " + server.host() + " " + server.port())
                .toLowerCase(Locale.ROOT),
            "server",
            expected)
        : new Place("socket " + normal(((SyslogTarget.Local) receiver).path()), "socket", expected);
  }

  private static Path normal(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /** Grid Engine reads standard output. */
  private void checkAnswers(Section root, List<Found> found) {
    Optional<Found> stdout = found.stream().filter(f -> f.spec().isStdout()).findFirst();
    if (stdout.isEmpty()) {
      String expected = "expected one with type = stdout, which Grid Engine reads";
      root.field(NAME).ifPresent(field -> problems.add(field, expected));
    } else if (!(stdout.get().spec().form() instanceof Form.GridEngine)) {
      Section section = stdout.get().section();
      section
          .field("format")
          .or(() -> formatField)
          .filter(field -> FormReader.FORMATS.contains(field.text().orElse("")))
          .ifPresent(
              field ->
                  problems.add(
                      field, "expected grid-engine, as Grid Engine reads standard output"));
    }
  }

  private Optional<OutputSpec> output(Section section) {
    section.checkNames(Keys.names(Keys.OUTPUT));
    Optional<Target> target = targets.read(section);
    Form form = forms.read(section, target);
    Optional<Integer> lineBytes = section.integer("line-bytes", 200, 1_000_000);
    int linePairs = section.integer("line-pairs", 5, 10_000).orElse(50);
    int queue = section.integer("queue", 1, 10_000).orElse(16);
    if (target.isEmpty()) {
      return Optional.empty();
    }
    Target to = target.get();
    return Optional.of(new OutputSpec(to, form, lineBytes.orElse(lineBytes(to)), linePairs, queue));
  }

  private static int lineBytes(Target target) {
    if (!(target instanceof SyslogTarget syslog)) {
      return LINE_BYTES;
    }
    return syslog.receiver() instanceof SyslogTarget.Server server
            && server.transport() == SyslogTarget.Transport.UDP
        ? DATAGRAM_BYTES
        : MESSAGE_BYTES;
  }
}
