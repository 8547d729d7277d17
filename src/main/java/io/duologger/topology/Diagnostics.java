package io.duologger.topology;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of a run. Loaded when there is something to say first: most runs never load the logging
 * library.
 */
final class Diagnostics {
  /** The system property with the level of the log, where it is not the usual one. */
  static final String LEVEL = "duologger.log.level";

  static final Logger LOG = LoggerFactory.getLogger("duologger");

  private Diagnostics() {}
}
