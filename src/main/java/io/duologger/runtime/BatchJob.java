package io.duologger.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The batch job that this process is part of, by the variables that the batch systems set:
 *
 * <ul>
 *   <li>Slurm: sbatch(1), output environment variables; SLURM_MEM_PER_NODE and SLURM_MEM_PER_CPU
 *       are in MiB, 0 is no limit; those of sbatch, as srun by itself was seen to set neither
 *   <li>HTCondor: manual, "Environment and services for a running job"; the files _CONDOR_JOB_AD
 *       and _CONDOR_MACHINE_AD have lines such as {@code RequestMemory = 2048}, in MiB
 *   <li>LSF: "Environment variables set for job execution"; there is none of the memory limit,
 *       which LSF sets as a control group's or with setrlimit
 *   <li>OpenPBS and Torque: qsub(1B); NCPUS is what OpenPBS sets, PBS_NUM_PPN Torque; PBS_RESC_MEM,
 *       in bytes, is what some sites add, the limit itself is a control group's or setrlimit's
 *   <li>Grid Engine: qsub(1); requested complexes are in no variable, h_vmem is set with setrlimit
 * </ul>
 *
 * <p>Variables and files are whatever the user made of them: they are bounded and made printable.
 *
 * @param system which batch system runs it
 * @param infos what is known of the job, in an order for people: keys begin with batch_, values are
 *     short printable ASCII
 * @param memoryLimitBytes how much memory the system granted the job on this host
 */
public record BatchJob(String system, Map<String, String> infos, OptionalLong memoryLimitBytes) {
  private static final int LONGEST_VALUE = 128;
  private static final long MEBIBYTE = 1L << 20;
  private static final String SYSTEM = "batch_system";
  private static final String JOB = "batch_job";
  private static final String ARRAY = "batch_array";
  private static final String TASK = "batch_task";
  private static final String NAME = "batch_name";
  private static final String QUEUE = "batch_queue";
  private static final String CPUS = "batch_cpus";
  private static final String NODES = "batch_nodes";

  /** The keys of the infos, in their order. */
  public static final List<String> KEYS =
      List.of(SYSTEM, JOB, ARRAY, TASK, NAME, QUEUE, CPUS, NODES);

  /** The index of what is no array: of Grid Engine, and of LSF. */
  private static final String UNDEFINED = "undefined";

  private static final String NO_ARRAY = "0";

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})([KMGT]?)");
  private static final Pattern ATTRIBUTE =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,63})\\s*=\\s*(.*)");

  /** Of each info the variables that hold it; the first that is set counts. */
  private static final Map<String, List<String>> SLURM =
      Map.of(
          JOB, List.of("SLURM_JOB_ID", "SLURM_JOBID"),
          ARRAY, List.of("SLURM_ARRAY_JOB_ID"),
          TASK, List.of("SLURM_ARRAY_TASK_ID"),
          NAME, List.of("SLURM_JOB_NAME"),
          QUEUE, List.of("SLURM_JOB_PARTITION"),
          CPUS, List.of("SLURM_CPUS_ON_NODE"),
          NODES, List.of("SLURM_JOB_NUM_NODES", "SLURM_NNODES"));

  private static final Map<String, List<String>> LSF =
      Map.of(
          JOB, List.of("LSB_JOBID"),
          TASK, List.of("LSB_JOBINDEX"),
          NAME, List.of("LSB_JOBNAME"),
          QUEUE, List.of("LSB_QUEUE"),
          CPUS, List.of("LSB_DJOB_NUMPROC"));

  private static final Map<String, List<String>> PBS =
      Map.of(
          JOB, List.of("PBS_JOBID"),
          TASK, List.of("PBS_ARRAY_INDEX", "PBS_ARRAYID"),
          NAME, List.of("PBS_JOBNAME"),
          QUEUE, List.of("PBS_QUEUE"),
          CPUS, List.of("NCPUS", "PBS_NUM_PPN"),
          NODES, List.of("PBS_NUM_NODES"));

  private static final Map<String, List<String>> GRID_ENGINE =
      Map.of(
          JOB, List.of("JOB_ID"),
          TASK, List.of("SGE_TASK_ID"),
          NAME, List.of("JOB_NAME"),
          QUEUE, List.of("QUEUE"),
          CPUS, List.of("NSLOTS"),
          NODES, List.of("NHOSTS"));

  /** Of each info the attributes that hold it, of the machine before those of the job. */
  private static final Map<String, List<String>> CONDOR =
      Map.of(
          NAME, List.of("JobBatchName"),
          CPUS, List.of("Cpus", "CpusProvisioned", "RequestCpus"));

  private static final List<String> CONDOR_MEMORY =
      List.of("Memory", "MemoryProvisioned", "RequestMemory");

  /** Copies the infos. */
  public BatchJob {
    infos = Collections.unmodifiableMap(new LinkedHashMap<>(infos));
  }

  /** The job that the environment tells of; empty outside of one. */
  public static Optional<BatchJob> of(Map<String, String> environment, HostFiles host) {
    if (has(environment, "SLURM_JOB_ID") || has(environment, "SLURM_JOBID")) {
      return Optional.of(job("slurm", values(SLURM, environment), slurmMemory(environment)));
    }
    if (has(environment, "_CONDOR_JOB_AD") || has(environment, "_CONDOR_MACHINE_AD")) {
      return Optional.of(condor(environment, host));
    }
    if (has(environment, "LSB_JOBID")) {
      Map<String, String> values = values(LSF, environment);
      values.remove(TASK, NO_ARRAY);
      nodes(environment).ifPresent(nodes -> values.put(NODES, nodes));
      return Optional.of(job("lsf", values, OptionalLong.empty()));
    }
    if (has(environment, "PBS_JOBID")) {
      boolean torque = has(environment, "PBS_NUM_PPN") || has(environment, "PBS_NP");
      OptionalLong memory = bytes(environment.getOrDefault("PBS_RESC_MEM", ""), 1);
      return Optional.of(job(torque ? "torque" : "pbs", values(PBS, environment), memory));
    }
    if (has(environment, "JOB_ID")
        && (has(environment, "SGE_TASK_ID") || has(environment, "SGE_ROOT"))) {
      return Optional.of(job("gridengine", values(GRID_ENGINE, environment), OptionalLong.empty()));
    }
    return Optional.empty();
  }

  /** The limit, with its source. */
  public Optional<MemoryLimit> memoryLimit() {
    return memoryLimitBytes.isPresent()
        ? Optional.of(new MemoryLimit(memoryLimitBytes.getAsLong(), system))
        : Optional.empty();
  }

  private static BatchJob job(String system, Map<String, String> values, OptionalLong memory) {
    values.put(SYSTEM, system);
    Map<String, String> infos = new LinkedHashMap<>();
    for (String key : KEYS) {
      String value = printable(values.getOrDefault(key, ""));
      if (!value.isEmpty()) {
        infos.put(key, value);
      }
    }
    return new BatchJob(system, infos, memory);
  }

  private static Map<String, String> values(
      Map<String, List<String>> names, Map<String, String> from) {
    Map<String, String> values = new LinkedHashMap<>();
    names.forEach(
        (key, variables) -> first(from, variables).ifPresent(value -> values.put(key, value)));
    return values;
  }

  private static Optional<String> first(Map<String, String> from, List<String> variables) {
    return variables.stream()
        .map(variable -> from.getOrDefault(variable, ""))
        .filter(value -> !value.isEmpty() && !value.equals(UNDEFINED))
        .findFirst();
  }

  private static boolean has(Map<String, String> environment, String variable) {
    return !environment.getOrDefault(variable, "").isEmpty();
  }

  private static OptionalLong slurmMemory(Map<String, String> environment) {
    OptionalLong node = bytes(environment.getOrDefault("SLURM_MEM_PER_NODE", ""), MEBIBYTE);
    OptionalLong cpu = bytes(environment.getOrDefault("SLURM_MEM_PER_CPU", ""), MEBIBYTE);
    String cpus = environment.getOrDefault("SLURM_CPUS_ON_NODE", "");
    if (node.isPresent() || cpu.isEmpty() || !cpus.matches("[1-9][0-9]{0,5}")) {
      return node;
    }
    return product(cpu.getAsLong(), Long.parseLong(cpus));
  }

  private static BatchJob condor(Map<String, String> environment, HostFiles host) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String variable : List.of("_CONDOR_MACHINE_AD", "_CONDOR_JOB_AD")) {
      ad(environment.getOrDefault(variable, ""), host, attributes);
    }
    Map<String, String> values = values(CONDOR, attributes);
    String cluster = attributes.getOrDefault("ClusterId", "");
    String process = attributes.getOrDefault("ProcId", "");
    if (!cluster.isEmpty() && !process.isEmpty()) {
      values.put(JOB, cluster + "." + process);
    }
    OptionalLong memory =
        first(attributes, CONDOR_MEMORY)
            .map(text -> bytes(text, MEBIBYTE))
            .orElse(OptionalLong.empty());
    return job("htcondor", values, memory);
  }

  /** The numbers and texts of a ClassAd, one attribute a line; expressions are passed over. */
  private static void ad(String path, HostFiles host, Map<String, String> into) {
    if (!path.startsWith("/")) {
      return;
    }
    try {
      Path file = host.at(path);
      for (String line : (Iterable<String>) HostFiles.text(file).lines()::iterator) {
        Matcher attribute = ATTRIBUTE.matcher(line);
        if (attribute.matches()) {
          String value = attribute.group(2).strip();
          if (value.matches("[0-9]{1,15}")) {
            into.putIfAbsent(attribute.group(1), value);
          } else if (value.matches("\"[^\"]*\"")) {
            into.putIfAbsent(attribute.group(1), value.substring(1, value.length() - 1));
          }
        }
      }
    } catch (IOException unreadable) {
      // The job is known all the same.
    }
  }

  /** LSB_MCPU_HOSTS is the name of each host and how many processors of it. */
  private static Optional<String> nodes(Map<String, String> environment) {
    String hosts = environment.getOrDefault("LSB_MCPU_HOSTS", "").strip();
    int words = hosts.isEmpty() ? 0 : hosts.split("\\s+").length;
    return words > 1 && words % 2 == 0
        ? Optional.of(Integer.toString(words / 2))
        : Optional.empty();
  }

  /** A size in {@code unit}s, or with a suffix; empty if it is none or 0. */
  private static OptionalLong bytes(String text, long unit) {
    Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT).replaceFirst("B$", ""));
    if (!size.matches() || Long.parseLong(size.group(1)) == 0) {
      return OptionalLong.empty();
    }
    String suffix = size.group(2);
    long factor = suffix.isEmpty() ? unit : 1L << (10 * ("KMGT".indexOf(suffix) + 1));
    return product(Long.parseLong(size.group(1)), factor);
  }

  private static OptionalLong product(long one, long other) {
    return one > Long.MAX_VALUE / other ? OptionalLong.empty() : OptionalLong.of(one * other);
  }

  private static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    String cut = text.substring(0, Math.min(text.length(), LONGEST_VALUE));
    cut.chars().forEach(c -> printable.append(c >= ' ' && c <= '~' ? (char) c : '?'));
    return printable.toString().strip();
  }
}
