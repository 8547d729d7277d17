package io.duologger.collector;

import io.duologger.collector.tool.Words;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Lines of {@code nvidia-smi pmon}: one that begins with {@code # gpu} names the columns, which
 * drivers have differently many of in different order, one more has their units, and each other is
 * a process on a graphics processor, or says with {@code -} that there is none. Used by one thread
 * at a time.
 */
final class PmonLines {
  private static final int SHOWN = 80;
  private static final int MOST_COLUMNS = 64;
  private static final int WHOLE = 100;
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern GPU = Pattern.compile("[0-9]{1,4}");
  private static final Pattern PID = Pattern.compile("[1-9][0-9]{0,9}");
  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,9}");
  private static final Pattern MEBIBYTES = Pattern.compile("[0-9]{1,9}");
  private static final List<String> UNKNOWN = List.of("-", "N/A", "[N/A]");

  /** Where the columns are; -1 of one that there is not. */
  private int gpu = -1;

  private int pid = -1;
  private int busy = -1;
  private int memory = -1;

  /**
   * What a line says.
   *
   * @param gpu the number of the graphics processor
   * @param pid the process; empty if there is none
   * @param busyPercent how much of the time it had a kernel running; empty if that is not told
   * @param memoryBytes empty if that is not told
   */
  record Row(int gpu, OptionalLong pid, OptionalInt busyPercent, OptionalLong memoryBytes) {}

  /** Takes a line that begins with #. */
  void comment(String line) {
    List<String> names = Arrays.asList(BLANKS.split(line.substring(1).strip(), MOST_COLUMNS));
    if (names.contains("gpu") && names.contains("pid")) {
      gpu = names.indexOf("gpu");
      pid = names.indexOf("pid");
      busy = names.indexOf("sm");
      memory = names.indexOf("fb");
    }
  }

  /**
   * Takes any other line.
   *
   * @throws IOException if it is none of pmon's
   */
  Row row(String line) throws IOException {
    String[] fields = BLANKS.split(line.strip(), MOST_COLUMNS);
    if (gpu < 0
        || Math.max(Math.max(gpu, pid), Math.max(busy, memory)) >= fields.length
        || !GPU.matcher(fields[gpu]).matches()) {
      throw unexpected(line);
    }
    OptionalLong process = number(fields, pid, PID, line);
    OptionalLong percent = number(fields, busy, PERCENT, line);
    OptionalLong mebibytes = number(fields, memory, MEBIBYTES, line);
    return new Row(
        Integer.parseInt(fields[gpu]),
        process,
        percent.isPresent() && percent.getAsLong() <= WHOLE
            ? OptionalInt.of((int) percent.getAsLong())
            : OptionalInt.empty(),
        mebibytes.isPresent()
            ? OptionalLong.of(mebibytes.getAsLong() << 20)
            : OptionalLong.empty());
  }

  private static OptionalLong number(String[] fields, int column, Pattern form, String line)
      throws IOException {
    if (column < 0 || UNKNOWN.contains(fields[column])) {
      return OptionalLong.empty();
    }
    if (!form.matcher(fields[column]).matches()) {
      throw unexpected(line);
    }
    return OptionalLong.of(Long.parseLong(fields[column]));
  }

  private static IOException unexpected(String line) {
    return new IOException(
        "nvidia-smi pmon: unexpected line: '"
            + Words.printable(line.substring(0, Math.min(SHOWN, line.length())))
            + "'");
  }
}
