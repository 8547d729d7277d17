package io.duologger.collector;

import io.duologger.collector.tool.Words;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The memory that processes use of NVIDIA's graphics processors, by nvidia-smi. Of what runs in
 * containers the numbers are the host's. Used by one thread at a time, but for {@link #close}.
 */
public final class NvidiaProcesses implements Closeable {
  /** What nvidia-smi ends with if its driver is not there. */
  private static final int NO_DRIVER = 9;

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int MOST_BYTES = 1 << 20;
  private static final int FIELDS = 3;
  private static final int SHOWN = 80;
  private static final Pattern PID = Pattern.compile("[1-9][0-9]{0,9}");
  private static final Pattern GPU = Pattern.compile("[0-9A-Za-z-]{1,80}");
  private static final Pattern MEBIBYTES = Pattern.compile("[0-9]{1,9}");

  private final String command;
  private final Program program;

  /**
   * What a process uses of a graphics processor.
   *
   * @param pid the process
   * @param gpu the graphics processor's own identifier
   * @param memoryBytes empty where the driver does not tell
   */
  public record Use(long pid, String gpu, OptionalLong memoryBytes) {}

  /**
   * @param command the program nvidia-smi: a path, or a name on the PATH
   */
  public NvidiaProcesses(Surroundings surroundings, String command) {
    this.command = command;
    this.program =
        new Program(
            surroundings,
            List.of(
                command,
                "--query-compute-apps=pid,gpu_uuid,used_memory",
                "--format=csv,noheader,nounits"),
            Map.of("LC_ALL", "C"),
            LIMIT,
            MOST_BYTES);
  }

  /**
   * All processes that compute; one that uses several graphics processors is there several times.
   *
   * @throws SourceAbsentException if there is no nvidia-smi, or none of its driver
   */
  public List<Use> read() throws IOException {
    Program.Result result = program.run();
    String complaint = command + ": exit status " + result.status() + ": " + result.complaint();
    if (result.status() == NO_DRIVER) {
      throw new SourceAbsentException(Words.printable(complaint));
    }
    if (result.status() != 0) {
      throw new IOException(Words.printable(complaint));
    }
    return parse(result.text());
  }

  /** Lines "pid, uuid, MiB"; what is not known is in brackets. */
  static List<Use> parse(String text) throws IOException {
    List<Use> uses = new ArrayList<>();
    for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
      String[] fields = line.split(",", -1);
      if (fields.length != FIELDS
          || !PID.matcher(fields[0].strip()).matches()
          || !GPU.matcher(fields[1].strip()).matches()) {
        throw new IOException(
            "nvidia-smi: unexpected line: '"
                + Words.printable(line.substring(0, Math.min(SHOWN, line.length())))
                + "'");
      }
      String memory = fields[2].strip();
      uses.add(
          new Use(
              Long.parseLong(fields[0].strip()),
              fields[1].strip(),
              MEBIBYTES.matcher(memory).matches()
                  ? OptionalLong.of(Long.parseLong(memory) << 20)
                  : OptionalLong.empty()));
    }
    return uses;
  }

  /** Kills what runs and starts nothing more; any thread. */
  @Override
  public void close() {
    program.close();
  }
}
