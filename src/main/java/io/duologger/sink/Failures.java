package io.duologger.sink;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Messages of failed file operations. Some of the JDK's consist of the path only or do not have it.
 */
final class Failures {
  private Failures() {}

  /** An exception that says what was tried on which file and why it failed. */
  static IOException of(String verb, Path path, IOException cause) {
    return new IOException("cannot " + verb + " " + path + ": " + reason(path, cause), cause);
  }

  /**
   * Fails if the directory of {@code path} does not exist.
   *
   * @throws NoSuchFileException if so
   */
  static void requireDirectory(Path path) throws NoSuchFileException {
    if (!Files.isDirectory(path.toAbsolutePath().getParent())) {
      throw new NoSuchFileException(path.toString());
    }
  }

  private static String reason(Path path, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      Path directory = path.toAbsolutePath().getParent();
      return Files.isDirectory(directory)
          ? "it is not there"
          : "there is no directory " + directory;
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof ClosedByInterruptException) {
      return "interrupted";
    }
    if (cause instanceof FileSystemException e && e.getReason() != null) {
      return e.getReason();
    }
    return String.valueOf(cause.getMessage());
  }
}
