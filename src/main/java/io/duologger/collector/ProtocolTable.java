package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Kind;
import io.duologger.model.Metric;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.procfs.ByteScanner;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * What the kernel counts of one protocol, in two lines of one name: "Tcp: ActiveOpens InSegs" has
 * the names of the columns and "Tcp: 20 3660", somewhere below it, their values. Which columns
 * there are differs from kernel to kernel; those with a name that is wanted are kept. The line of
 * names is looked at only if it is another one than the last time. Used by one thread at a time.
 */
final class ProtocolTable {
  /** A kernel that sums its processors' shares while they change can come out below zero. */
  private static final long PLAUSIBLE_GAUGE = Integer.MAX_VALUE;

  private final String name;
  private final byte[] title;
  private final List<Column> wanted;
  private final Series[] series;
  private final long[] values;
  private final boolean[] present;

  /** The names as the file has them, and for each which of the wanted ones it is, or -1. */
  private byte[] heading = {};

  private int[] columns = {};
  private boolean headed;
  private boolean complete;

  /** A column's name and what it becomes: a counter or a gauge. */
  record Column(String name, Metric metric) {}

  /** The lines that begin with {@code name} and a colon. */
  ProtocolTable(String name, List<Column> wanted) {
    this.name = name;
    this.title = ByteScanner.key(name);
    this.wanted = List.copyOf(wanted);
    series = Series.of(wanted.stream().map(Column::metric).toList(), Instance.HOST);
    values = new long[series.length];
    present = new boolean[series.length];
  }

  /**
   * Reads a file that has the lines of all {@code tables}, and no further than that.
   *
   * @throws IOException if lines are missing or what is in them does not fit
   */
  static void parse(ByteScanner in, ProtocolTable... tables) throws IOException {
    for (ProtocolTable table : tables) {
      table.headed = false;
      table.complete = false;
      Arrays.fill(table.present, false);
    }
    int missing = tables.length;
    while (missing > 0) {
      if (!in.nextLine()) {
        throw in.malformed("missing " + missing(tables));
      }
      if (!in.nextTokenUntil(':')) {
        throw in.malformed("missing colon");
      }
      for (ProtocolTable table : tables) {
        if (!table.complete && in.tokenIs(table.title)) {
          table.line(in);
          missing -= table.complete ? 1 : 0;
        }
      }
    }
  }

  private static String missing(ProtocolTable[] tables) {
    for (ProtocolTable table : tables) {
      if (!table.complete) {
        return (table.headed ? "values of " : "line ") + table.name;
      }
    }
    return "";
  }

  private void line(ByteScanner in) throws IOException {
    if (headed) {
      values(in);
      complete = true;
    } else if (!in.restIs(heading)) {
      heading = in.rest();
      columns = columns(in);
    }
    headed = true;
  }

  private int[] columns(ByteScanner in) {
    int[] found = new int[heading.length];
    int count = 0;
    while (in.nextToken()) {
      found[count++] = index(in.token());
    }
    return Arrays.copyOf(found, count);
  }

  private int index(String column) {
    for (int i = 0; i < series.length; i++) {
      if (wanted.get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }

  /** Columns that nobody wants need not be unsigned: MaxConn is -1. */
  private void values(ByteScanner in) throws IOException {
    for (int i = 0; i < columns.length; i++) {
      int column = columns[i];
      if (column >= 0) {
        values[column] = in.nextUnsigned(wanted.get(column).name());
        present[column] = true;
      } else if (!in.nextToken()) {
        throw in.malformed("fewer values than columns");
      }
    }
    if (in.nextToken()) {
      throw in.malformed("more values than columns");
    }
  }

  /** Adds what is counted elsewhere to a column, which the file need not have. */
  void add(int column, long value) {
    values[column] = present[column] ? values[column] + value : value;
    present[column] = true;
  }

  /** Whether the latest read had a column. */
  boolean has(int column) {
    return present[column];
  }

  /** The value of a column that there is. */
  long value(int column) {
    return values[column];
  }

  /** Hands over what there is. */
  void emit(Readings into) {
    for (int i = 0; i < series.length; i++) {
      if (present[i]) {
        if (series[i].metric().kind() == Kind.COUNTER) {
          into.counter(series[i], values[i]);
        } else if (values[i] >= 0 && values[i] <= PLAUSIBLE_GAUGE) {
          into.gauge(series[i], values[i]);
        }
      }
    }
  }
}
