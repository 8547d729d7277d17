package io.duologger.benchmarks;

import io.duologger.format.LogfmtFormat;
import io.duologger.model.Report;
import io.duologger.model.Sample;
import io.duologger.window.FrozenWindow;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a value cost on its way from a reading to a report? Windows of 600 samples of 1,000
 * series with three percentiles, one after the other as in a run. {@code record}, {@code window}
 * and {@code path} are per value: to the sample, to the closed window, to the aggregates. {@code
 * freeze} is the event that closes a window, on the thread that folds; {@code close} the statistics
 * of a closed window, on the report's thread; {@code format} a report as logfmt, each whole.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(
    value = 2,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WindowBenchmark {
  private static final int SERIES = 1_000;
  private static final int TICKS = 600;

  /** What the series are. */
  @Param public SyntheticModule.Kinds kinds;

  private SyntheticModule module;
  private SyntheticRun run;
  private Report report;

  /** Makes the series and one report. */
  @Setup
  public void prepare() {
    module = new SyntheticModule(SERIES, kinds);
    run = new SyntheticRun(module, TICKS);
    report = run.window().report(List::of);
  }

  /** Readings to samples, per value. */
  @Benchmark
  @OperationsPerInvocation(SERIES)
  public Sample record() {
    Sample sample = run.sample();
    sample.release();
    return sample;
  }

  /** Readings to a closed window, per value; nothing of it comes back. */
  @Benchmark
  @OperationsPerInvocation(SERIES * TICKS)
  public FrozenWindow window() {
    return run.window();
  }

  /** Readings to aggregates, per value. */
  @Benchmark
  @OperationsPerInvocation(SERIES * TICKS)
  public Report path() {
    return run.window().report(List::of);
  }

  /** A report of all series as logfmt, whole. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public byte[] format() {
    return new LogfmtFormat().bytes(report);
  }

  /** A run with all samples of a window, for the steps that end it. */
  @State(Scope.Thread)
  public static class Full {
    private SyntheticRun run;

    /** Folds a window, all but its last event. */
    @Setup(Level.Invocation)
    public void fill(WindowBenchmark benchmark) {
      run = benchmark.run;
      run.fill();
    }
  }

  /** A run with a window closed, for its report. */
  @State(Scope.Thread)
  public static class Closed {
    private FrozenWindow window;

    /** Folds a window and closes it. */
    @Setup(Level.Invocation)
    public void close(WindowBenchmark benchmark) {
      window = benchmark.run.window();
    }
  }

  /** The event that closes a window, whole. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public FrozenWindow freeze(Full full) {
    return full.run.close();
  }

  /** Closed window to aggregates, whole. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public Report close(Closed closed) {
    return closed.window.report(List::of);
  }
}
