package io.duologger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The run from which sbin/duologger has the JVM make a cache of classes: a bit of each mode that
 * the cache is for, in the ways in which they are mostly used. Whatever it loads is in the cache,
 * and a start pays for that a little, whether it needs it or not. All that it writes is below a
 * folder that it is given, and on standard output and standard error.
 */
public final class Training {
  /** In the words in which configurations are written: quoted, with blanks, with comments. */
  private static final String MODULES =
      """
      # training
      modules {
        cpu { every = 1 second }, memory { every = 1s }, load {}, pressure {}, disk {}
        net { every = 1 s, include = ["*"], stats = [min, mean, max, p50, p99.9] }
      }
      """;

  /** Nothing that a warning would be told of: it would load the log. */
  private static final String ONCE =
      """
      # training
      settle = 0
      modules { cpu { timeout = 1 s }, memory {}, load {}, pressure {}, disk {}, net {} }
      outputs = [{ type = file, path = "logfmt" }, { type = file, path = second }, { type = stdout }]
      """;

  private static final String LASTING =
      MODULES
          + """
      heartbeat = 50 milliseconds
      outputs = [
        { type = file, path = "logfmt" }
        { type = file, path = "json", format = json }
        { type = file, path = "classic", format = classic }
        { type = stdout }
      ]
      """;

  private static final String FILE = "training.conf";

  private Training() {}

  /**
   * Runs the modes one after the other, in the working folder, which is to be empty. Returns when
   * all is done, so that the JVM ends in its normal way and makes the cache.
   *
   * @param args {@code once} for a cache for runs of a moment, {@code lasting} for all others; and
   *     a command for memrec to run, which takes it from where the kernel has it: the end of the
   *     process's arguments
   * @throws IOException if nothing can be written there
   */
  public static void main(String[] args) throws IOException {
    boolean once = args[0].equals("once");
    Files.writeString(Path.of(FILE), once ? ONCE : LASTING);
    for (List<String> words : once ? once() : lasting(List.of(args).subList(1, args.length))) {
      Main.run(words.toArray(String[]::new));
    }
  }

  private static List<List<String>> once() {
    List<String> fromLastRun = List.of("cronlogger", "--config", FILE, "--state", "state");
    return List.of(
        fromLastRun,
        fromLastRun,
        List.of("cronlogger", "--config", FILE, "--settle", "1ms", "--output", "file:typed"),
        List.of("cronlogger", "--config", FILE, "--format", "classic", "-o", "file", "-F", "old"),
        List.of("cronlogger", "--config", FILE, "--format", "json", "-o", "stdout"));
  }

  private static List<List<String>> lasting(List<String> job) {
    List<String> memrec = new ArrayList<>();
    // No control group, as that would be a trace elsewhere.
    memrec.addAll(List.of("memrec", "--config", FILE, "--cgroup", "none"));
    memrec.addAll(List.of("--every", "job=10ms", "-o", "record"));
    memrec.addAll(job);
    return List.of(
        List.of("duologger", "--config", FILE, "--every", "cpu=10ms", "--duration", "120ms"),
        List.of("dlogger", "--config", FILE, "--duration", "60ms"),
        List.of("qloadsensor", "--config", FILE, "--output", "stdout"),
        memrec);
  }
}
