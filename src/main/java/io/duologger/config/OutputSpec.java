package io.duologger.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

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
   * When a file output begins a new file and what becomes of the old ones. At least one of the keys
   * was given.
   *
   * @param maxSize bytes after which a new file is begun
   * @param maxFiles how many old files are kept
   * @param maxAge how long old files are kept
   * @param compress whether old files are compressed
   */
  public record Rotation(
      OptionalLong maxSize, OptionalInt maxFiles, Optional<Duration> maxAge, boolean compress) {}

  /** Checks that a file has a path and nothing else has. */
  public OutputSpec {
    if ((type == Type.FILE) != path.isPresent() || type != Type.FILE && rotation.isPresent()) {
      throw new IllegalArgumentException("only a file output, and each, has a path: " + type);
    }
  }
}
