package io.duologger.topology;

import io.duologger.model.Aggregate;
import io.duologger.model.Instance;
import io.duologger.model.Line;
import io.duologger.model.Metric;
import io.duologger.model.RecorderClock;
import io.duologger.model.Unit;
import io.duologger.procfs.OwnProcess;
import io.duologger.stream.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What the recorder costs, and how its outputs fare: asked once a report, by one thread. */
final class ProcessMeter implements Supplier<List<Line>> {
  private static final Metric CPU =
      Metric.gauge("cpu_ratio", Unit.RATIO, "Own CPU time as a share of one core.");
  private static final Metric RSS = Metric.gauge("rss_bytes", Unit.BYTES, "Own resident memory.");
  private static final Metric HEAP =
      Metric.gauge("heap_used_bytes", Unit.BYTES, "Java heap in use, garbage included.");
  private static final Metric DROPPED =
      Metric.gauge("reports_dropped", Unit.COUNT, "Reports that a slow output's queue dropped.");
  private static final Metric FAILED =
      Metric.gauge("reports_failed", Unit.COUNT, "Reports that an output could not write.");

  private final RecorderClock clock;
  private final OwnProcess process;
  private final List<Output> outputs;
  private long lastTime;
  private double lastCpu = Double.NaN;

  ProcessMeter(RecorderClock clock, OwnProcess process, List<Output> outputs) {
    this.clock = clock;
    this.process = process;
    this.outputs = outputs;
    this.lastTime = clock.monotonicNanos();
    try {
      lastCpu = process.read().cpuSeconds();
    } catch (IOException unknown) {
      lastCpu = Double.NaN;
    }
  }

  @Override
  public List<Line> get() {
    List<Line> lines = new ArrayList<>();
    lines.add(line(Instance.HOST, process()));
    for (Output output : outputs) {
      List<Aggregate> measures = output.measures();
      if (!measures.isEmpty()) {
        lines.add(line(Instance.of("output", output.name()), measures));
      }
    }
    return lines;
  }

  private static Line line(Instance instance, List<Aggregate> aggregates) {
    return new Line("self", instance, Optional.empty(), aggregates, Map.of(), List.of());
  }

  private List<Aggregate> process() {
    List<Aggregate> own = new ArrayList<>();
    try {
      OwnProcess.Usage usage = process.read();
      long now = clock.monotonicNanos();
      if (now > lastTime && !Double.isNaN(lastCpu)) {
        own.add(Aggregate.value(CPU, (usage.cpuSeconds() - lastCpu) * 1e9 / (now - lastTime)));
      }
      lastTime = now;
      lastCpu = usage.cpuSeconds();
      own.add(Aggregate.value(RSS, usage.residentBytes()));
    } catch (IOException unknown) {
      lastCpu = Double.NaN;
    }
    Runtime runtime = Runtime.getRuntime();
    own.add(Aggregate.value(HEAP, runtime.totalMemory() - runtime.freeMemory()));
    long dropped = 0;
    long failed = 0;
    for (Output output : outputs) {
      dropped += output.dropped();
      failed += output.failed();
    }
    own.add(Aggregate.value(DROPPED, dropped));
    own.add(Aggregate.value(FAILED, failed));
    return own;
  }
}
