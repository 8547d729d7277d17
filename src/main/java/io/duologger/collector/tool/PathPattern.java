package io.duologger.collector.tool;

import io.duologger.model.Globs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A path whose last part may be a pattern: {@code *} stands for any text but one that begins with a
 * dot, {@code ?} for one character.
 */
public record PathPattern(Path path) {
  /** The bound of what a folder is read for. */
  private static final int MOST_NAMES = 100_000;

  /** Whether it is a pattern. */
  public boolean isPattern() {
    String name = String.valueOf(path.getFileName());
    return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
  }

  /**
   * The paths that it stands for, in their order: itself, whether or not it is there, or what is
   * there. May block for as long as the file system likes.
   *
   * @throws IOException if there are more than {@code most}, or the folder can't be read
   */
  public List<Path> list(int most) throws IOException {
    if (!isPattern()) {
      return List.of(path);
    }
    Path folder = path.toAbsolutePath().getParent();
    String pattern = String.valueOf(path.getFileName());
    Globs globs = new Globs(List.of(pattern), pattern.startsWith(".") ? List.of() : List.of(".*"));
    List<Path> found = new ArrayList<>();
    int names = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path each : all) {
        if (globs.matches(String.valueOf(each.getFileName()))) {
          found.add(each);
        }
        if (found.size() > most || ++names > MOST_NAMES) {
          throw new IOException(path + ": more than " + most + " files");
        }
      }
    } catch (NoSuchFileException | NotDirectoryException missing) {
      return List.of();
    }
    Collections.sort(found);
    return found;
  }
}
