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
 * @param syslog the receiver, for {@link Type#SYSLOG}; empty for the others
 * @param classic how lines are laid out, for {@link Format#CLASSIC}; empty for the others
 * @param oldNames whether {@link Format#GRID_ENGINE} uses the names of the Perl tools; false for
 *     the others
 * @param lineBytes longer lines are split between pairs
 * @param linePairs lines of more pairs are split
 * @param queue how many reports are kept while the output is slow
 */
public record OutputSpec(
    Type type,
    Format format,
    Optional<Path> path,
    Optional<Rotation> rotation,
    Optional<Syslog> syslog,
    Optional<Classic> classic,
    boolean oldNames,
    int lineBytes,
    int linePairs,
    int queue) {

  /** The kinds of outputs. */
  public enum Type {
    STDOUT,
    FILE,
    SYSLOG
  }

  /** The forms of a report. */
  public enum Format {
    LOGFMT,
    JSON,
    /** The lines of the Perl tools. */
    CLASSIC,
    /** The load report of a Grid Engine load sensor. */
    GRID_ENGINE
  }

  /**
   * How classic lines are laid out.
   *
   * @param showXid whether each line begins with the time
   * @param showKeys whether values have their keys before them
   * @param sorted whether the keys are in alphabetical order
   * @param pairs how many pairs a line has at most
   */
  public record Classic(boolean showXid, boolean showKeys, boolean sorted, int pairs) {}

  /**
   * Where a syslog output sends to, as RFC 3164 messages.
   *
   * @param socket the datagram socket of the local syslog daemon; empty for {@code server}
   * @param server the host that UDP datagrams go to; empty for {@code socket}
   * @param port its port
   * @param facility its number, 0 to 23
   * @param severity its number, 0 to 7
   * @param tag the name of the sender, 1 to 32 letters, digits and . _ -
   */
  public record Syslog(
      Optional<Path> socket,
      Optional<String> server,
      int port,
      int facility,
      int severity,
      String tag) {}

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

  /** Checks that each type has what belongs to it and nothing else. */
  public OutputSpec {
    if ((type == Type.SYSLOG) != syslog.isPresent()
        || (format == Format.CLASSIC) != classic.isPresent()
        || oldNames && format != Format.GRID_ENGINE) {
      throw new IllegalArgumentException(
          "parts of another type or format: " + type + ", " + format);
    }
    if ((type == Type.FILE) != path.isPresent() || type != Type.FILE && rotation.isPresent()) {
      throw new IllegalArgumentException("only a file output, and each, has a path: " + type);
    }
  }
}
