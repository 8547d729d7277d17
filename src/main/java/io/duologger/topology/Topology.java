package io.duologger.topology;

import io.duologger.config.OutputSpec;
import io.duologger.config.SyslogTarget;
import io.duologger.config.Target;
import io.duologger.model.Closing;
import io.duologger.model.ModuleSettings;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Stat;
import io.duologger.stream.Schedule;
import io.duologger.stream.Start;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A mode as a value.
 *
 * @param mode its name
 * @param closing what closes windows
 * @param schedule what is read when and how long windows are
 * @param lastRun where what the last run left is kept, for a schedule that goes on from it; empty
 *     for any other
 * @param length how long the run lasts; empty if until a signal ends it
 * @param ofJob whether it lasts as long as a job, to which signals go
 * @param outputs where reports go
 * @param host what reports call the host; empty for its own name
 * @param shortHost whether its own name is cut at the first dot
 * @param percentileMemory bytes for raw values; empty for a share of the heap
 */
public record Topology(
    String mode,
    Closing closing,
    Schedule schedule,
    Optional<Path> lastRun,
    Optional<Duration> length,
    boolean ofJob,
    List<OutputSpec> outputs,
    Optional<String> host,
    boolean shortHost,
    OptionalLong percentileMemory) {

  /** Copies the list and checks that what goes on from the last run says where that is. */
  public Topology {
    outputs = List.copyOf(outputs);
    if ((schedule.start() == Start.LAST_RUN) != lastRun.isPresent()) {
      throw new IllegalArgumentException("the last run's place belongs to a start from it");
    }
  }

  /** The same with another value of an option of a module, if the module runs. */
  public Topology with(String module, String option, String value) {
    List<ModuleSpec> modules = new ArrayList<>();
    for (ModuleSpec spec : schedule.modules()) {
      ModuleSettings settings = spec.settings();
      modules.add(
          spec.name().equals(module)
              ? spec.with(settings.with(settings.options().with(option, value)))
              : spec);
    }
    return new Topology(
        mode,
        closing,
        schedule.with(modules),
        lastRun,
        length,
        ofJob,
        outputs,
        host,
        shortHost,
        percentileMemory);
  }

  /** The spec of a module, if it runs. */
  public Optional<ModuleSpec> module(String name) {
    return schedule.modules().stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  /** The composition as text for people; stable, so that tools may compare it. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    text.append("mode       ").append(mode).append('\n');
    text.append("grid       ").append(grid()).append('\n');
    text.append("heartbeat  ").append(heartbeat()).append('\n');
    text.append("grace      ").append(seconds(schedule.grace())).append('\n');
    text.append("close      ").append(closes()).append('\n');
    text.append("report     ").append(reports()).append('\n');
    text.append("stop       ").append(stops()).append('\n');
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

  private String grid() {
    return switch (schedule.start()) {
      case EPOCH -> "Unix epoch";
      case OWN ->
          "from start"
              + (schedule.settle().isZero()
                  ? ""
                  : ", first ticks after " + seconds(schedule.settle()));
      case LAST_RUN -> "from the last run, whose counters are in " + lastRun.orElseThrow();
    };
  }

  private String heartbeat() {
    return schedule.start() == Start.LAST_RUN
        ? "the time since the last run"
        : seconds(schedule.heartbeat());
  }

  private String closes() {
    String off = ofJob ? "clock step, stop" : "signal (USR1), clock step, reload (HUP), stop";
    return closing == Closing.ON_REQUEST
        ? "request if a heartbeat has passed and there is a sample, " + off
        : "each heartbeat, " + off;
  }

  private String reports() {
    return closing == Closing.ON_REQUEST ? "each request" : "each close";
  }

  private String stops() {
    if (ofJob) {
      return "when the job's first process ends";
    }
    return length.map(l -> "after " + seconds(l) + ", ").orElse("")
        + "TERM, INT"
        + (closing == Closing.ON_REQUEST ? ", quit or end of input" : "");
  }

  private String describe(ModuleSpec module) {
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
      line.append(ofJob ? ", also read at stop" : ", also read at signal and stop");
    }
    return line.toString();
  }

  private static String describe(OutputSpec output) {
    return "write      "
        + name(output)
        + " as "
        + output.form().text()
        + ", queue of "
        + output.queue()
        + " reports"
        + details(output.target());
  }

  private static String details(Target target) {
    if (target instanceof Target.ToFile file) {
      return file.rotation().isPresent() ? ", rotated" : "";
    } else if (target instanceof SyslogTarget syslog) {
      return ", header "
          + syslog.header().name().toLowerCase(Locale.ROOT)
          + syslog.spool().map(spool -> ", spool " + spool.folder()).orElse("");
    }
    return "";
  }

  /** What people call an output. */
  static String name(OutputSpec output) {
    Target target = output.target();
    if (target instanceof Target.ToFile file) {
      return "file " + file.path();
    } else if (target instanceof Target.Http http) {
      return "http " + http.address() + " port " + http.port();
    } else if (target instanceof SyslogTarget syslog) {
      return "syslog " + receiver(syslog.receiver());
    }
    return "stdout";
  }

  private static String receiver(SyslogTarget.Receiver receiver) {
    return receiver instanceof SyslogTarget.Server to
        ? to.host() + " " + to.transport() + " port " + to.port()
        : ((SyslogTarget.Local) receiver).path().toString();
  }

  private static String seconds(Duration span) {
    BigDecimal seconds =
        BigDecimal.valueOf(span.getSeconds()).add(BigDecimal.valueOf(span.getNano(), 9));
    return seconds.stripTrailingZeros().toPlainString() + " s";
  }
}
