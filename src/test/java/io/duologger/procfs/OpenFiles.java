package io.duologger.procfs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What this process has open. */
public final class OpenFiles {
  private OpenFiles() {}

  /** How many files below a folder. */
  public static long below(Path folder) throws IOException {
    long open = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path file : files) {
        try {
          open += Files.readSymbolicLink(file).startsWith(folder) ? 1 : 0;
        } catch (NoSuchFileException closed) {
          // Others may open and close files meanwhile.
          continue;
        }
      }
    }
    return open;
  }
}
