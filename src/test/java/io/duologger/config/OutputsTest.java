package io.duologger.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.duologger.config.OutputSpec.Classic;
import io.duologger.config.OutputSpec.Format;
import io.duologger.config.OutputSpec.Syslog;
import io.duologger.config.OutputSpec.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Syslog outputs, and the formats of the Perl tools. */
class OutputsTest {
  private static final Overrides DLOGGER =
      Overrides.builder().defaults(new Defaults("dlogger", Path.of("state"))).build();

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

  private static Syslog socket(String path, int facility, int severity, String tag) {
    return new Syslog(Optional.of(Path.of(path)), Optional.empty(), 514, facility, severity, tag);
  }

  private static Syslog server(String name, int port) {
    return new Syslog(Optional.empty(), Optional.of(name), port, 20, 5, "dlogger");
  }

  @Test
  void syslogGoesToTheLocalDaemonByDefault() throws Exception {
    OutputSpec output = one("{ type = syslog }");
    assertEquals(Type.SYSLOG, output.type());
    assertEquals(Format.LOGFMT, output.format());
    assertEquals(Optional.of(socket("/dev/log", 20, 5, "dlogger")), output.syslog());
  }

  @Test
  void everySyslogKeyIsRead() throws Exception {
    assertEquals(
        Optional.of(socket("/run/log", 3, 0, "a.b_c-D9")),
        one("{ type = syslog, socket = /run/log, facility = daemon, severity = emerg,"
                + " tag = a.b_c-D9 }")
            .syslog());
    assertEquals(
        Optional.of(server("fe80::1", 1514)),
        one("{ type = syslog, server = \"fe80::1\", port = 1514 }").syslog());
    assertEquals(
        Optional.of(server("loghost", 514)), one("{ type = syslog, server = loghost }").syslog());
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
      assertEquals(i, one(text).syslog().orElseThrow().facility());
    }
    for (int i = 0; i < 8; i++) {
      String text = "{ type = syslog, facility = local" + i + " }";
      assertEquals(16 + i, one(text).syslog().orElseThrow().facility());
    }
    List<String> severities =
        List.of("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");
    for (int i = 0; i < severities.size(); i++) {
      String text = "{ type = syslog, severity = " + severities.get(i) + " }";
      assertEquals(i, one(text).syslog().orElseThrow().severity());
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
        x.conf:11: outputs[9].port = 1: expected with type = syslog only
        x.conf:11: outputs[9].tag = "x": expected with type = syslog only
        x.conf:12: outputs[10].path = "a": expected with type = file only\
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
            { type = syslog, server = g, path = a }\
            """,
            Overrides.NONE));
  }

  @Test
  void noReceiverIsNamedTwice() {
    assertEquals(
        """
        x.conf:4: outputs[2].socket = "/dev/./log": expected each syslog receiver once
        x.conf:5: outputs[3].type = "syslog": expected each syslog receiver once
        x.conf:7: outputs[5].server = "LOGHOST": expected each syslog receiver once\
        """,
        problems(
            """
            { type = syslog, tag = a }
            { type = syslog, socket = "/dev/./log" }
            { type = syslog, tag = b }
            { type = syslog, server = loghost }
            { type = syslog, server = LOGHOST, port = 514 }
            { type = syslog, server = loghost, port = 515 }\
            """,
            Overrides.NONE));
  }

  @Test
  void classicLinesHaveTheirLayout() throws Exception {
    assertEquals(
        Optional.of(new Classic(true, true, false, 5)),
        one("{ type = stdout, format = classic }").classic());
    assertEquals(
        Optional.of(new Classic(false, true, false, 5)),
        read(Rhythm.ONE_SHOT, "{ type = stdout, format = classic }", DLOGGER).get(0).classic());
    assertEquals(
        Optional.of(new Classic(true, false, true, 7)),
        read(
                Rhythm.ONE_SHOT,
                "{ type = stdout, format = classic, showxid = true, showkeys = false,"
                    + " sortoutput = true, linesz = 7 }",
                DLOGGER)
            .get(0)
            .classic());
    assertEquals(
        Optional.of(new Classic(false, true, false, 5)),
        read(
                Rhythm.TWO_RATES,
                "{ type = stdout, showxid = false }",
                Overrides.builder().format("classic").build())
            .get(0)
            .classic());
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
        x.conf:7: outputs[5].format = "xml": expected logfmt or json or classic or grid-engine\
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
            socket("/dev/log", 3, 5, "duologger"),
            socket("/run/log", 20, 6, "duologger"),
            new Syslog(Optional.empty(), Optional.of("loghost"), 1514, 20, 5, "x")),
        outputs.stream().map(output -> output.syslog().orElseThrow()).toList());
    assertEquals(Optional.of(new Classic(true, true, false, 3)), outputs.get(2).classic());
    assertEquals(
        "command line: outputs[1].server = \"a b\": expected the name or address of a host",
        problems("{ type = stdout }", Overrides.builder().outputs(List.of("syslog:a b")).build()));
  }
}
