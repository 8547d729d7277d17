package io.duologger.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One place where reports go.
 *
 * @param type what kind of place
 * @param format how a report is written there
 * @param path the file, exactly as it was given, for {@link Type#FILE}; empty for the others
 * @param rotation when a new file is begun; empty if never
 * @param lineBytes longer lines are split between pairs
 * @param linePairs lines of more pairs are split
 * @param queue how many reports are kept while the output is slow
 */
public record OutputSpec(
    Type type,
    Format format,
    Optional<Path> path,
    Optional<Rotation> rotation,
    int lineBytes,
    int linePairs,
    int queue) {

  /** The kinds of outputs. */
  public enum Type {
    STDOUT,
    FILE
  }

  /** The forms of a report. */
  public enum Format {
    LOGFMT,
    JSON
  }

  /**
   * When a file output begins a new file, beside each midnight UTC, and what becomes of the old
   * ones.
   *
   * @param maxSize bytes after which a new file is begun; Long.MAX_VALUE if there is no limit
   * @param maxDays files of so many days before today are kept; 0 for all
   * @param maxTotal so many bytes of old files are kept at most; 0 for all
   * @param compress whether old files are compressed
   */
  public record Rotation(long maxSize, int maxDays, long maxTotal, boolean compress) {}

  /** Checks that a file has a path and nothing else has. */
  public OutputSpec {
    if ((type == Type.FILE) != path.isPresent() || type != Type.FILE && rotation.isPresent()) {
      throw new IllegalArgumentException("only a file output, and each, has a path: " + type);
    }
  }
}
