package io.duologger.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.cli.ExitStatus;
import io.duologger.cli.Mode;
import io.duologger.config.Keys;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.Modules;
import io.duologger.topology.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The README's tables say what the program's own tables say. A failure prints the rows to paste.
 */
class ReadmeRulesTest {
  private static final Path README = Path.of("README.md");
  private static final Modules MODULES = Catalogue.modules();

  /** The tables of modules and keys are written anew if this is set. */
  @BeforeAll
  static void regenerate() throws IOException {
    if (Boolean.getBoolean("duologger.golden.regenerate")) {
      List<String> lines = new ArrayList<>(readme());
      replace(
          lines, "| module | what |", MODULES.all().stream().map(ReadmeRulesTest::row).toList());
      replace(
          lines, "| key | value |", Keys.all(MODULES).stream().map(ReadmeRulesTest::row).toList());
      Files.write(README, lines);
    }
  }

  /** The rows below a heading and its rule. */
  private static void replace(List<String> lines, String heading, List<String> rows) {
    int first = 0;
    while (!lines.get(first).startsWith(heading)) {
      first++;
    }
    first += 2;
    while (first < lines.size() && lines.get(first).startsWith("|")) {
      lines.remove(first);
    }
    lines.addAll(first, rows);
  }

  @Test
  void everyModuleHasItsRow() throws IOException {
    assertEquals("", missing(MODULES.all().stream().map(ReadmeRulesTest::row).toList()));
  }

  @Test
  void everyKeyHasItsRow() throws IOException {
    assertEquals("", missing(Keys.all(MODULES).stream().map(ReadmeRulesTest::row).toList()));
  }

  @Test
  void everyExitStatusHasItsRow() throws IOException {
    assertEquals("", missing(ExitStatus.ALL.stream().map(ReadmeRulesTest::row).toList()));
    assertEquals("", missing(ExitStatus.JOB.stream().map(ReadmeRulesTest::row).toList()));
  }

  @Test
  void everyOptionOfEveryModeIsThere() throws IOException {
    String readme = String.join("\n", readme());
    for (Mode mode : Mode.ALL) {
      assertTrue(readme.contains("(conf/" + mode.name() + ".conf)"), mode.name());
      for (String option : mode.options()) {
        assertTrue(readme.matches("(?s).*[^\\w-]" + option + "[^\\w-].*"), option);
      }
    }
  }

  @Test
  void everyCapabilityOfAModuleHasItsRowWithTheModule() throws IOException {
    List<String> missing = new ArrayList<>();
    for (ModuleDescriptor module : MODULES.all()) {
      Matcher capability = Pattern.compile("CAP_[A-Z_]+").matcher(module.privilege());
      while (capability.find()) {
        String row = "| " + capability.group() + " |";
        if (readme().stream()
            .noneMatch(line -> line.startsWith(row) && line.contains("`" + module.name() + "`"))) {
          missing.add(row + " ... `" + module.name() + "` ...");
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void whatNeedsRootNamesACapability() {
    for (ModuleDescriptor module : MODULES.all()) {
      assertTrue(
          !module.privilege().contains("root") || module.privilege().contains("CAP_"),
          module.name());
    }
  }

  @Test
  void noRowIsLeftOverFromWhatIsGone() throws IOException {
    List<String> known = new ArrayList<>();
    MODULES.all().forEach(module -> known.add(row(module)));
    Keys.all(MODULES).forEach(key -> known.add(row(key)));
    ExitStatus.ALL.forEach(status -> known.add(row(status)));
    ExitStatus.JOB.forEach(status -> known.add(row(status)));
    List<String> rows = readme().stream().filter(line -> line.startsWith("| `")).toList();
    assertTrue(rows.size() >= known.size());
    assertEquals(List.of(), rows.stream().filter(row -> !known.contains(row)).toList());
  }

  private static String missing(List<String> rows) throws IOException {
    List<String> readme = readme();
    return String.join("\n", rows.stream().filter(row -> !readme.contains(row)).toList());
  }

  private static List<String> readme() throws IOException {
    return Files.readAllLines(README);
  }

  private static String row(ModuleDescriptor module) {
    return "| `%s` | %s | %s | %d s | %s | %s |"
        .formatted(
            module.name(),
            module.summary(),
            String.join(", ", module.sources()),
            module.every().toSeconds(),
            module.instanceLabel().map(label -> "`" + label + "`").orElse("series"),
            module.privilege().isEmpty() ? "no" : module.privilege());
  }

  private static String row(ExitStatus.Meaning status) {
    return "| `%d` | %s |".formatted(status.status(), status.meaning());
  }

  private static String row(Keys.Key key) {
    String fallback = key.fallback().isEmpty() ? "" : "`" + key.fallback() + "`";
    return "| `%s` | %s | %s | %s |".formatted(key.path(), key.type(), fallback, key.help());
  }
}
