package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each way to rsyslog with each header and format: what it has understood is what a file got in the
 * same run.
 */
class SyslogTransportsIT {
  private static final String HOST = "node7.example.org";
  private static final String SD_ID = "duologger@32473";

  /** Longer names may not stand in structured data. */
  private static final int LONGEST_NAME = 32;

  /** Labels that tell the lines of a module apart. */
  private static final Set<String> LABELS = Set.of("cpu", "collector", "output");

  private static final ConfigParseOptions JSON =
      ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);

  @TempDir private Path folder;

  private Certificates certificates;
  private Path file;

  @BeforeEach
  void makeCertificates() throws Exception {
    Machine.needsPrograms("rsyslogd");
    certificates = new Certificates(folder.resolve("c"));
    file = folder.resolve("file");
  }

  @ParameterizedTest
  @CsvSource({
    "rfc5424, logfmt",
    "rfc5424, json",
    "rfc5424, classic",
    "rfc5424, structured-data",
    "rfc3164, logfmt",
    "rfc3164, json",
    "rfc3164, classic"
  })
  void everyWayBringsWhatIsInTheFile(String header, String format) throws Exception {
    boolean modern = header.equals("rfc5424");
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r")).parsing()) {
      List<String> outputs = new ArrayList<>();
      List<Rsyslog.Listener> listeners = new ArrayList<>();
      for (String address : List.of("127.0.0.1", "::1")) {
        String name = address.contains(":") ? "full" : "short";
        // The header of RFC 5424 is what is taken if nothing is said.
        String common =
            "format = " + format + ", hostname = " + name + (modern ? "" : ", header = rfc3164");
        Rsyslog.Listener udp = rsyslog.udp(address);
        outputs.add(output(udp, "udp", common));
        listeners.add(udp);
        String spool = modern ? "" : ", spool.enabled = false";
        for (String framing : List.of("octet-counting", "line-feed")) {
          Rsyslog.Listener tcp = rsyslog.tcp(address);
          outputs.add(output(tcp, "tcp", common + ", framing = " + framing + spool));
          listeners.add(tcp);
        }
        for (String driver : List.of("gtls", "ossl")) {
          Rsyslog.Listener tls = rsyslog.tls(driver, address, certificates);
          outputs.add(output(tls, "tls", common + spool));
          listeners.add(tls);
        }
      }
      Path socket = rsyslog.socket();
      boolean local = !format.equals("structured-data");
      if (local) {
        outputs.add(
            "{ type = syslog, socket = \"%s\", facility = local3, severity = info, tag = a-b.7"
                    .formatted(socket)
                + ", format = "
                + format
                + ", spool.path = \""
                + folder.resolve("spool-socket")
                + "\" }");
      }
      rsyslog.start();
      OffsetDateTime begin = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
      long pid = once(outputs, format);
      Map<String, Map<String, Object>> expected = file(format);
      rsyslog.await(
          Running.MARGIN,
          "messages of all listeners",
          all ->
              listeners.stream().allMatch(l -> !rsyslog.received(l.name()).isEmpty())
                  && local != rsyslog.received("imuxsock").isEmpty());
      for (Rsyslog.Listener listener : listeners) {
        String what = listener + " " + rsyslog.complaints();
        List<Rsyslog.Received> messages = rsyslog.received(listener.name());
        String host = listener.address().contains(":") ? HOST : "node7";
        String id = modern ? format.replace("structured-data", "pairs") : "-";
        for (Rsyslog.Received message : messages) {
          assertEquals(modern ? 1 : 0, message.version(), what);
          assertEquals(host, message.host(), what);
          assertEquals(id, message.msgid(), what);
        }
        boolean udp = listener.name().startsWith("udp");
        assertSame(messages, pid, begin, format, expected, udp ? 1_400 : 2_048, what);
      }
      if (local) {
        List<Rsyslog.Received> messages = rsyslog.received("imuxsock");
        assertSame(messages, pid, begin, format, expected, 2_048, "socket");
      }
      rsyslog.stop();
    }
  }

  @Test
  void aServerThatDemandsACertificateGetsIt() throws Exception {
    String client = Certificates.CLIENT;
    Certificates.Identity identity = certificates.client();
    String known =
        "tls.certificate = \"%s\", tls.key = \"%s\""
            .formatted(identity.certificate(), identity.key());
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      List<String> outputs = new ArrayList<>();
      List<Rsyslog.Listener> content = new ArrayList<>();
      List<Rsyslog.Listener> refusing = new ArrayList<>();
      for (String driver : List.of("gtls", "ossl")) {
        content.add(rsyslog.tlsForClient(driver, "127.0.0.1", certificates, client));
        outputs.add(output(content.get(content.size() - 1), "tls", known));
        refusing.add(rsyslog.tlsForClient(driver, "127.0.0.1", certificates, client));
        outputs.add(output(refusing.get(refusing.size() - 1), "tls", "format = logfmt"));
      }
      Rsyslog.Listener other = rsyslog.tlsWith(certificates.otherHost(), "127.0.0.1", certificates);
      content.add(other);
      outputs.add(output(other, "tls", "tls.name = " + Certificates.OTHER_HOST));
      rsyslog.start();
      try (Running run = run(outputs, "logfmt")) {
        assertEquals(0, run.exitWithin(Running.MARGIN.plusSeconds(6)), run::all);
        for (Rsyslog.Listener listener : refusing) {
          List<String> told =
              run.err().stream().filter(line -> line.contains("port " + listener.port())).toList();
          assertEquals(2, told.size(), run::all);
          assertTrue(told.get(0).contains(": warn: output "), run::all);
          assertTrue(told.get(1).endsWith(": 1 report is kept for the next start"), run::all);
        }
        assertEquals(2 * refusing.size(), run.err().size(), run::all);
      }
      List<String> lines = Files.readAllLines(file);
      rsyslog.await(
          Running.MARGIN, "the reports", all -> all.size() >= content.size() * lines.size());
      for (Rsyslog.Listener listener : content) {
        assertEquals(
            lines,
            rsyslog.received(listener.name()).stream().map(Rsyslog.Received::text).toList(),
            listener::toString);
      }
      for (Rsyslog.Listener listener : refusing) {
        assertEquals(List.of(), rsyslog.received(listener.name()), listener::toString);
      }
    }
  }

  @Test
  void theCommandLineSaysItAll() throws Exception {
    try (Rsyslog rsyslog = new Rsyslog(folder.resolve("r"))) {
      Rsyslog.Listener tls = rsyslog.tls("ossl", "127.0.0.1", certificates);
      Rsyslog.Listener tcp = rsyslog.tcp("127.0.0.1");
      Rsyslog.Listener udp = rsyslog.udp("127.0.0.1");
      rsyslog.start();
      String spool = ",spool.path=" + folder.resolve("spool-");
      try (Running run =
          Running.duologger(
              "--once",
              "--heartbeat=500ms",
              "--modules=load",
              "--every=load=100ms",
              "--output=file:" + file,
              "--output=syslog:localhost,transport=tls,port=%d,tls.ca=%s%s1"
                  .formatted(tls.port(), certificates.authority(), spool),
              "--output=syslog:127.0.0.1,transport=tcp,port=%d%s2".formatted(tcp.port(), spool),
              "--output=syslog:127.0.0.1,port=%d%s3".formatted(udp.port(), spool))) {
        assertEquals(0, run.exitWithin(Running.MARGIN.plusSeconds(1)), run::all);
        assertEquals("", String.join("\n", run.out()) + String.join("\n", run.err()));
      }
      List<String> lines = Files.readAllLines(file);
      rsyslog.await(Running.MARGIN, "the reports", all -> all.size() >= 3 * lines.size());
      for (Rsyslog.Listener listener : List.of(tls, tcp, udp)) {
        List<Rsyslog.Received> messages = rsyslog.received(listener.name());
        assertEquals(lines, messages.stream().map(Rsyslog.Received::text).toList());
        for (Rsyslog.Received message : messages) {
          assertEquals(1, message.version(), message::raw);
          assertEquals("local4 notice", message.facility() + " " + message.severity());
          assertEquals("duologger logfmt", message.app() + " " + message.msgid());
          assertEquals(hostName(), message.host());
        }
      }
    }
  }

  /** Properties that are the same for all ways, and the content. */
  private void assertSame(
      List<Rsyslog.Received> messages,
      long pid,
      OffsetDateTime begin,
      String format,
      Map<String, Map<String, Object>> expected,
      int limit,
      String what) {
    OffsetDateTime end = OffsetDateTime.now(ZoneOffset.UTC);
    for (Rsyslog.Received message : messages) {
      assertEquals("local3 info", message.facility() + " " + message.severity(), what);
      assertEquals("a-b.7", message.app(), what);
      assertEquals(Long.toString(pid), message.procid(), what);
      assertTrue(
          !message.time().isBefore(begin) && !message.time().isAfter(end),
          () -> what + ": " + message.time() + " is not from " + begin + " to " + end);
      int length = message.raw().getBytes(StandardCharsets.UTF_8).length;
      assertTrue(length <= limit, () -> what + ": " + length + " bytes: " + message.raw());
    }
    switch (format) {
      case "logfmt" ->
          assertEquals(
              expected, merged(messages.stream().map(m -> objects(m.pairs())).toList()), what);
      case "json" ->
          assertEquals(expected, merged(messages.stream().map(m -> json(m.text())).toList()), what);
      case "structured-data" -> assertStructured(messages, expected, what);
      default ->
          assertEquals(
              expected.values().iterator().next().get("lines"),
              messages.stream().map(Rsyslog.Received::text).toList(),
              what);
    }
  }

  private static void assertStructured(
      List<Rsyslog.Received> messages, Map<String, Map<String, Object>> expected, String what) {
    for (Rsyslog.Received message : messages) {
      assertEquals("", message.text(), what);
      assertEquals(Set.of(SD_ID), message.elements().keySet(), what);
    }
    Map<String, Map<String, Object>> got =
        merged(messages.stream().map(m -> objects(m.elements().get(SD_ID))).toList());
    assertEquals(expected.keySet(), got.keySet(), what);
    long shortened = 0;
    for (String key : expected.keySet()) {
      Map<String, Object> left = new LinkedHashMap<>(got.get(key));
      List<Object> values = new ArrayList<>();
      expected
          .get(key)
          .forEach(
              (name, value) -> {
                if (name.length() <= LONGEST_NAME) {
                  assertEquals(value, left.remove(name), () -> what + ": " + key + " " + name);
                } else {
                  values.add(value);
                }
              });
      assertEquals(values, new ArrayList<>(left.values()), () -> what + ": " + left);
      shortened += values.size();
    }
    assertTrue(shortened > 0, "no long name in " + expected);
  }

  /** What the file has; of classic lines just the lines. */
  private Map<String, Map<String, Object>> file(String format) throws IOException {
    List<String> lines = Files.readAllLines(file);
    assertTrue(lines.size() >= 3, lines::toString);
    return switch (format) {
      case "json" -> merged(lines.stream().map(SyslogTransportsIT::json).toList());
      case "classic" -> Map.of("", Map.of("lines", lines));
      default -> merged(lines.stream().map(line -> objects(Logfmt.parse(line).pairs())).toList());
    };
  }

  /** All values of each module and instance, which may be spread over several lines. */
  private static Map<String, Map<String, Object>> merged(List<Map<String, Object>> lines) {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    for (Map<String, Object> line : lines) {
      String key =
          line.get("xid")
              + " "
              + line.get("module")
              + line.entrySet().stream()
                  .filter(pair -> LABELS.contains(pair.getKey()))
                  .map(pair -> " " + pair.getKey() + "=" + pair.getValue())
                  .collect(Collectors.joining());
      Map<String, Object> merged = all.computeIfAbsent(key, k -> new LinkedHashMap<>());
      line.forEach(
          (name, value) -> {
            Object other = merged.putIfAbsent(name, value);
            assertTrue(other == null || other.equals(value), () -> key + ": two times " + name);
          });
    }
    return all;
  }

  private static Map<String, Object> objects(Map<String, String> pairs) {
    return new LinkedHashMap<>(pairs);
  }

  private static Map<String, Object> json(String line) {
    return ConfigFactory.parseString(line, JSON).root().unwrapped();
  }

  private String output(Rsyslog.Listener to, String transport, String further) {
    return """
    { type = syslog, server = "%s", transport = %s, port = %d, facility = local3
      severity = info, tag = a-b.7, %s%s%s }
    """
        .formatted(
            to.address(),
            transport,
            to.port(),
            further,
            transport.equals("tls") ? ", tls.ca = \"" + certificates.authority() + "\"" : "",
            further.contains("spool")
                ? ""
                : ", spool.path = \"" + folder.resolve("spool-" + to.name()) + "\"");
  }

  /** Runs for one window and gives its process id. */
  private long once(List<String> outputs, String format) throws Exception {
    try (Running run = run(outputs, format)) {
      assertEquals(0, run.exitWithin(Running.MARGIN.plusSeconds(1)), run::all);
      assertEquals("", String.join("\n", run.out()) + String.join("\n", run.err()));
      return run.pid();
    }
  }

  private Running run(List<String> outputs, String format) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("x.conf"),
            """
            host = "%s"
            heartbeat = 500 ms
            modules {
              cpu { every = 100 ms, per-cpu = all, stats = [min, mean, max, p50, p95, p99, p99.9] }
              load.every = 100 ms
            }
            outputs = [
              { type = file, path = "%s", format = %s }
              %s
            ]
            """
                .formatted(
                    HOST,
                    file,
                    format.equals("structured-data") ? "logfmt" : format,
                    String.join("  ", outputs)));
    return Running.duologger("--once", "--config", config.toString());
  }

  private static String hostName() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
  }
}
