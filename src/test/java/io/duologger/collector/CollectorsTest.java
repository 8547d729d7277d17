package io.duologger.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorsTest {
  /** Read often, from files only, and without garbage. */
  static final List<String> FAST =
      List.of("cpu", "load", "memory", "pressure", "net", "tcp", "disk");

  @Test
  void listsEachModuleOnce() {
    List<String> names = Collectors.all().stream().map(type -> type.descriptor().name()).toList();
    assertEquals(Collectors.names(), names);
    assertEquals(names.size(), new HashSet<>(names).size());
  }

  @Test
  void findsByNameOnly() {
    assertEquals("net", Collectors.find("net").orElseThrow().descriptor().name());
    assertTrue(Collectors.find("NET").isEmpty());
  }

  @Test
  void metricNamesAreUniqueInAModule() {
    for (CollectorType type : Collectors.all()) {
      List<String> names = type.descriptor().metrics().stream().map(Metric::name).toList();
      assertEquals(names.size(), new HashSet<>(names).size(), type.descriptor().name());
    }
  }

  @Test
  void helpIsASentence() {
    for (CollectorType type : Collectors.all()) {
      for (Metric metric : type.descriptor().metrics()) {
        assertTrue(metric.help().matches("[A-Z0-9].*\\."), metric.name() + ": " + metric.help());
      }
    }
  }

  @Test
  void kernelFilesAreGivenASecond() {
    for (String name : FAST) {
      CollectorType type = Collectors.find(name).orElseThrow();
      assertEquals(Duration.ofSeconds(1), type.descriptor().timeout());
    }
  }

  @Test
  void collectorsAreNamedAsTheirModule(@TempDir Path folder) throws java.io.IOException {
    for (CollectorType type : Collectors.all()) {
      try (Collector collector =
          type.factory()
              .create(
                  FixtureHost.empty(folder).surroundings(),
                  FixtureHost.defaults(type.descriptor()))) {
        assertEquals(type.descriptor().name(), collector.name());
      }
    }
  }
}
