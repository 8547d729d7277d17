package io.duologger.collector.process;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import java.util.List;

/** What is told of a group of processes. */
final class ProcessMetrics {
  /** USER_HZ: clock ticks a second in /proc, on all architectures that matter. */
  static final double TICKS = 100;

  private static final Metric TIME =
      time("cpu_ratio", "Processor time over time: 1 is one processor.").formerly("cpu:*");
  private static final Metric SYSTEM = time("system_ratio", "The part of it in the kernel.");
  private static final Metric CHILDREN =
      time(
          "children_cpu_ratio", "Processor time of ended children that no read had seen them use.");
  private static final Metric RESIDENT =
      Metric.gauge(
              "resident_bytes",
              Unit.BYTES,
              "Memory in RAM, summed over processes: what they share counts for each.")
          .formerly("mem:*");
  private static final Metric READ =
      bytes("read_bytes_per_second", "Read from devices, also by ended children unseen.");
  private static final Metric WRITTEN =
      bytes("write_bytes_per_second", "Written to devices, also by ended children unseen.");
  private static final Metric PROCESSES =
      Metric.gauge("processes", Unit.COUNT, "Processes.").formerly("num:*");
  private static final Metric THREADS = Metric.gauge("threads", Unit.COUNT, "Their threads.");
  private static final Metric BLOCKED =
      Metric.gauge(
          "blocked_processes",
          Unit.COUNT,
          "Processes whose first thread sleeps uninterruptibly (state D).");

  /** All of them. */
  static final List<Metric> ALL =
      List.of(TIME, SYSTEM, CHILDREN, RESIDENT, READ, WRITTEN, PROCESSES, THREADS, BLOCKED);

  private final Series time;
  private final Series system;
  private final Series children;
  private final Series resident;
  private final Series read;
  private final Series written;
  private final Series processes;
  private final Series threads;
  private final Series blocked;

  /** Of one instance. */
  ProcessMetrics(Instance instance) {
    time = new Series(TIME, instance);
    system = new Series(SYSTEM, instance);
    children = new Series(CHILDREN, instance);
    resident = new Series(RESIDENT, instance);
    read = new Series(READ, instance);
    written = new Series(WRITTEN, instance);
    processes = new Series(PROCESSES, instance);
    threads = new Series(THREADS, instance);
    blocked = new Series(BLOCKED, instance);
  }

  private static Metric time(String name, String help) {
    return Metric.counter(name, Unit.RATIO, help).scaledBy(1 / TICKS);
  }

  private static Metric bytes(String name, String help) {
    return Metric.counter(name, Unit.BYTES_PER_SECOND, help);
  }

  /** Tells of how many there are and of their time. */
  void emit(Group group, Readings into) {
    into.counter(time, group.time);
    into.counter(system, group.system);
    into.counter(children, group.childTime);
    into.gauge(processes, group.processes);
    into.gauge(threads, group.threads);
    into.gauge(blocked, group.blocked);
  }

  /** Tells of their memory. */
  void emitMemory(Group group, long pageSize, Readings into) {
    into.gauge(resident, (double) group.pages * pageSize);
  }

  /** Tells of their I/O. */
  void emitIo(Group group, Readings into) {
    into.counter(read, group.readBytes);
    into.counter(written, group.writtenBytes);
  }
}
