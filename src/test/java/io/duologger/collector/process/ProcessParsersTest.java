package io.duologger.collector.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.procfs.ByteScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** What the files of a process say, and whatever else they may hold. */
class ProcessParsersTest {
  private static final String SOURCE = "/proc/7/stat";
  private static final Path HOSTS = Path.of("src/test/resources/hosts");

  private interface Parser {
    void parse(byte[] content) throws IOException;
  }

  private static final List<Parser> PARSERS =
      List.of(
          content -> new ProcessStat().parse(SOURCE, content, content.length),
          content -> ProcessFiles.user(scanner(content)),
          content -> new ProcessFiles().parseIo(scanner(content)),
          content -> UserNames.parse(scanner(content)));

  private static ByteScanner scanner(byte[] content) {
    ByteScanner scanner = new ByteScanner();
    scanner.reset(SOURCE, content, content.length);
    return scanner;
  }

  private static ByteScanner scanner(String content) {
    return scanner(content.getBytes(StandardCharsets.UTF_8));
  }

  private static ProcessStat stat(String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    ProcessStat stat = new ProcessStat();
    stat.parse(SOURCE, content, content.length);
    return stat;
  }

  @Example
  void fieldsAreCountedFromTheLastParenthesis() throws IOException {
    ProcessStat stat =
        stat(
            "7 (x) Z 1 (\n) R 3 7 7 0 -1 64 10 11 12 13 14 15 16 17 -100 -20 20 0 22 23 24"
                + " 18446744073709551615 26\n");
    assertArrayEquals("x) Z 1 (\n".getBytes(StandardCharsets.UTF_8), stat.name());
    assertEquals('R', stat.state());
    assertEquals(3, stat.parent());
    assertEquals(64, stat.flags());
    assertEquals(14, stat.user());
    assertEquals(15, stat.system());
    assertEquals(33, stat.children());
    assertEquals(20, stat.threads());
    assertEquals(22, stat.start());
    assertEquals(24, stat.pages());
  }

  @Example
  void numbersOutOfRangeAreRefused() {
    String start = "7 (x) R 3 7 7 0 -1 64 10 11 12 13 ";
    for (String time : List.of("-1", "9999999999999999999", "1.5", "x")) {
      IOException bad =
          assertThrows(
              IOException.class, () -> stat(start + time + " 15 16 17 20 0 1 0 22 23 24\n"));
      assertTrue(bad.getMessage().startsWith(SOURCE + " line 1: utime is "), bad.getMessage());
    }
  }

  @Example
  void whoActsAsAnotherIsTheOther() throws IOException {
    assertEquals(
        OptionalLong.of(0), ProcessFiles.user(scanner("Name:\tsudo\nUid:\t1000\t0\t0\t0\n")));
    assertEquals(OptionalLong.empty(), ProcessFiles.user(scanner("Name:\tUid: 5\n")));
  }

  @Example
  void usersAreNamedByTheFirstLineThatHasTheirNumber() {
    assertEquals(
        Map.of(0L, "root", 5L, "five"),
        UserNames.parse(
            scanner(
                "root:x:0:0::/:\ntoor:x:0:0::/:\n+::::::\n\n:x:1:1::\n#c\nbad:x:-5:\nfive:x:5:\n"
                    + "x".repeat(65)
                    + ":x:9:9\n")));
  }

  @Example
  void onlyTheProgramOfTheSameNameIsTaken() {
    assertEquals(
        Optional.of("gnome-shell-calendar-server"),
        ProcessFiles.uncut("/usr/libexec/gnome-shell-calendar-server --x", "gnome-shell-cal"));
    assertEquals(Optional.empty(), ProcessFiles.uncut("/bin/other", "gnome-shell-cal"));
    assertEquals(Optional.empty(), ProcessFiles.uncut("", "gnome-shell-cal"));
  }

  @Property(tries = 1000)
  void anyBytesAreParsedOrRefused(@ForAll byte[] content) {
    PARSERS.forEach(parser -> survives(content, parser));
  }

  @Property(tries = 1000)
  void damagedFilesAreParsedOrRefused(
      @ForAll @DoubleRange(min = 0, max = 1) double cut,
      @ForAll @DoubleRange(min = 0, max = 1) double at,
      @ForAll byte to)
      throws IOException {
    for (String name :
        List.of("proc/1001/stat", "proc/1001/status", "proc/1000/io", "etc/passwd")) {
      byte[] file = Files.readAllBytes(HOSTS.resolve("processes").resolve(name));
      byte[] damaged = Arrays.copyOf(file, (int) (file.length * cut));
      if (damaged.length > 0) {
        damaged[(int) (at * (damaged.length - 1))] = to;
      }
      PARSERS.forEach(parser -> survives(damaged, parser));
    }
  }

  private static void survives(byte[] content, Parser parser) {
    try {
      parser.parse(content);
    } catch (IOException e) {
      assertTrue(e.getMessage().startsWith(SOURCE + " line "), e.getMessage());
      assertTrue(e.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'), e.getMessage());
      assertTrue(e.getMessage().length() < 200, e.getMessage());
    }
  }
}
