package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleDescriptor;
import io.duologger.model.ModuleOption;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.model.Unit;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.LineKeys;
import io.duologger.procfs.ProcFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Measures what the processors spend their time on, and scheduling.
 *
 * <ul>
 *   <li>Source: /proc/stat, lines cpu, cpuN, intr (its first number), ctxt, processes,
 *       procs_running, procs_blocked
 *   <li>Unit: shares of the time of the processors that are online (ticks over ticks), events per
 *       second, numbers of tasks
 *   <li>Kind: ratios, counters, gauges
 *   <li>Since kernel: 2.6; steal since 2.6.11, guest since 2.6.24
 *   <li>Root needed: no
 *   <li>Threads: used by one at a time
 * </ul>
 *
 * <p>Time of guests is part of user and nice and counted once. Idle and iowait may step back a
 * little, when a processor's idle time is accounted anew; such a step holds the previous value.
 */
public final class CpuCollector implements Collector {
  private static final String LABEL = "cpu";
  private static final String PER_CPU = "per-cpu";

  /** Columns of a cpu line, proc(5). */
  private static final int USER = 0;

  private static final int NICE = 1;
  private static final int SYSTEM = 2;
  private static final int IDLE = 3;
  private static final int IOWAIT = 4;
  private static final int IRQ = 5;
  private static final int SOFTIRQ = 6;
  private static final int STEAL = 7;
  private static final int GUEST = 8;
  private static final int GUEST_NICE = 9;
  private static final int COLUMNS = 10;
  private static final int MANDATORY = 4;

  /** Three seconds of ticks of 1/100 s. */
  private static final long SMALL_STEP = 300;

  private static final Metric BUSY =
      share("busy_ratio", "Share of time neither idle nor waiting for I/O.");
  private static final Metric NONIDLE =
      share("nonidle_ratio", "Share of time not idle: busy or waiting for I/O.");
  private static final Metric IRQS =
      share("irq_ratio", "Share of time in interrupts, soft ones too.");
  private static final Metric GUESTS =
      share("guest_ratio", "Share of time in guests; part of user and nice.");

  /** The shares that are one column; the index is the column. */
  private static final Metric[] SHARES = {
    share("user_ratio", "Share of time in programs."),
    share("nice_ratio", "Share of time in programs of low priority."),
    share("system_ratio", "Share of time in the kernel."),
    share("idle_ratio", "Share of time idle."),
    share("iowait_ratio", "Share of time idle while a task waited for I/O."),
  };

  private static final Metric STOLEN =
      share("steal_ratio", "Share of time that the hypervisor gave to others.");
  private static final Metric SWITCHES =
      Metric.counter("context_switches_per_second", Unit.PER_SECOND, "Context switches.");
  private static final Metric INTERRUPTS =
      Metric.counter("interrupts_per_second", Unit.PER_SECOND, "Interrupts served.");
  private static final Metric FORKS =
      Metric.counter("forks_per_second", Unit.PER_SECOND, "Processes and threads started.");
  private static final Metric RUNNING =
      Metric.gauge("running_tasks", Unit.COUNT, "Tasks that run or could run now.");
  private static final Metric BLOCKED =
      Metric.gauge("blocked_tasks", Unit.COUNT, "Tasks that wait for I/O now.");
  private static final Metric ONLINE =
      Metric.gauge("cpus_online", Unit.COUNT, "Processors that are online.");

  private static final List<Metric> TIMES =
      List.of(
          BUSY,
          NONIDLE,
          SHARES[USER],
          SHARES[NICE],
          SHARES[SYSTEM],
          SHARES[IDLE],
          SHARES[IOWAIT],
          IRQS,
          STOLEN,
          GUESTS);

  /** Where {@link #TIMES} has the share of the first column; the others follow. */
  private static final int FIRST_SHARE = 2;

  /** The other lines, in the kernel's order; what the first of them say are counters. */
  private static final List<String> LINES =
      List.of("intr", "ctxt", "processes", "procs_running", "procs_blocked");

  private static final List<Metric> EVENTS = List.of(INTERRUPTS, SWITCHES, FORKS, RUNNING, BLOCKED);

  private static final int CTXT = 1;
  private static final int COUNTERS = 3;
  private static final byte[] CPU = ByteScanner.key("cpu");

  /** What the catalogue says of the module. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "cpu",
          "what the processors spend their time on, context switches, interrupts, forks",
          Optional.of(LABEL),
          metrics(),
          List.of("/proc/stat"),
          "",
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          List.of(
              ModuleOption.choice(
                  PER_CPU,
                  "busy",
                  List.of("busy", "all", "none"),
                  "What to say of each processor: its busy share, all shares, or nothing.")));

  private final ProcFile file;
  private final Stat stat;
  private final boolean perCpu;
  private final Series[] events;
  private final Series online = new Series(ONLINE, Instance.HOST);

  /** The ticks of the host or of one processor. */
  static final class Times extends DeviceTable.Device {
    private final boolean wanted;
    private final Series[] series;
    private int columns;
    private long idle;
    private long iowait;

    private Times(byte[] key, boolean wanted, List<Metric> metrics, Instance instance) {
      super(key, COLUMNS);
      this.wanted = wanted;
      this.series = Series.of(metrics, instance);
    }

    /** Makes small steps back invisible; called once for each successful read. */
    private void settle() {
      values[IDLE] = idle = held(idle, values[IDLE]);
      values[IOWAIT] = iowait = held(iowait, values[IOWAIT]);
    }

    private static long held(long before, long now) {
      boolean smallStepBack =
          Long.compareUnsigned(now, before) < 0
              && Long.compareUnsigned(before - now, SMALL_STEP) < 0;
      return smallStepBack ? before : now;
    }
  }

  /** What one read of the file says. */
  static final class Stat {
    final Times whole;
    final DeviceTable<Times> cpus;
    private final LineKeys keys = new LineKeys(' ', LINES);
    private final boolean[] present = new boolean[LINES.size()];
    private final long[] values = new long[LINES.size()];

    /** Keeps the settings' choice of processors and series. */
    Stat(ModuleSettings settings) {
      whole = new Times(CPU, true, TIMES, Instance.HOST);
      List<Metric> each = settings.option(PER_CPU).equals("all") ? TIMES : List.of(BUSY);
      cpus =
          new DeviceTable<>(
              key -> {
                String number = ByteScanner.text(key).substring(CPU.length);
                boolean wanted = settings.instances().matches(number);
                return new Times(key, wanted, each, Instance.of(LABEL, number));
              });
    }
  }

  /** Reads the host {@code root}. */
  public CpuCollector(HostRoot root, ModuleSettings settings) {
    file = ProcFile.ofOneRecord(root.proc().resolve("stat"));
    stat = new Stat(settings);
    perCpu = !settings.option(PER_CPU).equals("none");
    events = Series.of(EVENTS, Instance.HOST);
  }

  @Override
  public String name() {
    return DESCRIPTOR.name();
  }

  @Override
  public void collect(Readings into) throws IOException {
    parse(Sources.read(file), stat);
    stat.cpus.commit();
    emit(stat.whole, into);
    for (int i = 0; i < events.length; i++) {
      if (stat.present[i] && i < COUNTERS) {
        into.counter(events[i], stat.values[i]);
      } else if (stat.present[i]) {
        into.gauge(events[i], stat.values[i]);
      }
    }
    List<Times> cpus = stat.cpus.known();
    into.gauge(online, cpus.size());
    for (int i = 0; perCpu && i < cpus.size(); i++) {
      if (cpus.get(i).wanted) {
        emit(cpus.get(i), into);
      }
    }
  }

  private static void emit(Times times, Readings into) {
    times.settle();
    long[] v = times.values;
    long total = 0;
    for (int i = USER; i <= STEAL; i++) {
      total += v[i];
    }
    Series[] series = times.series;
    into.ratio(series[0], total - v[IDLE] - v[IOWAIT], total);
    if (series.length == 1) {
      return;
    }
    into.ratio(series[1], total - v[IDLE], total);
    for (int i = USER; i < Math.min(times.columns, SHARES.length); i++) {
      into.ratio(series[FIRST_SHARE + i], v[i], total);
    }
    // Both kinds of interrupts are one share, and so are both kinds of guests.
    if (times.columns > SOFTIRQ) {
      into.ratio(series[FIRST_SHARE + IRQ], v[IRQ] + v[SOFTIRQ], total);
    }
    if (times.columns > STEAL) {
      into.ratio(series[FIRST_SHARE + STEAL - 1], v[STEAL], total);
    }
    if (times.columns > GUEST) {
      into.ratio(series[FIRST_SHARE + GUEST - 1], v[GUEST] + v[GUEST_NICE], total);
    }
  }

  /** The cpu lines and ctxt must be there; only the first number of the long intr line is read. */
  static void parse(ByteScanner in, Stat into) throws IOException {
    Arrays.fill(into.present, false);
    into.cpus.begin();
    boolean whole = false;
    while (in.nextLine()) {
      if (!in.nextToken()) {
        continue;
      }
      if (in.tokenIs(CPU)) {
        parseTimes(in, into.whole);
        whole = true;
      } else if (in.tokenStartsWith(CPU)) {
        parseTimes(in, into.cpus.device(in));
      } else {
        int line = into.keys.find(in);
        if (line >= 0) {
          into.values[line] = in.nextUnsigned(LINES.get(line));
          into.present[line] = true;
        }
      }
    }
    if (!whole || !into.present[CTXT]) {
      throw in.malformed("no line cpu or no line ctxt up to here");
    }
  }

  private static void parseTimes(ByteScanner in, Times into) throws IOException {
    int column = in.nextUnsigned(into.values, COLUMNS, "ticks");
    if (column < MANDATORY) {
      throw in.malformed("missing ticks");
    }
    Arrays.fill(into.values, column, COLUMNS, 0);
    into.columns = column;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static Metric share(String name, String help) {
    return Metric.ratio(name, Unit.RATIO, help);
  }

  private static List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(TIMES);
    all.addAll(EVENTS);
    all.add(ONLINE);
    return all;
  }
}
