package io.duologger.window;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Report;
import io.duologger.model.Unit;
import io.duologger.model.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A closed window, handed over by its writer. {@link #report} may be called by one thread at a
 * time.
 */
public final class FrozenWindow {
  private static final Metric SAMPLES =
      Metric.gauge("samples", Unit.COUNT, "Samples folded into the window, of all collectors.");
  private static final Metric LATE =
      Metric.gauge("samples_late", Unit.COUNT, "Those of them that were due in an earlier window.");
  private static final Metric MISSED =
      Metric.gauge("ticks_missed", Unit.COUNT, "Ticks without a reading, of all collectors.");
  private static final Metric LATENESS =
      Metric.gauge(
          "tick_lateness_seconds", Unit.SECONDS, "How long after its due time a read started.");
  private static final Metric REFUSED =
      Metric.gauge(
          "percentiles_refused",
          Unit.COUNT,
          "Series without percentiles since the memory for them was used up.");

  private final Window window;
  private final String host;
  private final boolean last;
  private final boolean reported;
  private final List<FrozenSource> sources;
  private final Statistics lateness;
  private final long refused;
  private Report report;

  /**
   * @param last whether the run ends with it
   * @param reported whether outputs get it
   */
  FrozenWindow(
      Window window,
      String host,
      boolean last,
      boolean reported,
      List<FrozenSource> sources,
      Statistics lateness,
      long refused) {
    this.window = window;
    this.host = host;
    this.last = last;
    this.reported = reported;
    this.sources = List.copyOf(sources);
    this.lateness = lateness;
    this.refused = refused;
  }

  /** Whether the run ends with it. */
  public boolean last() {
    return last;
  }

  /**
   * Whether outputs get it. A run that stops just when a window closed has one without length, and
   * one whose windows close on request ends without a report.
   */
  public boolean isReported() {
    return reported;
  }

  /**
   * Computes the report, percentiles included; once, after that it is the same.
   *
   * @param process lines of what is measured of the process, asked once; the window's own numbers
   *     are added to that of the host
   */
  public Report report(Supplier<List<Line>> process) {
    if (report == null) {
      report = compute(process);
    }
    return report;
  }

  private Report compute(Supplier<List<Line>> process) {
    List<Line> lines = new ArrayList<>();
    List<Line> self = new ArrayList<>();
    long n = 0;
    long late = 0;
    long missed = 0;
    for (FrozenSource source : sources) {
      lines.addAll(source.lines());
      n += source.n();
      late += source.late();
      missed += source.missed();
      if (source.due() > 0 || source.n() > 0) {
        self.add(source.health().line(source));
      }
    }
    List<Aggregate> own = new ArrayList<>();
    for (Line line : process.get()) {
      if (line.instance().equals(Instance.HOST)) {
        own.addAll(line.aggregates());
      } else {
        self.add(line);
      }
    }
    own.add(Aggregate.value(SAMPLES, n));
    own.add(Aggregate.value(LATE, late));
    own.add(Aggregate.value(MISSED, missed));
    if (lateness.count() > 0) {
      Percentiles asked = new Percentiles(SourceHealth.TIMES);
      own.add(lateness.aggregate(LATENESS, asked, lateness.mean(), lateness.mean()));
    }
    if (refused > 0) {
      own.add(Aggregate.value(REFUSED, refused));
    }
    self.add(0, new Line("self", Instance.HOST, Optional.empty(), own, Map.of(), List.of()));
    return new Report(window, host, lines, self);
  }
}
