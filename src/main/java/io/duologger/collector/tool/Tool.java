package io.duologger.collector.tool;

import io.duologger.collector.Program;
import io.duologger.collector.Surroundings;
import io.duologger.model.ModuleOption;
import io.duologger.model.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A batch system's program whose output is wanted, under the limits that the settings give. */
public final class Tool {
  private static final int MEBIBYTE = 1 << 20;
  private static final int LONGEST_COMPLAINT = 200;
  private static final String LIMIT = "limit";
  private static final String MOST = "output-mebibytes";

  private final String name;
  private final Program program;

  /** The program that the option {@code key} names, with these arguments and variables. */
  public Tool(
      Surroundings surroundings,
      Options options,
      String key,
      List<String> arguments,
      Map<String, String> environment) {
    name = options.text(key);
    program =
        new Program(
            surroundings,
            Stream.concat(Stream.of(name), arguments.stream()).toList(),
            environment,
            options.duration(LIMIT),
            options.integer(MOST) * MEBIBYTE);
  }

  /** The option that names the program {@code key}. */
  public static ModuleOption option(String key) {
    return ModuleOption.text(key, key, "The program " + key + ": a path, or a name on the PATH.");
  }

  /** The options that bound each program. */
  public static List<ModuleOption> limits() {
    return List.of(
        ModuleOption.duration(LIMIT, Duration.ofSeconds(10), "How long each program may take."),
        ModuleOption.integer(MOST, 16, 1, 64, "How much each program may print, in mebibytes."));
  }

  /** What it prints; an end with another status than 0 is a failure, whatever it printed. */
  public byte[] output() throws IOException {
    Program.Result result = program.run();
    if (result.status() != 0) {
      throw new IOException(
          name + ": status " + result.status() + ": " + Words.printable(complaint(result)));
    }
    return result.output();
  }

  /** The name, for messages. */
  public String name() {
    return name;
  }

  /** Kills what runs and starts nothing more; any thread. */
  public void close() {
    program.close();
  }

  private static String complaint(Program.Result result) {
    String complaint = result.complaint();
    return complaint.substring(0, Math.min(complaint.length(), LONGEST_COMPLAINT));
  }
}
