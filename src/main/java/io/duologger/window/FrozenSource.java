package io.duologger.window;

import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.ModuleSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The share of one source in a closed window.
 *
 * @param every its sample interval, nanoseconds
 * @param due ticks due in the window
 */
record FrozenSource(
    ModuleSpec spec,
    long every,
    long due,
    long n,
    long late,
    List<InstanceState.Frozen> instances,
    SourceHealth.Frozen health) {

  long missed() {
    return due - (n - late);
  }

  /** The lines of the report; computes percentiles, which can be done once. */
  List<Line> lines() {
    if (due == 0 && n == 0) {
      return List.of();
    }
    List<Line> lines = new ArrayList<>();
    if (n > 0) {
      Percentiles asked = new Percentiles(spec.stats());
      for (InstanceState.Frozen instance : instances) {
        addLines(instance, asked, lines);
      }
    }
    if (lines.isEmpty()) {
      lines.add(
          new Line(
              spec.name(),
              Instance.HOST,
              Optional.of(head(-1, -1, Double.NaN, 0, Optional.empty())),
              List.of(),
              Map.of(),
              List.of()));
    }
    return lines;
  }

  private Line.Head head(
      long seen, long rates, double covered, long resets, Optional<Boolean> exact) {
    return new Line.Head(
        every,
        n,
        late,
        missed(),
        seen == n ? -1 : seen,
        rates == n ? -1 : rates,
        covered,
        resets,
        exact);
  }

  /**
   * One line, or several where counters of the instance were not in all of its samples and so cover
   * less.
   */
  private void addLines(InstanceState.Frozen instance, Percentiles asked, List<Line> into) {
    if (instance.seen() == 0 && instance.series().isEmpty()) {
      return;
    }
    Map<Long, List<FrozenSeries>> byUncovered = new TreeMap<>();
    byUncovered.put(0L, new ArrayList<>());
    for (FrozenSeries series : instance.series()) {
      long uncovered = series.covered() < 0 ? 0 : instance.covered() - series.covered();
      List<FrozenSeries> group = byUncovered.get(uncovered);
      if (group == null) {
        group = new ArrayList<>();
        byUncovered.put(uncovered, group);
      }
      group.add(series);
    }
    for (Map.Entry<Long, List<FrozenSeries>> group : byUncovered.entrySet()) {
      if (group.getValue().isEmpty() && byUncovered.size() > 1) {
        continue;
      }
      double covered = (instance.covered() - group.getKey()) / 1e9;
      FrozenSeries.Output output = new FrozenSeries.Output(covered, asked);
      long rates = -1;
      for (FrozenSeries series : group.getValue()) {
        series.describe(output);
        rates = Math.max(rates, series.rates());
      }
      boolean intervals = instance.hasIntervals();
      boolean percentiles = !output.aggregates.isEmpty() && asked.wanted();
      into.add(
          new Line(
              spec.name(),
              instance.instance(),
              Optional.of(
                  head(
                      instance.seen(),
                      intervals ? Math.max(rates, group.getKey() == 0 ? instance.rates() : 0) : n,
                      intervals ? covered : Double.NaN,
                      instance.resets(),
                      percentiles ? Optional.of(!output.approximate()) : Optional.empty())),
              output.aggregates,
              output.infos,
              output.events));
    }
  }
}
