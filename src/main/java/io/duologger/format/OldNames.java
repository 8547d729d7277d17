package io.duologger.format;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.Report;
import io.duologger.model.Stat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys and meanings of the Perl tools, with the statistic as a suffix where one is asked for.
 * Modules that those tools did not have go by {@link SensorNames}; what they did not measure of a
 * module that they had is left out.
 *
 * <ul>
 *   <li>Of net, rates are summed over the interfaces: the sum of their means. The largest of the
 *       maxima is {@code bytes_in_max1m} and {@code bytes_out_max1m}; every other statistic is one
 *       of an interface, such as {@code bytes_in_eth0_p95}.
 *   <li>Of cpu, waiting for I/O counts as busy, unless only {@code busy_ratio} is there. The list
 *       of processors goes by their numbers, with nothing where a number is missing.
 *   <li>Of disk, swapping is 0 where no device is swapped to.
 *   <li>Of job, what is the first process's has the names of /proc/PID/status, and sums over the
 *       others have the prefix {@code chld_}.
 *   <li>Of cpufreq, what turbostat says goes before what the kernel says.
 *   <li>Of ping, a host that has not answered has -1.
 * </ul>
 *
 * <p>Of the other modules that those tools had, each series names its key itself, see {@link
 * Metric#formerly}, and {@link #TEXTS} has those of texts; all else of such a module is left out.
 *
 * <p>A sum or difference of two series is there only for statistics of which it is exact.
 *
 * <p>Used by one thread at a time.
 */
final class OldNames implements Naming {
  /** A key that is one series of the host, perhaps in another unit. */
  private record Key(String name, String metric, NumberForm form, double factor) {
    Key(String name, String metric, NumberForm form) {
      this(name, metric, form, 1);
    }
  }

  /** A key that is a sum over the interfaces. */
  private record Sum(String name, List<String> metrics) {
    Sum(String name, String... metrics) {
      this(name, List.of(metrics));
    }
  }

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

  private static final List<Sum> BYTES =
      List.of(
          new Sum("bytes_in", "rx_bytes_per_second"), new Sum("bytes_out", "tx_bytes_per_second"));

  private static final List<Sum> PACKETS =
      List.of(
          new Sum("packets_in", "rx_packets_per_second"),
          new Sum("packets_out", "tx_packets_per_second"));

  /** The columns errs, drop, fifo and frame or colls of /proc/net/dev. */
  private static final List<Sum> PACKET_ERRORS =
      List.of(
          new Sum(
              "packeterrs_in",
              "rx_errors_per_second",
              "rx_drops_per_second",
              "rx_fifo_errors_per_second",
              "rx_frame_errors_per_second"),
          new Sum(
              "packeterrs_out",
              "tx_errors_per_second",
              "tx_drops_per_second",
              "tx_fifo_errors_per_second",
              "tx_collisions_per_second"));

  /**
   * Module and metric of texts that the old tools had; see {@link #key} for what stands for the
   * instance. A {@code #} is the number of the text in the report.
   */
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("cpuinfo model", "cpumodel"),
          Map.entry("cpuinfo identifier", "cpumodeln"),
          Map.entry("cpuinfo flags", "cpuflags"),
          Map.entry("os description", "opsys"),
          Map.entry("os uname", "uname"),
          Map.entry("host product", "hostmodel"),
          Map.entry("host serial_number", "serialnum"),
          Map.entry("host part_number", "partnum"),
          Map.entry("exec text", "{key}"),
          Map.entry("gpuinfo model", "gpumodel"),
          Map.entry("smart error_list", "hd_errs_list"),
          Map.entry("netconfig mac", "mac"),
          Map.entry("netconfig ip", "ip"),
          Map.entry("netconfig broadcast", "bcast"),
          Map.entry("netconfig netmask", "mask"),
          Map.entry("kernel message", "dmesg#"),
          Map.entry("textfile text", "{key}"));

  /** Modules whose texts may all be missing in a report. */
  private static final Set<String> SELDOM = Set.of("kernel", "textfile");

  private static final Pattern LABEL = Pattern.compile("\\{([a-z]+)\\}");

  private static final double GIGA = 1e-9;
  private static final double GIGABITS = 8 / 1e9;
  private static final double MILLIS = 1e3;
  private static final String NO_ANSWER = "-1";

  /** What stands for a number that changes seldom, best first. */
  private static final List<Stat> SETTLED =
      List.of(Stat.VALUE, Stat.LAST, Stat.MAX, Stat.MEAN, Stat.MIN);

  /** No processor has a higher number. */
  private static final String CPU_NUMBER = "0|[1-9][0-9]{0,4}";

  private final UniqueNames names;
  private final SensorNames others;
  private final boolean everyEvent;

  /** That of the last numbered text of the report. */
  private int number;

  /** Whether a key may have a colon, which is what makes one of any process name none of others. */
  private final boolean colons;

  /**
   * @param everyEvent whether all events of a name are values, or only the last
   * @param colons whether a key may have a colon; if not, it has two underscores instead
   */
  OldNames(UniqueNames names, boolean everyEvent, boolean colons) {
    this.names = names;
    this.colons = colons;
    this.others = new SensorNames(names, everyEvent);
    this.everyEvent = everyEvent;
  }

  /** The numbers of one module, by instance and metric. */
  private static final class Module {
    private final String name;
    private final List<NamedValue> into;
    private final Map<Instance, Map<String, Aggregate>> numbers = new LinkedHashMap<>();

    Module(String name, List<NamedValue> into) {
      this.name = name;
      this.into = into;
    }

    void add(Line line) {
      Map<String, Aggregate> own =
          numbers.computeIfAbsent(line.instance(), key -> new LinkedHashMap<>());
      line.aggregates().forEach(a -> own.putIfAbsent(a.metric().name(), a));
    }

    Optional<Aggregate> host(String metric) {
      return Optional.ofNullable(numbers.getOrDefault(Instance.HOST, Map.of()).get(metric));
    }

    /** The numbers of each instance but the host. */
    List<Map<String, Aggregate>> interfaces() {
      return numbers.entrySet().stream()
          .filter(entry -> !entry.getKey().equals(Instance.HOST))
          .map(Map.Entry::getValue)
          .toList();
    }

    /** The metric of each instance but the host that has it. */
    Map<Instance, Aggregate> each(String metric) {
      Map<Instance, Aggregate> each = new LinkedHashMap<>();
      numbers.forEach(
          (instance, own) -> {
            if (!instance.equals(Instance.HOST) && own.containsKey(metric)) {
              each.put(instance, own.get(metric));
            }
          });
      return each;
    }
  }

  @Override
  public List<NamedValue> values(Report report) {
    names.begin();
    number = 0;
    List<NamedValue> values = new ArrayList<>();
    Map<String, List<Line>> modules = new LinkedHashMap<>();
    for (Line line : report.lines()) {
      modules.computeIfAbsent(line.module(), key -> new ArrayList<>()).add(line);
    }
    modules.forEach(
        (name, lines) -> {
          if (OLD_MODULES.contains(name)) {
            Module module = new Module(name, values);
            lines.forEach(module::add);
            add(module);
          } else if (lines.stream().anyMatch(OldNames::hasOldKeys)) {
            lines.forEach(line -> keys(line, values));
          } else {
            lines.forEach(line -> others.add(line, values));
          }
        });
    return values;
  }

  private static boolean hasOldKeys(Line line) {
    return SELDOM.contains(line.module())
        || line.aggregates().stream().anyMatch(a -> a.metric().oldKey().isPresent())
        || line.infos().keySet().stream().anyMatch(name -> oldText(line, name).isPresent())
        || line.events().stream().anyMatch(event -> oldText(line, event.name()).isPresent());
  }

  private static Optional<String> oldText(Line line, String name) {
    return Optional.ofNullable(TEXTS.get(line.module() + " " + name));
  }

  /**
   * The key with the instance's name for its star, or the values from one label on for that label
   * in braces. Paths go without their first slash, and the root directory is {@code root}.
   * Instances whose key has no place for their name are numbered, see {@link UniqueNames}.
   */
  private static String key(String key, Instance instance) {
    Matcher label = LABEL.matcher(key);
    if (label.find()) {
      Map<String, String> rest = new LinkedHashMap<>();
      instance
          .labels()
          .forEach(
              (name, value) -> {
                if (name.equals(label.group(1)) || !rest.isEmpty()) {
                  rest.put(name, value);
                }
              });
      return key.replace(label.group(), SensorNames.word(new Instance(rest)));
    }
    String word = SensorNames.word(instance);
    String path = word.startsWith("_") ? word.substring(1) : word;
    return key.replace("*", path.isEmpty() && !word.isEmpty() ? "root" : path);
  }

  /** A key that names the instance is none without one. */
  private static boolean isNamed(String key, Instance instance) {
    return !key.contains("*") || !instance.labels().isEmpty();
  }

  /** What has an old key of its own. */
  private void keys(Line line, List<NamedValue> into) {
    for (Aggregate aggregate : line.aggregates()) {
      Optional<Metric.OldKey> old = aggregate.metric().oldKey();
      if (old.isPresent() && isNamed(old.get().key(), line.instance())) {
        String key = old.get().key();
        NumberForm form = form(aggregate.metric());
        double factor = form == NumberForm.PERCENT ? 1 : old.get().factor();
        for (int i = 0; i < aggregate.values().length; i++) {
          String own = key(colons ? key : key.replace(":", "__"), line.instance());
          String wanted = own + aggregate.stats().get(i).suffix();
          String stat = aggregate.stats().get(i).text();
          String name = names.name(line.module(), line.instance(), key, stat, wanted);
          double value = aggregate.values()[i] * factor;
          if (Double.isFinite(value)) {
            into.add(new NamedValue(name, key, form.type(), form.text(value)));
          }
        }
      }
    }
    line.infos().forEach((name, text) -> oldText(line, name, "info", text, into));
    SensorNames.told(line, everyEvent)
        .forEach(event -> oldText(line, event.name(), "event", event.text(), into));
  }

  private void oldText(Line line, String metric, String form, String text, List<NamedValue> into) {
    Optional<String> key = oldText(line, metric);
    if (key.isPresent()) {
      boolean numbered = key.get().endsWith("#");
      // Numbers are those of the report, whatever the texts are of.
      Instance instance = numbered ? Instance.HOST : line.instance();
      String wanted =
          numbered ? key.get().replace("#", Integer.toString(++number)) : key(key.get(), instance);
      String name = names.name(line.module(), instance, key.get(), form, wanted);
      into.add(new NamedValue(name, key.get(), NamedValue.Type.STRING, text));
    }
  }

  private static NumberForm form(Metric metric) {
    return switch (metric.unit()) {
      case BYTES -> NumberForm.BYTES;
      case RATIO -> NumberForm.PERCENT;
      case PER_SECOND, BYTES_PER_SECOND -> NumberForm.RATE;
      default -> NumberForm.PLAIN;
    };
  }

  private void add(Module module) {
    switch (module.name) {
      case LOAD -> LOADS.forEach(key -> host(module, key));
      case CPU -> cpu(module);
      case MEMORY -> memory(module);
      case NET -> net(module);
      case JOB -> job(module);
      case CPUFREQ -> cpufreq(module);
      case PING -> module.numbers.forEach((instance, own) -> ping(module, instance, own));
      default -> disk(module);
    }
  }

  private void cpu(Module module) {
    String metric = module.host("nonidle_ratio").isPresent() ? "nonidle_ratio" : "busy_ratio";
    host(module, new Key("cpu", metric, NumberForm.PERCENT));
    Map<Instance, Aggregate> each = module.each("nonidle_ratio");
    if (each.isEmpty()) {
      each = module.each("busy_ratio");
    }
    list(module, "cpu_list", each, NumberForm.PERCENT, 1);
  }

  private void cpufreq(Module module) {
    boolean counted = module.host("host_c0_ratio").isPresent();
    String share = counted ? "host_c0_ratio" : "host_awake_ratio";
    String frequency = counted ? "mean_busy_frequency_hertz" : "mean_frequency_hertz";
    host(module, new Key("tstat_c0pct", share, NumberForm.PERCENT));
    host(module, new Key("tstat_ghz", frequency, NumberForm.PLAIN, GIGA));
    Map<Instance, Aggregate> shares = module.each(counted ? "c0_ratio" : "awake_ratio");
    list(module, "tstat_clist", shares, NumberForm.PERCENT, 1);
    Map<Instance, Aggregate> frequencies =
        module.each(counted ? "busy_frequency_hertz" : "frequency_hertz");
    list(module, "tstat_glist", frequencies, NumberForm.PLAIN, GIGA);
  }

  /** The means of processors by their numbers, with nothing where a number is missing. */
  private void list(
      Module module, String key, Map<Instance, Aggregate> each, NumberForm form, double factor) {
    TreeMap<Integer, String> means = new TreeMap<>();
    each.forEach(
        (instance, aggregate) -> {
          String number = instance.labels().getOrDefault("cpu", "");
          OptionalDouble mean = mean(aggregate);
          if (mean.isPresent() && number.matches(CPU_NUMBER)) {
            means.put(Integer.valueOf(number), form.text(mean.getAsDouble() * factor));
          }
        });
    if (!means.isEmpty()) {
      List<String> list = new ArrayList<>();
      for (int cpu = 0; cpu <= means.lastKey(); cpu++) {
        list.add(means.getOrDefault(cpu, ""));
      }
      text(module, key, String.join(",", list));
    }
  }

  private void memory(Module module) {
    SIZES.forEach(key -> host(module, key));
    Optional<Aggregate> total = module.host("vmalloc_total_bytes");
    Optional<Aggregate> used = module.host("vmalloc_used_bytes");
    if (total.isPresent() && used.isPresent()) {
      for (Stat stat : List.of(Stat.VALUE, Stat.MEAN, Stat.LAST)) {
        OptionalDouble all = statistic(total.get(), stat);
        OptionalDouble part = statistic(used.get(), stat);
        if (all.isPresent() && part.isPresent()) {
          double free = all.getAsDouble() - part.getAsDouble();
          number(module, Instance.HOST, "virtual_free", stat, free, NumberForm.BYTES);
        }
      }
    }
  }

  private void disk(Module module) {
    DISKS.forEach(key -> host(module, key));
    boolean swapping = SWAPS.stream().anyMatch(key -> module.host(key.metric()).isPresent());
    for (int i = 0; i < SWAPS.size(); i++) {
      if (swapping) {
        host(module, SWAPS.get(i));
      } else {
        Key nothing = DISKS.get(i);
        host(module, new Key(SWAPS.get(i).name(), nothing.metric(), NumberForm.RATE, 0));
      }
    }
  }

  private void job(Module module) {
    scope(module, "root", "");
    scope(module, "children", "chld_");
  }

  private void scope(Module module, String scope, String prefix) {
    Map<String, Aggregate> own = module.numbers.getOrDefault(Instance.of("scope", scope), Map.of());
    for (Key key : PROCESS) {
      Aggregate aggregate = own.get(key.metric());
      for (int i = 0; aggregate != null && i < aggregate.values().length; i++) {
        Stat stat = aggregate.stats().get(i);
        double value = aggregate.values()[i];
        number(module, Instance.HOST, prefix + key.name(), stat, value, key.form());
      }
    }
  }

  /** The second host is {@code ping_2}, and so on. */
  private void ping(Module module, Instance instance, Map<String, Aggregate> own) {
    Aggregate up = own.get("up");
    Aggregate rtt = own.get("rtt_seconds");
    if (up == null && rtt == null) {
      return;
    }
    for (Stat stat : rtt == null ? up.stats() : rtt.stats()) {
      OptionalDouble time = rtt == null ? OptionalDouble.empty() : statistic(rtt, stat);
      String text =
          time.isPresent() ? NumberForm.PLAIN.text(time.getAsDouble() * MILLIS) : NO_ANSWER;
      String name = names.name(PING, instance, PING, stat.text(), PING + stat.suffix());
      module.into.add(new NamedValue(name, PING, NumberForm.PLAIN.type(), text));
    }
  }

  private void net(Module module) {
    BYTES.forEach(sum -> sum(module, sum));
    PACKETS.forEach(sum -> sum(module, sum));
    PACKET_ERRORS.forEach(sum -> sum(module, sum));
    for (Sum sum : BYTES) {
      single(
          module,
          sum.name() + "_max1m",
          NumberForm.RATE,
          module.each(sum.metrics().get(0)).values().stream()
              .flatMapToDouble(rate -> statistic(rate, Stat.MAX).stream())
              .max());
    }
    single(
        module,
        "num_eth",
        NumberForm.PLAIN,
        module.host("devices").map(OldNames::settled).orElse(OptionalDouble.empty()));
    single(
        module,
        "eth_speed",
        NumberForm.PLAIN,
        module.each("speed_bytes_per_second").values().stream()
            .flatMapToDouble(speed -> settled(speed).stream())
            .map(speed -> speed * GIGABITS)
            .max());
    BYTES.forEach(sum -> interfaces(module, sum, Set.of(Stat.MEAN, Stat.VALUE, Stat.MAX)));
    PACKETS.forEach(sum -> interfaces(module, sum, Set.of(Stat.MEAN, Stat.VALUE)));
  }

  /** The means of the interfaces that have all that is summed. */
  private void sum(Module module, Sum sum) {
    single(
        module,
        sum.name(),
        NumberForm.RATE,
        module.interfaces().stream()
            .filter(own -> own.keySet().containsAll(sum.metrics()))
            .map(own -> sum.metrics().stream().map(metric -> mean(own.get(metric))).toList())
            .filter(means -> means.stream().allMatch(OptionalDouble::isPresent))
            .map(means -> means.stream().mapToDouble(OptionalDouble::getAsDouble).sum())
            .reduce(Double::sum)
            .map(OptionalDouble::of)
            .orElse(OptionalDouble.empty()));
  }

  /** The statistics of each interface but those of {@code summed}. */
  private void interfaces(Module module, Sum sum, Set<Stat> summed) {
    module
        .each(sum.metrics().get(0))
        .forEach(
            (instance, rate) -> {
              for (int i = 0; i < rate.values().length; i++) {
                Stat stat = rate.stats().get(i);
                if (!summed.contains(stat)) {
                  number(module, instance, sum.name(), stat, rate.values()[i], NumberForm.RATE);
                }
              }
            });
  }

  private void host(Module module, Key key) {
    module
        .host(key.metric())
        .ifPresent(
            aggregate -> {
              for (int i = 0; i < aggregate.values().length; i++) {
                Stat stat = aggregate.stats().get(i);
                double value = aggregate.values()[i] * key.factor();
                number(module, Instance.HOST, key.name(), stat, value, key.form());
              }
            });
  }

  private void single(Module module, String key, NumberForm form, OptionalDouble value) {
    if (value.isPresent()) {
      number(module, Instance.HOST, key, Stat.VALUE, value.getAsDouble(), form);
    }
  }

  private void number(
      Module module, Instance instance, String key, Stat stat, double value, NumberForm form) {
    String word = SensorNames.word(instance);
    String wanted = key + (word.isEmpty() ? "" : "_" + word) + stat.suffix();
    String name = names.name(module.name, instance, key, stat.text(), wanted);
    if (Double.isFinite(value)) {
      module.into.add(new NamedValue(name, key, form.type(), form.text(value)));
    }
  }

  private void text(Module module, String key, String text) {
    String name = names.name(module.name, Instance.HOST, key, "info", key);
    module.into.add(new NamedValue(name, key, NamedValue.Type.STRING, text));
  }

  /** The mean of a rate or ratio, under either name. */
  private static OptionalDouble mean(Aggregate aggregate) {
    OptionalDouble mean = statistic(aggregate, Stat.MEAN);
    return mean.isPresent() ? mean : statistic(aggregate, Stat.VALUE);
  }

  private static OptionalDouble settled(Aggregate aggregate) {
    return SETTLED.stream()
        .map(stat -> statistic(aggregate, stat))
        .filter(OptionalDouble::isPresent)
        .findFirst()
        .orElse(OptionalDouble.empty());
  }

  /** A statistic that was asked for and has a value. */
  private static OptionalDouble statistic(Aggregate aggregate, Stat stat) {
    int index = aggregate.stats().indexOf(stat);
    return index >= 0 && Double.isFinite(aggregate.values()[index])
        ? OptionalDouble.of(aggregate.values()[index])
        : OptionalDouble.empty();
  }
}
