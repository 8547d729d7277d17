package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real kernel's log, which root can write to as well. */
class KernelIT {
  private static final Path LOG = Path.of("/dev/kmsg");

  /** More than a report has room for, and than most kernels keep. */
  private static final int STORM = 6_000;

  private static final String CONFIG =
      """
      heartbeat = 2 s
      modules {
        kernel {
          every = 200 ms, stats = [mean, max], user-space = true
          patterns { marked { match = "duologger-it @ (?!from before)" } }
        }
        load { every = 200 ms, stats = [max] }
      }
      outputs = [ { type = stdout } ]
      """;

  @TempDir private Path folder;

  private final String mark = Long.toString(ProcessHandle.current().pid());

  /**
   * Opened for each message, as the kernel limits how many one writer may write. A message without
   * its end would not be there before the next one.
   */
  private void log(int level, String text) throws IOException {
    String line = "<" + level + ">duologger-it " + mark + " " + text + "\n";
    Files.write(LOG, line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
  }

  private static String category(Logfmt line) {
    return line.pairs().getOrDefault("category", "");
  }

  /** The sum of what was counted so far. */
  private static double counted(Running recorder, String key) {
    double sum = 0;
    for (Logfmt line : recorder.reported("kernel")) {
      if (line.pairs().containsKey(key + "_mean")) {
        sum += line.number(key + "_mean") * line.number("covered");
      }
    }
    return sum;
  }

  @Test
  void messagesAreToldAndAStormIsCountedAndHoldsNothingUp() throws Exception {
    Machine.needsRoot();
    if (!Files.isWritable(LOG)) {
      Machine.missing("a writable " + LOG);
    }
    log(3, "from before: I/O error, dev sdz, sector 1");
    Path config = Files.writeString(folder.resolve("kernel.conf"), CONFIG.replace("@", mark));
    try (Running recorder = Running.duologger("--config", config.toString())) {
      recorder.await(
          Running.MARGIN, "a report", line -> line.text().contains("messages_per_second_max="));
      log(3, "a \"quoted\" thing\nand=forged \\x41 \u00e4");
      Logfmt told =
          recorder.await(
              Running.MARGIN, "the message", line -> line.pairs().containsKey("message"));
      assertEquals("marked", category(told));
      assertEquals(
          "duologger-it " + mark + " a 'quoted' thing and=forged /x41 ?", told.text("message"));

      for (int i = 0; i < STORM; i++) {
        log(3, "storm " + i);
      }
      recorder.poll(
          Running.MARGIN,
          "all of the storm",
          () ->
              counted(recorder, "messages_per_second") + counted(recorder, "lost_per_second")
                  > STORM - 0.5);
      double all = counted(recorder, "matches_per_second") + counted(recorder, "lost_per_second");
      assertTrue(all < STORM + 200, () -> "counted " + all);
      assertTrue(counted(recorder, "untold_per_second") > 100, recorder::all);
      recorder.signal("TERM");
      assertEquals(0, recorder.exitWithin(Running.MARGIN), recorder::all);
      assertEquals(List.of(), recorder.err());
      long most =
          recorder.reported("kernel").stream()
              .filter(line -> line.pairs().containsKey("message"))
              .filter(line -> category(line).equals("marked"))
              .map(line -> line.pairs().get("xid"))
              .collect(Collectors.groupingBy(xid -> xid))
              .values()
              .stream()
              .mapToLong(List::size)
              .max()
              .orElse(0);
      assertTrue(most <= 100, () -> "a report has " + most);
      assertFalse(recorder.all().contains("from before"), recorder::all);
      double read = recorder.reported("load").stream().mapToDouble(each -> each.number("n")).sum();
      double missed =
          recorder.reported("load").stream().mapToDouble(each -> each.number("missed")).sum();
      assertTrue(missed < read / 4, () -> missed + " of load are missed, " + read + " are not");
    }
  }
}
