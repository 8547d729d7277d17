package io.duologger.config;

import io.duologger.config.SyslogTarget.Header;
import io.duologger.config.SyslogTarget.Local;
import io.duologger.config.SyslogTarget.Receiver;
import io.duologger.config.SyslogTarget.Server;
import io.duologger.config.SyslogTarget.Spool;
import io.duologger.config.SyslogTarget.Tls;
import io.duologger.config.SyslogTarget.Transport;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Checks what a syslog output says of its receiver. Used by one thread. */
final class SyslogReader {
  /** The keys that only a syslog output has. */
  static final List<String> KEYS =
      List.of(
          "socket",
          "server",
          "transport",
          "port",
          "framing",
          "header",
          "hostname",
          "facility",
          "severity",
          "tag",
          "retry-max",
          "tls",
          "spool");

  private static final List<String> SERVER_KEYS =
      List.of("transport", "port", "framing", "header", "hostname", "tls");

  private static final Path SOCKET = Path.of("/dev/log");
  private static final int PORT = 514;
  private static final int TLS_PORT = 6514;
  private static final Duration RETRY_MAX = Duration.ofSeconds(30);
  private static final long SPOOL_BYTES = 64L << 20;
  private static final Duration SPOOL_AGE = Duration.ofDays(7);
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
  private final Defaults defaults;

  SyslogReader(Problems problems, Defaults defaults) {
    this.problems = problems;
    this.defaults = defaults;
  }

  /** The receiver; empty, and a problem told, if it is not known where it is. */
  Optional<SyslogTarget> read(Section section) {
    Optional<Receiver> receiver = receiver(section);
    boolean toServer = section.has("server");
    Header header =
        section
            .choice("header", List.of("rfc5424", "rfc3164"))
            .map(text -> Header.valueOf(text.toUpperCase(Locale.ROOT)))
            .orElse(toServer ? Header.RFC5424 : Header.RFC3164);
    boolean shortHost =
        section
            .choice("hostname", List.of("short", "full"))
            .map("short"::equals)
            .orElse(header == Header.RFC3164);
    int facility = section.field("facility").flatMap(this::facility).orElse(LOCAL4);
    int severity = section.choice("severity", SEVERITIES).map(SEVERITIES::indexOf).orElse(NOTICE);
    String sender = section.field("tag").flatMap(this::tag).orElse(defaults.tag());
    Duration retryMax =
        section
            .duration("retry-max", Duration.ofMillis(100), Duration.ofHours(1))
            .orElse(RETRY_MAX);
    Optional<Spool> spool = spool(section, receiver);
    return receiver.map(
        to -> new SyslogTarget(to, header, shortHost, facility, severity, sender, retryMax, spool));
  }

  private Optional<Receiver> receiver(Section section) {
    Optional<Path> socket = section.field("socket").flatMap(problems::file);
    Optional<Server> server = server(section);
    if (section.has("server")) {
      if (section.has("socket")) {
        section
            .field("server")
            .ifPresent(field -> problems.add(field, "expected either socket or server"));
      }
      return server.map(Receiver.class::cast);
    }
    for (String key : SERVER_KEYS) {
      section.field(key).ifPresent(field -> problems.add(field, "expected beside server only"));
    }
    return section.has("socket") ? socket.map(Local::new) : Optional.of(new Local(SOCKET));
  }

  private Optional<Server> server(Section section) {
    Optional<String> host = section.field("server").flatMap(this::server);
    Optional<Transport> given =
        section
            .choice("transport", List.of("udp", "tcp", "tls"))
            .map(text -> Transport.valueOf(text.toUpperCase(Locale.ROOT)));
    Transport transport = given.orElse(Transport.UDP);
    int port =
        section
            .field("port")
            .flatMap(this::port)
            .orElse(transport == Transport.TLS ? TLS_PORT : PORT);
    boolean lineFeeds =
        section
            .choice("framing", List.of("octet-counting", "line-feed"))
            .map("line-feed"::equals)
            .orElse(false);
    Optional<Tls> tls = tls(section);
    boolean known = given.isPresent() || !section.has("transport");
    if (section.has("server") && known) {
      expectWith(section, "framing", transport, Transport.TCP);
      expectWith(section, "tls", transport, Transport.TLS);
    }
    boolean isTls = transport == Transport.TLS;
    return host.map(
        name ->
            new Server(
                transport,
                name,
                port,
                lineFeeds && transport == Transport.TCP,
                isTls ? tls.or(() -> Optional.of(Tls.NONE)) : Optional.empty()));
  }

  private void expectWith(Section section, String key, Transport is, Transport needed) {
    if (is != needed) {
      String name = needed.name().toLowerCase(Locale.ROOT);
      section
          .field(key)
          .ifPresent(field -> problems.add(field, "expected with transport = " + name + " only"));
    }
  }

  private Optional<Tls> tls(Section section) {
    Optional<Section> given = section.section("tls", "{ ca = \"/etc/ssl/ca.pem\" }");
    if (given.isEmpty()) {
      return Optional.empty();
    }
    Section tls = given.get();
    tls.checkNames(Keys.names(Keys.TLS));
    expectBeside(tls, "certificate", "key");
    expectBeside(tls, "key", "certificate");
    Optional<Path> certificate = tls.field("certificate").flatMap(problems::file);
    Optional<Path> key = tls.field("key").flatMap(problems::file);
    boolean both = certificate.isPresent() && key.isPresent();
    return Optional.of(
        new Tls(
            tls.field("ca").flatMap(problems::file),
            certificate.filter(file -> both),
            key.filter(file -> both),
            tls.field("name").flatMap(this::server)));
  }

  private void expectBeside(Section section, String key, String other) {
    if (!section.has(other)) {
      section
          .field(key)
          .ifPresent(field -> problems.add(field, "expected " + other + " beside it"));
    }
  }

  private Optional<Spool> spool(Section section, Optional<Receiver> receiver) {
    Section spool =
        section.section("spool", "{ max-size = 64 MiB }").orElseGet(() -> section.without("spool"));
    spool.checkNames(Keys.names(Keys.SPOOL));
    Optional<Path> given = spool.field("path").flatMap(problems::folder);
    boolean enabled = spool.flag("enabled").orElse(true);
    long maxBytes = spool.size("max-size", 64L << 10, 1L << 40).orElse(SPOOL_BYTES);
    Duration maxAge =
        spool.duration("max-age", Duration.ofSeconds(1), Duration.ofDays(36_500)).orElse(SPOOL_AGE);
    Optional<Integer> rate = spool.integer("rate", 1, 1_000);
    return enabled
        ? receiver.map(
            to ->
                new Spool(
                    given.orElseGet(() -> folder(to)),
                    maxBytes,
                    maxAge,
                    rate.map(OptionalInt::of).orElse(OptionalInt.empty())))
        : Optional.empty();
  }

  /** A spool that is where it is by default, for another receiver. */
  Spool moved(Spool spool, Receiver from, Receiver to) {
    return spool.folder().equals(folder(from))
        ? new Spool(folder(to), spool.maxBytes(), spool.maxAge(), spool.rate())
        : spool;
  }

  /** Where a receiver's spool is, unless it is said to be elsewhere: another place for each. */
  private Path folder(Receiver receiver) {
    String name =
        receiver instanceof Server to
            ? (to.transport() + "-" + to.host().replace(':', '_') + "-" + to.port())
                .toLowerCase(Locale.ROOT)
            : "local" + inOneName(((Local) receiver).path().toAbsolutePath().normalize());
    return defaults.spools().resolve(name);
  }

  private static String inOneName(Path path) {
    return URLEncoder.encode(path.toString(), StandardCharsets.UTF_8)
        .replace("-", "%2D")
        .replace("%2F", "-");
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
