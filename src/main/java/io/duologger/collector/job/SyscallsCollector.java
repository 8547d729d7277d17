package io.duologger.collector.job;

import io.duologger.collector.Collector;
import io.duologger.collector.SourceAbsentException;
import io.duologger.collector.Surroundings;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts the system calls of a process and of all that it starts, by their names, and how many of
 * them fail.
 *
 * <ul>
 *   <li>Source: strace -f -p PID, which prints a line for each call, strace(1); or what another
 *       strace writes to a named pipe
 *   <li>Unit: numbers of calls
 *   <li>Kind: counters, and gauges of the numbers since the tracing began
 *   <li>Since kernel: 3.4, for PTRACE_SEIZE
 *   <li>Root needed: for processes of other users, and where kernel.yama.ptrace_scope is above 0
 *       for all that this process has not started itself (CAP_SYS_PTRACE)
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>The traced processes stop twice at each call, which took 18 to 50 microseconds a call more on
 * a machine of two processors with strace 6.1: dd with blocks of one byte took 40 to 100 times as
 * long, a find through cached folders up to 100 times, the start of a Python program 6 times, gzip
 * of 30 MB a tenth more. {@code perf stat -e 'syscalls:sys_enter_*'} only doubles the time of dd,
 * but needs root and tracefs, does not know what failed, and took 13 s to open and close its
 * events.
 *
 * <p>If this process ends, the next call of the traced ones ends strace, and they go on.
 *
 * <p>A call that occurs for the first time has no rate yet for that interval, but is in all of the
 * other series.
 */
public final class SyscallsCollector implements Collector {
  private static final String LABEL = "call";
  private static final String PID = "pid";
  private static final String STRACE = "strace";
  private static final String PIPE = "pipe";

  /** The greatest that Linux can have: PID_MAX_LIMIT. */
  private static final int LAST_PID = 1 << 22;

  private static final Metric CALLS =
      Metric.gauge(
              "calls", Unit.COUNT, "System calls since the tracing began, all and of each name.")
          .formerly("*");
  private static final Metric ERRORS =
      Metric.gauge(
          "errors", Unit.COUNT, "Those that failed since the tracing began, all and of each name.");
  private static final Metric CALL_RATE =
      Metric.counter("calls_per_second", Unit.PER_SECOND, "System calls, all and of each name.");
  private static final Metric ERROR_RATE =
      Metric.counter(
          "errors_per_second", Unit.PER_SECOND, "Those that failed, all and of each name.");
  private static final List<Metric> METRICS = List.of(CALLS, ERRORS, CALL_RATE, ERROR_RATE);

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "syscalls",
          "system calls of a process and all that it starts, by name; slows them down much",
          Optional.of(LABEL),
          METRICS,
          List.of(STRACE),
          "root (CAP_SYS_PTRACE) for processes of other users, and with"
              + " kernel.yama.ptrace_scope above 0",
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          List.of(
              ModuleOption.integer(
                  PID, 0, 0, LAST_PID, "The process that is traced; 0 for none, which is off."),
              ModuleOption.text(
                  STRACE, STRACE, "The program strace: a path, or a name on the PATH."),
              ModuleOption.text(
                  PIPE, "", "A named pipe that an strace writes to which is started otherwise.")));

  private final Surroundings surroundings;
  private final ModuleSettings settings;
  private final int pid;
  private final String strace;
  private final Optional<String> pipe;
  private final SystemCallCounts counts = new SystemCallCounts();
  private final Map<String, Series[]> series = new HashMap<>();

  /** Empty until it has begun. */
  private Optional<Tracing> tracing = Optional.empty();

  /** Starts nothing yet. */
  public SyscallsCollector(Surroundings surroundings, ModuleSettings settings) {
    this.surroundings = surroundings;
    this.settings = settings;
    pid = settings.options().integer(PID);
    strace = settings.options().text(STRACE);
    pipe = settings.options().given(PIPE);
    series.put("", Series.of(METRICS, Instance.HOST));
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    if (tracing.isEmpty()) {
      tracing = Optional.of(start());
    }
    if (!tracing.get().isRunning()) {
      tracing.get().finish();
    }
    counts.each((name, calls, errors) -> emit(name, calls, errors, into));
  }

  private Tracing start() throws IOException {
    if (pipe.isPresent()) {
      return PipedStrace.start(surroundings, Path.of(pipe.get()), counts);
    }
    if (pid == 0) {
      throw new SourceAbsentException("neither of the options pid and pipe is given");
    }
    return AttachedStrace.start(surroundings, strace, pid, counts);
  }

  private void emit(String name, long calls, long errors, Readings into) {
    if (!name.isEmpty() && !settings.instances().matches(name)) {
      return;
    }
    Series[] of =
        series.computeIfAbsent(name, call -> Series.of(METRICS, Instance.of(LABEL, call)));
    into.gauge(of[0], calls);
    into.gauge(of[1], errors);
    into.counter(of[2], calls);
    into.counter(of[3], errors);
  }

  @Override
  public void close() {
    tracing.ifPresent(Tracing::stop);
  }
}
