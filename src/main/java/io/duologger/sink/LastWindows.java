package io.duologger.sink;

import io.duologger.model.Line;
import io.duologger.model.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last closed window of every series: a module that is sampled less often than windows close is
 * in some reports only, and keeps its lines until it should have come again twice.
 *
 * <p>Used by one thread at a time.
 */
final class LastWindows {
  private static final int INTERVALS = 2;

  private final Map<String, Kept> modules = new LinkedHashMap<>();

  /**
   * What a module said last.
   *
   * @param end the end of that window, by the monotonic clock
   */
  private record Kept(List<Line> lines, long end) {
    boolean isStale(long now) {
      return lines.stream()
          .flatMap(line -> line.head().stream())
          .noneMatch(head -> now - end <= INTERVALS * head.every());
    }
  }

  /** The report, with the lines of modules that it has none of. */
  Report with(Report report) {
    long end = report.window().end();
    Map<String, List<Line>> present = new LinkedHashMap<>();
    for (Line line : report.lines()) {
      present.computeIfAbsent(line.module(), module -> new ArrayList<>()).add(line);
    }
    present.forEach((module, lines) -> modules.put(module, new Kept(lines, end)));
    modules.values().removeIf(kept -> kept.end() != end && kept.isStale(end));
    List<Line> lines = new ArrayList<>();
    modules.values().forEach(kept -> lines.addAll(kept.lines()));
    return new Report(report.window(), report.host(), lines, report.self());
  }
}
