package io.duologger.collector;

import io.duologger.collector.batch.CondorCollector;
import io.duologger.collector.batch.GridEngineCollector;
import io.duologger.collector.batch.SlurmCollector;
import io.duologger.collector.file.LogwatchCollector;
import io.duologger.collector.file.TextfileCollector;
import io.duologger.collector.job.JobCollector;
import io.duologger.collector.job.SyscallsCollector;
import io.duologger.collector.process.ProcessCollector;
import io.duologger.collector.snmp.SnmpCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The catalogue of all modules: the one place to see them. What is not asked for is not loaded: a
 * start pays for the modules that it runs.
 */
public final class Collectors {
  private static final List<String> NAMES =
      List.of(
          //
          "cpu",
          "load",
          "memory",
          "pressure",
          "net",
          "tcp",
          "disk",
          "infiniband",
          "nfs",
          "lustre",
          "process",
          "cgroup",
          "job",
          "power",
          "thermal",
          "cpufreq",
          "cpuinfo",
          "os",
          "host",
          "gpuinfo",
          "gpu",
          "smart",
          "netconfig",
          "df",
          "mount",
          "kernel",
          "logwatch",
          "textfile",
          "slurm",
          "gridengine",
          "condor",
          "snmp",
          "syscalls",
          "exec",
          "ping",
          "test");

  private Collectors() {}

  /** The names of all modules, in the order in which people are told of them. */
  public static List<String> names() {
    return NAMES;
  }

  /** All modules, in that order. */
  public static List<CollectorType> all() {
    List<CollectorType> all = new ArrayList<>();
    for (String name : NAMES) {
      all.add(type(name));
    }
    return all;
  }

  /** The module {@code name}. */
  public static Optional<CollectorType> find(String name) {
    return NAMES.contains(name) ? Optional.of(type(name)) : Optional.empty();
  }

  private static CollectorType type(String name) {
    return switch (name) {
      case "cpu" -> CollectorType.ofFiles(CpuCollector.DESCRIPTOR, CpuCollector::new);
      case "load" -> CollectorType.ofFiles(LoadCollector.DESCRIPTOR, LoadCollector::new);
      case "memory" -> CollectorType.ofFiles(MemoryCollector.DESCRIPTOR, MemoryCollector::new);
      case "pressure" ->
          CollectorType.ofFiles(PressureCollector.DESCRIPTOR, PressureCollector::new);
      case "net" -> CollectorType.ofFiles(NetCollector.DESCRIPTOR, NetCollector::new);
      case "tcp" -> CollectorType.ofFiles(TcpCollector.DESCRIPTOR, TcpCollector::new);
      case "disk" -> CollectorType.ofFiles(DiskCollector.DESCRIPTOR, DiskCollector::new);
      case "infiniband" ->
          CollectorType.ofFiles(InfinibandCollector.DESCRIPTOR, InfinibandCollector::new);
      case "nfs" -> CollectorType.ofFiles(NfsCollector.DESCRIPTOR, NfsCollector::new);
      case "lustre" -> CollectorType.ofFiles(LustreCollector.DESCRIPTOR, LustreCollector::new);
      case "process" -> CollectorType.ofFiles(ProcessCollector.DESCRIPTOR, ProcessCollector::new);
      case "cgroup" -> CollectorType.ofFiles(CgroupCollector.DESCRIPTOR, CgroupCollector::new);
      case "job" -> new CollectorType(JobCollector.DESCRIPTOR, JobCollector::new);
      case "power" -> new CollectorType(PowerCollector.DESCRIPTOR, PowerCollector::new);
      case "thermal" -> CollectorType.ofFiles(ThermalCollector.DESCRIPTOR, ThermalCollector::new);
      case "cpufreq" -> new CollectorType(CpufreqCollector.DESCRIPTOR, CpufreqCollector::new);
      case "cpuinfo" -> new CollectorType(CpuinfoCollector.DESCRIPTOR, CpuinfoCollector::new);
      case "os" -> new CollectorType(OsCollector.DESCRIPTOR, OsCollector::new);
      case "host" -> new CollectorType(HostCollector.DESCRIPTOR, HostCollector::new);
      case "gpuinfo" -> new CollectorType(GpuinfoCollector.DESCRIPTOR, GpuinfoCollector::new);
      case "gpu" -> new CollectorType(GpuCollector.DESCRIPTOR, GpuCollector::new);
      case "smart" -> new CollectorType(SmartCollector.DESCRIPTOR, SmartCollector::new);
      case "netconfig" -> new CollectorType(NetconfigCollector.DESCRIPTOR, NetconfigCollector::new);
      case "df" -> new CollectorType(DfCollector.DESCRIPTOR, DfCollector::new);
      case "mount" -> new CollectorType(MountCollector.DESCRIPTOR, MountCollector::new);
      case "kernel" -> CollectorType.ofFiles(KernelCollector.DESCRIPTOR, KernelCollector::new);
      case "logwatch" -> new CollectorType(LogwatchCollector.DESCRIPTOR, LogwatchCollector::new);
      case "textfile" -> new CollectorType(TextfileCollector.DESCRIPTOR, TextfileCollector::new);
      case "slurm" -> new CollectorType(SlurmCollector.DESCRIPTOR, SlurmCollector::new);
      case "gridengine" ->
          new CollectorType(GridEngineCollector.DESCRIPTOR, GridEngineCollector::new);
      case "condor" -> new CollectorType(CondorCollector.DESCRIPTOR, CondorCollector::new);
      case "snmp" -> new CollectorType(SnmpCollector.DESCRIPTOR, SnmpCollector::new);
      case "syscalls" -> new CollectorType(SyscallsCollector.DESCRIPTOR, SyscallsCollector::new);
      case "exec" -> new CollectorType(ExecCollector.DESCRIPTOR, ExecCollector::new);
      case "ping" -> new CollectorType(PingCollector.DESCRIPTOR, PingCollector::new);
      case "test" -> new CollectorType(TestCollector.DESCRIPTOR, TestCollector::new);
      default -> throw new IllegalArgumentException("no module " + name);
    };
  }
}
