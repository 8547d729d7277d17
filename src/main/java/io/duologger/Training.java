package io.duologger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The run from which sbin/duologger has the JVM make a cache of classes: a bit of every mode, in
 * the ways in which they are mostly used. Whatever it loads is in the cache. All that it writes is
 * below a folder that it is given, and on standard output and standard error.
 */
public final class Training {
  private static final String CONFIG =
      """
      heartbeat = 50 milliseconds
      modules { cpu {}, load {}, memory {}, pressure {}, net {}, disk {} }
      outputs = [
        { type = file, path = "FOLDER/logfmt" }
        { type = file, path = "FOLDER/json", format = json }
        { type = file, path = "FOLDER/classic", format = classic }
        { type = stdout }
      ]
      """;

  private Training() {}

  /**
   * Runs the modes one after the other. Returns when all is done, so that the JVM ends in its
   * normal way and makes the cache.
   *
   * @param args an empty folder, without quotes in its name
   * @throws IOException if nothing can be written there
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]).toAbsolutePath();
    Path config = folder.resolve("training.conf");
    Files.writeString(config, CONFIG.replace("FOLDER", folder.toString()));
    String state = folder.resolve("state").toString();
    String file = config.toString();
    for (List<String> words :
        List.of(
            List.of("cronlogger", "--config", file, "--settle", "0", "--state", state),
            List.of("cronlogger", "--config", file, "--settle", "0", "--state", state),
            List.of("cronlogger", "-f", file, "--settle", "1ms", "-o", "stdout"),
            List.of("duologger", "--config", file, "--every", "cpu=10ms", "--duration", "120ms"),
            List.of("dlogger", "--config", file, "--duration", "60ms"),
            List.of("qloadsensor", "--config", file, "--output", "stdout"))) {
      Main.run(words.toArray(String[]::new));
    }
  }
}
