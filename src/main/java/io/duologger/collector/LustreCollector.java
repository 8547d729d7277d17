package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.LineKeys;
import io.duologger.procfs.ProcFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures what clients ask of Lustre file systems.
 *
 * <ul>
 *   <li>Source: llite/FILESYSTEM-ID/stats in /proc/fs/lustre (clients before 2.13) or
 *       /sys/kernel/debug/lustre, lines "name N samples [unit] min max sum"
 *   <li>Unit: bytes and operations per second
 *   <li>Kind: counters
 *   <li>Since: Lustre 1.8
 *   <li>Root needed: yes, where the files are in debugfs
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>A line appears with its first event; one that is not there yet has no reading. Two mounts of
 * one file system are told apart by the id behind its name.
 */
public final class LustreCollector implements Collector {
  private static final String LABEL = "filesystem";
  private static final String NEEDS =
      "root (CAP_DAC_READ_SEARCH), where the statistics are in /sys/kernel/debug";
  private static final byte[] SAMPLES = ByteScanner.key("samples");

  /** Lines of which the sum counts, not only how many there were; first in {@link #LINES}. */
  private static final int SUMMED = 2;

  private static final List<String> LINES =
      List.of(
          "read_bytes",
          "write_bytes",
          "open",
          "close",
          "getattr",
          "setattr",
          "readdir",
          "statfs",
          "create",
          "mknod",
          "link",
          "unlink",
          "symlink",
          "mkdir",
          "rmdir",
          "rename",
          "truncate",
          "fsync",
          "flock",
          "getxattr",
          "setxattr",
          "inode_permission");

  private static final LineKeys KEYS = new LineKeys(' ', LINES);
  private static final List<Metric> OPERATIONS = operations();
  private static final List<Metric> BYTES =
      List.of(
          Metric.counter("read_bytes_per_second", Unit.BYTES_PER_SECOND, "Bytes that were read."),
          Metric.counter(
              "write_bytes_per_second", Unit.BYTES_PER_SECOND, "Bytes that were written."));

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "lustre",
          "Lustre file systems: bytes and operations of this client",
          Optional.of(LABEL),
          metrics(),
          List.of("/proc/fs/lustre/llite", "/sys/kernel/debug/lustre/llite"),
          NEEDS,
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          List.of());

  private final List<Path> folders;
  private final Path installed;
  private final ModuleSettings settings;
  private Map<Path, FileSystem> known = new HashMap<>();

  /** What one file says, by the index in {@link #LINES}. */
  static final class Values {
    final boolean[] present = new boolean[LINES.size()];
    final long[] counts = new long[LINES.size()];
    final boolean[] summed = new boolean[SUMMED];
    final long[] sums = new long[SUMMED];
  }

  private static final class FileSystem {
    private final ProcFile file;
    private final Series[] operations;
    private final Series[] bytes;
    private final Values values = new Values();

    FileSystem(Path path, String name) {
      file = new ProcFile(path);
      Instance instance = Instance.of(LABEL, name);
      operations = Series.of(OPERATIONS, instance);
      bytes = Series.of(BYTES, instance);
    }
  }

  /** Reads the host {@code root}. */
  public LustreCollector(HostRoot root, ModuleSettings settings) {
    installed = root.sys().resolve("fs/lustre");
    folders =
        List.of(
            root.proc().resolve("fs/lustre/llite"),
            root.sys().resolve("kernel/debug/lustre/llite"));
    this.settings = settings;
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    Map<Path, FileSystem> present = new HashMap<>();
    List<FileSystem> ordered = new ArrayList<>();
    boolean any = false;
    for (Path folder : folders) {
      List<String> names = names(folder);
      any |= !names.isEmpty();
      if (ordered.isEmpty()) {
        find(folder, names, present, ordered);
      }
    }
    for (Map.Entry<Path, FileSystem> entry : known.entrySet()) {
      if (!present.containsKey(entry.getKey())) {
        entry.getValue().file.close();
      }
    }
    known = present;
    if (!any) {
      throw new SourceAbsentException("no Lustre file system");
    }
    for (FileSystem each : ordered) {
      read(each, into);
    }
  }

  private List<String> names(Path folder) throws IOException {
    try {
      return SysFolder.names(folder);
    } catch (AccessDeniedException denied) {
      if (Files.exists(installed)) {
        throw new IOException(folder + ": permission denied, needs root (CAP_DAC_READ_SEARCH)");
      }
      return List.of();
    }
  }

  private void find(
      Path folder, List<String> names, Map<Path, FileSystem> present, List<FileSystem> ordered) {
    List<String> taken = new ArrayList<>();
    for (String name : names) {
      int end = name.lastIndexOf('-');
      String plain = end > 0 ? name.substring(0, end) : name;
      String shown = taken.contains(plain) ? name : plain;
      taken.add(shown);
      if (settings.instances().matches(shown)) {
        Path path = folder.resolve(name).resolve("stats");
        FileSystem before = known.get(path);
        FileSystem now = before == null ? new FileSystem(path, shown) : before;
        present.put(path, now);
        ordered.add(now);
      }
    }
  }

  /** One that was unmounted since it was listed has no reading. */
  private static void read(FileSystem each, Readings into) throws IOException {
    Values values = each.values;
    try {
      parse(each.file.read(), values);
    } catch (NoSuchFileException gone) {
      return;
    }
    for (int i = 0; i < SUMMED; i++) {
      if (values.summed[i]) {
        into.counter(each.bytes[i], values.sums[i]);
      }
    }
    for (int i = 0; i < each.operations.length; i++) {
      if (values.present[i]) {
        into.counter(each.operations[i], values.counts[i]);
      }
    }
  }

  /** Lines such as "read_bytes 12 samples [bytes] 4096 1048576 5242880". */
  static void parse(ByteScanner in, Values into) throws IOException {
    Arrays.fill(into.present, false);
    Arrays.fill(into.summed, false);
    for (int line = in.nextLineOf(KEYS); line >= 0; line = in.nextLineOf(KEYS)) {
      into.counts[line] = in.nextUnsigned("count");
      if (!in.nextToken() || !in.tokenIs(SAMPLES)) {
        throw in.malformed("expected samples behind the count");
      }
      into.present[line] = true;
      // The unit, the least and the greatest.
      if (line < SUMMED && in.nextToken() && in.nextToken() && in.nextToken()) {
        into.sums[line] = in.nextUnsigned("sum");
        into.summed[line] = true;
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (FileSystem each : known.values()) {
      each.file.close();
    }
  }

  private static List<Metric> operations() {
    List<Metric> operations = new ArrayList<>();
    for (String line : LINES) {
      boolean data = operations.size() < SUMMED;
      String name = data ? line.replace("_bytes", "") : line;
      operations.add(Metric.counter(name + "_operations_per_second", Unit.PER_SECOND, help(name)));
    }
    return operations;
  }

  private static String help(String name) {
    return "Operations of the kind " + name.replace('_', ' ') + ".";
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(BYTES);
    all.addAll(OPERATIONS);
    return all;
  }
}
