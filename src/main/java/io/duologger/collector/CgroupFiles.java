package io.duologger.collector;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.LineKeys;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The files of control groups of both versions and what they say: Documentation/admin-guide of the
 * kernel, cgroup-v2.rst and cgroup-v1/.
 */
final class CgroupFiles {
  /** What is known of a group; times are in microseconds. */
  enum Value {
    MEMORY,
    PEAK,
    LIMIT,
    SWAP,
    ANON,
    FILE,
    SHARED,
    KERNEL,
    TASKS,
    TASK_LIMIT,
    CPU,
    USER,
    SYSTEM,
    THROTTLED,
    THROTTLINGS,
    READ_BYTES,
    WRITTEN_BYTES,
    READS,
    WRITES,
    MAJOR_FAULTS,
    LIMIT_HITS,
    OOM_KILLS,
    CPU_PRESSURE,
    MEMORY_PRESSURE,
    IO_PRESSURE
  }

  /** What version 1 calls no limit, less the rounding to pages. */
  private static final long UNLIMITED = 1L << 60;

  private static final long MICROS_PER_TICK = 10_000;
  private static final long NANOS_PER_MICRO = 1000;
  private static final byte[] SOME = ByteScanner.key("some");
  private static final byte[] TOTAL = ByteScanner.key("total");
  private static final byte[] READ = ByteScanner.key("Read");
  private static final byte[] WRITE = ByteScanner.key("Write");
  private static final byte[] MAX = ByteScanner.key("max");
  private static final List<byte[]> IO_KEYS =
      List.of(
          ByteScanner.key("rbytes"),
          ByteScanner.key("wbytes"),
          ByteScanner.key("rios"),
          ByteScanner.key("wios"));
  private static final List<Value> IO =
      List.of(Value.READ_BYTES, Value.WRITTEN_BYTES, Value.READS, Value.WRITES);

  /** The files of a group of version 2. */
  static final List<Source> UNIFIED =
      List.of(
          new Source("memory.current", one(Value.MEMORY)),
          new Source("memory.peak", one(Value.PEAK)),
          new Source("memory.max", one(Value.LIMIT)),
          new Source("memory.swap.current", one(Value.SWAP)),
          new Source(
              "memory.stat",
              keyed(
                  1,
                  List.of("anon", "file", "shmem", "kernel", "pgmajfault"),
                  Value.ANON,
                  Value.FILE,
                  Value.SHARED,
                  Value.KERNEL,
                  Value.MAJOR_FAULTS)),
          new Source(
              "memory.events",
              keyed(1, List.of("max", "oom_kill"), Value.LIMIT_HITS, Value.OOM_KILLS)),
          new Source("pids.current", one(Value.TASKS)),
          new Source("pids.max", one(Value.TASK_LIMIT)),
          new Source(
              "cpu.stat",
              keyed(
                  1,
                  List.of(
                      "usage_usec", "user_usec", "system_usec", "throttled_usec", "nr_throttled"),
                  Value.CPU,
                  Value.USER,
                  Value.SYSTEM,
                  Value.THROTTLED,
                  Value.THROTTLINGS)),
          new Source("io.stat", CgroupFiles::io),
          new Source("cpu.pressure", pressure(Value.CPU_PRESSURE)),
          new Source("memory.pressure", pressure(Value.MEMORY_PRESSURE)),
          new Source("io.pressure", pressure(Value.IO_PRESSURE)));

  /** The files of a group of version 1 by controller. */
  static final Map<String, List<Source>> BY_CONTROLLER =
      Map.of(
          "memory",
          List.of(
              new Source("memory.usage_in_bytes", one(Value.MEMORY)),
              new Source("memory.max_usage_in_bytes", one(Value.PEAK)),
              new Source("memory.limit_in_bytes", one(Value.LIMIT)),
              new Source("memory.failcnt", one(Value.LIMIT_HITS)),
              new Source("memory.kmem.usage_in_bytes", one(Value.KERNEL)),
              new Source("memory.oom_control", keyed(1, List.of("oom_kill"), Value.OOM_KILLS)),
              new Source(
                  "memory.stat",
                  keyed(
                      1,
                      List.of(
                          "total_rss",
                          "total_cache",
                          "total_shmem",
                          "total_swap",
                          "total_pgmajfault"),
                      Value.ANON,
                      Value.FILE,
                      Value.SHARED,
                      Value.SWAP,
                      Value.MAJOR_FAULTS))),
          "pids",
          List.of(
              new Source("pids.current", one(Value.TASKS)),
              new Source("pids.max", one(Value.TASK_LIMIT))),
          "cpuacct",
          List.of(
              new Source("cpuacct.usage", nanos(Value.CPU)),
              new Source(
                  "cpuacct.stat",
                  keyed(MICROS_PER_TICK, List.of("user", "system"), Value.USER, Value.SYSTEM))),
          "cpu",
          List.of(new Source("cpu.stat", CgroupFiles::throttling)),
          "blkio",
          List.of(
              new Source(
                  "blkio.throttle.io_service_bytes_recursive",
                  devices(Value.READ_BYTES, Value.WRITTEN_BYTES)),
              new Source(
                  "blkio.throttle.io_serviced_recursive", devices(Value.READS, Value.WRITES))));

  private static final LineKeys THROTTLING =
      new LineKeys(' ', List.of("nr_throttled", "throttled_time"));

  private CgroupFiles() {}

  /** A file and how it is read. */
  record Source(String file, Parser parser) {}

  /** Reads one file. */
  @FunctionalInterface
  interface Parser {
    void parse(ByteScanner in, Values into) throws IOException;
  }

  /** The values of one group, of which each may be missing; the first one counts. */
  static final class Values {
    private final long[] values = new long[Value.values().length];
    private final boolean[] present = new boolean[values.length];

    void clear() {
      Arrays.fill(present, false);
    }

    void put(Value which, long value) {
      if (!present[which.ordinal()]) {
        values[which.ordinal()] = value;
        present[which.ordinal()] = true;
      }
    }

    boolean has(Value which) {
      return present[which.ordinal()];
    }

    long get(Value which) {
      return values[which.ordinal()];
    }
  }

  /** A file of one number, or the word max. */
  private static Parser one(Value value) {
    return (in, into) -> {
      in.nextLine();
      if (!in.nextToken()) {
        throw in.malformed("expected a number");
      }
      if (in.tokenIs(MAX)) {
        return;
      }
      long number = in.unsigned("number");
      if (value != Value.LIMIT || number < UNLIMITED) {
        into.put(value, number);
      }
    };
  }

  private static Parser nanos(Value value) {
    return (in, into) -> {
      in.nextLine();
      into.put(value, in.nextUnsigned("time") / NANOS_PER_MICRO);
    };
  }

  /** Lines of a key and a number. */
  private static Parser keyed(long factor, List<String> names, Value... values) {
    LineKeys keys = new LineKeys(' ', names);
    return (in, into) -> {
      for (int line = in.nextLineOf(keys); line >= 0; line = in.nextLineOf(keys)) {
        into.put(values[line], in.nextUnsigned("number") * factor);
      }
    };
  }

  private static void throttling(ByteScanner in, Values into) throws IOException {
    for (int line = in.nextLineOf(THROTTLING); line >= 0; line = in.nextLineOf(THROTTLING)) {
      long number = in.nextUnsigned("number");
      if (line == 0) {
        into.put(Value.THROTTLINGS, number);
      } else {
        into.put(Value.THROTTLED, number / NANOS_PER_MICRO);
      }
    }
  }

  /** Lines such as "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6", summed. */
  private static void io(ByteScanner in, Values into) throws IOException {
    long[] sums = new long[IO.size()];
    boolean any = false;
    while (in.nextLine()) {
      if (!in.nextToken()) {
        continue;
      }
      while (in.nextTokenUntil('=')) {
        int at = 0;
        while (at < sums.length && !in.tokenIs(IO_KEYS.get(at))) {
          at++;
        }
        if (at < sums.length) {
          sums[at] += in.nextUnsigned("number");
          any = true;
        } else {
          in.nextToken();
        }
      }
    }
    for (int i = 0; any && i < sums.length; i++) {
      into.put(IO.get(i), sums[i]);
    }
  }

  /** Lines such as "8:0 Read 4096", summed; the one that begins with Total holds the others too. */
  private static Parser devices(Value reads, Value writes) {
    return (in, into) -> {
      long read = 0;
      long written = 0;
      while (in.nextLine() && in.nextToken() && in.nextToken()) {
        if (in.tokenIs(READ)) {
          read += in.nextUnsigned("number");
        } else if (in.tokenIs(WRITE)) {
          written += in.nextUnsigned("number");
        }
      }
      into.put(reads, read);
      into.put(writes, written);
    };
  }

  /** The line "some avg10=0.00 avg60=0.00 avg300=0.00 total=12". */
  private static Parser pressure(Value value) {
    return (in, into) -> {
      while (in.nextLine()) {
        if (in.nextToken() && in.tokenIs(SOME)) {
          while (in.nextTokenUntil('=')) {
            if (in.tokenIs(TOTAL)) {
              into.put(value, in.nextUnsigned("total"));
            } else {
              in.nextToken();
            }
          }
        }
      }
    };
  }
}
