package io.duologger.config;

import io.duologger.config.OutputSpec.Syslog;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Checks what a syslog output says of its receiver. Used by one thread. */
final class SyslogReader {
  /** The keys that only a syslog output has. */
  static final List<String> KEYS =
      List.of("socket", "server", "port", "facility", "severity", "tag");

  private static final Path SOCKET = Path.of("/dev/log");
  private static final int PORT = 514;
  private static final int FIRST_LOCAL = 16;
  private static final int LOCAL4 = FIRST_LOCAL + 4;
  private static final int NOTICE = 5;

  /** In the order of their numbers, from 0; then come local0 to local7, from 16. */
  private static final List<String> FACILITIES =
      List.of(
          "kern",
          "user",
          "mail",
          "daemon",
          "auth",
          "syslog",
          "lpr",
          "news",
          "uucp",
          "cron",
          "authpriv",
          "ftp");

  private static final List<String> SEVERITIES =
      List.of("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");

  private final Problems problems;
  private final String tag;

  /**
   * @param tag the sender where none is given
   */
  SyslogReader(Problems problems, String tag) {
    this.problems = problems;
    this.tag = tag;
  }

  /** The receiver; empty, and a problem told, if it is not known where it is. */
  Optional<Syslog> read(Section section) {
    Optional<Path> socket = section.field("socket").flatMap(problems::file);
    Optional<String> server = section.field("server").flatMap(this::server);
    if (section.has("server") && section.has("socket")) {
      section
          .field("server")
          .ifPresent(field -> problems.add(field, "expected either socket or server"));
    } else if (!section.has("server")) {
      section.field("port").ifPresent(field -> problems.add(field, "expected beside server only"));
    }
    int port = section.field("port").flatMap(this::port).orElse(PORT);
    int facility = section.field("facility").flatMap(this::facility).orElse(LOCAL4);
    int severity = section.choice("severity", SEVERITIES).map(SEVERITIES::indexOf).orElse(NOTICE);
    String sender = section.field("tag").flatMap(this::tag).orElse(tag);
    if (section.has("server") ? server.isEmpty() : section.has("socket") && socket.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Syslog(
            server.isPresent() ? Optional.empty() : Optional.of(socket.orElse(SOCKET)),
            server,
            port,
            facility,
            severity,
            sender));
  }

  Optional<String> server(Field field) {
    if (HostName.isLegal(field.text().orElse(""))) {
      return field.text();
    }
    problems.add(field, "expected the name or address of a host");
    return Optional.empty();
  }

  Optional<Integer> port(Field field) {
    return problems.integer(field, 1, 65_535);
  }

  Optional<String> tag(Field field) {
    if (field.text().orElse("").matches("[A-Za-z0-9._-]{1,32}")) {
      return field.text();
    }
    problems.add(field, "expected 1 to 32 letters, digits and . _ -");
    return Optional.empty();
  }

  /** The number of local0 to local7, the only ones that the Perl tools took. */
  Optional<Integer> local(Field field) {
    Optional<Integer> number = number(field.text().orElse("")).filter(n -> n >= FIRST_LOCAL);
    if (number.isEmpty()) {
      problems.add(field, "expected local0 to local7");
    }
    return number;
  }

  private Optional<Integer> facility(Field field) {
    Optional<Integer> number = number(field.text().orElse(""));
    if (number.isEmpty()) {
      problems.add(
          field, "expected " + String.join(", ", FACILITIES) + " or one of local0 to local7");
    }
    return number;
  }

  private static Optional<Integer> number(String facility) {
    if (facility.matches("local[0-7]")) {
      return Optional.of(FIRST_LOCAL + facility.charAt(facility.length() - 1) - '0');
    }
    int number = FACILITIES.indexOf(facility);
    return number < 0 ? Optional.empty() : Optional.of(number);
  }
}
