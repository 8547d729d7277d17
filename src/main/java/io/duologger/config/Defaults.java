package io.duologger.config;

import java.nio.file.Path;

/**
 * What holds where neither the file nor the command line says it, and depends on more than the
 * rhythm.
 *
 * @param tag the name of the sender in syslog messages
 * @param state where the counters of the last run are kept
 * @param spools the folder that has a folder for each output's waiting reports
 * @param record the name of the file that a job's reports go to, without what tells its form
 */
public record Defaults(String tag, Path state, Path spools, String record) {
  /** Those of duologger. */
  public static final Defaults DUOLOGGER =
      new Defaults("duologger", Path.of("duologger.state"), Path.of("spool"), "duologger");
}
