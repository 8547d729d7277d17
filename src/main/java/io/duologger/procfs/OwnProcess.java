package io.duologger.procfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU time and resident memory of this process, from {@code /proc/self/stat} (fields 14 and 15,
 * clock ticks of 10 ms) and {@code VmRSS} of {@code /proc/self/status}. Meant to be asked now and
 * then: it opens the files anew.
 */
public final class OwnProcess {
  private static final double TICKS_PER_SECOND = 100;
  private static final String RSS = "VmRSS:";

  private final Path stat;
  private final Path status;

  /** Reads nothing yet. */
  public OwnProcess(HostRoot host) {
    this.stat = host.proc().resolve("self/stat");
    this.status = host.proc().resolve("self/status");
  }

  /** The process's id. ProcessHandle would start what it takes to wait for other processes. */
  public static long id() {
    try {
      return Long.parseLong(Files.readSymbolicLink(Path.of("/proc/self")).toString());
    } catch (IOException | NumberFormatException hidden) {
      return ProcessHandle.current().pid();
    }
  }

  /**
   * What the process has used.
   *
   * @param cpuSeconds user and system time since its start
   * @param residentBytes memory in RAM now
   */
  public record Usage(double cpuSeconds, long residentBytes) {}

  /**
   * Reads both files.
   *
   * @throws IOException if one is not there or not of the expected form
   */
  public Usage read() throws IOException {
    String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
    // the command's name, in parentheses, may itself hold blanks and parentheses
    String[] fields = text.substring(text.lastIndexOf(')') + 1).trim().split(" ");
    try {
      // state, field 3, comes first: user time is field 14, system time field 15
      double cpu = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
      return new Usage(cpu, residentBytes());
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException(stat + ": expected user and system time in fields 14 and 15", e);
    }
  }

  private long residentBytes() throws IOException {
    for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
      if (line.startsWith(RSS)) {
        return Long.parseLong(line.substring(RSS.length()).replace("kB", "").trim()) * 1024;
      }
    }
    throw new IOException(status + ": no line " + RSS);
  }
}
