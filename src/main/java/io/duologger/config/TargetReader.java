package io.duologger.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Checks where an output's reports go. Used by one thread. */
final class TargetReader {
  /** What is expected of a rotated file's name: Logback takes other characters for patterns. */
  static final String ROTATABLE =
      "expected a file name of letters, digits and . _ @ - in folders without % and backslash,"
          + " as it is rotated";

  /** The type of an output to a syslog daemon. */
  static final String SYSLOG = "syslog";

  /** The type of an output that Prometheus reads. */
  static final String HTTP = "http";

  private static final String FILE = "file";
  private static final List<String> TYPES = List.of("stdout", FILE, SYSLOG, HTTP);
  private static final List<String> FILE_KEYS = List.of("path", "rotate");
  private static final String PORT = "port";
  private static final String ADDRESS = "address";
  private static final String LOOPBACK = "127.0.0.1";
  private static final int HTTP_PORT = 9825;

  private final Problems problems;
  private final Rhythm rhythm;
  private final SyslogReader syslog;

  TargetReader(Problems problems, Rhythm rhythm, SyslogReader syslog) {
    this.problems = problems;
    this.rhythm = rhythm;
    this.syslog = syslog;
  }

  /** The target; empty, and a problem told, if it is not known. */
  Optional<Target> read(Section section) {
    if (!section.has("type")) {
      problems.add(
          section.place(), section.path("type"), "", "expected " + String.join(" or ", TYPES));
    }
    Optional<String> type = section.choice("type", TYPES);
    if (type.isPresent()) {
      checkBelonging(section, type.get());
    }
    Optional<Target> file = file(section, type.equals(Optional.of(FILE)));
    return switch (type.orElse("")) {
      case "stdout" -> Optional.of(new Target.Stdout());
      case FILE -> file;
      case SYSLOG -> syslog.read(section).map(Target.class::cast);
      case HTTP -> http(section);
      default -> Optional.empty();
    };
  }

  private void checkBelonging(Section section, String type) {
    for (String key : FILE_KEYS) {
      checkBelonging(section, key, type, List.of(FILE));
    }
    for (String key : SyslogReader.KEYS) {
      checkBelonging(
          section, key, type, key.equals(PORT) ? List.of(SYSLOG, HTTP) : List.of(SYSLOG));
    }
    checkBelonging(section, ADDRESS, type, List.of(HTTP));
  }

  private void checkBelonging(Section section, String key, String type, List<String> types) {
    if (!types.contains(type)) {
      String expected = "expected with type = " + String.join(" or ", types) + " only";
      problems.addIfPresent(section.field(key), expected);
    }
  }

  private Optional<Target> http(Section section) {
    if (rhythm == Rhythm.ONE_SHOT) {
      section
          .field("type")
          .ifPresent(field -> problems.add(field, "expected in modes that keep running only"));
    }
    String address = section.field(ADDRESS).flatMap(syslog::server).orElse(LOOPBACK);
    int port = section.field(PORT).flatMap(syslog::port).orElse(HTTP_PORT);
    return Optional.of(new Target.Http(address, port));
  }

  /** The path is looked at in any case. */
  private Optional<Target> file(Section section, boolean needed) {
    Optional<Field> field = section.field("path");
    Optional<Path> path = field.isPresent() ? problems.file(field.get()) : Optional.empty();
    Optional<Target.Rotation> rotation = rotation(section);
    if (rotation.isPresent() && path.isPresent() && !rotatable(path.get())) {
      problems.add(field.get(), ROTATABLE);
    }
    if (needed && !section.has("path")) {
      problems.add(section.place(), section.path("path"), "", "expected the name of the file");
    }
    return path.isPresent()
        ? Optional.of(new Target.ToFile(path.get(), rotation))
        : Optional.empty();
  }

  /** Logback, which rotates, takes other characters for patterns. */
  static boolean rotatable(Path path) {
    return path.getFileName().toString().matches("[A-Za-z0-9._@-]+")
        && path.toAbsolutePath().toString().matches("[^%\\\\]+");
  }

  private Optional<Target.Rotation> rotation(Section output) {
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
        new Target.Rotation(
            rotate.size("max-size", 1 << 10, 1L << 40).orElse(Long.MAX_VALUE),
            days.orElse(0),
            total.orElse(0L),
            rotate.flag("compress").orElse(false)));
  }
}
