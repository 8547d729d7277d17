package io.duologger.topology;

import io.duologger.config.OutputSpec;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Stat;
import io.duologger.stream.Schedule;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A mode as a value.
 *
 * @param mode its name
 * @param schedule what is read when and when windows close
 * @param length how long the run lasts; empty if until a signal ends it
 * @param outputs where reports go
 * @param host what reports call the host; empty for its own name
 * @param percentileMemory bytes for raw values; empty for a share of the heap
 */
public record Topology(
    String mode,
    Schedule schedule,
    Optional<Duration> length,
    List<OutputSpec> outputs,
    Optional<String> host,
    OptionalLong percentileMemory) {

  /** Copies the list. */
  public Topology {
    outputs = List.copyOf(outputs);
  }

  /** The composition as text for people; stable, so that tools may compare it. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    text.append("mode       ").append(mode).append('\n');
    text.append("grid       ")
        .append(schedule.fromStart() ? "from start" : "Unix epoch")
        .append('\n');
    text.append("heartbeat  ").append(seconds(schedule.heartbeat())).append('\n');
    text.append("grace      ").append(seconds(schedule.grace())).append('\n');
    text.append("close      each heartbeat, clock step, reload (HUP), stop\n");
    text.append("stop       ")
        .append(length.map(l -> "after " + seconds(l) + ", ").orElse(""))
        .append("TERM, INT\n");
    for (ModuleSpec module : schedule.modules()) {
      text.append(describe(module)).append('\n');
    }
    text.append("window     counters to rates, ")
        .append("exact percentiles up to 4096 values, then HdrHistogram with 3 digits\n");
    for (OutputSpec output : outputs) {
      text.append(describe(output)).append('\n');
    }
    return text.toString();
  }

  private static String describe(ModuleSpec module) {
    StringBuilder line = new StringBuilder("read       ");
    line.append(String.format(Locale.ROOT, "%-9s", module.name()));
    line.append(" every ").append(seconds(module.every()));
    if (!module.lead().isZero()) {
      line.append(", lead ").append(seconds(module.lead()));
    }
    line.append(", timeout ").append(seconds(module.timeout()));
    line.append(", stats ")
        .append(module.stats().stream().map(Stat::text).collect(Collectors.joining(" ")));
    if (module.readAtClose()) {
      line.append(", also read at stop");
    }
    return line.toString();
  }

  private static String describe(OutputSpec output) {
    return "write      "
        + name(output)
        + " as "
        + output.format().name().toLowerCase(Locale.ROOT)
        + ", queue of "
        + output.queue()
        + " reports"
        + (output.rotation().isPresent() ? ", rotated" : "");
  }

  /** What people call an output. */
  static String name(OutputSpec output) {
    return output.path().map(path -> "file " + path).orElse("stdout");
  }

  private static String seconds(Duration span) {
    BigDecimal seconds =
        BigDecimal.valueOf(span.getSeconds()).add(BigDecimal.valueOf(span.getNano(), 9));
    return seconds.stripTrailingZeros().toPlainString() + " s";
  }
}
