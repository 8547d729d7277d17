package io.duologger.topology;

import io.duologger.collector.Collector;
import io.duologger.collector.Surroundings;
import io.duologger.model.Report;
import io.duologger.model.Source;
import java.io.IOException;
import java.util.Optional;

/** What stands around the reports of a run, and what of it is not made by the catalogue. */
public interface Frame {
  /**
   * What each output writes before the first report. Any thread.
   *
   * @param host what reports call the host
   */
  Report head(String host);

  /**
   * What each output writes behind the last report, when the run has ended. Any thread; may take a
   * moment.
   *
   * @throws IOException if there is nothing to tell
   */
  Report tail(String host) throws IOException;

  /** The collector of a source, if it is not that of the catalogue. */
  Optional<Collector> collector(Source source, Surroundings surroundings);
}
