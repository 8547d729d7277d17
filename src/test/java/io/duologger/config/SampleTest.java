package io.duologger.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.ModuleSpec;
import io.duologger.topology.Catalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {
  private static final Path SAMPLE = Path.of("conf/duologger.conf");

  private static final List<String> FIRST =
      List.of("cpu", "load", "memory", "net", "disk", "pressure");

  @TempDir Path directory;

  @Test
  void theSampleIsTheDefault() throws Exception {
    RecorderConfig config =
        ConfigReader.read(SAMPLE, Catalogue.modules(), Rhythm.TWO_RATES, Overrides.NONE);
    assertEquals(List.of(), config.warnings());
    assertEquals(Duration.ofMinutes(10), config.heartbeat());
    Map<String, Long> every = new LinkedHashMap<>();
    for (ModuleSpec module : config.modules()) {
      every.put(module.name(), module.every().toSeconds());
    }
    every.keySet().retainAll(FIRST);
    assertEquals("{cpu=1, load=5, memory=10, net=1, disk=1, pressure=10}", every.toString());
    assertEquals(1, config.outputs().size());
    assertTrue(config.outputs().get(0).isStdout());
  }

  @Test
  void everyKeyIsInTheSample() throws Exception {
    String sample = Files.readString(SAMPLE);
    for (Keys.Key key : Keys.all(Catalogue.modules())) {
      Pattern line = Pattern.compile("(?m)^ *#?(\\w+ \\{ )?" + key.name() + " (=|\\{)");
      assertTrue(line.matcher(sample).find(), key.path());
    }
  }

  @Test
  void keysInCommentsAreLegalToo() throws Exception {
    String sample = Files.readString(SAMPLE).replaceAll("(?m)^( *)#(?! |$)", "$1");
    Path file = Files.writeString(directory.resolve("all.conf"), sample);
    RecorderConfig all =
        ConfigReader.read(file, Catalogue.modules(), Rhythm.TWO_RATES, Overrides.NONE);
    RecorderConfig plain =
        ConfigReader.read(SAMPLE, Catalogue.modules(), Rhythm.TWO_RATES, Overrides.NONE);
    assertEquals(Optional.of("node17"), all.host());
    assertEquals(List.of(), all.warnings());
    assertEquals(8, all.outputs().size());
    assertEquals(plain.outputs().get(0), all.outputs().get(0));
    assertEquals(plain.grace(), all.grace());
    assertEquals(
        Catalogue.modules().names().stream().sorted().toList(),
        all.modules().stream().map(ModuleSpec::name).sorted().toList());
    for (int i = 0; i < FIRST.size(); i++) {
      ModuleSpec module = plain.modules().get(i);
      if (!module.name().equals("net")) {
        assertEquals(module, all.modules().get(i));
      }
    }
  }

  @Test
  void everyKeyIsASentenceWithATypeAndNoNameTwice() {
    List<Keys.Key> keys = Keys.all(Catalogue.modules());
    for (Keys.Key key : keys) {
      assertTrue(key.help().endsWith("."), key.path());
      assertTrue(Character.isUpperCase(key.help().charAt(0)), key.path());
      assertTrue(!key.type().isEmpty(), key.path());
    }
    assertEquals(keys.size(), keys.stream().map(Keys.Key::path).distinct().count());
  }
}
