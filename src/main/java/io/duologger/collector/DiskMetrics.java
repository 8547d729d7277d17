package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.util.ArrayList;
import java.util.List;

/** What the columns of /proc/diskstats become, and the series of one device. */
final class DiskMetrics {
  static final String LABEL = "device";

  /** Columns after the device name, kernel documentation iostats, counted from 0. */
  static final int BASIC = 11;

  static final int WITH_DISCARDS = 15;
  static final int COLUMNS = 17;

  private static final int READS = 0;
  private static final int READ_SECTORS = 2;
  private static final int READ_MS = 3;
  private static final int WRITES = 4;
  private static final int WRITE_SECTORS = 6;
  private static final int WRITE_MS = 7;
  private static final int IN_FLIGHT = 8;
  private static final int BUSY_MS = 9;
  private static final int WEIGHTED_MS = 10;
  private static final int DISCARDS = 11;
  private static final int DISCARD_SECTORS = 13;
  private static final int DISCARD_MS = 14;
  private static final int FLUSHES = 15;
  private static final int FLUSH_MS = 16;

  /** The columns that totals are made of. */
  static final int[] SUMMED = {READS, WRITES, READ_SECTORS, WRITE_SECTORS};

  private static final int SECTOR = 512;
  private static final double MILLI = 0.001;

  /** Milliseconds are printed as unsigned 32-bit numbers. */
  private static final long WRAP = 1L << 32;

  /** A device is busy for 1,000 ms a second; twice that covers how uneven it is accounted. */
  private static final double BUSY_CEILING = 2_000;

  /** A hundred thousand operations under way for all of a second. */
  private static final double WAIT_CEILING = 1e8;

  /** Kernels have counted operations under way below zero. */
  private static final long PLAUSIBLE_IN_FLIGHT = Integer.MAX_VALUE;

  /** A column that is a counter, and what it becomes. */
  private record Column(int index, Metric metric) {}

  /** Milliseconds over operations. */
  private record Await(int milliseconds, int operations, Metric metric) {}

  private static final List<Column> COUNTERS =
      List.of(
          operations(READS, "reads", "Reads completed."),
          operations(1, "reads_merged", "Reads merged into others."),
          bytes(READ_SECTORS, "read_bytes", "Read."),
          operations(WRITES, "writes", "Writes completed."),
          operations(5, "writes_merged", "Writes merged into others."),
          bytes(WRITE_SECTORS, "write_bytes", "Written."),
          new Column(
              BUSY_MS,
              Metric.counter("busy_ratio", Unit.RATIO, "Share of time with operations under way.")
                  .scaledBy(MILLI)
                  .wrappingAt(WRAP, BUSY_CEILING)),
          new Column(
              WEIGHTED_MS,
              Metric.counter("queue_depth", Unit.COUNT, "Mean number of operations under way.")
                  .scaledBy(MILLI)
                  .wrappingAt(WRAP, WAIT_CEILING)),
          operations(DISCARDS, "discards", "Discards completed."),
          operations(12, "discards_merged", "Discards merged into others."),
          bytes(DISCARD_SECTORS, "discard_bytes", "Discarded."),
          operations(FLUSHES, "flushes", "Flushes completed."));

  private static final List<Await> AWAITS =
      List.of(
          new Await(READ_MS, READS, await("read_await_seconds", "a read")),
          new Await(WRITE_MS, WRITES, await("write_await_seconds", "a write")),
          new Await(DISCARD_MS, DISCARDS, await("discard_await_seconds", "a discard")),
          new Await(FLUSH_MS, FLUSHES, await("flush_await_seconds", "a flush")));

  /** The columns of {@link #COUNTERS} and of {@link #AWAITS}, as every tick needs them. */
  private static final int[] COLUMN = new int[COUNTERS.size()];

  private static final int[] MILLISECONDS = new int[AWAITS.size()];
  private static final int[] OPERATIONS = new int[AWAITS.size()];

  static {
    for (int i = 0; i < COLUMN.length; i++) {
      COLUMN[i] = COUNTERS.get(i).index();
    }
    for (int i = 0; i < MILLISECONDS.length; i++) {
      MILLISECONDS[i] = AWAITS.get(i).milliseconds();
      OPERATIONS[i] = AWAITS.get(i).operations();
    }
  }

  private static final Metric AWAIT = await("await_seconds", "a read or write");
  private static final Metric UNDER_WAY =
      Metric.gauge("in_flight", Unit.COUNT, "Operations under way now.");

  /** What the columns {@link #SUMMED} become over all disks. */
  static final List<Metric> TOTALS =
      List.of(metric(READS), metric(WRITES), metric(READ_SECTORS), metric(WRITE_SECTORS));

  /** What the columns {@link #SUMMED} become over the swap devices. */
  static final List<Metric> SWAPPING =
      List.of(
          operations(READS, "swap_reads", "Reads of swap devices.").metric(),
          operations(WRITES, "swap_writes", "Writes to swap devices.").metric(),
          bytes(READ_SECTORS, "swap_read_bytes", "Read from swap devices.").metric(),
          bytes(WRITE_SECTORS, "swap_write_bytes", "Written to swap devices.").metric());

  private final Series[] counters;
  private final Series[] awaits;
  private final Series await;
  private final Series inFlight;

  /** The series of the device {@code instance}. */
  DiskMetrics(Instance instance) {
    counters = new Series[COUNTERS.size()];
    for (int i = 0; i < counters.length; i++) {
      counters[i] = new Series(COUNTERS.get(i).metric(), instance);
    }
    awaits = new Series[AWAITS.size()];
    for (int i = 0; i < awaits.length; i++) {
      awaits[i] = new Series(AWAITS.get(i).metric(), instance);
    }
    await = new Series(AWAIT, instance);
    inFlight = new Series(UNDER_WAY, instance);
  }

  /** Passes on the first {@code columns} values. */
  void emit(long[] values, int columns, Readings into) {
    for (int i = 0; i < counters.length; i++) {
      int column = COLUMN[i];
      if (column < columns) {
        into.counter(counters[i], values[column]);
      }
    }
    for (int i = 0; i < awaits.length; i++) {
      if (MILLISECONDS[i] < columns) {
        into.ratio(awaits[i], values[MILLISECONDS[i]], values[OPERATIONS[i]]);
      }
    }
    long milliseconds = (values[READ_MS] + values[WRITE_MS]) % WRAP;
    into.ratio(await, milliseconds, values[READS] + values[WRITES]);
    if (values[IN_FLIGHT] >= 0 && values[IN_FLIGHT] <= PLAUSIBLE_IN_FLIGHT) {
      into.gauge(inFlight, values[IN_FLIGHT]);
    }
  }

  /** Every metric of the module. */
  static List<Metric> all() {
    List<Metric> all = new ArrayList<>();
    for (Column column : COUNTERS) {
      all.add(column.metric());
    }
    for (Await of : AWAITS) {
      all.add(of.metric());
    }
    all.addAll(List.of(AWAIT, UNDER_WAY));
    all.addAll(SWAPPING);
    return all;
  }

  private static Metric metric(int column) {
    for (Column counter : COUNTERS) {
      if (counter.index() == column) {
        return counter.metric();
      }
    }
    throw new IllegalArgumentException("column " + column + " is no counter");
  }

  private static Column operations(int index, String what, String help) {
    return new Column(index, Metric.counter(what + "_per_second", Unit.PER_SECOND, help));
  }

  private static Column bytes(int index, String what, String help) {
    Metric metric = Metric.counter(what + "_per_second", Unit.BYTES_PER_SECOND, help);
    return new Column(index, metric.scaledBy(SECTOR));
  }

  private static Metric await(String name, String what) {
    return Metric.ratio(
            name, Unit.SECONDS, "Mean time from the request to the end of " + what + ".")
        .scaledBy(MILLI)
        .wrappingAt(WRAP, WAIT_CEILING);
  }
}
