package io.duologger.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Where a host's process files and its root folder are: the running host's, or a fixture's in
 * tests.
 *
 * @param proc the mount point of procfs
 * @param root the folder that absolute paths, such as mount points, are below
 */
public record HostFiles(Path proc, Path root) {
  /** No file that is read here is any longer; what is past that is not looked at. */
  private static final int MOST_BYTES = 1 << 20;

  /** The host that this process runs on. */
  public static HostFiles running() {
    return new HostFiles(Path.of("/proc"), Path.of("/"));
  }

  /** The file or folder at the absolute {@code path}. */
  Path at(String path) {
    return root.resolve(path.replaceFirst("^/+", "")).normalize();
  }

  /** Whether this process has the rights of root, by the second number of its user. */
  boolean isRoot() {
    try {
      return text(proc.resolve("self/status"))
          .lines()
          .anyMatch(line -> line.matches("Uid:\\s+[0-9]+\\s+0\\s.*"));
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** What a file holds, a character a byte. */
  static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
    }
  }

  /** The number that a file holds; empty if it holds another word, or none can be read. */
  static OptionalLong number(Path file) {
    try {
      return whole(text(file).strip());
    } catch (IOException unreadable) {
      return OptionalLong.empty();
    }
  }

  /** A whole number, not below 0, below 10^18; empty if {@code text} is something else. */
  static OptionalLong whole(String text) {
    return text.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }
}
