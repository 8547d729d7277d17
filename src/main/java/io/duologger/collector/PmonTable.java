package io.duologger.collector;

import io.duologger.model.RecorderClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code nvidia-smi pmon} has printed last. What it says is the present for one and a half of
 * its intervals and a second. Safe for use by any thread.
 */
final class PmonTable {
  private static final long SECOND = 1_000_000_000L;
  private static final int MOST_ROWS = 10_000;

  private final RecorderClock clock;
  private final long interval;
  private final PmonLines lines = new PmonLines();
  private final Map<Place, Printed> rows = new LinkedHashMap<>();
  private final BitSet seen = new BitSet();

  /**
   * Processors that have told how busy a process keeps them. They tell it of those that had a
   * kernel running (nvmlDeviceGetProcessUtilization of NVML): the others had none.
   */
  private final BitSet telling = new BitSet();

  private long firstRow;
  private long lastRow;
  private String refused = "";

  private record Place(int gpu, long pid) {}

  private record Printed(PmonLines.Row row, long at) {}

  /** The table of one that prints each {@code interval} nanoseconds. */
  PmonTable(RecorderClock clock, long interval) {
    this.clock = clock;
    this.interval = interval;
  }

  /** Takes a line; whether it is one of pmon's. */
  synchronized boolean take(String line) {
    if (line.startsWith("#")) {
      lines.comment(line);
      return true;
    }
    try {
      put(lines.row(line));
      refused = "";
      return true;
    } catch (IOException unexpected) {
      refused = String.valueOf(unexpected.getMessage());
      return false;
    }
  }

  private void put(PmonLines.Row row) {
    lastRow = clock.monotonicNanos();
    if (seen.isEmpty()) {
      firstRow = lastRow;
    }
    seen.set(row.gpu());
    if (row.busyPercent().isPresent()) {
      telling.set(row.gpu());
    }
    if (row.pid().isPresent()) {
      Place place = new Place(row.gpu(), row.pid().getAsLong());
      if (rows.size() < MOST_ROWS || rows.containsKey(place)) {
        rows.put(place, new Printed(row, lastRow));
      }
    }
  }

  /** How many processors it has told of. */
  synchronized int processors() {
    return seen.cardinality();
  }

  /** Whether all rows of the first interval must have come. */
  synchronized boolean isSettled() {
    return !seen.isEmpty() && clock.monotonicNanos() - firstRow > 2 * interval;
  }

  /** The present; empty if it has fallen silent, as each processor has a row each interval. */
  synchronized Optional<List<NvidiaMonitor.Use>> present() {
    long oldest = clock.monotonicNanos() - interval * 3 / 2 - SECOND;
    rows.values().removeIf(each -> each.at() - oldest < 0);
    if (lastRow - oldest < 0) {
      return Optional.empty();
    }
    List<NvidiaMonitor.Use> uses = new ArrayList<>();
    rows.forEach((place, each) -> uses.add(use(place, each.row())));
    return Optional.of(uses);
  }

  private NvidiaMonitor.Use use(Place place, PmonLines.Row row) {
    boolean idle = row.busyPercent().isEmpty() && telling.get(place.gpu());
    return new NvidiaMonitor.Use(
        place.pid(),
        Integer.toString(place.gpu()),
        row.memoryBytes(),
        idle ? OptionalInt.of(0) : row.busyPercent());
  }

  /** What is wrong with the last line; empty if nothing. */
  synchronized String refused() {
    return refused;
  }

  /** It has ended. */
  synchronized void clear() {
    rows.clear();
    seen.clear();
    refused = "";
  }
}
