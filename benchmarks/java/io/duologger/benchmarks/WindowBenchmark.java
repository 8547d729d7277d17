package io.duologger.benchmarks;

import io.duologger.format.LogfmtFormat;
import io.duologger.model.Closing;
import io.duologger.model.Globs;
import io.duologger.model.Grid;
import io.duologger.model.Instance;
import io.duologger.model.Metric;
import io.duologger.model.ModuleSettings;
import io.duologger.model.ModuleSpec;
import io.duologger.model.Plan;
import io.duologger.model.Report;
import io.duologger.model.Sample;
import io.duologger.model.Series;
import io.duologger.model.Source;
import io.duologger.model.Stat;
import io.duologger.model.StreamEvent;
import io.duologger.model.Unit;
import io.duologger.stream.SampleRecorder;
import io.duologger.window.FrozenWindow;
import io.duologger.window.PercentileBudget;
import io.duologger.window.WindowAccumulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a value cost on its way from a reading to a report? A window of 600 samples of 1,000
 * series, counters and gauges in turn, with three percentiles. {@code window} is one whole window
 * from the readings to the close, per value; {@code windowAndReport} adds the statistics; {@code
 * format} writes a report as logfmt, whole. The difference between {@code record} and {@code
 * window} is the folding.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(
    value = 2,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WindowBenchmark {
  private static final int SERIES = 1_000;
  private static final int TICKS = 600;
  private static final long SECOND = 1_000_000_000L;

  private final Series[] series = new Series[SERIES];
  private final SampleRecorder recorder = new SampleRecorder();
  private Source source;
  private Report report;

  /** Makes the series and one report. */
  @Setup
  public void prepare() {
    Metric counter = Metric.counter("c_per_second", Unit.PER_SECOND, "A counter.");
    Metric gauge = Metric.gauge("g_bytes", Unit.BYTES, "A gauge.");
    for (int i = 0; i < SERIES; i++) {
      Instance instance = Instance.of("device", "d" + i / 2);
      series[i] = new Series(i % 2 == 0 ? counter : gauge, instance);
    }
    List<Stat> stats =
        List.of(
            Stat.MIN,
            Stat.MEAN,
            Stat.MAX,
            Stat.percentile("50"),
            Stat.percentile("95"),
            Stat.percentile("99"));
    Duration second = Duration.ofSeconds(1);
    source =
        new Source(
            0,
            new ModuleSpec(
                "net",
                second,
                false,
                Duration.ZERO,
                second,
                stats,
                Globs.ALL,
                false,
                new ModuleSettings(Globs.ALL, false, second, Map.of())));
    report = closed().report(List::of);
  }

  private Sample sample(int tick) {
    recorder.begin();
    for (int i = 0; i < SERIES; i++) {
      if (i % 2 == 0) {
        recorder.counter(series[i], tick * 1_000L + i * (tick & 7));
      } else {
        recorder.gauge(series[i], (tick * 31 + i) % 997);
      }
    }
    return recorder.end(tick * SECOND, tick * SECOND, tick * SECOND);
  }

  private FrozenWindow closed() {
    WindowAccumulator windows =
        new WindowAccumulator("host", new PercentileBudget(1L << 30), Closing.EACH_HEARTBEAT);
    Grid ticks = new Grid(0, SECOND, 1);
    Grid beats = new Grid(0, TICKS * SECOND, 1);
    Plan plan = new Plan(0, 0, beats, SECOND, false, List.of(new Plan.Entry(source, ticks)));
    long end = TICKS * SECOND;
    windows.accept(new StreamEvent.Regrid(0, plan, false, end));
    for (int tick = 0; tick <= TICKS; tick++) {
      windows.accept(new StreamEvent.Sampled(source, sample(tick), tick == 0, tick * SECOND, 0));
    }
    return windows
        .accept(new StreamEvent.Boundary(1, 0, end, StreamEvent.Close.HEARTBEAT, 0, 2 * end))
        .get(0);
  }

  /** Readings to samples, per value. */
  @Benchmark
  @OperationsPerInvocation(SERIES)
  public Sample record() {
    return sample(1);
  }

  /** Readings to a closed window, per value. */
  @Benchmark
  @OperationsPerInvocation(SERIES * TICKS)
  public FrozenWindow window() {
    return closed();
  }

  /** Readings to a closed window to its statistics, per value. */
  @Benchmark
  @OperationsPerInvocation(SERIES * TICKS)
  public Report windowAndReport() {
    return closed().report(List::of);
  }

  /** A report of all series as logfmt, whole. */
  @Benchmark
  public byte[] format() {
    return new LogfmtFormat().bytes(report);
  }
}
