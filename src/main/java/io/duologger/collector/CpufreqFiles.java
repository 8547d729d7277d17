package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import io.duologger.procfs.ByteScanner;
import io.duologger.procfs.HostRoot;
import io.duologger.procfs.ProcFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The frequencies and idle states of processors that the kernel tells of in
 * /sys/devices/system/cpu. Used by one thread at a time.
 */
final class CpufreqFiles implements CpufreqCollector.Meter {
  private static final String STATE = "state";
  private static final int MOST_CPUS = 8192;
  private static final int MOST_STATES = 32;

  /** So many files stay open. */
  private static final int KEPT = 1024;

  private static final double KILO = 1e3;
  private static final double MICROS_PER_SECOND = 1e6;

  private final Path folder;
  private final ModuleSettings settings;
  private final boolean perCpu;
  private final boolean perState;
  private final ProcFile uptimeFile;
  private final Attribute.Reader reader = new Attribute.Reader();
  private final long ticksPerSearch;
  private final Series mean = new Series(CpufreqCollector.MEAN, Instance.HOST);
  private final Series slowest = new Series(CpufreqCollector.SLOWEST, Instance.HOST);
  private final Series fastest = new Series(CpufreqCollector.FASTEST, Instance.HOST);
  private final Series hostAwake = new Series(CpufreqCollector.HOST_AWAKE, Instance.HOST);
  private final Map<String, HostState> hostStates = new LinkedHashMap<>();
  private long tick;
  private long awakeMicros;
  private long passedMicros;
  private List<Cpu> cpus = List.of();

  /** An idle state of the whole host: sums over its processors. */
  private static final class HostState {
    final Series idle;
    final Series entries;
    long micros;
    long entered;
    long passed;
    boolean seen;

    HostState(String name) {
      Instance instance = Instance.of(STATE, name);
      idle = new Series(CpufreqCollector.IDLE, instance);
      entries = new Series(CpufreqCollector.ENTRIES, instance);
    }
  }

  /** An idle state of a processor. */
  private static final class State {
    final Attribute time;
    final Attribute usage;
    final HostState host;
    final Series idle;
    final Series entries;
    long timeBefore;
    long usageBefore;

    State(Attribute time, Attribute usage, HostState host, String cpu, String name) {
      this.time = time;
      this.usage = usage;
      this.host = host;
      Map<String, String> labels = new LinkedHashMap<>();
      labels.put(CpufreqCollector.CPU, cpu);
      labels.put(STATE, name);
      Instance instance = new Instance(labels);
      idle = new Series(CpufreqCollector.IDLE, instance);
      entries = new Series(CpufreqCollector.ENTRIES, instance);
    }
  }

  /** A processor. */
  private static final class Cpu {
    final Path folder;
    final Series frequencySeries;
    final Series awakeSeries;
    final Attribute frequency;
    final List<State> states = new ArrayList<>();
    boolean counted;
    long uptimeBefore;
    long awake;

    /** How much more the states have grown than time has passed: at most 0. */
    long debt;

    Cpu(Path folder, String number, Attribute frequency) {
      this.folder = folder;
      this.frequency = frequency;
      frequencySeries =
          new Series(CpufreqCollector.FREQUENCY, Instance.of(CpufreqCollector.CPU, number));
      awakeSeries = new Series(CpufreqCollector.AWAKE, Instance.of(CpufreqCollector.CPU, number));
    }
  }

  CpufreqFiles(HostRoot root, ModuleSettings settings) {
    this.folder = root.sys().resolve("devices/system/cpu");
    this.settings = settings;
    this.perCpu = !settings.option(CpufreqCollector.PER_CPU).equals("none");
    this.perState = settings.option(CpufreqCollector.PER_CPU).equals("all");
    this.uptimeFile = ProcFile.ofOneRecord(root.proc().resolve("uptime"));
    this.ticksPerSearch = Search.ticks(settings.every());
  }

  @Override
  public void read(Readings into) throws IOException {
    if (tick++ % ticksPerSearch == 0 || cpus.isEmpty()) {
      search();
    }
    if (cpus.isEmpty()) {
      throw new SourceAbsentException("no cpufreq and no cpuidle in " + folder);
    }
    long uptime = uptimeMicros(uptimeFile.read());
    for (HostState state : hostStates.values()) {
      state.seen = false;
    }
    int running = 0;
    int sleeping = 0;
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (int i = 0; i < cpus.size(); i++) {
      Cpu cpu = cpus.get(i);
      if (cpu.frequency != null && cpu.frequency.read() && cpu.frequency.value() > 0) {
        double hertz = cpu.frequency.value() * KILO;
        running++;
        sum += hertz;
        least = Math.min(least, hertz);
        most = Math.max(most, hertz);
        if (perCpu) {
          into.gauge(cpu.frequencySeries, hertz);
        }
      }
      if (readStates(cpu)) {
        sleeping++;
        count(cpu, uptime);
        emit(cpu, into);
      } else {
        cpu.counted = false;
      }
    }
    if (running > 0) {
      into.gauge(mean, sum / running);
      into.gauge(slowest, least);
      into.gauge(fastest, most);
    }
    if (sleeping > 0) {
      into.ratio(hostAwake, awakeMicros, passedMicros);
    }
    for (HostState state : hostStates.values()) {
      if (state.seen) {
        into.ratio(state.idle, state.micros, state.passed);
        into.counter(state.entries, state.entered);
      }
    }
  }

  /** Whether it has idle states, and all could be read. */
  private static boolean readStates(Cpu cpu) {
    for (int i = 0; i < cpu.states.size(); i++) {
      State state = cpu.states.get(i);
      if (!state.time.read() || !state.usage.read()) {
        return false;
      }
    }
    return !cpu.states.isEmpty();
  }

  /** Adds what the states have grown by; after a reset they start anew. */
  private void count(Cpu cpu, long uptime) {
    boolean grown = cpu.counted && uptime >= cpu.uptimeBefore;
    long slept = 0;
    for (int i = 0; i < cpu.states.size(); i++) {
      State state = cpu.states.get(i);
      grown &= state.time.value() >= state.timeBefore && state.usage.value() >= state.usageBefore;
      slept += state.time.value() - state.timeBefore;
    }
    long passed = uptime - cpu.uptimeBefore;
    if (grown) {
      long awake = passed - slept + cpu.debt;
      cpu.debt = Math.min(0, awake);
      cpu.awake += Math.max(0, awake);
      awakeMicros += Math.max(0, awake);
      passedMicros += passed;
    } else {
      cpu.debt = 0;
    }
    for (int i = 0; i < cpu.states.size(); i++) {
      State state = cpu.states.get(i);
      state.host.seen = true;
      if (grown) {
        state.host.micros += state.time.value() - state.timeBefore;
        state.host.entered += state.usage.value() - state.usageBefore;
        state.host.passed += passed;
      }
      state.timeBefore = state.time.value();
      state.usageBefore = state.usage.value();
    }
    cpu.uptimeBefore = uptime;
    cpu.counted = true;
  }

  private void emit(Cpu cpu, Readings into) {
    if (perCpu) {
      into.ratio(cpu.awakeSeries, cpu.awake, cpu.uptimeBefore);
    }
    for (int i = 0; perState && i < cpu.states.size(); i++) {
      State state = cpu.states.get(i);
      into.ratio(state.idle, state.timeBefore, cpu.uptimeBefore);
      into.counter(state.entries, state.usageBefore);
    }
  }

  /** Two numbers of seconds: since the start, and idle. */
  static long uptimeMicros(ByteScanner in) throws IOException {
    in.nextLine();
    return Math.round(in.nextDecimal("uptime") * MICROS_PER_SECOND);
  }

  /** Those that are known and have the same states stay as they are. */
  private void search() throws IOException {
    Map<Path, Cpu> known = new HashMap<>();
    for (Cpu cpu : cpus) {
      known.put(cpu.folder, cpu);
    }
    List<Cpu> found = new ArrayList<>();
    Set<HostState> used = new HashSet<>();
    int files = 0;
    for (Path path : Hwmon.children(folder, "cpu[0-9]*")) {
      String number = path.getFileName().toString().substring(CpufreqCollector.CPU.length());
      if (number.matches("[0-9]{1,5}")
          && found.size() < MOST_CPUS
          && settings.instances().matches(number)) {
        Cpu cpu = make(path, number, files);
        Cpu old = known.get(path);
        if (old != null && same(old, cpu)) {
          cpu = old;
        }
        if (cpu.frequency != null || !cpu.states.isEmpty()) {
          found.add(cpu);
          files += 1 + 2 * cpu.states.size();
          cpu.states.forEach(state -> used.add(state.host));
        }
      }
    }
    List<Cpu> before = cpus;
    cpus = found;
    hostStates.values().retainAll(used);
    for (Cpu cpu : before) {
      if (!found.contains(cpu)) {
        close(cpu);
      }
    }
  }

  private Cpu make(Path path, String number, int files) throws IOException {
    Path current = path.resolve("cpufreq").resolve("scaling_cur_freq");
    boolean keep = files < KEPT;
    Cpu cpu =
        new Cpu(path, number, Files.exists(current) ? Attribute.of(current, keep, reader) : null);
    Set<String> names = new HashSet<>();
    for (Path state : Hwmon.children(path.resolve("cpuidle"), "state[0-9]*")) {
      Optional<String> name = Hwmon.word(state.resolve("name"));
      if (name.isPresent() && cpu.states.size() < MOST_STATES && names.add(name.get())) {
        cpu.states.add(
            new State(
                Attribute.of(state.resolve("time"), keep, reader),
                Attribute.of(state.resolve("usage"), keep, reader),
                hostStates.computeIfAbsent(name.get(), HostState::new),
                number,
                name.get()));
      }
    }
    return cpu;
  }

  private static boolean same(Cpu one, Cpu other) {
    if ((one.frequency == null) != (other.frequency == null)
        || one.states.size() != other.states.size()) {
      return false;
    }
    for (int i = 0; i < one.states.size(); i++) {
      if (!one.states.get(i).idle.equals(other.states.get(i).idle)) {
        return false;
      }
    }
    return true;
  }

  private static void close(Cpu cpu) throws IOException {
    if (cpu.frequency != null) {
      cpu.frequency.close();
    }
    for (State state : cpu.states) {
      state.time.close();
      state.usage.close();
    }
  }

  @Override
  public void close() throws IOException {
    for (Cpu cpu : cpus) {
      close(cpu);
    }
    cpus = List.of();
    uptimeFile.close();
  }
}
