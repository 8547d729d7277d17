package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.collector.FixtureHost;
import io.duologger.format.Exposition;
import io.duologger.topology.PrometheusPages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Prometheus's own tool has nothing to say about the pages. */
class PromtoolIT {
  @TempDir private Path folder;

  static Stream<String> hosts() {
    return FixtureHost.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void pagesOfEveryModuleAreWithoutFault(String host) throws Exception {
    Machine.needsPrograms("promtool");
    for (byte[] page : PrometheusPages.of(host, Files.createDirectory(folder.resolve("pages")))) {
      assertTrue(Exposition.parse(page).of("duologger_cpu_busy_ratio").size() > 0);
      check(folder, page);
    }
  }

  @Test
  void theToolFindsWhatIsWrong() throws Exception {
    Machine.needsPrograms("promtool");
    Path page = Files.writeString(folder.resolve("wrong"), "duologger_x_total 1\n");
    try (Running promtool = start(page)) {
      assertEquals(3, promtool.exitWithin(Running.MARGIN));
      assertTrue(promtool.all().contains("no help text"), promtool::all);
    }
  }

  /** Fails unless promtool takes the page and is silent. */
  static void check(Path folder, byte[] page) throws IOException, InterruptedException {
    try (Running promtool = start(Files.write(folder.resolve("page"), page))) {
      assertEquals(0, promtool.exitWithin(Running.MARGIN), promtool::all);
      assertEquals(List.of(), promtool.out());
      assertEquals(List.of(), promtool.err());
    }
  }

  private static Running start(Path page) throws IOException {
    return Running.start(
        new ProcessBuilder("sh", "-c", "exec promtool check metrics <\"$0\"", page.toString()));
  }
}
