package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files that are rotated while they are followed: nothing is lost, nothing is told twice. */
class LogwatchIT {
  private static final Duration LIMIT = Running.MARGIN.plusSeconds(30);
  private static final int ROUNDS = 5;

  private static final String CONFIG =
      """
      heartbeat = 1 s
      modules {
        logwatch {
          every = 50 ms, texts = 100, stats = [max]
          files {
            log {
              path = "@/log"
              patterns { numbered { match = "number (?<value>[0-9]+) " } }
            }
            late { path = "@/late/*.log", patterns { all { match = "." } } }
            pipe { path = "@/pipe" }
          }
        }
      }
      outputs = [ { type = stdout } ]
      """;

  @TempDir private Path folder;
  private final List<String> written = new ArrayList<>();

  private void write(Path file) throws IOException {
    String line = "number " + written.size() + " of them";
    written.add(line);
    // In two parts, between which a read may come.
    append(file, line.substring(0, 5));
    append(file, line.substring(5) + "\n");
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static List<String> told(Running recorder, String file) {
    return recorder.reported("logwatch").stream()
        .filter(line -> file.equals(line.pairs().get("file")))
        .filter(line -> line.pairs().containsKey("line"))
        .map(line -> line.text("line"))
        .toList();
  }

  private void awaitAll(Running recorder) throws InterruptedException {
    recorder.poll(
        LIMIT, written.size() + " lines", () -> told(recorder, "log").size() >= written.size());
    assertSame(told(recorder, "log"));
  }

  /** Which of two files that are written to at once is read first is open. */
  private void assertSame(List<String> told) {
    assertEquals(written.stream().sorted().toList(), told.stream().sorted().toList());
  }

  @Test
  void rotatedFilesLoseNoLineAndTellNoneTwice() throws Exception {
    Machine.needsPrograms("mkfifo");
    Running.run("mkfifo", folder.resolve("pipe").toString());
    Path log = folder.resolve("log");
    append(log, "number 0 is from before\n");
    Path config =
        Files.writeString(folder.resolve("logwatch.conf"), CONFIG.replace("@", folder.toString()));
    try (Running recorder = Running.duologger("--config", config.toString())) {
      recorder.await(
          LIMIT, "a report", line -> line.text().contains("file=log") && line.number("n") > 0);

      // Renamed while the writer goes on in the old file for a while, as a daemon does.
      for (int round = 0; round < ROUNDS; round++) {
        write(log);
        Path rotated = folder.resolve("log." + round);
        Files.move(log, rotated);
        write(rotated);
        awaitAll(recorder);
        write(log);
        write(rotated);
        awaitAll(recorder);
      }

      // Copied and emptied. What is written between the two is lost by whoever rotates that way.
      for (int round = 0; round < ROUNDS; round++) {
        write(log);
        awaitAll(recorder);
        Files.copy(log, folder.resolve("copy"), StandardCopyOption.REPLACE_EXISTING);
        Files.newByteChannel(log, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
            .close();
        write(log);
        write(log);
        write(log);
      }
      awaitAll(recorder);

      Path late = Files.createDirectory(folder.resolve("late"));
      append(late.resolve("a.log"), "from its start\n");
      recorder.poll(
          LIMIT, "the late file", () -> told(recorder, "late").equals(List.of("from its start")));
      Logfmt value =
          recorder.await(LIMIT, "the number", line -> line.pairs().containsKey("value_max"));
      assertEquals("numbered", value.text("pattern"));
      Logfmt pipe =
          recorder.await(
              LIMIT, "the refusal of a pipe", line -> line.pairs().containsKey("failure"));
      assertEquals(folder.resolve("pipe") + ": no regular file", pipe.text("failure"));
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Running.MARGIN), recorder::all);
      assertEquals(List.of(), recorder.err());
      assertSame(told(recorder, "log"));
      assertTrue(written.size() >= 8 * ROUNDS);
    }
  }
}
