package io.duologger.model;

import java.util.List;

/**
 * All that one window yields: what outputs write.
 *
 * @param window the span
 * @param host the host's name
 * @param lines a line for each instance of each module, modules in configuration order
 * @param self what the recorder measured of itself
 */
public record Report(Window window, String host, List<Line> lines, List<Line> self) {
  /** Copies the lists. */
  public Report {
    lines = List.copyOf(lines);
    self = List.copyOf(self);
  }
}
