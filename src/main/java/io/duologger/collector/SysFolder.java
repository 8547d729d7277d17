package io.duologger.collector;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lists folders of sysfs and procfs. */
final class SysFolder {
  /** So many names are looked at, at most. */
  private static final int MOST = 10_000;

  private SysFolder() {}

  /**
   * The names in {@code folder} in alphabetical order; none if there is no such folder.
   *
   * @throws IOException if it may not be read; the message names it
   */
  static List<String> names(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (names.size() < MOST) {
          names.add(entry.getFileName().toString());
        }
      }
    } catch (NoSuchFileException | NotDirectoryException absent) {
      return List.of();
    } catch (DirectoryIteratorException failed) {
      throw failed.getCause();
    }
    Collections.sort(names);
    return names;
  }
}
