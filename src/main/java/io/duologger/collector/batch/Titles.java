package io.duologger.collector.batch;

import io.duologger.procfs.HostRoot;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command lines of processes by the name of the command, from /proc, proc(5). */
final class Titles {
  private static final int LONGEST = 256;
  private static final int MOST = 10_000;

  /** What is said where they are hidden. */
  static final String HIDDEN =
      "processes of other users are hidden in /proc, needs root (CAP_SYS_PTRACE)";

  /** What the catalogue says. */
  static final String PRIVILEGE =
      "root (CAP_SYS_PTRACE) for jobs on this host, where /proc is mounted with hidepid";

  private Titles() {}

  /** The starts of the command lines of the processes whose command is {@code command}. */
  static List<String> of(HostRoot root, String command) throws IOException {
    List<String> titles = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(root.proc(), "[0-9]*")) {
      for (Path process : processes) {
        if (titles.size() < MOST && start(process.resolve("comm")).strip().equals(command)) {
          titles.add(start(process.resolve("cmdline")).replace('\0', ' ').strip());
        }
      }
    } catch (NoSuchFileException noProc) {
      return List.of();
    }
    return titles;
  }

  /**
   * Whether processes of other users are hidden, by the mount option hidepid of /proc: then the
   * first process, which there always is, is hidden too.
   */
  static boolean areHidden(HostRoot root) {
    return Files.exists(root.proc().resolve("self"))
        && !Files.exists(root.proc().resolve("1").resolve("comm"));
  }

  private static String start(Path file) {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
    } catch (IOException gone) {
      return "";
    }
  }
}
