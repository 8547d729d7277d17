package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports in files, under logrotate's hands. */
class FileOutputIT {
  @Test
  void afterARotationReportsGoToANewFileAndNoneIsLost(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("duologger.log");
    Path rotated = folder.resolve("duologger.log.1");
    Path json = folder.resolve("duologger.json");
    try (Running recorder =
        Running.duologger(
            "--heartbeat",
            "1s",
            "--modules",
            "cpu",
            "--every",
            "cpu=200ms",
            "--output",
            "file:" + log,
            "--output",
            "file:" + json + ",format=json")) {
      recorder.poll(Running.MARGIN.plusSeconds(4), "two reports", () -> reports(log).size() >= 2);
      Files.move(log, rotated);
      recorder.poll(Duration.ofSeconds(5), "a report in a new file", () -> !lines(log).isEmpty());
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Duration.ofSeconds(5)), recorder::all);
      assertEquals(List.of(), recorder.out());
    }
    List<Long> whole =
        Stream.concat(lines(rotated).stream(), lines(log).stream())
            .map(Logfmt::parse)
            .filter(line -> line.module().equals("cpu") && line.partial().isEmpty())
            .map(Logfmt::xid)
            .distinct()
            .toList();
    assertTrue(whole.size() >= 2, () -> "only " + whole);
    for (int i = 1; i < whole.size(); i++) {
      assertEquals(whole.get(i - 1) + 1, whole.get(i), () -> "not each second: " + whole);
    }
    assertFalse(lines(json).isEmpty());
    for (String line : lines(json)) {
      assertTrue(line.startsWith("{") && line.endsWith("}"), line);
    }
  }

  private static List<Long> reports(Path file) {
    return lines(file).stream().map(Logfmt::parse).map(Logfmt::xid).distinct().toList();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
