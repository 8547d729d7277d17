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
 * What this host asked of all NFS servers: /proc/net/rpc/nfs. Its numbers are of 32 bits and wrap;
 * sums of them are taken modulo 2^32 and wrap like one. Used by one thread at a time.
 *
 * <p>The line "net" counts for servers only, and the third number of "rpc" is nearly that of all
 * calls. What a procedure's number stands for is sure only for the old ones: READ_PLUS of NFS 4.2
 * counts among the others.
 */
final class NfsCalls {
  private static final long WRAP = 1L << 32;

  /** More than any client can ask in a second. */
  private static final double CEILING = 2e6;

  private static final int CALLS = 0;
  private static final int RETRANSMITS = 1;
  private static final int READ = 2;
  private static final int WRITE = 3;
  private static final int OTHER = 4;

  /** What there is, by its place in arrays. */
  static final List<Metric> METRICS =
      List.of(
          calls("calls", "Calls of NFS servers, of all mounts."),
          calls("call_retransmits", "Calls sent again."),
          calls("read_calls", "READ calls.").formerly("nfs_read"),
          calls("write_calls", "WRITE calls.").formerly("nfs_write"),
          calls("other_calls", "Calls of all other kinds but NULL.").formerly("nfs_meta"));

  private static final LineKeys LINES =
      new LineKeys(' ', List.of("rpc", "proc2", "proc3", "proc4"));
  private static final int RPC = 0;

  /** By line: which procedure is READ and which is WRITE. */
  private static final int[] READS = {-1, 6, 6, 1};

  private static final int[] WRITES = {-1, 8, 7, 2};

  private final Series[] series = Series.of(METRICS, Instance.HOST);
  private final long[] values = new long[METRICS.size()];
  private boolean kinds;

  /**
   * Reads lines such as "rpc 12 0 12" and "proc4 3 0 5 7": how many procedures, and each of them.
   */
  void parse(ByteScanner in) throws IOException {
    boolean counted = false;
    kinds = false;
    Arrays.fill(values, 0);
    for (int line = in.nextLineOf(LINES); line >= 0; line = in.nextLineOf(LINES)) {
      if (line == RPC) {
        values[CALLS] = in.nextUnsigned("calls");
        values[RETRANSMITS] = in.nextUnsigned("retransmissions");
        counted = true;
      } else {
        procedures(in, READS[line], WRITES[line]);
        kinds = true;
      }
    }
    if (!counted) {
      throw in.malformed("missing line rpc");
    }
  }

  private void procedures(ByteScanner in, int read, int write) throws IOException {
    long count = in.nextUnsigned("number of procedures");
    for (long i = 0; Long.compareUnsigned(i, count) < 0; i++) {
      long calls = in.nextUnsigned("calls of a procedure");
      // Number 0 is NULL.
      if (i > 0) {
        values[i == read ? READ : i == write ? WRITE : OTHER] += calls;
      }
    }
  }

  /** Hands over what there is. */
  void emit(Readings into) {
    for (int i = 0; i < series.length && (i < READ || kinds); i++) {
      into.counter(series[i], values[i] & WRAP - 1);
    }
  }

  private static Metric calls(String name, String help) {
    return Metric.counter(name + "_per_second", Unit.PER_SECOND, help).wrappingAt(WRAP, CEILING);
  }
}
