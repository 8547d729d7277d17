package io.duologger.collector.job;

import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.LineKeys;
import io.duologger.procfs.SmallFile;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * The memory of the job's control group. Source: {@code memory.current}, {@code memory.peak} (Linux
 * 5.19) and {@code memory.events} of version 2, {@code memory.usage_in_bytes}, {@code
 * memory.max_usage_in_bytes} and {@code memory.oom_control} of version 1. Used by one thread at a
 * time.
 */
final class JobCgroup {
  private static final LineKeys KILLS = new LineKeys(' ', List.of("oom_kill"));

  private final SmallFile reader = new SmallFile();
  private final List<File> memory;
  private final List<File> peaks;
  private final List<File> events;
  private OptionalLong current = OptionalLong.empty();
  private OptionalLong peak = OptionalLong.empty();
  private OptionalLong kills = OptionalLong.empty();

  /** The highest of all reads, for where the kernel does not keep it. */
  private OptionalLong highest = OptionalLong.empty();

  /** The group {@code folder} below the root of the host. */
  JobCgroup(HostRoot root, String folder) {
    File group = new File(root.root().toFile(), folder);
    memory = either(group, "memory.current", "memory.usage_in_bytes");
    peaks = either(group, "memory.peak", "memory.max_usage_in_bytes");
    events = either(group, "memory.events", "memory.oom_control");
  }

  private static List<File> either(File group, String second, String first) {
    return List.of(new File(group, second), new File(group, first));
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

  private OptionalLong number(List<File> files) throws IOException {
    for (File file : files) {
      ByteScanner in;
      try {
        in = reader.read(file);
      } catch (IOException missing) {
        continue;
      }
      long value = in.nextUnsigned(file.getName());
      if (value < 0) {
        throw in.malformed(file.getName() + " is out of range");
      }
      return OptionalLong.of(value);
    }
    return OptionalLong.empty();
  }

  private OptionalLong kills() throws IOException {
    for (File file : events) {
      ByteScanner in;
      try {
        in = reader.readWhole(file);
      } catch (IOException missing) {
        continue;
      }
      if (in.nextLineOf(KILLS) >= 0) {
        return OptionalLong.of(in.nextUnsigned("oom_kill"));
      }
    }
    return OptionalLong.empty();
  }

  /** The most that was in use, as the kernel says or else as was seen. */
  OptionalLong highest() {
    return peak.isPresent() ? peak : highest;
  }

  void addTo(Values values) {
    current.ifPresent(value -> values.set(Value.GROUP_MEMORY, value));
    peak.ifPresent(value -> values.set(Value.GROUP_PEAK, value));
    kills.ifPresent(value -> values.set(Value.GROUP_KILLS, value));
  }
}
