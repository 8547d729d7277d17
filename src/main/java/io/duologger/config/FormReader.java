package io.duologger.config;

import io.duologger.config.SyslogTarget.Header;
import io.duologger.model.StructuredDataId;
import java.util.List;
import java.util.Optional;

/** Checks in which form an output's reports are. Used by one thread. */
final class FormReader {
  static final String JSON = "json";

  /** What a format may be called. */
  static final List<String> FORMATS =
      List.of("logfmt", JSON, "classic", "grid-engine", "structured-data");

  private static final List<String> CLASSIC_KEYS =
      List.of("showxid", "showkeys", "sortoutput", "linesz");
  private static final String SD_ID = "duologger@32473";

  private final Problems problems;
  private final Rhythm rhythm;
  private final Optional<Field> typed;

  /**
   * @param typed the format of outputs that name none
   */
  FormReader(Problems problems, Rhythm rhythm, Optional<Field> typed) {
    this.problems = problems;
    this.rhythm = rhythm;
    this.typed = typed;
    if (typed.isPresent()) {
      problems.choice(typed.get(), FORMATS);
    }
  }

  /**
   * The form; a legal one even if a problem was told.
   *
   * @param target empty if it is not known
   */
  Form read(Section section, Optional<Target> target) {
    Form classic =
        new Form.Classic(
            section.flag("showxid").orElse(rhythm != Rhythm.ONE_SHOT),
            section.flag("showkeys").orElse(true),
            section.flag("sortoutput").orElse(false),
            section.integer("linesz", 1, 10_000).orElse(5));
    boolean oldNames = section.choice("names", List.of("new", "old")).orElse("").equals("old");
    String id = id(section.field("sd-id"));
    if (target.orElse(null) instanceof Target.Http) {
      problems.addIfPresent(
          section.field("format"), "expected with another type: it is Prometheus's");
      checkBelonging(section, "");
      return new Form.Prometheus();
    }
    Optional<Field> field = section.field("format");
    if (field.isEmpty()) {
      field = typed;
    }
    Optional<String> name = Optional.empty();
    if (section.has("format")) {
      name = section.choice("format", FORMATS);
    } else if (typed.isPresent() && FORMATS.contains(typed.get().text().orElse(""))) {
      name = typed.get().text();
    }
    if (field.isEmpty()) {
      boolean answer = rhythm == Rhythm.ON_REQUEST && target.orElse(null) instanceof Target.Stdout;
      boolean record = rhythm == Rhythm.JOB && target.orElse(null) instanceof Target.ToFile;
      name = Optional.of(answer ? "grid-engine" : record ? JSON : "logfmt");
    }
    if (name.isPresent()) {
      checkBelonging(section, name.get());
    }
    return switch (name.orElse("")) {
      case JSON -> new Form.Json();
      case "classic" -> classic;
      case "grid-engine" -> new Form.GridEngine(oldNames);
      case "structured-data" -> structured(id, field, target);
      default -> new Form.Logfmt();
    };
  }

  private Form structured(String id, Optional<Field> field, Optional<Target> target) {
    boolean possible =
        target.isEmpty()
            || target.get() instanceof SyslogTarget syslog && syslog.header() == Header.RFC5424;
    if (possible && target.isPresent()) {
      return new Form.StructuredData(id);
    }
    if (!possible) {
      String expected = "expected with type = syslog, a server and header = rfc5424 only";
      field.ifPresent(given -> problems.add(given, expected));
    }
    return new Form.Logfmt();
  }

  private String id(Optional<Field> field) {
    if (field.isEmpty()) {
      return SD_ID;
    }
    String id = field.get().text().orElse("");
    if (StructuredDataId.isLegal(id)) {
      return id;
    }
    problems.add(field.get(), "expected a " + StructuredDataId.EXPECTED);
    return SD_ID;
  }

  /** What other formats have is wrong here. */
  private void checkBelonging(Section section, String format) {
    for (String key : CLASSIC_KEYS) {
      checkBelonging(section, key, format, "classic");
    }
    checkBelonging(section, "names", format, "grid-engine");
    checkBelonging(section, "sd-id", format, "structured-data");
  }

  private void checkBelonging(Section section, String key, String format, String needed) {
    if (!format.equals(needed)) {
      problems.addIfPresent(section.field(key), "expected with format = " + needed + " only");
    }
  }
}
