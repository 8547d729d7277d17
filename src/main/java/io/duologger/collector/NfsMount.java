package io.duologger.collector;

import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.ByteScanner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What /proc/self/mountstats says of one NFS mount, and its series. Mounts of one export that share
 * their cache have the same numbers, and with some kernels operations are those of all mounts of a
 * server. Used by one thread at a time.
 */
final class NfsMount extends DeviceTable.Device {
  static final String LABEL = "mount";

  /** Numbers of the line "bytes:". */
  static final int BYTES = 8;

  /** Numbers of a line of an operation: those that all kernels have, and those that newer have. */
  static final int COLUMNS = 8;

  static final int WITH_ERRORS = 9;

  private static final int OPERATIONS = 0;
  private static final int TRANSMISSIONS = 1;
  private static final int TIMEOUTS = 2;
  private static final int SENT = 3;
  private static final int RECEIVED = 4;
  private static final int QUEUE = 5;
  private static final int RTT = 6;
  private static final int EXECUTION = 7;
  private static final int ERRORS = 8;

  /** Kinds of operations, by their place in {@link #sums}; the last one holds all of them. */
  private static final int READ = 0;

  private static final int WRITE = 1;
  private static final int COMMIT = 2;
  private static final int METADATA = 3;
  private static final int ALL = 4;
  private static final List<String> KINDS = List.of("read", "write", "commit", "metadata", "");

  /** Counted in all only. */
  private static final byte[] NULL = ByteScanner.key("NULL:");

  private static final byte[][] KEYS = {
    ByteScanner.key("READ:"),
    ByteScanner.key("READ_PLUS:"),
    ByteScanner.key("WRITE:"),
    ByteScanner.key("COMMIT:")
  };

  private static final int[] KINDS_OF_KEYS = {READ, READ, WRITE, COMMIT};
  private static final double MILLI = 0.001;

  private static final List<Metric> TRAFFIC =
      List.of(
          bytes("read_bytes", "Data of files that the server was asked for."),
          bytes("write_bytes", "Data of files that was sent to the server."),
          bytes("application_read_bytes", "What programs read, of the cache or the server."),
          bytes("application_write_bytes", "What programs wrote."));
  private static final List<Metric> COUNTERS =
      List.of(
          events("retransmits", "Requests sent again."),
          events("timeouts", "Requests that were given no answer in all their time."),
          bytes("tx_bytes", "Requests sent, headers and data."),
          bytes("rx_bytes", "Answers received, headers and data."));
  private static final int[] COLUMNS_OF_COUNTERS = {-1, TIMEOUTS, SENT, RECEIVED};
  private static final Metric FAILURES = events("errors", "Requests that ended with an error.");
  private static final Metric RETRANSMIT_RATIO =
      Metric.ratio("retransmit_ratio", Unit.RATIO, "Requests sent again, as a share of all sent.");
  private static final List<Metric> RATES =
      List.of(
          events("read_operations", "READ requests."),
          events("write_operations", "WRITE requests."),
          events("commit_operations", "COMMIT requests: what was written is to be kept safe."),
          events("metadata_operations", "Requests of all other kinds but NULL."),
          events("operations", "Requests of all kinds."));

  /** Milliseconds over operations, by what and by kind. */
  private static final int[] TIMES = {RTT, EXECUTION, QUEUE};

  private static final List<List<Metric>> MEANS =
      List.of(
          means("rtt", "Mean time from sending to the answer"),
          means("execution", "Mean time from start to end, retransmissions and waiting too"),
          means("queue", "Mean time of waiting to be sent"));
  private static final Metric EXPORT = Metric.info("export", "What is mounted: server and path.");

  /** All that a mount may have. */
  static final List<Metric> METRICS = metrics();

  /** Whether it is to be measured. */
  final boolean wanted;

  private final Series[] traffic;
  private final Series[] counters;
  private final Series failures;
  private final Series retransmitRatio;
  private final Series[] rates;
  private final Series[][] means = new Series[TIMES.length][];
  private final Series exported;
  private final long[][] sums = new long[KINDS.size()][WITH_ERRORS];

  /** What is mounted, and since how many seconds: as it was handed over last, and as it is now. */
  private byte[] device = {};

  private byte[] deviceNow = {};
  private long age;
  private long ageNow;
  private String export = "";

  private boolean hasTraffic;
  private boolean hasOperations;
  private boolean hasErrors;
  private long again;
  private long retransmits;

  /**
   * @param key the mount point as the kernel prints it
   */
  NfsMount(byte[] key, Globs instances) {
    super(key, BYTES);
    String point = ByteScanner.text(MountTable.unescaped(key));
    wanted = instances.matches(point);
    Instance instance = Instance.of(LABEL, point);
    traffic = Series.of(TRAFFIC, instance);
    counters = Series.of(COUNTERS, instance);
    failures = new Series(FAILURES, instance);
    retransmitRatio = new Series(RETRANSMIT_RATIO, instance);
    rates = Series.of(RATES, instance);
    for (int i = 0; i < means.length; i++) {
      means[i] = Series.of(MEANS.get(i), instance);
    }
    exported = new Series(EXPORT, instance);
  }

  /** Begins a read of it; the scanner's token is what is mounted. */
  void begin(ByteScanner in) {
    if (!in.tokenIs(deviceNow)) {
      deviceNow = in.tokenIs(device) ? device : in.tokenBytes();
    }
    ageNow = age;
    hasTraffic = false;
    hasOperations = false;
    hasErrors = false;
    again = 0;
    for (long[] kind : sums) {
      Arrays.fill(kind, 0);
    }
  }

  /** Takes the seconds since it was mounted. */
  void age(long seconds) {
    ageNow = seconds;
  }

  /** What was read last into {@link #values} are its bytes. */
  void traffic() {
    hasTraffic = true;
  }

  /**
   * Adds what an operation has.
   *
   * @param line the numbers
   * @param count how many numbers there are
   */
  void operation(int kind, long[] line, int count) {
    for (int i = 0; i < count; i++) {
      sums[ALL][i] += line[i];
      if (kind != ALL) {
        sums[kind][i] += line[i];
      }
    }
    // Older kernels take an operation that failed before it was sent for one sent 0 times.
    again += Math.max(0, line[TRANSMISSIONS] - line[OPERATIONS]);
    hasOperations = true;
    hasErrors |= count == WITH_ERRORS;
  }

  /** The kind of the operation that the scanner's token names, with its colon. */
  static int kind(ByteScanner in) {
    for (int i = 0; i < KEYS.length; i++) {
      if (in.tokenIs(KEYS[i])) {
        return KINDS_OF_KEYS[i];
      }
    }
    return in.tokenIs(NULL) ? ALL : METADATA;
  }

  /** Hands over what there is; no numbers at first after a new mount, which ends all rates. */
  void emit(Readings into) {
    boolean another = deviceNow != device;
    boolean remounted = device.length > 0 && (another || ageNow < age);
    if (another) {
      export = ByteScanner.text(MountTable.unescaped(deviceNow));
    }
    device = deviceNow;
    age = ageNow;
    retransmits = remounted ? again : Math.max(again, retransmits);
    into.info(exported, export);
    if (remounted) {
      return;
    }
    if (hasTraffic) {
      into.counter(traffic[0], values[4]);
      into.counter(traffic[1], values[5]);
      into.counter(traffic[2], values[0] + values[2]);
      into.counter(traffic[3], values[1] + values[3]);
    }
    if (hasOperations) {
      operations(into);
    }
  }

  private void operations(Readings into) {
    into.counter(counters[0], retransmits);
    for (int i = 1; i < counters.length; i++) {
      into.counter(counters[i], sums[ALL][COLUMNS_OF_COUNTERS[i]]);
    }
    if (hasErrors) {
      into.counter(failures, sums[ALL][ERRORS]);
    }
    into.ratio(retransmitRatio, retransmits, sums[ALL][TRANSMISSIONS]);
    for (int kind = 0; kind < sums.length; kind++) {
      into.counter(rates[kind], sums[kind][OPERATIONS]);
      for (int i = 0; i < means.length; i++) {
        into.ratio(means[i][kind], sums[kind][TIMES[i]], sums[kind][OPERATIONS]);
      }
    }
  }

  private static Metric bytes(String name, String help) {
    return Metric.counter(name + "_per_second", Unit.BYTES_PER_SECOND, help);
  }

  private static Metric events(String name, String help) {
    return Metric.counter(name + "_per_second", Unit.PER_SECOND, help);
  }

  private static List<Metric> means(String time, String help) {
    List<Metric> means = new ArrayList<>();
    for (String kind : KINDS) {
      String name = (kind.isEmpty() ? "" : kind + "_") + time + "_seconds";
      String what = kind.isEmpty() ? "all requests" : kind + " requests";
      means.add(Metric.ratio(name, Unit.SECONDS, help + ", of " + what + ".").scaledBy(MILLI));
    }
    return means;
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(TRAFFIC);
    all.addAll(COUNTERS);
    all.add(FAILURES);
    all.add(RETRANSMIT_RATIO);
    all.addAll(RATES);
    MEANS.forEach(all::addAll);
    all.add(EXPORT);
    return all;
  }
}
