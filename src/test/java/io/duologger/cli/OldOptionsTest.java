package io.duologger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.config.ConfigException;
import io.duologger.config.OutputSpec;
import io.duologger.config.RecorderConfig;
import io.duologger.config.SyslogTarget;
import io.duologger.config.Target;
import io.duologger.model.ModuleSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Perl tools' command lines mean what they meant. */
class OldOptionsTest {
  @TempDir Path home;

  @BeforeEach
  void writeConfigurations() throws IOException {
    Path conf = Files.createDirectory(home.resolve("conf"));
    String text =
        """
        heartbeat = 10 minutes
        modules { cpu { every = 1 s }, memory { every = 10 s }, disk { every = heartbeat } }
        outputs = [
          { type = stdout }
          { type = file, path = "/var/log/x.log" }
          { type = syslog, facility = daemon, tag = own }
          { type = syslog, server = there, port = 1514 }
        ]
        """;
    Files.writeString(conf.resolve("duologger.conf"), text);
    Files.writeString(
        conf.resolve("dlogger.conf"), text.replaceAll("every = (1 s|10 s|heartbeat)", ""));
    Files.writeString(
        conf.resolve("cronlogger.conf"), "modules.cpu {}, outputs = [{ type = stdout }]");
  }

  private RecorderConfig config(String line) throws Exception {
    return new CliFixture(home, Map.of()).config(line);
  }

  private String problems(String line) {
    return assertThrows(ConfigException.class, () -> config(line)).getMessage();
  }

  private static String text(OutputSpec output) {
    if (output.target() instanceof Target.ToFile file) {
      return "FILE " + file.path();
    }
    return output.target() instanceof SyslogTarget syslog ? "SYSLOG " + text(syslog) : "STDOUT";
  }

  private static String text(SyslogTarget to) {
    String place =
        to.receiver() instanceof SyslogTarget.Server server
            ? server.host() + ":" + server.port()
            : ((SyslogTarget.Local) to.receiver()).path().toString();
    return place + " " + to.facility() + "." + to.severity() + " " + to.tag();
  }

  @Test
  void whatGoesByNetHasTheHeaderOfTheOldTools() throws Exception {
    SyslogTarget to = (SyslogTarget) config("dlogger -o net -H loghost").outputs().get(0).target();
    assertEquals(SyslogTarget.Header.RFC3164, to.header());
    assertTrue(to.shortHost());
  }

  private static List<String> outputs(RecorderConfig config) {
    return config.outputs().stream().map(OldOptionsTest::text).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          duologger -D                         | 600   | 1    | 10  | 600
          duologger -d 5                       | 50    | 5    | 5   | 50
          duologger -d5                        | 50    | 5    | 5   | 50
          duologger -d 0.5                     | 5     | 0.5  | 0.5 | 5
          duologger -d 500ms -i 4              | 2     | 0.5  | 0.5 | 2
          duologger -d 1m                      | 600   | 60   | 60  | 600
          duologger -i 5                       | 300   | 60   | 60  | 300
          duologger -d 30 -i 1                 | 30    | 30   | 30  | 30
          duologger -D -d 60 -i 10             | 600   | 60   | 60  | 600
          duologger -d 2 --heartbeat 1m        | 60    | 2    | 2   | 60
          duologger -d 2 --every cpu=100ms     | 20    | 0.1  | 2   | 20
          dlogger -D                           | 600   | 600  | 600 | 600
          dlogger -d 60                        | 60    | 60   | 60  | 60
          dlogger -i 3                         | 1800  | 1800 | 1800| 1800
          dlogger -d 1.5 -i 2                  | 3     | 3    | 3   | 3
          dlogger -d 2h                        | 7200  | 7200 | 7200| 7200
          dlogger --heartbeat 5m               | 300   | 300  | 300 | 300
          """)
  void timesAreThoseOfTheOldTools(
      String line, double heartbeat, double cpu, double memory, double disk) throws Exception {
    RecorderConfig config = config(line);
    assertEquals(heartbeat, config.heartbeat().toNanos() / 1e9);
    List<Double> every = new ArrayList<>();
    for (ModuleSpec module : config.modules()) {
      every.add(module.every().toNanos() / 1e9);
    }
    assertEquals(List.of(cpu, memory, disk), every);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          duologger -o syslog                  | SYSLOG /dev/log 20.5 duologger
          dlogger -o SysLog -l local0 -n dl    | SYSLOG /dev/log 16.5 dl
          duologger -o file                    | FILE logfile.txt
          duologger -o FILE -F /a/b            | FILE /a/b
          cronlogger -o file -F b.txt          | FILE b.txt
          dlogger -o stdout -l local3 -P 5     | STDOUT
          dlogger -o net                       | SYSLOG localhost:514 20.5 dlogger
          duologger -o net -H h -P 99 -l local7| SYSLOG h:99 23.5 duologger
          cronlogger -o net -n cl              | SYSLOG localhost:514 20.5 cl
          cronlogger -l local1 -n x -F y       | STDOUT
          """)
  void oneOutputReplacesThoseOfTheFile(String line, String expected) throws Exception {
    assertEquals(List.of(expected), outputs(config(line)));
  }

  @Test
  void withoutATypeTheOutputsOfTheFileAreChanged() throws Exception {
    assertEquals(
        List.of("STDOUT", "FILE /a/b", "SYSLOG /dev/log 17.5 new", "SYSLOG here:99 17.5 new"),
        outputs(config("duologger -l local1 -n new -H here -P 99 -F /a/b")));
    assertEquals(
        List.of("SYSLOG /dev/log 18.5 dlogger", "FILE z"),
        outputs(config("dlogger --output syslog --output file:x -l local2 -F z")));
  }

  @Test
  void theRestMeansWhatItsLongNameMeans() throws Exception {
    Path file = Files.writeString(home.resolve("o.conf"), "modules.load {}");
    assertTrue(config("duologger -S").once());
    assertTrue(config("dlogger -SDd60").once());
    assertEquals("load", config("cronlogger -f " + file + " -o stdout").modules().get(0).name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          duologger -d x           | -d = "x": expected seconds such as 60 or 0.5, or a duration such as 500 ms
          duologger -d 0           | -d = "0": expected a duration from 1 ms to 1 day
          duologger -d 0.5.1       | -d = "0.5.1": expected seconds such as 60 or 0.5, or a duration such as 500 ms
          dlogger -d 2d            | -d = "2d": expected a duration from 1 ms to 1 day
          dlogger -d 1ms           | -d = "1ms": expected a heartbeat, -i times -d, from 10 ms to 1 day, not 1 ms
          duologger -d 1h -i 25    | -i = "25": expected a heartbeat, -i times -d, from 10 ms to 1 day, not 25 hours
          duologger -i 0           | -i = "0": expected a whole number from 1 to 1000000
          duologger -i 1.5         | -i = "1.5": expected a whole number from 1 to 1000000
          duologger --heartbeat 5m -i 2        | heartbeat = "5m": expected without -d and -i, as it is -i times -d
          dlogger --heartbeat 5m -d 60         | heartbeat = "5m": expected without -d and -i, as it is -i times -d
          duologger -l local8      | -l = "local8": expected local0 to local7
          duologger -o stdout -l user | -l = "user": expected local0 to local7
          duologger -n a/b         | -n = "a/b": expected 1 to 32 letters, digits and . _ -
          duologger -F a/          | -F = "a/": expected the name of a file
          duologger -H a/b         | -H = "a/b": expected the name or address of a host
          duologger -P 65536       | -P = "65536": expected a whole number from 1 to 65535
          cronlogger -o pipe       | -o = "pipe": expected syslog, file, stdout or net
          dlogger -o file --output stdout      | -o = "file": expected without --output, which says the same
          dlogger --output file:a --output file:b -F c | -F = "c": expected one output of type file, not 2
          duologger --output file:a,rotate.max-days=1 -F a%b | -F = "a%b": expected a file name of letters, digits and . _ @ - in folders without % and backslash, as it is rotated
          dlogger --output syslog:there --output syslog:here -H h | outputs[2].server = "here": expected each syslog receiver once
          """)
  void whatIsWrongIsSaid(String line, String problem) {
    assertEquals("command line: " + problem, problems(line));
  }

  @Test
  void everythingWrongIsSaidAtOnce() {
    assertEquals(
        """
        command line: -d = "x": expected seconds such as 60 or 0.5, or a duration such as 500 ms
        command line: -i = "y": expected a whole number from 1 to 1000000
        command line: -o = "z": expected syslog, file, stdout or net
        command line: -l = "l": expected local0 to local7\
        """,
        problems("duologger -d x -i y -o z -l l"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cronlogger -d 60      | Unknown options: '-d', '60'
          cronlogger -S         | Unknown option: '-S'
          cronlogger -H h       | Unknown options: '-H', 'h'
          cronlogger --once     | Unknown option: '--once'
          cronlogger --heartbeat=1m | Unknown option: '--heartbeat=1m'
          qloadsensor -o stdout | Unknown options: '-o', 'stdout'
          qloadsensor --settle=1s | Unknown option: '--settle=1s'
          duologger --state=a   | Unknown option: '--state=a'
          dlogger --complexes   | Unknown option: '--complexes'
          """)
  void optionsThatAModeNeverHadAreUnknown(String line, String message) {
    CliFixture cli = new CliFixture(home, Map.of());
    assertEquals(ExitStatus.USAGE, cli.run(line));
    String mode = line.split(" ")[0];
    assertEquals(mode + ": error: " + message + "\nTry '" + mode + " --help'.\n", cli.err());
    assertEquals(List.of(), cli.ran);
  }
}
