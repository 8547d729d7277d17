package io.duologger.collector;

import io.duologger.collector.tool.Words;
import io.duologger.model.ModuleSettings;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NVIDIA's graphics processors, by nvidia-smi. Its start takes up to seconds, so one runs on and
 * prints a line for each processor and interval; the first sample, and all where they are more than
 * a minute apart, are by one that prints once. Used by one thread at a time.
 */
final class NvidiaGpus implements Closeable {
  /** What nvidia-smi ends with if its driver is not there. */
  private static final int NO_DRIVER = 9;

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration LONGEST_LOOP = Duration.ofMinutes(1);
  private static final Duration SHORTEST_LOOP = Duration.ofMillis(100);
  private static final int MOST_BYTES = 256 << 10;
  private static final int MOST_GPUS = 256;
  private static final int SHOWN = 80;

  private static final double MEBI = 1 << 20;
  private static final double MEGA = 1e6;
  private static final double PERCENT = 0.01;

  /** NVML's reasons for slower clocks: nvmlClocksEventReasons. */
  private static final long POWER_REASONS = 0x4 | 0x80;

  private static final long THERMAL_REASONS = 0x20 | 0x40;
  private static final long HARDWARE_REASONS = 0x8;

  private static final Pattern INDEX = Pattern.compile("[0-9]{1,4}");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,6})?");
  private static final Pattern STATE = Pattern.compile("P([0-9]{1,2})");
  private static final Pattern REASONS = Pattern.compile("0x([0-9a-fA-F]{1,15}|0[0-9a-fA-F]{15})");
  private static final Pattern UNKNOWN_FIELD =
      Pattern.compile("Field \"([^\"]{1,100})\" is not a valid field to query");

  /** A column: its names, the newest first, as drivers differ. */
  private enum Column {
    INDEX_NUMBER(0, List.of("index")),
    GPU(PERCENT, List.of("utilization.gpu"), GpuFact.UTILISATION),
    MEMORY(PERCENT, List.of("utilization.memory"), GpuFact.MEMORY_UTILISATION),
    TOTAL(MEBI, List.of("memory.total"), GpuFact.MEMORY_TOTAL),
    USED(MEBI, List.of("memory.used"), GpuFact.MEMORY_USED),
    FREE(MEBI, List.of("memory.free"), GpuFact.MEMORY_FREE),
    POWER(1, List.of("power.draw"), GpuFact.POWER),
    POWER_LIMIT(1, List.of("power.limit"), GpuFact.POWER_LIMIT),
    TEMPERATURE(1, List.of("temperature.gpu"), GpuFact.TEMPERATURE),
    MEMORY_TEMPERATURE(1, List.of("temperature.memory"), GpuFact.MEMORY_TEMPERATURE),
    CLOCK(MEGA, List.of("clocks.sm"), GpuFact.CLOCK),
    MEMORY_CLOCK(MEGA, List.of("clocks.mem"), GpuFact.MEMORY_CLOCK),
    STATE(0, List.of("pstate")),
    FAN(PERCENT, List.of("fan.speed"), GpuFact.FAN),
    REASONS(0, List.of("clocks_event_reasons.active", "clocks_throttle_reasons.active")),
    ERRORS(1, List.of("ecc.errors.uncorrected.volatile.total"), GpuFact.UNCORRECTED_ERRORS);

    final double scale;
    final List<String> names;
    final Optional<GpuFact> fact;

    Column(double scale, List<String> names) {
      this(scale, names, Optional.empty());
    }

    Column(double scale, List<String> names, GpuFact fact) {
      this(scale, names, Optional.of(fact));
    }

    Column(double scale, List<String> names, Optional<GpuFact> fact) {
      this.scale = scale;
      this.names = names;
      this.fact = fact;
    }
  }

  /** The columns that are asked for, by the names that the driver knows. */
  record Query(List<Column> columns, List<String> names) {
    static Query all() {
      List<Column> columns = Arrays.asList(Column.values());
      return new Query(columns, columns.stream().map(column -> column.names.get(0)).toList());
    }

    /** The query with another name for the one that the driver does not know, or without it. */
    Optional<Query> without(String unknown) {
      int at = names.indexOf(unknown);
      if (at <= 0) {
        return Optional.empty();
      }
      List<Column> otherColumns = new ArrayList<>(columns);
      List<String> otherNames = new ArrayList<>(names);
      List<String> known = columns.get(at).names;
      int next = known.indexOf(unknown) + 1;
      if (next < known.size()) {
        otherNames.set(at, known.get(next));
      } else {
        otherColumns.remove(at);
        otherNames.remove(at);
      }
      return Optional.of(new Query(List.copyOf(otherColumns), List.copyOf(otherNames)));
    }
  }

  /**
   * What a line says.
   *
   * @param index the processor's number
   * @param values by the ordinals of facts; NaN stands for what is not known
   */
  record Usage(int index, double[] values) {}

  private final Surroundings surroundings;
  private final String command;
  private final boolean loops;
  private final Duration interval;
  private final Latest<Usage> heard;
  private volatile String refused = "";
  private volatile boolean closed;
  private Query query = Query.all();
  private boolean known;
  private volatile Program once;
  private volatile RunningProgram loop;

  NvidiaGpus(Surroundings surroundings, ModuleSettings settings, String command) {
    this.surroundings = surroundings;
    this.command = command;
    this.loops = settings.every().compareTo(LONGEST_LOOP) <= 0;
    this.interval =
        settings.every().compareTo(SHORTEST_LOOP) < 0 ? SHORTEST_LOOP : settings.every();
    this.heard = new Latest<>(surroundings.clock(), interval, MOST_GPUS);
    this.once = program();
    this.loop = loop();
  }

  /**
   * The processors by their numbers.
   *
   * @throws SourceAbsentException if there is no nvidia-smi, or none of its driver
   */
  List<Usage> read() throws IOException {
    return known && loops ? latest() : all();
  }

  private List<Usage> all() throws IOException {
    Program.Result result = once.run();
    Matcher unknown = UNKNOWN_FIELD.matcher(result.text());
    while (result.status() != 0 && unknown.find()) {
      Optional<Query> other = query.without(unknown.group(1));
      if (other.isEmpty()) {
        break;
      }
      query = other.get();
      once = program();
      loop = loop();
      if (closed) {
        close();
      }
      result = once.run();
      unknown = UNKNOWN_FIELD.matcher(result.text());
    }
    if (result.status() == NO_DRIVER) {
      throw new SourceAbsentException(command + ": " + shown(result.complaint()));
    }
    if (result.status() != 0) {
      throw new IOException(
          command + ": exit status " + result.status() + ": " + shown(result.complaint()));
    }
    Map<Integer, Usage> usages = parse(query, result.text());
    if (usages.isEmpty()) {
      throw new SourceAbsentException(command + " knows of no processor");
    }
    known = true;
    // Until the one that runs on has printed all lines.
    usages.forEach(heard::put);
    return List.copyOf(usages.values());
  }

  private List<Usage> latest() throws IOException {
    try {
      loop.keep(LIMIT);
    } catch (SourceAbsentException gone) {
      known = false;
      throw gone;
    } catch (IOException ended) {
      if (loop.status().equals(OptionalInt.of(NO_DRIVER))) {
        known = false;
        throw new SourceAbsentException(ended.getMessage());
      }
      throw ended;
    }
    Map<Integer, Usage> usages = heard.present();
    String bad = refused;
    refused = "";
    if (usages.isEmpty()) {
      throw new IOException(
          bad.isEmpty() ? command + ": no line since " + interval.toMillis() + " ms" : bad);
    }
    return List.copyOf(usages.values());
  }

  private Program program() {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(arguments(query));
    return new Program(surroundings, words, Map.of("LC_ALL", "C"), LIMIT, MOST_BYTES);
  }

  private RunningProgram loop() {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(arguments(query));
    words.addAll(List.of("-lms", Long.toString(interval.toMillis())));
    Duration silence = interval.multipliedBy(5);
    Query asked = query;
    return new RunningProgram(
        surroundings,
        words,
        LIMIT,
        silence.compareTo(LIMIT) < 0 ? LIMIT : silence,
        line -> take(asked, line),
        line -> {});
  }

  private boolean take(Query asked, String line) {
    try {
      Usage usage = usage(asked, line);
      heard.put(usage.index(), usage);
    } catch (IOException bad) {
      refused = String.valueOf(bad.getMessage());
      return false;
    }
    return true;
  }

  private static List<String> arguments(Query query) {
    return List.of(
        "--query-gpu=" + String.join(",", query.names()), "--format=csv,noheader,nounits");
  }

  /** All lines, by the numbers of processors. */
  static Map<Integer, Usage> parse(Query query, String text) throws IOException {
    Map<Integer, Usage> usages = new TreeMap<>();
    for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
      Usage usage = usage(query, line);
      if (usages.size() == MOST_GPUS || usages.put(usage.index(), usage) != null) {
        throw unexpected(line);
      }
    }
    return usages;
  }

  /** A line: values with commas between them; what is not known is in brackets. */
  static Usage usage(Query query, String line) throws IOException {
    String[] fields = line.split(",", -1);
    if (fields.length != query.columns().size() || !INDEX.matcher(fields[0].strip()).matches()) {
      throw unexpected(line);
    }
    double[] values = new double[GpuFact.COUNT];
    Arrays.fill(values, Double.NaN);
    for (int i = 1; i < fields.length; i++) {
      String field = fields[i].strip();
      if (!isUnknown(field) && !set(query.columns().get(i), field, values)) {
        throw unexpected(line);
      }
    }
    double total = values[GpuFact.MEMORY_TOTAL.ordinal()];
    if (total > 0) {
      double used = values[GpuFact.MEMORY_USED.ordinal()];
      values[GpuFact.MEMORY_SHARE.ordinal()] = used / total;
    }
    return new Usage(Integer.parseInt(fields[0].strip()), values);
  }

  private static boolean isUnknown(String field) {
    return field.isEmpty() || field.startsWith("[") || field.equals("N/A");
  }

  private static boolean set(Column column, String field, double[] values) {
    if (column == Column.STATE) {
      Matcher state = STATE.matcher(field);
      if (state.matches()) {
        values[GpuFact.PERFORMANCE_STATE.ordinal()] = Integer.parseInt(state.group(1));
      }
      return state.matches();
    }
    if (column == Column.REASONS) {
      Matcher mask = REASONS.matcher(field);
      if (mask.matches()) {
        long reasons = Long.parseLong(mask.group(1), 16);
        values[GpuFact.POWER_THROTTLED.ordinal()] = (reasons & POWER_REASONS) != 0 ? 1 : 0;
        values[GpuFact.THERMAL_THROTTLED.ordinal()] = (reasons & THERMAL_REASONS) != 0 ? 1 : 0;
        values[GpuFact.HARDWARE_THROTTLED.ordinal()] = (reasons & HARDWARE_REASONS) != 0 ? 1 : 0;
      }
      return mask.matches();
    }
    if (!NUMBER.matcher(field).matches() || column.fact.isEmpty()) {
      return false;
    }
    GpuFact fact = column.fact.get();
    double value = Double.parseDouble(field);
    if (value >= 0 || fact.isSigned()) {
      values[fact.ordinal()] = GpuFact.scaled(value, column.scale);
    }
    return true;
  }

  private static IOException unexpected(String line) {
    return new IOException("nvidia-smi: unexpected line: '" + shown(line) + "'");
  }

  private static String shown(String text) {
    return Words.printable(text.substring(0, Math.min(SHOWN, text.length())));
  }

  @Override
  public void close() {
    closed = true;
    once.close();
    loop.close();
  }
}
