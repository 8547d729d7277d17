package io.duologger.collector;

import io.duologger.model.Instance;
import io.duologger.model.ModuleSettings;
import io.duologger.model.Readings;
import io.duologger.model.Series;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * What processors count themselves, by the program turbostat, which runs on and prints each
 * interval: a line of column names, one of the whole host, and one of each processor, which may
 * lack columns at its end. Used by one thread at a time; lines are taken on a thread of their own.
 */
final class TurbostatMeter implements CpufreqCollector.Meter {
  private static final int MOST_CPUS = 8192;
  private static final int HOST = -1;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORTEST = Duration.ofMillis(100);

  private static final String CPU = "CPU";
  private static final String BUSY = "Busy%";

  /** Its name before Linux 4.5. */
  private static final String OLD_BUSY = "%Busy";

  private static final String FREQUENCY = "Bzy_MHz";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,4})?");
  private static final Pattern CPU_NUMBER = Pattern.compile("[0-9]{1,5}");
  private static final double MEGA = 1e6;

  /** Rounding makes up to so much of a processor that is never idle. */
  private static final double MOST_PERCENT = 105;

  private final Surroundings surroundings;
  private final ModuleSettings settings;
  private final boolean asked;
  private final boolean perCpu;
  private final String command;
  private final Duration patience;
  private final Latest<Usage> latest;
  private final RunningProgram program;
  private final long ticksPerSearch;
  private final Table table = new Table();
  private final Series hostC0 = new Series(CpufreqCollector.HOST_C0, Instance.HOST);
  private final Series hostFrequency = new Series(CpufreqCollector.BUSY_MEAN, Instance.HOST);
  private final Map<Integer, Cpu> known = new HashMap<>();
  private long tick;
  private boolean used;
  private boolean printed;
  private long saidAt;

  /**
   * What a line says.
   *
   * @param busy share of time at work
   * @param hertz frequency while at work
   */
  record Usage(double busy, double hertz) {}

  /** A line that was understood; {@code cpu} is -1 of the host. */
  record Row(int cpu, Usage usage) {}

  private record Cpu(Series c0, Series frequency) {
    static Cpu of(int number) {
      Instance instance = Instance.of(CpufreqCollector.CPU, Integer.toString(number));
      return new Cpu(
          new Series(CpufreqCollector.C0, instance),
          new Series(CpufreqCollector.BUSY_FREQUENCY, instance));
    }
  }

  /** Understands lines by the column names that came last. Used by one thread at a time. */
  static final class Table {
    private int cpu = -1;
    private int busy = -1;
    private int frequency = -1;

    /** What the line says; empty of column names and of whatever else is printed. */
    Optional<Row> row(String line) {
      List<String> words = Arrays.asList(line.strip().split("\\s+"));
      if (words.contains(FREQUENCY) && (words.contains(BUSY) || words.contains(OLD_BUSY))) {
        cpu = words.indexOf(CPU);
        busy = Math.max(words.indexOf(BUSY), words.indexOf(OLD_BUSY));
        frequency = words.indexOf(FREQUENCY);
        return Optional.empty();
      }
      if (busy < 0 || words.size() <= Math.max(cpu, Math.max(busy, frequency))) {
        return Optional.empty();
      }
      // A host of one processor may have no column of it.
      String number = cpu < 0 ? "-" : words.get(cpu);
      String percent = words.get(busy);
      String mega = words.get(frequency);
      if (!NUMBER.matcher(percent).matches()
          || !NUMBER.matcher(mega).matches()
          || Double.parseDouble(percent) > MOST_PERCENT
          || !number.equals("-") && !CPU_NUMBER.matcher(number).matches()) {
        return Optional.empty();
      }
      double share = Math.min(1, Double.parseDouble(percent) / 100);
      Usage usage = new Usage(share, Double.parseDouble(mega) * MEGA);
      return Optional.of(new Row(number.equals("-") ? HOST : Integer.parseInt(number), usage));
    }
  }

  /**
   * @param asked whether it is used in any case: otherwise only by root, where the processor's
   *     registers can be read
   */
  TurbostatMeter(
      Surroundings surroundings, ModuleSettings settings, String command, boolean asked) {
    this.surroundings = surroundings;
    this.settings = settings;
    this.asked = asked;
    this.perCpu = !settings.option(CpufreqCollector.PER_CPU).equals("none");
    this.command = command;
    this.ticksPerSearch = Search.ticks(settings.every());
    Duration interval = settings.every().compareTo(SHORTEST) < 0 ? SHORTEST : settings.every();
    this.patience = interval.plus(PATIENCE);
    this.latest = new Latest<>(surroundings.clock(), interval, MOST_CPUS);
    String seconds =
        BigDecimal.valueOf(interval.toMillis(), 3).stripTrailingZeros().toPlainString();
    List<String> words = new ArrayList<>(List.of(command, "--quiet"));
    words.addAll(List.of("--show", String.join(",", CPU, BUSY, FREQUENCY)));
    words.addAll(List.of("--interval", seconds));
    this.program =
        new RunningProgram(
            surroundings,
            words,
            patience,
            interval.multipliedBy(3).plus(PATIENCE),
            this::take,
            line -> {});
  }

  private boolean take(String line) {
    Optional<Row> row = table.row(line);
    row.ifPresent(each -> latest.put(each.cpu(), each.usage()));
    return row.isPresent() || line.contains(FREQUENCY);
  }

  @Override
  public boolean isUsed() {
    if (!asked && tick++ % ticksPerSearch == 0) {
      used = isRoot() && hasRegisters() && Program.find(command).isPresent();
    }
    return asked || used;
  }

  @Override
  public void read(Readings into) throws IOException {
    if (!program.keep(Duration.ZERO)) {
      return;
    }
    SortedMap<Integer, Usage> present = latest.present();
    long now = surroundings.clock().monotonicNanos();
    if (!present.isEmpty() || !printed) {
      // The names of columns come first.
      printed = true;
      saidAt = now;
    } else if (now - saidAt > patience.toNanos()) {
      throw new IOException(command + " prints nothing that is known");
    }
    for (Map.Entry<Integer, Usage> each : present.entrySet()) {
      Usage usage = each.getValue();
      int number = each.getKey();
      if (number == HOST) {
        into.gauge(hostC0, usage.busy());
        into.gauge(hostFrequency, usage.hertz());
      } else if (perCpu && settings.instances().matches(Integer.toString(number))) {
        Cpu cpu = known.computeIfAbsent(number, Cpu::of);
        into.gauge(cpu.c0, usage.busy());
        into.gauge(cpu.frequency, usage.hertz());
      }
    }
    known.keySet().retainAll(present.keySet());
  }

  private boolean isRoot() {
    try {
      Path self = surroundings.root().proc().resolve("self");
      return Files.getAttribute(self, "unix:uid").equals(0);
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  private boolean hasRegisters() {
    return Files.exists(surroundings.root().dev().resolve("cpu").resolve("0").resolve("msr"));
  }

  @Override
  public void close() {
    program.close();
  }
}
