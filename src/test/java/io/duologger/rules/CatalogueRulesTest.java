package io.duologger.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.cli.Mode;
import io.duologger.collector.Collector;
import io.duologger.collector.CollectorType;
import io.duologger.collector.Collectors;
import io.duologger.collector.FixtureHost;
import io.duologger.collector.SourceAbsentException;
import io.duologger.config.ConfigException;
import io.duologger.config.ConfigReader;
import io.duologger.config.Overrides;
import io.duologger.config.RecorderConfig;
import io.duologger.config.Rhythm;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Modules;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.procfs.HostRoot;
import io.duologger.topology.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the catalogue lists is tested and can be configured, and the samples hold. */
class CatalogueRulesTest {
  private static final Modules MODULES = Catalogue.modules();

  @Test
  void namesAreUnique() {
    List<String> names = MODULES.names();
    assertFalse(names.isEmpty());
    assertEquals(names.stream().distinct().toList(), names);
  }

  @Test
  void everyModuleFindsReadingsInAFixture() throws IOException {
    List<Path> hosts = children(Path.of("src/test/resources/hosts"), "");
    assertFalse(hosts.isEmpty());
    assertEquals(List.of(), withoutFixture(hosts));
  }

  @Test
  void aModuleWithoutAFixtureIsFound(@TempDir Path host) throws IOException {
    List<String> measuring = new ArrayList<>(MODULES.names());
    assertTrue(measuring.remove("test"), "the one that makes its values up");
    assertEquals(measuring, withoutFixture(List.of(host)));
  }

  @Test
  void everySampleConfigurationLoadsWithoutAProblem() throws IOException {
    List<Path> samples = children(Path.of("conf"), ".conf");
    for (Mode mode : Mode.ALL) {
      assertTrue(samples.contains(Path.of("conf", mode.name() + ".conf")), mode.name());
    }
    assertEquals("", problems(samples));
  }

  @Test
  void aSampleConfigurationWithAProblemIsFound(@TempDir Path folder) throws IOException {
    Path sample = folder.resolve("bad.conf");
    Files.writeString(sample, "colour = green\noutputs = [ { type = stdout } ]\n");
    assertTrue(problems(List.of(sample)).contains("colour"));
  }

  private static List<String> withoutFixture(List<Path> hosts) throws IOException {
    List<String> without = new ArrayList<>();
    for (CollectorType type : Collectors.all()) {
      boolean found = false;
      for (Path host : hosts) {
        found |= readings(type, host) > 0;
      }
      found |= hasOutputs(hosts, type.descriptor().name());
      if (!found) {
        without.add(type.descriptor().name());
      }
    }
    return without;
  }

  /** Modules that ask programs and peers have what those say in src/test/resources/outputs. */
  private static boolean hasOutputs(List<Path> hosts, String module) {
    return hosts.size() > 1
        && Files.isDirectory(Path.of("src/test/resources/outputs").resolve(module));
  }

  private static int readings(CollectorType type, Path host) throws IOException {
    ModuleDescriptor module = type.descriptor();
    ModuleSettings settings = FixtureHost.settings(module, module.every());
    Counted counted = new Counted();
    try (Collector collector =
        type.factory().create(FixtureHost.surroundings(HostRoot.at(host)), settings)) {
      collector.collect(counted);
    } catch (SourceAbsentException e) {
      return 0;
    }
    return counted.readings;
  }

  private static String problems(List<Path> samples) {
    StringBuilder problems = new StringBuilder();
    for (Path sample : samples) {
      try {
        RecorderConfig config = ConfigReader.read(sample, MODULES, rhythm(sample), Overrides.NONE);
        config.warnings().forEach(warning -> problems.append(warning).append('\n'));
      } catch (ConfigException e) {
        problems.append(sample).append(": ").append(e.getMessage()).append('\n');
      }
    }
    return problems.toString();
  }

  /** That of the mode that the file has its name from. */
  private static Rhythm rhythm(Path sample) {
    String name = sample.getFileName().toString().replace(".conf", "");
    return Mode.find(name).map(Mode::rhythm).orElse(Rhythm.TWO_RATES);
  }

  private static List<Path> children(Path folder, String ending) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(path -> path.toString().endsWith(ending)).sorted().toList();
    }
  }

  /** Only counts. */
  private static final class Counted implements Readings {
    private int readings;

    @Override
    public void gauge(Series series, double value) {
      readings++;
    }

    @Override
    public void counter(Series series, long value) {
      readings++;
    }

    @Override
    public void counter(Series series, long value, double capacity) {
      readings++;
    }

    @Override
    public void ratio(Series series, long numerator, long denominator) {
      readings++;
    }

    @Override
    public void info(Series series, String text) {
      readings++;
    }

    @Override
    public void event(Series series, String text) {
      readings++;
    }
  }
}
