package io.duologger.collector.job;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.LineKeys;
import io.duologger.procfs.ProcFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The memory of the job's control group. Source: {@code memory.current}, {@code memory.peak} (Linux
 * 5.19) and {@code memory.events} of version 2, {@code memory.usage_in_bytes}, {@code
 * memory.max_usage_in_bytes} and {@code memory.oom_control} of version 1. Used by one thread at a
 * time.
 */
final class JobCgroup implements Closeable {
  private static final LineKeys KILLS = new LineKeys(' ', List.of("oom_kill"));

  private final List<ProcFile> memory;
  private final List<ProcFile> peaks;
  private final List<ProcFile> events;
  private OptionalLong current = OptionalLong.empty();
  private OptionalLong peak = OptionalLong.empty();
  private OptionalLong kills = OptionalLong.empty();

  /** The highest of all reads, for where the kernel does not keep it. */
  private OptionalLong highest = OptionalLong.empty();

  /** The group {@code folder} below the root of the host. */
  JobCgroup(HostRoot root, String folder) {
    Path group = Path.of(root.root().toString(), folder);
    memory = either(group, "memory.current", "memory.usage_in_bytes");
    peaks = either(group, "memory.peak", "memory.max_usage_in_bytes");
    events = either(group, "memory.events", "memory.oom_control");
  }

  private static List<ProcFile> either(Path group, String second, String first) {
    return List.of(
        ProcFile.ofOneRecord(group.resolve(second)), ProcFile.ofOneRecord(group.resolve(first)));
  }

  /** Reads what there is; a group that is gone has its last values no more, but for the peak. */
  void read() throws IOException {
    current = number(memory);
    OptionalLong told = number(peaks);
    peak = told.isPresent() ? told : peak;
    kills = kills();
    if (current.isPresent()) {
      highest = OptionalLong.of(Math.max(current.getAsLong(), highest.orElse(0)));
    }
  }

  private static OptionalLong number(List<ProcFile> files) throws IOException {
    Optional<ByteScanner> said = said(files);
    if (said.isEmpty()) {
      return OptionalLong.empty();
    }
    ByteScanner in = said.get();
    in.nextLine();
    long value = in.nextUnsigned("bytes");
    if (value < 0) {
      throw in.malformed("bytes are out of range");
    }
    return OptionalLong.of(value);
  }

  private OptionalLong kills() throws IOException {
    Optional<ByteScanner> in = said(events);
    return in.isPresent() && in.get().nextLineOf(KILLS) >= 0
        ? OptionalLong.of(in.get().nextUnsigned("oom_kill"))
        : OptionalLong.empty();
  }

  /** What the first of them says that the kernel has. */
  private static Optional<ByteScanner> said(List<ProcFile> files) {
    for (ProcFile file : files) {
      try {
        if (file.exists()) {
          return Optional.of(file.read());
        }
      } catch (IOException refused) {
        // As good as missing.
      }
    }
    return Optional.empty();
  }

  /** The most that was in use, as the kernel says or else as was seen. */
  OptionalLong highest() {
    return peak.isPresent() ? peak : highest;
  }

  void addTo(Values values) {
    set(values, Value.GROUP_MEMORY, current);
    set(values, Value.GROUP_PEAK, peak);
    set(values, Value.GROUP_KILLS, kills);
  }

  private static void set(Values values, Value value, OptionalLong is) {
    if (is.isPresent()) {
      values.set(value, is.getAsLong());
    }
  }

  @Override
  public void close() throws IOException {
    for (List<ProcFile> files : List.of(memory, peaks, events)) {
      for (ProcFile file : files) {
        file.close();
      }
    }
  }
}
