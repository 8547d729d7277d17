package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.LineKeys;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * How many sockets there are: what /proc/net/sockstat and sockstat6 say. Those in use are of either
 * file; all else is in the first one and holds both IPv4 and IPv6. Used by one thread at a time.
 */
final class SocketCounts {
  /** What there is, by its place in arrays. */
  static final List<Metric> METRICS =
      List.of(
          Metric.gauge("all_sockets", Unit.COUNT, "Sockets of all kinds."),
          Metric.gauge("sockets", Unit.COUNT, "Sockets of TCP in use, listening ones too."),
          Metric.gauge(
              "orphans", Unit.COUNT, "Those that no process holds, of all network namespaces."),
          Metric.gauge("time_wait", Unit.COUNT, "Closed connections in TIME-WAIT."),
          Metric.gauge(
              "sockets_allocated",
              Unit.COUNT,
              "Sockets of TCP that are not freed yet, of all network namespaces."),
          Metric.gauge(
              "memory_bytes", Unit.BYTES, "Memory of TCP's buffers, of all network namespaces."),
          Metric.gauge("udp_sockets", Unit.COUNT, "Sockets of UDP in use."),
          Metric.gauge(
              "udp_memory_bytes",
              Unit.BYTES,
              "Memory of UDP's buffers, of all network namespaces."));

  private static final int TCP_IN_USE = 1;
  private static final int TCP_MEMORY = 5;
  private static final int UDP_IN_USE = 6;
  private static final int UDP_MEMORY = 7;

  private static final LineKeys LINES =
      new LineKeys(':', List.of("sockets", "TCP", "UDP", "TCP6", "UDP6"));

  /** By line: the words whose numbers count, and what each is. */
  private static final byte[][][] WORDS = {
    words("used"),
    words("inuse", "orphan", "tw", "alloc", "mem"),
    words("inuse", "mem"),
    words("inuse"),
    words("inuse")
  };

  private static final int[][] MEANINGS = {
    {0}, {TCP_IN_USE, 2, 3, 4, TCP_MEMORY}, {UDP_IN_USE, UDP_MEMORY}, {TCP_IN_USE}, {UDP_IN_USE}
  };

  private final Series[] series = Series.of(METRICS, Instance.HOST);
  private final long[] values = new long[METRICS.size()];
  private final boolean[] present = new boolean[METRICS.size()];

  private static byte[][] words(String... words) {
    return Arrays.stream(words).map(ByteScanner::key).toArray(byte[][]::new);
  }

  /** Forgets the last read. */
  void begin() {
    Arrays.fill(values, 0);
    Arrays.fill(present, false);
  }

  /**
   * Adds what a file says: lines such as "TCP: inuse 1 orphan 0 tw 0 alloc 1 mem 322" or "TCP6:
   * inuse 0".
   */
  void parse(ByteScanner in) throws IOException {
    boolean any = false;
    for (int line = in.nextLineOf(LINES); line >= 0; line = in.nextLineOf(LINES)) {
      byte[][] words = WORDS[line];
      while (in.nextToken()) {
        int which = 0;
        while (which < words.length && !in.tokenIs(words[which])) {
          which++;
        }
        long value = in.nextSigned("number");
        // Numbers that processors share out among themselves may be below zero for a moment.
        if (which < words.length && value >= 0) {
          values[MEANINGS[line][which]] += value;
          present[MEANINGS[line][which]] = true;
        }
      }
      any = true;
    }
    if (!any) {
      throw in.malformed("missing lines of sockets");
    }
  }

  /** Hands over what there is. */
  void emit(Readings into, long pageSize) {
    for (int i = 0; i < series.length; i++) {
      if (present[i]) {
        boolean pages = i == TCP_MEMORY || i == UDP_MEMORY;
        into.gauge(series[i], pages ? (double) values[i] * pageSize : values[i]);
      }
    }
  }
}
