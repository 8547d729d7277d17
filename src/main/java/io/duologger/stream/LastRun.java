package io.duologger.stream;

import io.duologger.model.Sample;
import io.duologger.model.Source;
import java.util.OptionalLong;

/** What the last run left: a run that starts with {@link Start#LAST_RUN} goes on from it. */
public interface LastRun {
  /** When it ended, monotonic nanoseconds; empty if nothing of it can be used. */
  OptionalLong end();

  /** What it read last of a module; a sample without readings if nothing of that can be used. */
  Sample last(Source source);
}
