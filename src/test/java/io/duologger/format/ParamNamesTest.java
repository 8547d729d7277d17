package io.duologger.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Kind;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.Stat;
import io.duologger.topology.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ParamNamesTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/format/param-names.txt");
  private static final List<Stat> STATS =
      Stream.of("value", "min", "mean", "max", "last", "p50", "p95", "p99", "p99.9")
          .map(text -> Stat.parse(text).orElseThrow())
          .toList();
  private static final Set<String> HEAD =
      Set.of(
          "xid",
          "module",
          "window",
          "every",
          "n",
          "late",
          "missed",
          "seen",
          "rates",
          "covered",
          "resets",
          "exact",
          "partial",
          "clock_jump");

  /**
   * Run with {@code -Dduologger.golden.regenerate=true} to write the file anew; what was in it
   * before is what receivers know.
   */
  @Test
  void namesOfTheCatalogueAreUniqueInAModuleAndKnown() throws IOException {
    StringBuilder changed = new StringBuilder();
    for (ModuleDescriptor module : Catalogue.modules().all()) {
      Set<String> names = new HashSet<>(HEAD);
      module.instanceLabel().ifPresent(names::add);
      for (String key : keys(module)) {
        String name = ParamNames.of(key);
        assertTrue(name.length() <= 32, name);
        assertTrue(names.add(name), module.name() + ": " + name);
        if (!name.equals(key)) {
          changed.append(module.name() + " " + key + " " + name + "\n");
        }
      }
    }
    if (Boolean.getBoolean("duologger.golden.regenerate")) {
      Files.writeString(GOLDEN, changed);
    }
    assertEquals(Files.readString(GOLDEN), changed.toString());
  }

  @Test
  void aNameOf32CharactersStays() {
    String name = "rx_bytes_per_second_abc_p99_9999";
    assertEquals(32, name.length());
    assertEquals(name, ParamNames.of(name));
  }

  @Test
  void aLongerNameHasShorterWords() {
    assertEquals(
        "rx_multicast_packets_ps_p99_9", ParamNames.of("rx_multicast_packets_per_second_p99_9"));
    assertEquals(
        "rx_util_quarter4_ratio_p99_9", ParamNames.of("rx_utilisation_quarter4_ratio_p99_9"));
  }

  /** The sums are zlib's. */
  @Test
  void aNameThatIsStillTooLongEndsWithItsSum() {
    assertEquals(
        "rx_multicast_packets_ps_p99_9566",
        ParamNames.of("rx_multicast_packets_per_second_p99_999999"));
    assertEquals("aaaaaaaaaaaaaaaaaaaaaaaaaaa_ebcb", ParamNames.of("a".repeat(33)));
    assertEquals("aaaaaaaaaaaaaaaaaaaaaaaaaaa_6555", ParamNames.of("a".repeat(64)));
  }

  @Property
  void noNameIsTooLong(
      @ForAll @StringLength(min = 1, max = 80) @CharRange(from = 'a', to = 'z') @Chars('_')
          String key) {
    String name = ParamNames.of(key);
    assertTrue(name.length() <= 32);
    assertEquals(key.length() <= 32, name.equals(key));
  }

  /** All keys that a line of the module may have, but those of its head. */
  private static List<String> keys(ModuleDescriptor module) {
    List<String> keys = new ArrayList<>();
    for (Metric metric : module.metrics()) {
      if (metric.kind() == Kind.INFO || metric.kind() == Kind.EVENT) {
        keys.add(metric.name());
      } else {
        numbers(metric, keys);
      }
      if (metric.kind() == Kind.EVENT) {
        numbers(metric.dropped(), keys);
      }
      metric
          .utilisation()
          .ifPresent(
              stem -> {
                numbers(Metric.utilisationShare(stem), keys);
                Metric.utilisationQuarters(stem).forEach(quarter -> numbers(quarter, keys));
              });
    }
    return keys;
  }

  private static void numbers(Metric metric, List<String> into) {
    STATS.forEach(stat -> into.add(metric.name() + stat.suffix()));
  }
}
