package io.duologger.collector;

import io.duologger.model.Globs;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.ProcFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures what this host asks of NFS servers, of versions 2, 3 and 4, and how well they answer.
 *
 * <ul>
 *   <li>Source: /proc/net/rpc/nfs (lines rpc, proc2, proc3, proc4) for the host;
 *       /proc/self/mountstats (lines age, bytes and per-op statistics) for each mount
 *   <li>Unit: calls, bytes, seconds from milliseconds
 *   <li>Kind: counters, of 32 bits for the host; ratios; an info
 *   <li>Since kernel: 2.6; mounts 2.6.17; errors 5.3
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>Reading asks no server anything. Mounts are those of the mount namespace of this process. The
 * module is off where there is neither a client of NFS in the kernel nor a mount of it.
 */
public final class NfsCollector implements Collector {
  /** So many mounts are measured, at most. */
  private static final int MOST = 1_000;

  private static final Metric MOUNTS =
      Metric.gauge("mounts", Unit.COUNT, "NFS mounts that are measured.");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "nfs",
          "NFS: calls of this client; bytes, operations, times, retransmissions of each mount",
          Optional.of(NfsMount.LABEL),
          metrics(),
          List.of("/proc/net/rpc/nfs", "/proc/self/mountstats"),
          "",
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          List.of());

  private final ProcFile rpc;
  private final ProcFile mountstats;
  private final NfsCalls calls = new NfsCalls();
  private final DeviceTable<NfsMount> mounts;
  private final NfsMountStats reader;
  private final Series count = new Series(MOUNTS, Instance.HOST);

  /** Reads the host {@code root}. */
  public NfsCollector(HostRoot root, ModuleSettings settings) {
    rpc = ProcFile.ofOneRecord(root.proc().resolve("net").resolve("rpc").resolve("nfs"));
    mountstats = new ProcFile(root.proc().resolve("self").resolve("mountstats"));
    mounts = table(settings.instances());
    reader = NfsMountStats.into(mounts);
  }

  /** A table of mounts of which {@code instances} are measured. */
  static DeviceTable<NfsMount> table(Globs instances) {
    return new DeviceTable<>(key -> new NfsMount(key, instances));
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    boolean client = readCalls();
    reader.parse(Sources.read(mountstats));
    mounts.commit();
    List<NfsMount> known = mounts.known();
    if (!client && known.isEmpty()) {
      throw new SourceAbsentException("no " + rpc.path() + " and no NFS mount");
    }
    if (client) {
      calls.emit(into);
    }
    int measured = 0;
    for (int i = 0; i < known.size() && measured < MOST; i++) {
      if (known.get(i).wanted) {
        known.get(i).emit(into);
        measured++;
      }
    }
    into.gauge(count, measured);
  }

  /** A container may have mounts of its host without the client's file. */
  private boolean readCalls() throws IOException {
    try {
      calls.parse(rpc.read());
      return true;
    } catch (NoSuchFileException missing) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    try (rpc) {
      mountstats.close();
    }
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(NfsCalls.METRICS);
    all.addAll(NfsMount.METRICS);
    all.add(MOUNTS);
    return all;
  }
}
