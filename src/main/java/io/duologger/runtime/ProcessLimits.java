package io.duologger.runtime;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The limits that a process has by setrlimit(2), which the shell sets with ulimit and Grid Engine
 * with h_vmem and h_data, from /proc/PID/limits, proc(5). They hold for each process by itself and
 * are inherited. The one of the resident set (ulimit -m) is left out: Linux enforces none since
 * 2.4.30, getrlimit(2).
 */
public final class ProcessLimits {
  private static final Map<String, String> MEMORY =
      Map.of("Max address space", "ulimit -v", "Max data size", "ulimit -d");

  /** Name, soft limit, hard limit, unit: in columns, but any of them may be wider. */
  private static final Pattern LINE =
      Pattern.compile("(Max [a-z ]*[a-z]) +([0-9]{1,20}|unlimited) +([0-9]{1,20}|unlimited)\\b.*");

  private ProcessLimits() {}

  /** The smallest limit of memory of a process that starts from this one. */
  public static Optional<MemoryLimit> memory(HostFiles host) {
    try {
      return memory(HostFiles.text(host.proc().resolve("self/limits")));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  static Optional<MemoryLimit> memory(String limits) {
    Optional<MemoryLimit> smallest = Optional.empty();
    for (String line : (Iterable<String>) limits.lines()::iterator) {
      Matcher fields = LINE.matcher(line);
      if (fields.matches() && MEMORY.containsKey(fields.group(1))) {
        String source = MEMORY.get(fields.group(1));
        Optional<MemoryLimit> limit =
            HostFiles.whole(fields.group(2)).stream()
                .mapToObj(bytes -> new MemoryLimit(bytes, source))
                .findFirst();
        smallest = MemoryLimit.smallest(List.of(smallest, limit));
      }
    }
    return smallest;
  }
}
