package io.duologger.sink;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a sink says. Safe for use by any thread. */
final class HeardLog implements SinkLog {
  private final List<String> said = new ArrayList<>();

  @Override
  public synchronized void warn(String what) {
    said.add("warn: " + what);
  }

  @Override
  public synchronized void info(String what) {
    said.add("info: " + what);
  }

  /** What it said since the last time. */
  synchronized List<String> said() {
    List<String> all = List.copyOf(said);
    said.clear();
    return all;
  }
}
