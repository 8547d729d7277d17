package io.duologger.topology;

import io.duologger.model.StreamEvent;
import io.duologger.model.StreamEvent.Boundary;
import io.duologger.model.StreamEvent.Regrid;
import io.duologger.model.StreamEvent.Request;
import io.duologger.model.StreamEvent.Sampled;
import java.util.Locale;
import java.util.function.Consumer;

/** Logs what happens, for those who asked for it: closes and reloads, and each read. */
final class EventLog implements Consumer<StreamEvent> {
  @Override
  public void accept(StreamEvent event) {
    if (event instanceof Boundary boundary) {
      String why = boundary.why().name().toLowerCase(Locale.ROOT);
      Diagnostics.LOG.debug(
          "window of {} ms closed: {}", (boundary.end() - boundary.start()) / 1_000_000, why);
    } else if (event instanceof Request) {
      Diagnostics.LOG.debug("report requested");
    } else if (event instanceof Regrid regrid) {
      Diagnostics.LOG.debug(
          "{} modules on {} grid",
          regrid.plan().entries().size(),
          regrid.reloaded() ? "a reloaded" : "the");
    } else if (event instanceof Sampled sampled) {
      Diagnostics.LOG.trace(
          "{}: read {} series in {} us{}",
          sampled.source().name(),
          sampled.sample().layout().count(),
          (sampled.sample().finished() - sampled.sample().started()) / 1_000,
          sampled.priming() ? ", the first" : "");
    }
  }
}
