package io.duologger.config;

import java.util.Locale;

/** The form of a report. */
public sealed interface Form {
  /** Lines of pairs. */
  record Logfmt() implements Form {}

  /** An object a line. */
  record Json() implements Form {}

  /**
   * The lines of the Perl tools.
   *
   * @param showXid whether each line begins with the time
   * @param showKeys whether values have their keys before them
   * @param sorted whether the keys are in alphabetical order
   * @param pairs how many pairs a line has at most
   */
  record Classic(boolean showXid, boolean showKeys, boolean sorted, int pairs) implements Form {}

  /**
   * The load report of a Grid Engine load sensor.
   *
   * @param oldNames whether names are those of the Perl tools
   */
  record GridEngine(boolean oldNames) implements Form {}

  /**
   * Pairs as the structured data of RFC 5424.
   *
   * @param id what they are called
   */
  record StructuredData(String id) implements Form {}

  /** The page that Prometheus reads. */
  record Prometheus() implements Form {}

  /** What people call it, also in a configuration. */
  default String text() {
    return getClass().getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
