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

  private static String start(Path file) {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
    } catch (IOException gone) {
      return "";
    }
  }
}
