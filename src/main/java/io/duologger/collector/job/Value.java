package io.duologger.collector.job;

import io.duologger.model.Kind;
import io.duologger.model.Metric;
import io.duologger.model.Unit;
import java.util.ArrayList;
import java.util.List;

/** What is told of a process, of the tree or of a part of it, in the order of telling. */
enum Value {
  PROCESSES(count("processes", "Processes that have not ended.")),
  THREADS(count("threads", "Threads.")),
  OPEN_FILES(count("open_files", "Open file descriptors.")),
  RESIDENT(bytes("resident", "Memory in RAM; what processes share counts for each.")),
  ANONYMOUS(bytes("resident_anon", "The part of it that is no file's: heap and stack.")),
  FILE(
      bytes(
          "resident_file", "The part of it that is of files: programs, libraries, mapped files.")),
  SHARED(bytes("resident_shmem", "The part of it that is shared memory and tmpfs.")),
  SWAP(bytes("swap", "Memory swapped out.")),
  PROPORTIONAL(bytes("pss", "Memory in RAM; shared memory is shared out among its users.")),
  HIGHEST(bytes("hwm", "The most memory in RAM of a process since its program began, summed.")),
  LARGEST(bytes("largest_hwm", "The most memory that any one process ever had in RAM.")),
  VIRTUAL(bytes("virtual", "Address space.")),
  VIRTUAL_PEAK(bytes("virtual_peak", "The largest address space since its program began, summed.")),
  DATA(bytes("data", "Address space of heap and other data.")),
  STACK(bytes("stack", "Address space of the first thread's stack.")),
  TEXT(bytes("text", "Address space of the program's code.")),
  LIBRARIES(bytes("library", "Address space of the code of libraries.")),
  PAGE_TABLES(bytes("page_table", "Memory of page tables.")),
  CPU(time("cpu", "Processor time over time: 1 is one processor.")),
  USER(time("user", "The part of it in programs.")),
  SYSTEM(time("system", "The part of it in the kernel.")),
  MINOR_FAULTS(events("minor_faults", "Page faults without I/O.")),
  MAJOR_FAULTS(events("major_faults", "Page faults with I/O.")),
  VOLUNTARY(events("voluntary_context_switches", "Context switches of a thread that must wait.")),
  INVOLUNTARY(
      events("involuntary_context_switches", "Context switches as it was another thread's turn.")),
  READ_BYTES(rate("read", "Read from devices.")),
  WRITE_BYTES(rate("write", "Written to devices, now or later.")),
  READ_CHARS(rate("rchar", "Read by system calls, from whatever there is.")),
  WRITE_CHARS(rate("wchar", "Written by system calls, to whatever there is.")),
  READ_CALLS(events("read_calls", "System calls that read.")),
  WRITE_CALLS(events("write_calls", "System calls that write.")),
  SEEN(events("processes_seen", "Processes that were seen for the first time.")),
  WITHOUT_IO(count("processes_without_io", "Processes whose I/O the recorder must not read.")),
  GROUP_MEMORY(bytes("cgroup_memory", "Memory in use of the job's control group, with cache.")),
  GROUP_PEAK(bytes("cgroup_memory_peak", "The most memory that the control group had in use.")),
  GROUP_KILLS(events("cgroup_oom_kills", "Processes of the control group killed for memory.")),
  GPU_MEMORY(bytes("gpu_memory", "Memory of NVIDIA's graphics processors in use.")),
  GPU_BUSY(
      Metric.gauge(
              "gpu_busy_ratio", Unit.RATIO, "NVIDIA's graphics processors kept busy: 1 is one.")
          .scaledBy(0.01));

  /** All, made once. */
  static final Value[] ALL = values();

  private static final double MICRO = 1e-6;

  final Metric metric;
  final boolean counter;

  Value(Metric metric) {
    this.metric = metric;
    this.counter = metric.kind() == Kind.COUNTER;
  }

  private static Metric count(String name, String help) {
    return Metric.gauge(name, Unit.COUNT, help);
  }

  private static Metric bytes(String name, String help) {
    return Metric.gauge(name + "_bytes", Unit.BYTES, help);
  }

  private static Metric time(String name, String help) {
    return Metric.counter(name + "_ratio", Unit.RATIO, help).scaledBy(MICRO);
  }

  private static Metric events(String name, String help) {
    return Metric.counter(name + "_per_second", Unit.PER_SECOND, help);
  }

  private static Metric rate(String name, String help) {
    return Metric.counter(name + "_bytes_per_second", Unit.BYTES_PER_SECOND, help);
  }

  /** The metrics of all. */
  static List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    for (Value value : ALL) {
      metrics.add(value.metric);
    }
    return metrics;
  }
}
