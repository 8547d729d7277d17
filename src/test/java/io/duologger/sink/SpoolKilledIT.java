package io.duologger.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spool whose process is killed, again and again, in the middle of its work. */
class SpoolKilledIT {
  private static final int KILLS = 10;
  private static final int MOST_LINES = 1500;

  @TempDir private Path directory;

  @Test
  void whatWasAppendedIsThereAndWhatWasDeliveredIsNot() throws Exception {
    Path folder = directory.resolve("spool");
    Random random = new Random();
    List<Integer> expected = new ArrayList<>();
    int next = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      for (String line : linesUntilKilled(folder, next, 1 + random.nextInt(MOST_LINES))) {
        int number = Integer.parseInt(line.substring(2));
        if (line.startsWith("+")) {
          expected.add(number);
          next = number + 1;
        } else {
          assertEquals(expected.remove(0), number);
        }
      }
      try (Spool spool = SpoolUser.open(folder)) {
        assertTrue(spool.counts().corrupt() <= 1 + kill, spool.counts()::toString);
        long surplus = spool.counts().reports() - expected.size();
        assertTrue(surplus == 0 || surplus == 1 || surplus == -1, "surplus " + surplus);
        if (surplus == -1) {
          // Delivered, but not told.
          expected.remove(0);
        } else if (surplus == 1) {
          expected.add(next);
          next++;
        }
        if (kill % 3 == 2) {
          assertEquals(expected, SpoolFixture.drain(spool));
          expected.clear();
        } else if (!expected.isEmpty()) {
          assertEquals(expected.get(0), SpoolFixture.number(spool.oldest().orElseThrow()));
        }
      }
    }
  }

  @Test
  void otherProcessesAreRefused() throws Exception {
    Path folder = directory.resolve("spool");
    try (Spool spool = SpoolUser.open(folder)) {
      assertThrows(IOException.class, () -> SpoolUser.open(folder).close());
      spool.append(SpoolFixture.report(1, 10));
      Process other = start(folder, 2, ProcessBuilder.Redirect.PIPE);
      String told = new String(other.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(1, other.waitFor());
      assertTrue(told.contains("cannot use the spool " + folder + ": it is in use already"), told);
      assertEquals(List.of(1), SpoolFixture.drain(spool));
    }
  }

  /** All that it printed when it is killed after so many lines. */
  private static List<String> linesUntilKilled(Path folder, int first, int count)
      throws IOException, InterruptedException {
    Process process = start(folder, first, ProcessBuilder.Redirect.INHERIT);
    List<String> lines = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      String line = out.readLine();
      while (line != null) {
        lines.add(line);
        if (lines.size() == count) {
          // Process.destroyForcibly would close the pipe with what is still in it.
          process.toHandle().destroyForcibly();
        }
        line = out.readLine();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertTrue(lines.size() >= count, () -> "it ended after " + lines.size() + " lines");
    return lines;
  }

  private static Process start(Path folder, int first, ProcessBuilder.Redirect errors)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            SpoolUser.class.getName(),
            folder.toString(),
            Integer.toString(first))
        .redirectError(errors)
        .start();
  }
}
