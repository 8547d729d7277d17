package io.duologger.format;

import io.duologger.format.OldModule.Key;
import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Stat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The modules whose keys the Perl tools made of several series, or of a part of the instances: see
 * {@link OldNames}.
 */
final class OldTables {
  private static final String LOAD = "load";
  private static final String CPU = "cpu";
  private static final String MEMORY = "memory";
  private static final String NET = "net";
  private static final String DISK = "disk";
  private static final String JOB = "job";
  private static final String CPUFREQ = "cpufreq";
  private static final String PING = "ping";
  private static final Set<String> OLD_MODULES =
      Set.of(LOAD, CPU, MEMORY, NET, DISK, JOB, CPUFREQ, PING);

  private static final List<Key> LOADS =
      List.of(
          new Key("load_short", "load1", NumberForm.PLAIN),
          new Key("load_medium", "load5", NumberForm.PLAIN),
          new Key("load_long", "load15", NumberForm.PLAIN),
          new Key("load_avg", "load5", NumberForm.PLAIN));

  private static final List<Key> SIZES =
      List.of(
          new Key("mem_total", "total_bytes", NumberForm.BYTES),
          new Key("mem_free", "free_bytes", NumberForm.BYTES),
          new Key("mem_used", "used_with_cache_bytes", NumberForm.BYTES),
          new Key("swap_total", "swap_total_bytes", NumberForm.BYTES),
          new Key("swap_free", "swap_free_bytes", NumberForm.BYTES),
          new Key("swap_used", "swap_used_bytes", NumberForm.BYTES),
          new Key("virtual_total", "vmalloc_total_bytes", NumberForm.BYTES),
          new Key("virtual_used", "vmalloc_used_bytes", NumberForm.BYTES));

  /** Of a job's first process; with the prefix chld_ of all others. */
  private static final List<Key> PROCESS =
      List.of(
          new Key("VmPeak", "virtual_peak_bytes", NumberForm.BYTES),
          new Key("VmSize", "virtual_bytes", NumberForm.BYTES),
          new Key("VmHWM", "hwm_bytes", NumberForm.BYTES),
          new Key("VmRSS", "resident_bytes", NumberForm.BYTES),
          new Key("VmData", "data_bytes", NumberForm.BYTES),
          new Key("VmStk", "stack_bytes", NumberForm.BYTES),
          new Key("VmExe", "text_bytes", NumberForm.BYTES),
          new Key("VmLib", "library_bytes", NumberForm.BYTES),
          new Key("VmPTE", "page_table_bytes", NumberForm.BYTES),
          new Key("VmSwap", "swap_bytes", NumberForm.BYTES),
          new Key("Threads", "threads", NumberForm.PLAIN));

  private static final double SECTORS = 1.0 / 512;

  private static final List<Key> DISKS =
      List.of(
          new Key("disk_rd", "reads_per_second", NumberForm.RATE),
          new Key("disk_wr", "writes_per_second", NumberForm.RATE),
          new Key("disk_sec_rd", "read_bytes_per_second", NumberForm.RATE, SECTORS),
          new Key("disk_sec_wr", "write_bytes_per_second", NumberForm.RATE, SECTORS));

  private static final List<Key> SWAPS =
      List.of(
          new Key("swap_rd", "swap_reads_per_second", NumberForm.RATE),
          new Key("swap_wr", "swap_writes_per_second", NumberForm.RATE),
          new Key("swap_sec_rd", "swap_read_bytes_per_second", NumberForm.RATE, SECTORS),
          new Key("swap_sec_wr", "swap_write_bytes_per_second", NumberForm.RATE, SECTORS));

  private static final double GIGA = 1e-9;
  private static final double MILLIS = 1e3;
  private static final String NO_ANSWER = "-1";

  private OldTables() {}

  /** Whether a module is one of those. */
  static boolean has(String module) {
    return OLD_MODULES.contains(module);
  }

  /** Tells the values of a module that is here. */
  static void add(OldModule module) {
    switch (module.name()) {
      case LOAD -> LOADS.forEach(module::tell);
      case CPU -> cpu(module);
      case MEMORY -> memory(module);
      case NET -> OldNet.add(module);
      case JOB -> job(module);
      case CPUFREQ -> cpufreq(module);
      case PING -> module.instances().forEach((instance, own) -> ping(module, instance, own));
      default -> disk(module);
    }
  }

  private static void cpu(OldModule module) {
    String metric = module.host("nonidle_ratio").isPresent() ? "nonidle_ratio" : "busy_ratio";
    module.tell(new Key("cpu", metric, NumberForm.PERCENT));
    Map<Instance, Aggregate> each = module.each("nonidle_ratio");
    if (each.isEmpty()) {
      each = module.each("busy_ratio");
    }
    module.tellList("cpu_list", each, NumberForm.PERCENT, 1);
  }

  private static void cpufreq(OldModule module) {
    boolean counted = module.host("host_c0_ratio").isPresent();
    String share = counted ? "host_c0_ratio" : "host_awake_ratio";
    String frequency = counted ? "mean_busy_frequency_hertz" : "mean_frequency_hertz";
    module.tell(new Key("tstat_c0pct", share, NumberForm.PERCENT));
    module.tell(new Key("tstat_ghz", frequency, NumberForm.PLAIN, GIGA));
    Map<Instance, Aggregate> shares = module.each(counted ? "c0_ratio" : "awake_ratio");
    module.tellList("tstat_clist", shares, NumberForm.PERCENT, 1);
    Map<Instance, Aggregate> frequencies =
        module.each(counted ? "busy_frequency_hertz" : "frequency_hertz");
    module.tellList("tstat_glist", frequencies, NumberForm.PLAIN, GIGA);
  }

  private static void memory(OldModule module) {
    SIZES.forEach(module::tell);
    Optional<Aggregate> total = module.host("vmalloc_total_bytes");
    Optional<Aggregate> used = module.host("vmalloc_used_bytes");
    if (total.isPresent() && used.isPresent()) {
      for (Stat stat : List.of(Stat.VALUE, Stat.MEAN, Stat.LAST)) {
        OptionalDouble all = OldModule.statistic(total.get(), stat);
        OptionalDouble part = OldModule.statistic(used.get(), stat);
        if (all.isPresent() && part.isPresent()) {
          double free = all.getAsDouble() - part.getAsDouble();
          module.tell(Instance.HOST, "virtual_free", stat, free, NumberForm.BYTES);
        }
      }
    }
  }

  private static void disk(OldModule module) {
    DISKS.forEach(module::tell);
    boolean swapping = SWAPS.stream().anyMatch(key -> module.host(key.metric()).isPresent());
    for (int i = 0; i < SWAPS.size(); i++) {
      if (swapping) {
        module.tell(SWAPS.get(i));
      } else {
        Key nothing = DISKS.get(i);
        module.tell(new Key(SWAPS.get(i).name(), nothing.metric(), NumberForm.RATE, 0));
      }
    }
  }

  private static void job(OldModule module) {
    scope(module, "root", "");
    scope(module, "children", "chld_");
  }

  private static void scope(OldModule module, String scope, String prefix) {
    Map<String, Aggregate> own =
        module.instances().getOrDefault(Instance.of("scope", scope), Map.of());
    for (Key key : PROCESS) {
      Aggregate aggregate = own.get(key.metric());
      for (int i = 0; aggregate != null && i < aggregate.values().length; i++) {
        Stat stat = aggregate.stats().get(i);
        double value = aggregate.values()[i];
        module.tell(Instance.HOST, prefix + key.name(), stat, value, key.form());
      }
    }
  }

  /** The second host is {@code ping_2}, and so on. */
  private static void ping(OldModule module, Instance instance, Map<String, Aggregate> own) {
    Aggregate up = own.get("up");
    Aggregate rtt = own.get("rtt_seconds");
    if (up == null && rtt == null) {
      return;
    }
    for (Stat stat : rtt == null ? up.stats() : rtt.stats()) {
      OptionalDouble time = rtt == null ? OptionalDouble.empty() : OldModule.statistic(rtt, stat);
      String text =
          time.isPresent() ? NumberForm.PLAIN.text(time.getAsDouble() * MILLIS) : NO_ANSWER;
      module.tellPlain(instance, PING, stat, text);
    }
  }
}
