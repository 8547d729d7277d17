package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HUP reads the configuration again. */
class ReloadIT {
  private static final String CONFIG =
      """
      heartbeat = 2 s
      modules {
        cpu { every = 200 ms, per-cpu = none, series = ["interrupts_per_second"] }
        load { every = %s }
      }
      outputs = [ { type = stdout } ]
      """;

  @Test
  void aReloadClosesTheWindowAndABadFileChangesNothing(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("x.conf"), CONFIG.formatted("1 s"));
    try (Running recorder = Running.duologger("--config", file.toString())) {
      recorder.await(Running.MARGIN.plusSeconds(4), "first report", line -> true);

      Files.writeString(file, CONFIG.formatted("soon"));
      recorder.signal("HUP");
      recorder.poll(
          Duration.ofSeconds(5),
          "complaint",
          () -> recorder.err().stream().anyMatch(line -> line.contains("x.conf:4")));

      Files.writeString(file, CONFIG.formatted("500 ms"));
      recorder.signal("HUP");
      recorder.await(
          Duration.ofSeconds(5),
          "window after the reload",
          line ->
              line.module().equals("load")
                  && line.partial().isEmpty()
                  && line.text().contains(" every=0.5 "));
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Duration.ofSeconds(5)), recorder::all);

      List<Logfmt> windows =
          recorder.reported("self").stream()
              .filter(line -> !line.text().contains(" collector="))
              .toList();
      List<String> reasons = windows.stream().map(Logfmt::partial).toList();
      assertEquals("start", reasons.get(0), recorder::all);
      assertEquals(2, reasons.stream().filter("reload"::equals).count(), recorder::all);
      assertEquals("stop", reasons.get(reasons.size() - 1), recorder::all);
      // The module that did not change goes on: its windows cover the time between its first and
      // its last read, but for an interval at the end.
      double length = windows.stream().mapToDouble(line -> line.number("window")).sum();
      double covered =
          recorder.reported("cpu").stream().mapToDouble(line -> line.number("covered")).sum();
      assertTrue(covered > length - 0.6 && covered <= length, covered + " of " + length);
    }
  }
}
