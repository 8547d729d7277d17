package io.duologger.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.duologger.config.Form.Classic;
import io.duologger.config.SyslogTarget.Header;
import io.duologger.config.SyslogTarget.Local;
import io.duologger.config.SyslogTarget.Receiver;
import io.duologger.config.SyslogTarget.Server;
import io.duologger.config.SyslogTarget.Spool;
import io.duologger.config.SyslogTarget.Tls;
import io.duologger.config.SyslogTarget.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Syslog outputs, and the formats of the Perl tools. */
class OutputsTest {
  private static final Overrides DLOGGER =
      Overrides.builder()
          .defaults(new Defaults("dlogger", Path.of("state"), Path.of("/spools"), "record"))
          .build();

  @TempDir Path directory;

  private List<OutputSpec> read(Rhythm rhythm, String outputs, Overrides overrides)
      throws Exception {
    String text = "modules.cpu {}\noutputs = [\n" + outputs + "\n]\n";
    Path file = Files.writeString(directory.resolve("x.conf"), text);
    return ConfigReader.read(file, TestCatalogue.MODULES, rhythm, overrides).outputs();
  }

  private OutputSpec one(String output) throws Exception {
    return read(Rhythm.ONE_RATE, output, DLOGGER).get(0);
  }

  private String problems(String outputs, Overrides overrides) {
    ConfigException wrong =
        assertThrows(ConfigException.class, () -> read(Rhythm.TWO_RATES, outputs, overrides));
    return wrong.getMessage().replace(directory + "/", "");
  }

  private SyslogTarget syslog(String output) throws Exception {
    return (SyslogTarget) one(output).target();
  }

  private Optional<Spool> spool(String keys) throws Exception {
    return syslog("{ type = syslog, spool { " + keys + " } }").spool();
  }

  private static Server udp(String name, int port) {
    return new Server(Transport.UDP, name, port, false, Optional.empty());
  }

  private static Optional<Spool> waiting(String folder) {
    return Optional.of(
        new Spool(Path.of(folder), 64 << 20, Duration.ofDays(7), OptionalInt.empty()));
  }

  @Test
  void syslogGoesToTheLocalDaemonByDefault() throws Exception {
    OutputSpec output = one("{ type = syslog }");
    assertEquals(new Form.Logfmt(), output.form());
    assertEquals(2048, output.lineBytes());
    assertEquals(
        new SyslogTarget(
            new Local(Path.of("/dev/log")),
            Header.RFC3164,
            true,
            20,
            5,
            "dlogger",
            Duration.ofSeconds(30),
            waiting("/spools/local-dev-log")),
        output.target());
  }

  @Test
  void aServerHasADefaultForEachTransport() throws Exception {
    OutputSpec udp = one("{ type = syslog, server = LogHost }");
    assertEquals(1400, udp.lineBytes());
    assertEquals(
        new SyslogTarget(
            udp("LogHost", 514),
            Header.RFC5424,
            false,
            20,
            5,
            "dlogger",
            Duration.ofSeconds(30),
            waiting("/spools/udp-loghost-514")),
        udp.target());
    OutputSpec tcp = one("{ type = syslog, server = loghost, transport = tcp }");
    assertEquals(2048, tcp.lineBytes());
    assertEquals(
        new Server(Transport.TCP, "loghost", 514, false, Optional.empty()),
        ((SyslogTarget) tcp.target()).receiver());
    SyslogTarget tls = syslog("{ type = syslog, server = \"fe80::1\", transport = tls }");
    assertEquals(
        new Server(Transport.TLS, "fe80::1", 6514, false, Optional.of(Tls.NONE)), tls.receiver());
    assertEquals(waiting("/spools/tls-fe80__1-6514"), tls.spool());
  }

  @Test
  void everySyslogKeyIsRead() throws Exception {
    SyslogTarget local =
        syslog(
            "{ type = syslog, socket = /run/log, facility = daemon, severity = emerg,"
                + " tag = a.b_c-D9, retry-max = 2 minutes, spool.enabled = false }");
    assertEquals(
        new SyslogTarget(
            new Local(Path.of("/run/log")),
            Header.RFC3164,
            true,
            3,
            0,
            "a.b_c-D9",
            Duration.ofMinutes(2),
            Optional.empty()),
        local);
    OutputSpec tls =
        one(
            """
            { type = syslog, server = loghost, transport = tls, port = 1514, header = rfc3164,
              hostname = full, line-bytes = 8000
              tls { ca = "/ca.pem", certificate = c.pem, key = k.pem, name = "other.example" }
              spool { path = "/var/spool/x/", max-size = 1 MiB, max-age = 1 hour, rate = 7 } }\
            """);
    assertEquals(8000, tls.lineBytes());
    assertEquals(
        new SyslogTarget(
            new Server(
                Transport.TLS,
                "loghost",
                1514,
                false,
                Optional.of(
                    new Tls(
                        Optional.of(Path.of("/ca.pem")),
                        Optional.of(Path.of("c.pem")),
                        Optional.of(Path.of("k.pem")),
                        Optional.of("other.example")))),
            Header.RFC3164,
            false,
            20,
            5,
            "dlogger",
            Duration.ofSeconds(30),
            Optional.of(
                new Spool(
                    Path.of("/var/spool/x"), 1 << 20, Duration.ofHours(1), OptionalInt.of(7)))),
        tls.target());
    Receiver lines =
        syslog("{ type = syslog, server = a, transport = tcp, framing = line-feed }").receiver();
    assertEquals(new Server(Transport.TCP, "a", 514, true, Optional.empty()), lines);
    OutputSpec data =
        one("{ type = syslog, server = a, format = structured-data, hostname = short }");
    assertEquals(new Form.StructuredData("duologger@32473"), data.form());
    assertEquals(
        new Form.StructuredData("x@1.2"),
        one("{ type = syslog, server = a, format = structured-data, sd-id = \"x@1.2\" }").form());
    assertEquals(waiting("/spools/local-dev-log"), spool(""));
  }

  @Test
  void httpIsListenedForOnLoopback() throws Exception {
    assertEquals(
        new OutputSpec(new Target.Http("127.0.0.1", 9825), new Form.Prometheus(), 2000, 50, 16),
        one("{ type = http }"));
    assertEquals(
        new Target.Http("::", 80), one("{ type = http, address = \"::\", port = 80 }").target());
    Overrides typed = Overrides.builder().outputs(List.of("http:10.0.0.1,port=99")).build();
    assertEquals(
        new Target.Http("10.0.0.1", 99),
        read(Rhythm.TWO_RATES, "{ type = stdout }", typed).get(0).target());
  }

  @Test
  void whatIsWrongWithHttpOutputsIsSaid() {
    assertEquals(
        """
        x.conf:3: outputs[1].format = "json": expected with another type: it is Prometheus's
        x.conf:4: outputs[2].server = "a": expected with type = syslog only
        x.conf:5: outputs[3].address = "a": expected with type = http only
        x.conf:6: outputs[4].port = 0: expected a whole number from 1 to 65535
        x.conf:7: outputs[5].type = "http": expected each port once
        x.conf:8: outputs[6].showxid = true: expected with format = classic only\
        """,
        problems(
                """
            { type = http, format = json, port = 1 }
            { type = http, server = a, port = 2 }
            { type = stdout, address = a }
            { type = http, port = 0 }
            { type = http }
            { type = http, port = 3, showxid = true }\
            """,
                Overrides.NONE)
            .replace("outputs[5].type", "outputs[5].type"));
    ConfigException once =
        assertThrows(
            ConfigException.class, () -> read(Rhythm.ONE_SHOT, "{ type = http }", DLOGGER));
    assertEquals(
        "outputs[1].type = \"http\": expected in modes that keep running only",
        once.getMessage().replaceFirst(".*x.conf:3: ", ""));
  }

  @Test
  void facilitiesAndSeveritiesHaveTheirNumbers() throws Exception {
    List<String> facilities =
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
    for (int i = 0; i < facilities.size(); i++) {
      String text = "{ type = syslog, facility = " + facilities.get(i) + " }";
      assertEquals(i, syslog(text).facility());
    }
    for (int i = 0; i < 8; i++) {
      String text = "{ type = syslog, facility = local" + i + " }";
      assertEquals(16 + i, syslog(text).facility());
    }
    List<String> severities =
        List.of("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");
    for (int i = 0; i < severities.size(); i++) {
      String text = "{ type = syslog, severity = " + severities.get(i) + " }";
      assertEquals(i, syslog(text).severity());
    }
  }

  @Test
  void whatIsWrongWithSyslogOutputsIsSaid() {
    assertEquals(
        """
        x.conf:3: outputs[1].server = "b": expected either socket or server
        x.conf:4: outputs[2].port = 514: expected beside server only
        x.conf:5: outputs[3].server = "a b": expected the name or address of a host
        x.conf:6: outputs[4].port = 0: expected a whole number from 1 to 65535
        x.conf:7: outputs[5].facility = "local8": expected kern, user, mail, daemon, auth, syslog, lpr, news, uucp, cron, authpriv, ftp or one of local0 to local7
        x.conf:8: outputs[6].severity = "loud": expected emerg or alert or crit or err or warning or notice or info or debug
        x.conf:9: outputs[7].tag = "a b": expected 1 to 32 letters, digits and . _ -
        x.conf:10: outputs[8].socket = "/run/": expected the name of a file
        x.conf:11: outputs[9].port = 1: expected with type = syslog or http only
        x.conf:11: outputs[9].tag = "x": expected with type = syslog only
        x.conf:12: outputs[10].path = "a": expected with type = file only
        x.conf:13: outputs[11].transport = "scp": expected udp or tcp or tls
        x.conf:14: outputs[12].framing = "line-feed": expected with transport = tcp only
        x.conf:14: outputs[12].tls = {...}: expected with transport = tls only
        x.conf:15: outputs[13].tls.kay = "k": no such key; did you mean key?
        x.conf:15: outputs[13].tls.certificate = "c": expected key beside it
        x.conf:15: outputs[13].framing = "line-feed": expected with transport = tcp only
        x.conf:16: outputs[14].transport = "tls": expected beside server only
        x.conf:16: outputs[14].header = "rfc5424": expected beside server only
        x.conf:16: outputs[14].tls = {...}: expected beside server only
        x.conf:17: outputs[15].spool.path = "": expected the name of a folder
        x.conf:17: outputs[15].spool.enabled = "maybe": expected true or false
        x.conf:17: outputs[15].spool.max-size = "1 KiB": expected a size from 64 KiB to 1 TiB
        x.conf:17: outputs[15].spool.max-age = "1": expected a duration with its unit, such as 1 s or 10 minutes
        x.conf:17: outputs[15].spool.rate = 0: expected a whole number from 1 to 1000
        x.conf:18: outputs[16].retry-max = "1 ms": expected a duration from 100 ms to 1 hour
        x.conf:19: outputs[17].format = "structured-data": expected with type = syslog, a server and header = rfc5424 only
        x.conf:20: outputs[18].sd-id = "a": expected a name@number, at most 32 printable ASCII characters without blank = ] and \", the number that of an enterprise, such as duologger@32473
        x.conf:21: outputs[19].sd-id = "a@1": expected with format = structured-data only\
        """,
        problems(
            """
            { type = syslog, socket = /a, server = b }
            { type = syslog, socket = /c, port = 514 }
            { type = syslog, server = "a b" }
            { type = syslog, server = c, port = 0 }
            { type = syslog, server = d, facility = local8 }
            { type = syslog, server = e, severity = loud }
            { type = syslog, server = f, tag = "a b" }
            { type = syslog, socket = "/run/" }
            { type = stdout, tag = x, port = 1 }
            { type = syslog, server = g, path = a }
            { type = syslog, server = h, transport = scp }
            { type = syslog, server = i, framing = line-feed, tls { ca = x } }
            { type = syslog, server = j, transport = tls, framing = line-feed, tls { certificate = c, kay = k } }
            { type = syslog, socket = /k, header = rfc5424, transport = tls, tls { ca = x } }
            { type = syslog, server = l, spool { enabled = maybe, max-age = "1", max-size = 1 KiB, path = "", rate = 0 } }
            { type = syslog, server = m, retry-max = 1 ms }
            { type = syslog, server = n, header = rfc3164, format = structured-data }
            { type = syslog, server = o, format = structured-data, sd-id = a }
            { type = syslog, server = p, sd-id = "a@1" }\
            """,
            Overrides.NONE));
  }

  @Test
  void noReceiverIsNamedTwice() {
    assertEquals(
        """
        x.conf:4: outputs[2].socket = "/dev/./log": expected each syslog receiver once
        x.conf:5: outputs[3].type = "syslog": expected each syslog receiver once
        x.conf:7: outputs[5].server = "LOGHOST": expected each syslog receiver once
        x.conf:11: outputs[9].spool = {...}: expected each folder for a spool once\
        """,
        problems(
            """
            { type = syslog, tag = a }
            { type = syslog, socket = "/dev/./log" }
            { type = syslog, tag = b }
            { type = syslog, server = loghost }
            { type = syslog, server = LOGHOST, port = 514 }
            { type = syslog, server = loghost, port = 515 }
            { type = syslog, server = loghost, transport = tcp }
            { type = syslog, server = x, spool.path = "/spools/here" }
            { type = syslog, server = y, spool.path = "/spools/../spools/here" }\
            """,
            Overrides.NONE));
  }

  @Test
  void classicLinesHaveTheirLayout() throws Exception {
    assertEquals(
        new Classic(true, true, false, 5), one("{ type = stdout, format = classic }").form());
    assertEquals(
        new Classic(false, true, false, 5),
        read(Rhythm.ONE_SHOT, "{ type = stdout, format = classic }", DLOGGER).get(0).form());
    assertEquals(
        new Classic(true, false, true, 7),
        read(
                Rhythm.ONE_SHOT,
                "{ type = stdout, format = classic, showxid = true, showkeys = false,"
                    + " sortoutput = true, linesz = 7 }",
                DLOGGER)
            .get(0)
            .form());
    assertEquals(
        new Classic(false, true, false, 5),
        read(
                Rhythm.TWO_RATES,
                "{ type = stdout, showxid = false }",
                Overrides.builder().format("classic").build())
            .get(0)
            .form());
  }

  @Test
  void keysOfAnotherFormatAreProblems() {
    assertEquals(
        """
        x.conf:3: outputs[1].linesz = 0: expected a whole number from 1 to 10000
        x.conf:4: outputs[2].showxid = true: expected with format = classic only
        x.conf:5: outputs[3].names = "oldest": expected new or old
        x.conf:5: outputs[3].sortoutput = false: expected with format = classic only
        x.conf:6: outputs[4].names = "new": expected with format = grid-engine only
        x.conf:7: outputs[5].format = "xml": expected logfmt or json or classic or grid-engine or structured-data\
        """,
        problems(
            """
            { type = stdout, format = classic, linesz = 0 }
            { type = file, path = a, showxid = true }
            { type = file, path = b, format = grid-engine, sortoutput = false, names = oldest }
            { type = file, path = c, format = json, names = new }
            { type = file, path = d, format = xml, names = new, showkeys = true }\
            """,
            Overrides.NONE));
  }

  @Test
  void syslogIsNamedOnTheCommandLine() throws Exception {
    Overrides typed =
        Overrides.builder()
            .outputs(
                List.of(
                    "syslog,facility=daemon",
                    "syslog:/run/log,severity=info",
                    "syslog:loghost,port=1514,tag=x,format=classic,linesz=3"))
            .build();
    List<OutputSpec> outputs = read(Rhythm.TWO_RATES, "{ type = stdout }", typed);
    assertEquals(
        List.of(
            "Local[path=/dev/log] 3.5 duologger",
            "Local[path=/run/log] 20.6 duologger",
            udp("loghost", 1514) + " 20.5 x"),
        outputs.stream()
            .map(output -> (SyslogTarget) output.target())
            .map(to -> to.receiver() + " " + to.facility() + "." + to.severity() + " " + to.tag())
            .toList());
    assertEquals(new Classic(true, true, false, 3), outputs.get(2).form());
    assertEquals(
        "command line: outputs[1].server = \"a b\": expected the name or address of a host",
        problems("{ type = stdout }", Overrides.builder().outputs(List.of("syslog:a b")).build()));
  }

  @Test
  void eachReceiverHasASpoolOfItsOwn() throws Exception {
    List<String> folders = new ArrayList<>();
    for (String receiver :
        List.of(
            "server = \"::1\"",
            "server = \"1\"",
            "server = \"::1\", port = 5514",
            "server = \"::1\", transport = tcp",
            "socket = \"/run/a/b\"",
            "socket = \"/run/a-b\"",
            "socket = \"/run/a b\"",
            "socket = \"/run/A/b\"",
            "socket = \"/run/a%2Fb\"")) {
      folders.add(
          syslog("{ type = syslog, " + receiver + " }").spool().orElseThrow().folder().toString());
    }
    assertEquals(
        List.of(
            "/spools/udp-__1-514",
            "/spools/udp-1-514",
            "/spools/udp-__1-5514",
            "/spools/tcp-__1-514",
            "/spools/local-run-a-b",
            "/spools/local-run-a%2Db",
            "/spools/local-run-a+b",
            "/spools/local-run-A-b",
            "/spools/local-run-a%252Fb"),
        folders);
  }

  @Test
  void aReceiverOfTheOldOptionsHasItsOwnSpoolToo() throws Exception {
    Overrides typed =
        Overrides.builder()
            .defaults(new Defaults("dlogger", Path.of("state"), Path.of("/spools"), "record"))
            .old(Map.of("-H", "other", "-P", "99"))
            .build();
    List<OutputSpec> outputs =
        read(
            Rhythm.ONE_RATE,
            """
            { type = syslog, server = loghost }
            { type = syslog, server = x, transport = tcp, spool.path = "/here" }
            { type = syslog }\
            """,
            typed);
    assertEquals(
        List.of("/spools/udp-other-99", "/here", "/spools/local-dev-log"),
        outputs.stream()
            .map(o -> ((SyslogTarget) o.target()).spool().orElseThrow().folder().toString())
            .toList());
  }
}
