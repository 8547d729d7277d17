package io.duologger.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.duologger.model.ModuleDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is in the file or on the command line: a configuration or problems, soon. */
class ConfigFuzzTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final List<String> PIECES = pieces();

  private static Path file;

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("fuzz", ".conf");
  }

  @AfterContainer
  static void deleteFile() throws IOException {
    Files.delete(file);
  }

  private static List<String> pieces() {
    List<String> pieces = new ArrayList<>();
    for (Keys.Key key : Keys.all(TestCatalogue.MODULES)) {
      pieces.add(key.name());
      pieces.add(key.path());
    }
    for (ModuleDescriptor module : TestCatalogue.MODULES.all()) {
      pieces.add(module.name());
    }
    pieces.addAll(
        List.of(
            " = ",
            " : ",
            " += ",
            ".",
            ",",
            "\n",
            "{",
            "}",
            "[",
            "]",
            "{}",
            "\"",
            "\"\"\"",
            " ",
            "${",
            "${?",
            "#",
            "//",
            "\\",
            "\\u00",
            "include ",
            "include \"",
            "required(",
            "url(\"file:/etc/passwd\")",
            "classpath(",
            "package(",
            "null",
            "true",
            "1",
            "1 s",
            "10 minutes",
            "heartbeat",
            "-",
            "1e999",
            "[p50, min]",
            "stdout",
            "file",
            "syslog",
            "classic",
            "grid-engine",
            "\u0000",
            "\ufeff",
            "\u2028",
            "\ud800",
            "é",
            "\r"));
    return pieces;
  }

  @Provide
  static Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.of(PIECES).list().ofMaxSize(60).map(list -> String.join("", list));
    Arbitrary<String> lines =
        Arbitraries.of(PIECES)
            .tuple2()
            .map(pair -> pair.get1() + " = " + pair.get2())
            .list()
            .ofMaxSize(20)
            .map(list -> String.join("\n", list));
    return Arbitraries.oneOf(pieces, lines, Arbitraries.strings().ofMaxLength(200));
  }

  private static void check(Overrides overrides) {
    assertTimeoutPreemptively(
        SOON,
        () -> {
          for (Rhythm rhythm : Rhythm.values()) {
            check(rhythm, overrides);
          }
        });
  }

  private static void check(Rhythm rhythm, Overrides overrides) {
    try {
      RecorderConfig config = ConfigReader.read(file, TestCatalogue.MODULES, rhythm, overrides);
      assertFalse(config.modules().isEmpty());
      assertFalse(config.outputs().isEmpty());
    } catch (ConfigException wrong) {
      assertFalse(wrong.problems().isEmpty());
      for (Problem problem : wrong.problems()) {
        assertEquals(1, problem.toString().lines().count());
      }
    }
  }

  @Property(tries = 3000)
  void anyTextIsAConfigurationOrProblems(@ForAll("texts") String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    check(Overrides.NONE);
  }

  @Property(tries = 500)
  void anyBytesAreAConfigurationOrProblems(@ForAll byte[] content) throws IOException {
    Files.write(file, content);
    check(Overrides.NONE);
  }

  @Property(tries = 1000)
  void anyCommandLineIsAConfigurationOrProblems(
      @ForAll("texts") String one, @ForAll("texts") String two, @ForAll Random random)
      throws IOException {
    Files.writeString(file, "modules.cpu {}, outputs = [{ type = stdout }]");
    List<Problem> problems = new ArrayList<>();
    Map<String, String> every = Overrides.parseEvery(one, problems);
    Map<String, String> old = new HashMap<>();
    for (String option : List.of("-d", "-i", "-o", "-l", "-n", "-F", "-H", "-P")) {
      if (random.nextBoolean()) {
        old.put(option, random.nextBoolean() ? one : random.nextBoolean() ? two : "file");
      }
    }
    Overrides.Builder words =
        Overrides.builder()
            .every(every)
            .problems(problems)
            .format(two)
            .settle(one)
            .state(two)
            .once(random.nextBoolean())
            .old(old);
    check(words.build());
    check(
        words
            .heartbeat(one)
            .duration(two)
            .modules(Overrides.parseModules(two))
            .outputs(List.of(one, two, "file:" + one, "syslog:" + two))
            .build());
  }
}
