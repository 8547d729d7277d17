package io.duologger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The short way through command lines never differs from the parser's. */
class PlainWordsTest {
  private static final List<String> VALUES =
      List.of(
          "net=1s,cpu=500ms",
          "/etc/duologger.conf",
          "10s",
          "0",
          "1.5",
          "a b",
          "file:/a,format=json",
          "",
          "-1",
          "--",
          "-",
          "-h",
          "--help",
          "@file",
          "check-config",
          "topology",
          "modules",
          "\"quoted\"",
          "'quoted'",
          "a=b=c",
          "${x}",
          "duologger",
          "e*");

  @Test
  void understandsWhatStandsInCrontabs() throws UsageException {
    String[] words = {"--settle", "0", "--output", "file:/var/log/a", "--output=stdout", "-v"};
    Mode mode = Mode.find("cronlogger").orElseThrow();

    Optional<Request> plain = PlainWords.parse(mode, words);

    assertEquals(List.of("0"), plain.orElseThrow().all(Options.SETTLE));
    assertEquals(List.of("file:/var/log/a", "stdout"), plain.get().all(Options.OUTPUT));
    assertTrue(plain.get().has(Options.VERBOSE));
  }

  @TestFactory
  List<DynamicTest> anyLineIsUnderstoodAsByTheParser() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Mode mode : Mode.ALL) {
      tests.add(DynamicTest.dynamicTest(mode.name(), () -> compare(mode)));
    }
    return tests;
  }

  private static void compare(Mode mode) throws UsageException {
    List<String> names = new ArrayList<>(mode.options());
    names.addAll(Options.SHORT.keySet());
    names.addAll(List.of("--help", "--version", "-h", "--mode", "--unknown", "-Z", "--conf"));
    Random random = new Random(5);
    int understood = 0;
    for (int line = 0; line < 3_000; line++) {
      String[] words = words(names, random);
      Optional<Request> plain = PlainWords.parse(mode, words);
      if (plain.isPresent()) {
        understood++;
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
        Request parsed = CommandLines.parse(mode, "1.2", words, nowhere).orElseThrow();
        String typed = String.join(" ", words);
        assertEquals(parsed.command(), plain.get().command(), typed);
        assertEquals(parsed.mode(), plain.get().mode(), typed);
        assertEquals(parsed.typed().keySet(), plain.get().typed().keySet(), typed);
        for (String option : parsed.typed().keySet()) {
          if (!Options.FLAGS.contains(option)) {
            assertEquals(parsed.all(option), plain.get().all(option), typed);
          }
        }
      }
    }
    assertTrue(understood > 100, "only " + understood);
  }

  private static String[] words(List<String> names, Random random) {
    List<String> words = new ArrayList<>();
    for (int option = random.nextInt(4); option >= 0; option--) {
      String name = names.get(random.nextInt(names.size()));
      String value = VALUES.get(random.nextInt(VALUES.size()));
      switch (random.nextInt(8)) {
        case 0 -> words.add(name + "=" + value);
        case 1 -> words.add(name);
        case 2 -> words.add(value);
        case 3 -> words.add(name + value);
        default -> {
          words.add(name);
          boolean flag = Options.FLAGS.contains(Options.SHORT.getOrDefault(name, name));
          if (!flag) {
            words.add(value);
          }
        }
      }
    }
    return words.toArray(String[]::new);
  }
}
